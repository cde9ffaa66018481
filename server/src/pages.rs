//! Server-side rendering of pages, and server functions.

use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use http::header::LOCATION;
use http::request::Parts;
use http::{Method, StatusCode};
use leptos::prelude::{provide_context, use_context};
use leptos::server_fn::axum::server_fn_paths;
use tracker::Actor;

use crate::access::{self, Access};
use crate::client_ip;
use crate::middleware;
use crate::problem::Problem;
use crate::routes::Route;
use crate::server::Server;
use crate::session_cookie::SessionCookie;
use crate::site::Site;

/// Returns a route for every page of the app and for every server function.
pub fn routes() -> Vec<Route> {
    let pages = leptos_axum::generate_route_list(app::App);
    let pages = pages.iter().map(|page| Route::get(page.path(), Access::Visitor, render_page));
    let functions = server_fn_paths().map(|(path, method)| Route::on(method, path, Access::Visitor, call_server_fn));
    pages.chain(functions).collect()
}

/// Responds to requests without a route: with the app's "not found" page, or with a plain error to scripts.
pub async fn not_found(State(server): State<Server>, mut request: Request) -> Response {
    let path = request.uri().path();
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads || middleware::is_api_path(path) || path.starts_with("/fn/") {
        return Problem::from_status(StatusCode::NOT_FOUND).into_response();
    }
    match access::identify(&server, Access::Visitor, request.headers()).await {
        Ok(visitor) => request.extensions_mut().insert(visitor),
        Err(problem) => return problem.into_response(),
    };
    let mut page = render_page(State(server), request).await;
    if page.status() == StatusCode::OK {
        *page.status_mut() = StatusCode::NOT_FOUND;
    }
    page
}

/// Renders a page completely before sending it, so that its status is correct and it is complete without JavaScript.
async fn render_page(State(server): State<Server>, request: Request) -> Response {
    let answers = server.answers.clone();
    let context = page_context(server);
    let render = leptos_axum::render_app_async_with_context(context, app::shell);
    answers.hold(to_redirect(render(request).await))
}

/// Sets the status of a redirecting page to 302 for all clients. `leptos_axum` does so only for clients that accept HTML, and
/// treats others as callers of server functions, which do not request pages.
fn to_redirect(mut page: Response) -> Response {
    if page.status() == StatusCode::OK && page.headers().contains_key(LOCATION) {
        *page.status_mut() = StatusCode::FOUND;
        page.headers_mut().remove("serverfnredirect");
    }
    page
}

async fn call_server_fn(State(server): State<Server>, mut request: Request) -> Response {
    middleware::remove_foreign_referer(&server, &mut request);
    let answers = server.answers.clone();
    answers.hold(leptos_axum::handle_server_fns_with_context(page_context(server), request).await.into_response())
}

/// Returns a function that provides the context of pages and server functions: the tracker, the user, the client's address, the
/// session cookie, and the URLs of static files.
fn page_context(server: Server) -> impl Fn() + Clone + Send + Sync + 'static {
    let site = site_urls(&server.site);
    let SessionCookie { name, secure } = server.cookie;
    move || {
        let request = use_context::<Parts>();
        let who = request.as_ref().and_then(|request| request.extensions.get::<Option<Actor>>().cloned().flatten());
        if let Some(address) = request.as_ref().and_then(|request| client_ip::client_ip(request, &server.hosts.proxies))
        {
            provide_context(app::ClientAddress(address));
        }
        if let Some(site) = &site {
            provide_context(site.clone());
        }
        provide_context(app::SessionCookie { name, secure });
        provide_context(server.tracker.clone());
        provide_context(who);
    }
}

/// Returns the URLs of the files that every page loads, or `None` if the binary was built without them.
fn site_urls(site: &Site) -> Option<app::Site> {
    let js = site.path("pkg/frontend.js")?;
    let chunks = app::Chunks {
        folder: js.rsplit_once('/')?.0.to_owned(),
        loader: "chunks.js",
        files: serde_json::from_slice(&site.read("pkg/chunks.json")?).ok()?,
    };
    Some(app::Site {
        css: site.path("groundglass.css")?,
        js,
        wasm: site.path("pkg/frontend_bg.wasm")?,
        chunks,
        plotly: site.path("plotly.js"),
    })
}
