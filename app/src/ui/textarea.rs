use leptos::prelude::*;

use super::field::{Explanation, described_by};

/// Several lines of input; the same contract as `Field`.
#[component]
pub fn TextArea(
    /// What is asked for.
    #[prop(into)]
    label: String,
    /// The form field's name.
    #[prop(into)]
    name: String,
    /// Identifies the input in the page; made of the name unless two forms share it.
    #[prop(optional, into)]
    id: Option<String>,
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
    /// Lines in sight.
    #[prop(default = 4)]
    rows: u32,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| format!("field-{name}"));
    let described = described_by(&id, hint.is_some(), error);
    // On the server the text of a `<textarea>` goes into the HTML as it is; the browser is given text.
    let value = if cfg!(feature = "ssr") { value.replace('&', "&amp;").replace('<', "&lt;") } else { value };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <textarea
                class="input"
                id=id.clone()
                name=name
                rows=rows.to_string()
                required=required
                maxlength=maxlength.map(|most| most.to_string())
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=described
            >
                {value}
            </textarea>
            <Explanation id hint error/>
        </div>
    }
    .into_any()
}
