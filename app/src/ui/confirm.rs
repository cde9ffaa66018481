//! Confirmation of a deletion.

use leptos::prelude::*;

use super::{Button, ButtonKind};

/// The end of a form that deletes something: an input for its name and a button that is enabled once the name matches.
///
/// Place it inside a `<form>`. The typed name is submitted as `field`, and the server compares it again.
///
/// # Server-side rendering
/// Renders the button enabled: without JavaScript, only the server checks the name.
#[component]
pub fn ConfirmByName(
    /// The name to type.
    #[prop(into)]
    name: Signal<String>,
    /// The name of the form field.
    #[prop(default = "confirm")]
    field: &'static str,
    /// The button's label: "Delete this experiment".
    #[prop(into)]
    action: String,
    /// Whether the form is being submitted.
    #[prop(optional, into)]
    busy: Signal<bool>,
) -> impl IntoView {
    let typed = RwSignal::new(None::<String>);
    let input = NodeRef::<leptos::html::Input>::new();
    // Includes text typed before hydration.
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
