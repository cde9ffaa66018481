//! The page frame with the navigation.

use leptos::children::ViewFnOnce;
use leptos::prelude::*;

use super::{Disclosure, Glyph, Icon, Logo};

/// An entry of the navigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavItem {
    /// The icon.
    pub glyph: Glyph,
    /// The label.
    pub label: &'static str,
    /// The link.
    pub href: String,
}

impl NavItem {
    /// Creates an entry.
    pub fn new(glyph: Glyph, label: &'static str, href: impl Into<String>) -> Self {
        Self { glyph, label, href: href.into() }
    }
}

/// The frame of every page for signed-in users: the navigation rail (a bar at the bottom on phones) and the content.
#[component]
pub fn Shell(
    /// The entries of the navigation, from the top.
    items: Vec<NavItem>,
    /// The label of the entry that the page belongs to.
    #[prop(into)]
    current: Signal<String>,
    /// The end of the rail, usually an `AccountMenu`.
    #[prop(optional, into)]
    account: Option<ViewFnOnce>,
    /// The page's content.
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
            // The router ignores external links. Only the browser's own navigation moves the focus to a fragment.
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

/// The menu of the signed-in user, at the end of the rail.
#[component]
pub fn AccountMenu(
    /// The user's name.
    #[prop(into)]
    name: String,
    /// The user's e-mail address.
    #[prop(into)]
    email: String,
    /// Menu content below the name: links and buttons of class `menu-item`, the `ThemeSwitch`, the sign-out form.
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

/// Returns the first letters of the first two words, in uppercase.
fn initials(name: &str) -> String {
    name.split_whitespace().take(2).filter_map(|word| word.chars().next()).map(crate::uppercase::uppercase).collect()
}
