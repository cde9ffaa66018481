//! Rendered Markdown.

use leptos::prelude::*;

/// Shows HTML that was rendered from Markdown.
///
/// `html` is inserted into the page unchanged, so the server must have sanitized it.
#[component]
pub fn Markdown(
    /// Sanitized HTML.
    #[prop(into)]
    html: Signal<String>,
) -> impl IntoView {
    view! { <div class="prose" inner_html=move || html.get()></div> }.into_any()
}
