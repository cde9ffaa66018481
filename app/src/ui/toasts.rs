//! Toasts: short messages that disappear on their own.

use std::time::Duration;

use leptos::prelude::*;

use super::{Glyph, Icon, IconButton, NoticeKind};

/// The severity of a toast.
pub type ToastKind = NoticeKind;

/// How long a toast is shown.
const STAY: Duration = Duration::from_secs(6);
/// How long a toast stays after the pointer or the focus left it.
const LINGER: Duration = Duration::from_secs(2);

#[derive(Clone, PartialEq, Eq)]
struct Toast {
    id: u32,
    kind: ToastKind,
    text: String,
}

/// Handle for showing toasts. Returned by [`use_toasts`].
#[derive(Clone, Copy)]
pub struct Toaster {
    toasts: RwSignal<Vec<Toast>>,
    last_id: StoredValue<u32>,
    /// Whether the pointer or the focus is on the toasts, which keeps them open.
    held: RwSignal<bool>,
}

impl Toaster {
    fn new() -> Self {
        Self { toasts: RwSignal::default(), last_id: StoredValue::new(0), held: RwSignal::new(false) }
    }

    /// Shows a toast. Errors stay until dismissed, others disappear after some seconds. Call it in event handlers and effects.
    pub fn show(&self, kind: ToastKind, text: impl Into<String>) {
        let id = self.last_id.get_value().wrapping_add(1);
        self.last_id.set_value(id);
        self.toasts.update(|toasts| toasts.push(Toast { id, kind, text: text.into() }));
        if kind != ToastKind::Error {
            self.dismiss_after(id, STAY);
        }
    }

    fn dismiss_after(self, id: u32, stay: Duration) {
        set_timeout(
            move || match self.held.try_get_untracked() {
                Some(true) => self.dismiss_after(id, LINGER),
                Some(false) => self.dismiss(id),
                None => {}
            },
            stay,
        );
    }

    fn dismiss(self, id: u32) {
        self.toasts.try_update(|toasts| toasts.retain(|toast| toast.id != id));
    }
}

/// Returns the handle of the surrounding [`Toasts`]. Call it in a component inside `<Toasts>`, not in the one that contains
/// it: toasts shown outside are invisible.
pub fn use_toasts() -> Toaster {
    use_context().unwrap_or_else(|| {
        leptos::logging::debug_warn!("use_toasts() called outside <Toasts>; the toasts will be invisible");
        Toaster::new()
    })
}

/// Provides [`use_toasts`] to its children and shows toasts in the lower right corner.
///
/// # Server-side rendering
/// Renders the children and an empty live region.
#[component]
pub fn Toasts(
    /// The app's content.
    children: Children,
) -> impl IntoView {
    let toaster = Toaster::new();
    provide_context(toaster);
    view! {
        {children()}
        <div
            class="toasts"
            role="status"
            aria-live="polite"
            on:pointerenter=move |_| toaster.held.set(true)
            on:pointerleave=move |_| toaster.held.set(false)
            on:focusin=move |_| toaster.held.set(true)
            on:focusout=move |_| toaster.held.set(false)
        >
            <For each=move || toaster.toasts.get() key=|toast| toast.id let(toast)>
                <ToastView toast toaster/>
            </For>
        </div>
    }
    .into_any()
}

#[component]
fn ToastView(toast: Toast, toaster: Toaster) -> impl IntoView {
    let (class, glyph) = toast.kind.style();
    let id = toast.id;
    view! {
        <div class=format!("toast toast-{class}")>
            <Icon glyph/>
            <p>{toast.text}</p>
            <IconButton glyph=Glyph::Cross label="Dismiss" on:click=move |_| toaster.dismiss(id)/>
        </div>
    }
    .into_any()
}
