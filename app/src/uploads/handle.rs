//! The handle through which all pages reach the upload manager.
//!
//! The manager itself is in the WASM chunk of the experiment pages: before an experiment is open, there is nothing to upload
//! to.

use std::{any::Any, future::Future, pin::Pin, rc::Rc};

use domain::ids::ExperimentId;
use leptos::{prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;

use super::manager::UploadManager;
use crate::{
    AppError,
    ui::{ToastKind, Toaster},
};

/// A call to the manager.
type Command = Box<dyn FnOnce(&UploadManager)>;
/// Opens the manager and returns its dock.
pub(super) type OpenManager = fn(UploadsHandle) -> AnyView;
/// Loads the manager's chunk.
pub(super) type LoadManager = fn() -> Pin<Box<dyn Future<Output = Result<OpenManager, AppError>>>>;

/// A handle to the upload manager, which loads it when it is needed.
#[derive(Clone, Copy)]
pub(crate) struct UploadsHandle {
    /// The experiment that is open or was open last.
    pub(super) experiment: RwSignal<Option<ExperimentId>>,
    pub(super) toasts: Toaster,
    /// Set once the chunk is loaded.
    pub(super) open_manager: RwSignal<Option<OpenManager>>,
    load_manager: LoadManager,
    /// An [`UploadManager`]. Its type here would move its code out of its chunk.
    manager: StoredValue<Option<SendWrapper<Rc<dyn Any>>>>,
    /// Commands that wait for the manager.
    queued: StoredValue<Option<SendWrapper<Vec<Command>>>>,
    loading: StoredValue<bool>,
}

/// Returns the handle of the [`UploadsProvider`](super::UploadsProvider) around.
pub(super) fn use_uploads() -> UploadsHandle {
    expect_context()
}

impl UploadsHandle {
    pub(super) fn new(toasts: Toaster, load_manager: LoadManager) -> Self {
        Self {
            experiment: RwSignal::new(None),
            toasts,
            open_manager: RwSignal::new(None),
            load_manager,
            manager: StoredValue::new(None),
            queued: StoredValue::new(None),
            loading: StoredValue::new(false),
        }
    }

    /// Calls `command` with the manager: at once if it is open, otherwise as soon as it is loaded.
    pub(super) fn with_manager(self, command: impl FnOnce(&UploadManager) + 'static) {
        let manager = self.manager.try_with_value(|manager| manager.as_deref().cloned()).flatten();
        match manager.and_then(|manager| manager.downcast::<UploadManager>().ok()) {
            Some(manager) => command(&manager),
            None => {
                let enqueue = |queued: &mut Option<SendWrapper<Vec<Command>>>| {
                    queued.get_or_insert_with(|| SendWrapper::new(Vec::new())).push(Box::new(command));
                };
                self.queued.try_update_value(enqueue);
                self.load();
            }
        }
    }

    /// Loads the manager's chunk, unless it is loaded or loading.
    pub(super) fn load(self) {
        if self.loading.try_update_value(|loading| std::mem::replace(loading, true)) != Some(false) {
            return;
        }
        spawn_local(async move {
            match (self.load_manager)().await {
                Ok(open) => {
                    self.open_manager.try_set(Some(open));
                }
                Err(_) => {
                    // The next command tries again.
                    self.loading.try_set_value(false);
                    if self.take_queued().is_some() {
                        let text = "Nothing was uploaded because the server didn't answer. Choose the files again.";
                        self.toasts.show(ToastKind::Error, text);
                    }
                }
            }
        });
    }

    /// Registers the opened manager and runs the commands that waited for it.
    pub(super) fn set_manager(self, manager: Rc<UploadManager>) {
        let any: Rc<dyn Any> = manager.clone();
        self.manager.try_set_value(Some(SendWrapper::new(any)));
        spawn_local(async move {
            for command in self.take_queued().into_iter().flatten() {
                command(&manager);
            }
        });
    }

    fn take_queued(self) -> Option<Vec<Command>> {
        self.queued.try_update_value(Option::take).flatten().map(SendWrapper::take)
    }
}
