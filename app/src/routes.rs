//! The routes of all pages.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    ParamSegment, SsrMode, StaticSegment,
    components::{ParentRoute, Route, Router, Routes},
};

#[cfg(debug_assertions)]
use crate::design::DesignPage;
/// The component gallery exists in development builds only.
#[cfg(not(debug_assertions))]
use crate::error_view::NotFoundPage as DesignPage;
use crate::{
    chunks,
    error_view::NotFoundPage,
    layout::{AppLayout, Home},
    people::{SignInPage, WelcomePage},
    projects::ProjectsPage,
};

/// The app. Pages are rendered completely before they are sent, so that they have the correct status and work without
/// JavaScript.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title formatter=window_title/>
        <Router>
            <Routes fallback=|| view! { <main class="auth-page"><NotFoundPage/></main> }>
                <Route path=StaticSegment("sign-in") view=SignInPage ssr=SsrMode::Async/>
                <Route path=(StaticSegment("welcome"), ParamSegment("link")) view=WelcomePage ssr=SsrMode::Async/>
                <Route path=StaticSegment("design") view=DesignPage ssr=SsrMode::Async/>
                <ParentRoute path=StaticSegment("") view=AppLayout ssr=SsrMode::Async>
                    <Route path=StaticSegment("") view=Home/>
                    <Route path=StaticSegment("account") view=chunks::account()/>
                    <Route path=(StaticSegment("organization"), ParamSegment("id")) view=ProjectsPage/>
                    <Route path=(StaticSegment("project"), ParamSegment("id")) view=chunks::project()/>
                    <ParentRoute path=(StaticSegment("experiment"), ParamSegment("id")) view=chunks::experiment()>
                        <Route path=StaticSegment("") view=chunks::logs_redirect()/>
                        <Route path=StaticSegment("logs") view=chunks::logs()/>
                        <Route path=StaticSegment("artifacts") view=chunks::artifacts()/>
                        <Route path=StaticSegment("evaluation") view=chunks::evaluation()/>
                        <Route path=StaticSegment("telemetry") view=chunks::telemetry()/>
                        <Route path=StaticSegment("settings") view=chunks::settings()/>
                    </ParentRoute>
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// Returns the title of the browser window for a page's title.
fn window_title(page: String) -> String {
    let title = if page.is_empty() { "Groundglass".to_owned() } else { format!("{page} · Groundglass") };
    // The server writes the title into the HTML unescaped, and titles contain names from users; the browser sets text.
    if cfg!(feature = "ssr") { title.replace('&', "&amp;").replace('<', "&lt;") } else { title }
}
