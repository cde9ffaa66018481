use leptos::prelude::*;

use super::{Button, ButtonKind};

/// The last part of a form that destroys something: type its name, then the button works.
///
/// Put it inside the `<form>` or `<ActionForm>`. The typed text is sent as `field`, and the server compares it again.
///
/// # Server-side rendering
/// Yields an enabled button: without scripts, only the server decides.
#[component]
pub fn ConfirmByName(
    /// What has to be typed, exactly.
    #[prop(into)]
    name: Signal<String>,
    /// The form field's name.
    #[prop(default = "confirm")]
    field: &'static str,
    /// What the button does: "Delete this experiment".
    #[prop(into)]
    action: String,
    /// The form was sent.
    #[prop(optional, into)]
    busy: Signal<bool>,
) -> impl IntoView {
    let typed = RwSignal::new(None::<String>);
    let input = NodeRef::<leptos::html::Input>::new();
    // What was typed before hydration counts.
    Effect::new(move || {
        if let Some(input) = input.get() {
            typed.set(Some(input.value()));
        }
    });
    let mismatch = Signal::derive(move || typed.with(|typed| typed.as_ref().is_some_and(|typed| *typed != name.get())));
    let id = format!("confirm-{field}");
    view! {
        <div class="field">
            <label for=id.clone()>"Type " <strong class="confirm-name">{name}</strong> " to confirm"</label>
            <input
                class="input"
                type="text"
                id=id
                name=field
                required
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                node_ref=input
                on:input=move |event| typed.set(Some(event_target_value(&event)))
            />
        </div>
        <div class="form-actions">
            <Button kind=ButtonKind::Danger submit=true busy disabled=mismatch>
                {action}
            </Button>
        </div>
    }
    .into_any()
}
