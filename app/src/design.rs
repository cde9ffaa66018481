//! The page `/design` of a development build: every token and every part, in both themes.

use leptos::prelude::*;

mod parts;
mod tokens;

use crate::ui::{Crumb, Glyph, NavItem, PageHeader, Shell, ShortcutHelp, StatusBadge, Theme, ThemeSwitch, Toasts};

/// Shows all of `ui`, once in light and once in dark. Needs nothing around it, not even a router.
#[component]
pub fn DesignPage() -> impl IntoView {
    view! {
        <Toasts>
            <Gallery/>
        </Toasts>
    }
}

#[component]
fn Gallery() -> impl IntoView {
    let halves = [Theme::Light, Theme::Dark]
        .map(|theme| {
            view! {
                <div class="theme-column stack" data-theme=theme.attribute()>
                    {tokens::all(theme)} {parts::words(theme)} {parts::controls(theme)} {parts::states()}
                </div>
            }
        })
        .collect_view();
    view! {
        <Shell items=nav_items() current="Projects">
            <PageHeader
                crumbs=vec![Crumb::new("Groundglass", "/")]
                title="Design"
                meta=|| view! { <StatusBadge status="RUNNING"/> }
            >
                <ThemeSwitch action="/design" next="/design"/>
            </PageHeader>
            <div class="theme-columns">{halves}</div>
            <ShortcutHelp shortcuts=vec![("?", "Show shortcuts"), ("g p", "Projects"), ("1 … 5", "Tabs"), ("Esc", "Close")]/>
        </Shell>
    }
}

fn nav_items() -> Vec<NavItem> {
    vec![
        NavItem::new(Glyph::Layers, "Projects", "#projects"),
        NavItem::new(Glyph::Images, "Datasets", "#datasets"),
        NavItem::new(Glyph::Box, "Models", "#models"),
        NavItem::new(Glyph::Building, "Organization", "#organization"),
    ]
}
