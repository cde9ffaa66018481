use leptos::children::ViewFnOnce;
use leptos::prelude::*;

use super::{Disclosure, Glyph, Icon, Logo};

/// A place that the rail leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavItem {
    /// Its picture.
    pub glyph: Glyph,
    /// Its name.
    pub label: &'static str,
    /// Where it is.
    pub href: String,
}

impl NavItem {
    /// The place `label` at `href`.
    pub fn new(glyph: Glyph, label: &'static str, href: impl Into<String>) -> Self {
        Self { glyph, label, href: href.into() }
    }
}

/// The frame around every page of someone who is signed in: the rail (a bar at the bottom on a phone) and the content.
#[component]
pub fn Shell(
    /// Where the rail leads, from the top.
    items: Vec<NavItem>,
    /// The label of the place that the page belongs to.
    #[prop(into)]
    current: Signal<String>,
    /// The end of the rail, usually an `AccountMenu`.
    #[prop(optional, into)]
    account: Option<ViewFnOnce>,
    /// The page.
    children: Children,
) -> impl IntoView {
    let links = items
        .into_iter()
        .map(|NavItem { glyph, label, href }| {
            view! {
                <li>
                    <a
                        class="rail-link"
                        href=href
                        aria-current=move || current.with(|current| current == label).then_some("true")
                    >
                        <Icon glyph/>
                        <span class="rail-label">{label}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="shell">
            // The router leaves external links alone, and only the browser moves the focus to a fragment.
            <a class="skip-link" href="#content" rel="external">
                "Skip to content"
            </a>
            <nav class="rail" aria-label="Main">
                <span class="rail-logo">
                    <Logo/>
                </span>
                <ul>{links}</ul>
                {account.map(|account| view! { <div class="rail-account">{account.run()}</div> })}
            </nav>
            <main id="content" class="content" tabindex="-1">
                {children()}
            </main>
        </div>
    }
    .into_any()
}

/// The person who is signed in, at the end of the rail; opens what is theirs.
#[component]
pub fn AccountMenu(
    /// Their name.
    #[prop(into)]
    name: String,
    /// Their address.
    #[prop(into)]
    email: String,
    /// Below the name: links and forms of class `menu-item`, the `ThemeSwitch`, the sign-out.
    children: Children,
) -> impl IntoView {
    let initials = initials(&name);
    view! {
        <Disclosure
            class="rail-link"
            button=move || {
                view! {
                    <span class="avatar" aria-hidden="true">{initials}</span>
                    <span class="rail-label">"Account"</span>
                }
            }
        >
            <div class="menu-head">
                <strong>{name}</strong>
                <span>{email}</span>
            </div>
            {children()}
        </Disclosure>
    }
    .into_any()
}

/// The first letters of the first two words.
fn initials(name: &str) -> String {
    name.split_whitespace().take(2).filter_map(|word| word.chars().next()).map(crate::uppercase::uppercase).collect()
}
