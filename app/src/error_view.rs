//! The view that replaces a page that cannot be shown.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{components::Redirect, hooks::use_location};

use crate::{AppError, ui::ErrorPanel};

/// Shows an error and a link to continue. Redirects to the sign-in page if the reader is not signed in, and returns to
/// this page afterwards.
///
/// # Server-side rendering
/// Sets the response's status.
#[component]
pub(crate) fn ErrorView(
    /// The error.
    error: AppError,
) -> impl IntoView {
    let location = use_location();
    let path = location.pathname.get_untracked();
    if error == AppError::SignedOut {
        let query = location.search.get_untracked();
        return view! { <Redirect path=format!("/sign-in?next={path}{}", escape_query(&query))/> }.into_any();
    }
    #[cfg(feature = "ssr")]
    crate::server_context::set_response_status(error.status());
    let (title, advice) = (error_title(&error), error.sentence());
    let (link, href) = if path.starts_with("/welcome/") { ("Sign in", "/sign-in") } else { ("All projects", "/") };
    let id = match error {
        AppError::Unexpected { id } => id,
        _ => String::new(),
    };
    view! {
        <Title text=title/>
        <div class="page-gap">
            <ErrorPanel title=title advice=advice id=id page=true>
                <a class="button" href=href>
                    {link}
                </a>
            </ErrorPanel>
        </div>
    }
    .into_any()
}

/// Escapes a URL's query for use at the end of another URL's parameter: `page=2` becomes `%3Fpage=2`.
fn escape_query(query: &str) -> String {
    let query = query.trim_start_matches('?');
    if query.is_empty() {
        return String::new();
    }
    let escaped = query.replace('%', "%25").replace('&', "%26").replace('+', "%2B").replace('#', "%23");
    format!("%3F{escaped}")
}

fn error_title(error: &AppError) -> &'static str {
    match error {
        AppError::NotFound(_) => "Not found",
        AppError::Forbidden(_) => "Not allowed",
        AppError::TooMany(_) => "Too many requests",
        AppError::Full(_) => "No space left",
        AppError::Unavailable(_) => "Not available at the moment",
        AppError::Unreachable => "No connection",
        AppError::SignedOut | AppError::Conflict(_) | AppError::Invalid(_) | AppError::Unexpected { .. } => {
            "This page couldn't be loaded"
        }
    }
}

/// The page for unknown URLs.
#[component]
pub(crate) fn NotFoundPage() -> impl IntoView {
    view! { <ErrorView error=AppError::NotFound("this page doesn't exist; check the address".to_owned())/> }
}
