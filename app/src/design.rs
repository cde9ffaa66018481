//! The component gallery at `/design`, in development builds only: all design tokens and components in both themes.

use leptos::prelude::*;

mod parts;
mod tokens;

use crate::ui::{Crumb, Glyph, NavItem, PageHeader, Shell, ShortcutHelp, StatusBadge, Theme, ThemeSwitch, Toasts};

/// Shows all components of `ui` in the light and the dark theme. Needs no context, not even a router.
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
    let columns = [Theme::Light, Theme::Dark]
        .map(|theme| {
            view! {
                <div class="theme-column stack" data-theme=theme.attribute()>
                    {tokens::token_sections(theme)} {parts::text_components(theme)} {parts::controls(theme)} {parts::states()}
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
            <div class="theme-columns">{columns}</div>
            <ShortcutHelp shortcuts=vec![("?", "Show shortcuts"), ("g p", "Go to projects"), ("1 … 5", "Tabs"), ("Esc", "Close")]/>
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
