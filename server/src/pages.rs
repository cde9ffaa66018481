//! Pages: the app rendered here, and its server functions.

use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use http::header::LOCATION;
use http::request::Parts;
use http::{Method, StatusCode};
use leptos::prelude::{provide_context, use_context};
use leptos::server_fn::axum::server_fn_paths;
use tracker::Actor;

use crate::access::{self, Access};
use crate::door;
use crate::peer;
use crate::problem::Problem;
use crate::routes::Route;
use crate::server::Server;
use crate::session_cookie::SessionCookie;
use crate::site::Site;

/// A row for every page that the app's own router knows, and for every server function.
pub fn routes() -> Vec<Route> {
    let pages = leptos_axum::generate_route_list(app::App);
    let pages = pages.iter().map(|page| Route::get(page.path(), Access::Visitor, render));
    let functions = server_fn_paths().map(|(path, method)| Route::on(method, path, Access::Visitor, call));
    pages.chain(functions).collect()
}

/// Answers for addresses that are no row: the app's page that says so, or the plain fact.
pub async fn nowhere(State(server): State<Server>, mut request: Request) -> Response {
    let path = request.uri().path();
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads || door::is_for_scripts(path) || path.starts_with("/fn/") {
        return Problem::bare(StatusCode::NOT_FOUND).into_response();
    }
    match access::identify(&server, Access::Visitor, request.headers()).await {
        Ok(visitor) => request.extensions_mut().insert(visitor),
        Err(problem) => return problem.into_response(),
    };
    let mut page = render(State(server), request).await;
    if page.status() == StatusCode::OK {
        *page.status_mut() = StatusCode::NOT_FOUND;
    }
    page
}

/// Renders a page whole before it is sent, so that its status is right and it is complete without JavaScript.
async fn render(State(server): State<Server>, request: Request) -> Response {
    let context = context(server);
    let render = leptos_axum::render_app_async_with_context(context, app::shell);
    as_redirect(render(request).await)
}

/// A page that leads elsewhere says so by its status, to everybody. `leptos_axum` does that only for those who
/// ask for HTML, and means others to be its own scripts; those do not ask for pages.
fn as_redirect(mut page: Response) -> Response {
    if page.status() == StatusCode::OK && page.headers().contains_key(LOCATION) {
        *page.status_mut() = StatusCode::FOUND;
        page.headers_mut().remove("serverfnredirect");
    }
    page
}

async fn call(State(server): State<Server>, request: Request) -> Response {
    leptos_axum::handle_server_fns_with_context(context(server), request).await.into_response()
}

/// What pages and server functions find in their context, besides what `leptos_axum` puts there: the
/// tracker, who asks and from where, the cookie's name, and the addresses of the site's files.
fn context(server: Server) -> impl Fn() + Clone + Send + Sync + 'static {
    let site = files(&server.site);
    let SessionCookie { name, secure } = server.cookie;
    move || {
        let request = use_context::<Parts>();
        let who = request.as_ref().and_then(|request| request.extensions.get::<Option<Actor>>().cloned().flatten());
        if let Some(address) = request.as_ref().and_then(|request| peer::address(request, &server.hosts.proxies)) {
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

/// The addresses of the files that every page loads; `None` in a program that was built without them.
fn files(site: &Site) -> Option<app::Site> {
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
