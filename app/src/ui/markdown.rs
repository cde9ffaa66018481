use leptos::prelude::*;

/// Prose that people wrote in Markdown.
///
/// `html` goes into the page as it is, so it must already be sanitised by the server.
#[component]
pub fn Markdown(
    /// Sanitised HTML.
    #[prop(into)]
    html: Signal<String>,
) -> impl IntoView {
    view! { <div class="prose" inner_html=move || html.get()></div> }.into_any()
}
