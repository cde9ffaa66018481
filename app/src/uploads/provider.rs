//! Provides the uploads to all pages, and loads the upload manager with the first experiment.

use std::time::Duration;

use domain::ids::ExperimentId;
use leptos::{ev, prelude::*};
use send_wrapper::SendWrapper;

use super::{
    context::UploadsContext,
    dock::upload_dock,
    handle::{OpenManager, UploadsHandle, use_uploads},
    manager::{UploadManager, if_alive},
    transfer::Transfer,
};
use crate::{AppError, ui::use_toasts};

/// Provides the upload manager to the pages inside, and shows its dock over them. Must be inside the `<Toasts>`.
///
/// # Server-side rendering
/// Renders the pages only.
#[component]
pub(crate) fn UploadsProvider(
    /// The pages.
    children: Children,
) -> impl IntoView {
    let uploads = UploadsHandle::new(use_toasts(), || Box::pin(load_manager()));
    provide_context(uploads);
    Effect::new(move || {
        if uploads.experiment.with(Option::is_some) {
            uploads.load();
        }
    });
    view! {
        {children()}
        {move || uploads.open_manager.get().map(|open| untrack(|| open(uploads)))}
    }
    .into_any()
}

/// Looks for the user's unfinished uploads each time an experiment is opened.
///
/// # Server-side rendering
/// Does nothing.
pub(crate) fn use_unfinished_uploads(experiment: Memo<ExperimentId>) {
    let uploads = use_uploads();
    Effect::new(move || uploads.experiment.set(Some(experiment.get())));
}

#[leptos::wasm_split::wasm_split(experiment, wasm_split_path = leptos::wasm_split, fallible)]
fn load_manager() -> Result<OpenManager, AppError> {
    Ok(open_manager)
}

/// Opens the upload manager and returns its dock. The manager is closed when the dock is removed.
fn open_manager(uploads: UploadsHandle) -> AnyView {
    const SPEED_INTERVAL: Duration = Duration::from_millis(500);
    let context = UploadsContext {
        items: RwSignal::default(),
        summary: RwSignal::default(),
        announcement: RwSignal::default(),
        question: RwSignal::default(),
    };
    let manager = UploadManager::open(context, uploads.toasts);
    let (weak, online, current) = (manager.weak_self.clone(), manager.weak_self.clone(), manager.weak_self.clone());
    let interval = set_interval_with_handle(move || if_alive(&weak, UploadManager::update_speeds), SPEED_INTERVAL);
    let listener = window_event_listener(ev::online, move |_| {
        if_alive(&online, |manager| manager.for_each_transfer(Transfer::retry_now));
    });
    let cleanup = SendWrapper::new((interval, listener, manager.clone()));
    on_cleanup(move || {
        let (interval, listener, manager) = cleanup.take();
        listener.remove();
        if let Ok(interval) = interval {
            interval.clear();
        }
        manager.close();
    });
    uploads.set_manager(manager);
    Effect::new(move || {
        let experiment = uploads.experiment.get();
        if_alive(&current, |manager| {
            manager.experiment.set(experiment);
            manager.load_unfinished();
        });
    });
    upload_dock(context)
}
