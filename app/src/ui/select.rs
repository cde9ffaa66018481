use leptos::prelude::*;

use super::field::{Explanation, described_by};

/// One of a few known values; the same contract as `Field`.
#[component]
pub fn Select(
    /// What is asked for.
    #[prop(into)]
    label: String,
    /// The form field's name.
    #[prop(into)]
    name: String,
    /// Identifies the input in the page; made of the name unless two forms share it.
    #[prop(optional, into)]
    id: Option<String>,
    /// The values, each with the words for it.
    options: Vec<(String, String)>,
    /// The value it starts with.
    #[prop(optional, into)]
    value: String,
    /// What helps to choose.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Why the last attempt was refused.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| format!("field-{name}"));
    let described = described_by(&id, hint.is_some(), error);
    let options = options
        .into_iter()
        .map(|(key, words)| {
            let selected = key == value;
            view! { <option value=key selected=selected>{words}</option> }
        })
        .collect_view();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select
                class="input"
                id=id.clone()
                name=name
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=described
            >
                {options}
            </select>
            <Explanation id hint error/>
        </div>
    }
    .into_any()
}
