//! Multi-line text inputs.

use leptos::prelude::*;

use super::field::{FieldMessages, described_by};

/// A multi-line input. Works like `Field`.
#[component]
pub fn TextArea(
    /// The label.
    #[prop(into)]
    label: String,
    /// The name of the form field.
    #[prop(into)]
    name: String,
    /// The element's id. Derived from the name by default; required if two forms use the same name.
    #[prop(optional, into)]
    id: Option<String>,
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
    /// Number of visible lines.
    #[prop(default = 4)]
    rows: u32,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| format!("field-{name}"));
    let described = described_by(&id, hint.is_some(), error);
    // The server writes the text of a `<textarea>` into the HTML unescaped; the browser sets text.
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
            <FieldMessages id hint error/>
        </div>
    }
    .into_any()
}
