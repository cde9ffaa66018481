//! Select inputs.

use leptos::prelude::*;

use super::field::{FieldMessages, described_by};

/// A choice of one value from a list. Works like `Field`.
#[component]
pub fn Select(
    /// The label.
    #[prop(into)]
    label: String,
    /// The name of the form field.
    #[prop(into)]
    name: String,
    /// The element's id. Derived from the name by default; required if two forms use the same name.
    #[prop(optional, into)]
    id: Option<String>,
    /// The values with their labels.
    options: Vec<(String, String)>,
    /// The initial value.
    #[prop(optional, into)]
    value: String,
    /// Help for choosing.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Why the value was rejected.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| format!("field-{name}"));
    let described = described_by(&id, hint.is_some(), error);
    let options = options
        .into_iter()
        .map(|(key, label)| {
            let selected = key == value;
            view! { <option value=key selected=selected>{label}</option> }
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
            <FieldMessages id hint error/>
        </div>
    }
    .into_any()
}
