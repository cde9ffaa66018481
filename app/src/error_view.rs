//! What stands in place of a page that cannot be shown.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{components::Redirect, hooks::use_location};

use crate::{AppError, ui::ErrorPanel};

/// Says why there is no page and where to go from here. Who is not signed in is led to the sign-in, and back afterwards.
///
/// # Server-side rendering
/// Gives the answer its status.
#[component]
pub(crate) fn ErrorView(
    /// Why.
    error: AppError,
) -> impl IntoView {
    if error == AppError::SignedOut {
        let location = use_location();
        let (path, query) = (location.pathname.get_untracked(), location.search.get_untracked());
        return view! { <Redirect path=format!("/sign-in?next={path}{}", as_a_value(&query))/> }.into_any();
    }
    #[cfg(feature = "ssr")]
    crate::server_context::set_response_status(error.status());
    let (title, advice) = (title(&error), error.sentence());
    let id = match error {
        AppError::Unexpected { id } => id,
        _ => String::new(),
    };
    view! {
        <Title text=title/>
        <div class="page-gap">
            <ErrorPanel title=title advice=advice id=id page=true>
                <a class="button" href="/">
                    "All projects"
                </a>
            </ErrorPanel>
        </div>
    }
    .into_any()
}

/// An address's query, to stand in another's as the end of a value: `page=2` becomes `%3Fpage=2`.
fn as_a_value(query: &str) -> String {
    let query = query.trim_start_matches('?');
    if query.is_empty() {
        return String::new();
    }
    let escaped = query.replace('%', "%25").replace('&', "%26").replace('+', "%2B").replace('#', "%23");
    format!("%3F{escaped}")
}

fn title(error: &AppError) -> &'static str {
    match error {
        AppError::NotFound(_) => "Not found",
        AppError::Forbidden(_) => "Not allowed",
        AppError::TooMany(_) => "Too fast",
        AppError::Unreachable => "No connection",
        AppError::SignedOut | AppError::Conflict(_) | AppError::Invalid(_) | AppError::Unexpected { .. } => {
            "This page could not be loaded"
        }
    }
}

/// The page of an address that leads nowhere.
#[component]
pub(crate) fn NotFoundPage() -> impl IntoView {
    view! { <ErrorView error=AppError::NotFound("there is no page at this address; it may have been mistyped".to_owned())/> }
}
