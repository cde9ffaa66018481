//! Tabs.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// A tab: a link to a subpage.
#[derive(Clone, Debug)]
pub struct Tab {
    label: &'static str,
    href: String,
    count: Signal<Option<u64>>,
    live: Signal<bool>,
}

impl Tab {
    /// Creates a tab.
    pub fn new(label: &'static str, href: impl Into<String>) -> Self {
        Self { label, href: href.into(), count: Signal::default(), live: Signal::default() }
    }

    /// Adds the number of items on the subpage.
    #[must_use]
    pub fn count(self, count: impl Into<Signal<Option<u64>>>) -> Self {
        Self { count: count.into(), ..self }
    }

    /// Shows an animated dot while `live` is true.
    #[must_use]
    pub fn live(self, live: impl Into<Signal<bool>>) -> Self {
        Self { live: live.into(), ..self }
    }
}

/// Links to subpages. The current one has `aria-current`.
#[component]
pub fn Tabs(
    /// The tabs, in order.
    tabs: Vec<Tab>,
    /// The current path. A tab is current if the path is its link or below it.
    #[prop(into)]
    path: Signal<String>,
    /// The accessible name of the navigation: "Experiment".
    label: &'static str,
) -> impl IntoView {
    let links = tabs
        .into_iter()
        .map(|Tab { label, href, count, live }| {
            let address = href.clone();
            // On navigation, the path changes once more after the page that owns the signal is disposed.
            let current = move || path.try_with(|path| is_under(path, &address)).unwrap_or_default().then_some("page");
            view! {
                <li>
                    <a class="tab" href=href aria-current=current>
                        {label}
                        {move || count.get().map(|count| view! { <span class="tab-count">{count}</span> })}
                        {move || live.get().then(|| view! { <span class="live-dot" role="img" aria-label="live"></span> })}
                    </a>
                </li>
            }
        })
        .collect_view();
    let list = NodeRef::<html::Ul>::new();
    Effect::new(move || {
        path.track();
        request_animation_frame(move || _ = bring_current_into_view(list));
    });
    view! {
        <nav class="tabs" aria-label=label>
            <ul node_ref=list>{links}</ul>
        </nav>
    }
    .into_any()
}

/// Scrolls the tabs to the current one. On phones, they scroll sideways and the current one can be outside the view.
fn bring_current_into_view(list: NodeRef<html::Ul>) -> Option<()> {
    let list = list.try_get_untracked()??;
    let current = list.query_selector("[aria-current]").ok()??.parent_element()?;
    let current = current.dyn_into::<web_sys::HtmlElement>().ok()?;
    list.set_scroll_left(current.offset_left() + current.offset_width() - list.client_width());
    Some(())
}

/// Returns whether `path` is `address` or below it.
fn is_under(path: &str, address: &str) -> bool {
    path.strip_prefix(address).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::is_under;

    #[test]
    fn tab_is_current_on_its_page_and_below() {
        assert!(is_under("/experiment/1/logs", "/experiment/1/logs"));
        assert!(is_under("/experiment/1/logs/train", "/experiment/1/logs"));
        assert!(!is_under("/experiment/1/logsheet", "/experiment/1/logs"));
        assert!(!is_under("/experiment/1", "/experiment/1/logs"));
    }
}
