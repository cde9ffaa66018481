use leptos::prelude::*;

/// One line of input with its label, hint and error, tied together for assistive technology.
///
/// The browser owns the text: `value` is only what it starts with, so that nothing typed before hydration is lost.
/// Listen with `on:input`, which bubbles to the component's root.
#[component]
pub fn Field(
    /// What is asked for.
    #[prop(into)]
    label: String,
    /// The form field's name.
    #[prop(into)]
    name: String,
    /// Identifies the input in the page; made of the name unless two forms share it.
    #[prop(optional, into)]
    id: Option<String>,
    /// The input's type.
    #[prop(default = "text")]
    kind: &'static str,
    /// What it starts with.
    #[prop(optional, into)]
    value: String,
    /// What helps to fill it in.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Why the last attempt was refused.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Must be filled in.
    #[prop(optional)]
    required: bool,
    /// Most characters.
    #[prop(optional)]
    maxlength: Option<u32>,
    /// What browsers and password managers may fill in: `email`, `current-password`, `off`.
    #[prop(optional)]
    autocomplete: Option<&'static str>,
    /// An example of what to type; never a replacement for the label.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// Receives the focus when the page opens.
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
            <Explanation id hint error/>
        </div>
    }
    .into_any()
}

/// The hint and the error under an input.
#[component]
pub(super) fn Explanation(
    /// The input's id.
    id: String,
    /// What helps to fill it in.
    hint: Option<String>,
    /// Why the last attempt was refused.
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

/// The ids that explain an input, for its `aria-describedby`.
pub(super) fn described_by(id: &str, hint: bool, error: Signal<Option<String>>) -> Signal<Option<String>> {
    let id = id.to_owned();
    Signal::derive(move || match (hint, error.with(Option::is_some)) {
        (false, false) => None,
        (true, false) => Some(format!("{id}-hint")),
        (false, true) => Some(format!("{id}-error")),
        (true, true) => Some(format!("{id}-error {id}-hint")),
    })
}
