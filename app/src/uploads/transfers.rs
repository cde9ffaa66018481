//! What the pages have of the desk of transfers. The desk itself is in the chunk of the WASM that comes with an
//! experiment: before one is open there is nothing to upload to.

use std::{any::Any, rc::Rc};

use domain::ids::ExperimentId;
use leptos::{prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;

use super::desk::{Desk, load_desk};
use crate::ui::{ToastKind, Toaster, use_toasts};

/// What is to be done at the desk.
type Errand = Box<dyn FnOnce(&Desk)>;
/// Opens the desk and gives its dock.
pub(super) type OpenDesk = fn(Transfers) -> AnyView;

/// The desk, as the pages see it.
#[derive(Clone, Copy)]
pub(crate) struct Transfers {
    /// The experiment that is open, or was last.
    pub(super) here: RwSignal<Option<ExperimentId>>,
    pub(super) toasts: Toaster,
    /// There once the chunk is.
    dock: RwSignal<Option<OpenDesk>>,
    /// A [`Desk`]: its type here would bring its code along.
    desk: StoredValue<Option<SendWrapper<Rc<dyn Any>>>>,
    waiting: StoredValue<Option<SendWrapper<Vec<Errand>>>>,
    loading: StoredValue<bool>,
}

/// The transfers of this page.
pub(crate) fn use_transfers() -> Transfers {
    expect_context()
}

/// The desk for the pages inside, and its dock over them. Goes within the `<Toasts>`.
///
/// # Server-side rendering
/// Yields the pages.
#[component]
pub(crate) fn WithTransfers(
    /// The pages.
    children: Children,
) -> impl IntoView {
    let transfers = Transfers {
        here: RwSignal::new(None),
        toasts: use_toasts(),
        dock: RwSignal::new(None),
        desk: StoredValue::new(None),
        waiting: StoredValue::new(None),
        loading: StoredValue::new(false),
    };
    provide_context(transfers);
    Effect::new(move || {
        if transfers.here.with(Option::is_some) {
            transfers.load();
        }
    });
    view! {
        {children()}
        {move || transfers.dock.get().map(|open| untrack(|| open(transfers)))}
    }
    .into_any()
}

/// Looks for what the reader began to upload to an experiment, each time one is opened.
///
/// # Server-side rendering
/// Does nothing.
pub(crate) fn look_for_unfinished(experiment: Memo<ExperimentId>) {
    let transfers = use_transfers();
    Effect::new(move || transfers.here.set(Some(experiment.get())));
}

impl Transfers {
    /// Does something at the desk, once there is one.
    pub(super) fn at_the_desk(self, errand: impl FnOnce(&Desk) + 'static) {
        let desk = self.desk.try_with_value(|desk| desk.as_deref().cloned()).flatten();
        match desk.and_then(|desk| desk.downcast::<Desk>().ok()) {
            Some(desk) => errand(&desk),
            None => {
                let wait = |waiting: &mut Option<SendWrapper<Vec<Errand>>>| {
                    waiting.get_or_insert_with(|| SendWrapper::new(Vec::new())).push(Box::new(errand));
                };
                self.waiting.try_update_value(wait);
                self.load();
            }
        }
    }

    /// Loadable the desk's chunk, unless that was done.
    fn load(self) {
        if self.loading.try_update_value(|loading| std::mem::replace(loading, true)) != Some(false) {
            return;
        }
        spawn_local(async move {
            match load_desk().await {
                Ok(open) => {
                    self.dock.try_set(Some(open));
                }
                Err(_) => {
                    // The next errand tries again.
                    self.loading.try_set_value(false);
                    if self.take_errands().is_some() {
                        let text = "Nothing is uploaded: the server did not answer. Choose the files again.";
                        self.toasts.show(ToastKind::Bad, text);
                    }
                }
            }
        });
    }

    /// The desk is there, and does what waited for it.
    pub(super) fn opened(self, desk: Rc<Desk>) {
        let any: Rc<dyn Any> = desk.clone();
        self.desk.try_set_value(Some(SendWrapper::new(any)));
        spawn_local(async move {
            for errand in self.take_errands().into_iter().flatten() {
                errand(&desk);
            }
        });
    }

    fn take_errands(self) -> Option<Vec<Errand>> {
        self.waiting.try_update_value(Option::take).flatten().map(SendWrapper::take)
    }
}
