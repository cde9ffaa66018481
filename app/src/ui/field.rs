//! Text inputs.

use leptos::prelude::*;

/// A single-line input with label, hint and error, associated for assistive technology.
///
/// Uncontrolled: `value` is only the initial text, so that text typed before hydration is kept. Listen with `on:input`,
/// which bubbles to the component's root.
#[component]
pub fn Field(
    /// The label.
    #[prop(into)]
    label: String,
    /// The name of the form field.
    #[prop(into)]
    name: String,
    /// The element's id. Derived from the name by default; required if two forms use the same name.
    #[prop(optional, into)]
    id: Option<String>,
    /// The input's `type`.
    #[prop(default = "text")]
    kind: &'static str,
    /// The initial text.
    #[prop(optional, into)]
    value: String,
    /// Help for filling it in.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Why the value was rejected.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Whether it must be filled in.
    #[prop(optional)]
    required: bool,
    /// Maximum number of characters.
    #[prop(optional)]
    maxlength: Option<u32>,
    /// The kind of value that browsers and password managers may fill in: `email`, `current-password`, `off`.
    #[prop(optional)]
    autocomplete: Option<&'static str>,
    /// An example value. Does not replace the label.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// Whether it has the focus when the page opens.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| format!("field-{name}"));
    let described = described_by(&id, hint.is_some(), error);
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                class="input"
                type=kind
                id=id.clone()
                name=name
                value=value
                required=required
                maxlength=maxlength.map(|most| most.to_string())
                autocomplete=autocomplete
                placeholder=placeholder
                autofocus=autofocus
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=described
            />
            <FieldMessages id hint error/>
        </div>
    }
    .into_any()
}

/// The hint and the error below an input.
#[component]
pub(super) fn FieldMessages(
    /// The input's id.
    id: String,
    /// Help for filling it in.
    hint: Option<String>,
    /// Why the value was rejected.
    error: Signal<Option<String>>,
) -> impl IntoView {
    let hint_id = format!("{id}-hint");
    let error_id = format!("{id}-error");
    view! {
        {hint.map(|hint| view! { <p class="field-hint" id=hint_id>{hint}</p> })}
        {move || error.get().map(|error| view! { <p class="field-error" id=error_id.clone() role="alert">{error}</p> })}
    }
    .into_any()
}

/// Returns the ids of an input's hint and error for its `aria-describedby`.
pub(super) fn described_by(id: &str, hint: bool, error: Signal<Option<String>>) -> Signal<Option<String>> {
    let id = id.to_owned();
    Signal::derive(move || match (hint, error.with(Option::is_some)) {
        (false, false) => None,
        (true, false) => Some(format!("{id}-hint")),
        (false, true) => Some(format!("{id}-error")),
        (true, true) => Some(format!("{id}-error {id}-hint")),
    })
}
