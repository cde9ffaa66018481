use std::time::Duration;

use leptos::prelude::*;

use super::{Glyph, Icon, IconButton, NoticeKind};

/// What a toast is about.
pub type ToastKind = NoticeKind;

/// How long a toast stays, and how long it stays on after the pointer left.
const STAY: Duration = Duration::from_secs(6);
const LINGER: Duration = Duration::from_secs(2);

#[derive(Clone, PartialEq, Eq)]
struct Toast {
    id: u32,
    kind: ToastKind,
    text: String,
}

/// Shows toasts; taken by [`use_toasts`].
#[derive(Clone, Copy)]
pub struct Toaster {
    toasts: RwSignal<Vec<Toast>>,
    last: StoredValue<u32>,
    held: RwSignal<bool>,
}

impl Toaster {
    fn new() -> Self {
        Self { toasts: RwSignal::default(), last: StoredValue::new(0), held: RwSignal::new(false) }
    }

    /// Says that something happened. Failures stay until dismissed, the rest goes by itself. Call it in the browser:
    /// in event handlers and effects.
    pub fn show(&self, kind: ToastKind, text: impl Into<String>) {
        let id = self.last.get_value().wrapping_add(1);
        self.last.set_value(id);
        self.toasts.update(|toasts| toasts.push(Toast { id, kind, text: text.into() }));
        if kind != ToastKind::Bad {
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

/// The toaster of the [`Toasts`] around. Outside of one, its toasts are not seen: call it in a component that is
/// rendered inside, not where the `<Toasts>` itself is written.
pub fn use_toasts() -> Toaster {
    use_context().unwrap_or_else(|| {
        leptos::logging::debug_warn!("use_toasts() outside of <Toasts>: its toasts will not be seen");
        Toaster::new()
    })
}

/// Gives everything inside a toaster, and shows the toasts above the page's lower right corner.
///
/// # Server-side rendering
/// Yields the children and an empty live region.
#[component]
pub fn Toasts(
    /// The pages.
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
    let (ending, glyph) = toast.kind.look();
    let id = toast.id;
    view! {
        <div class=format!("toast toast-{ending}")>
            <Icon glyph/>
            <p>{toast.text}</p>
            <IconButton glyph=Glyph::Cross label="Dismiss" on:click=move |_| toaster.dismiss(id)/>
        </div>
    }
    .into_any()
}
