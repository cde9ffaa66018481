//! The route table: method, path and required credential of every route.
//!
//! The router is built from this table only, so every route declares its access.

use axum::Router;
use axum::handler::Handler;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodFilter, MethodRouter, on};
use http::{Method, StatusCode};

use crate::access::{self, Access};
use crate::middleware;
use crate::problem::Problem;
use crate::server::Server;
use crate::{api, files, health, live, pages, robots, site};

/// A row of the route table.
#[derive(Clone)]
pub struct Route {
    /// The method. `GET` includes `HEAD`.
    pub method: Method,
    /// The path, with `{parameters}`.
    pub path: String,
    /// The required credential.
    pub access: Access,
    /// Whether responses are compressed. Not for content that is already compressed, streamed at high speed, or needs a
    /// `Content-Length`.
    compressed: bool,
    /// The handler; `None` for static files, which `site::router` serves.
    handler: Option<MethodRouter<Server>>,
}

impl Route {
    /// Returns a route for a method that axum supports.
    pub fn on<T: 'static>(
        method: Method,
        path: impl Into<String>,
        access: Access,
        handler: impl Handler<T, Server>,
    ) -> Self {
        let filter = MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::POST);
        Self { method, path: path.into(), access, compressed: true, handler: Some(on(filter, handler)) }
    }

    /// Returns a `GET` route.
    pub fn get<T: 'static>(path: impl Into<String>, access: Access, handler: impl Handler<T, Server>) -> Self {
        Self::on(Method::GET, path, access, handler)
    }

    /// Returns the route without compression.
    pub fn uncompressed(self) -> Self {
        Self { compressed: false, ..self }
    }

    fn static_file(path: &str) -> Self {
        Self { method: Method::GET, path: path.to_owned(), access: Access::Open, compressed: false, handler: None }
    }
}

/// Returns the complete route table.
pub fn table() -> Vec<Route> {
    let static_files = ["/assets/{*path}", "/favicon.ico"].map(Route::static_file).to_vec();
    #[cfg(debug_assertions)]
    let static_files = [static_files, vec![Route::static_file("/dev/reload")]].concat();
    [static_files, health::routes(), robots::routes(), live::routes(), api::routes(), files::routes(), pages::routes()]
        .into_iter()
        .flatten()
        .collect()
}

/// Builds the router: each route behind its authentication, and all behind the shared middleware.
pub fn router(server: Server) -> Router {
    let (mut compressed_rows, mut plain_rows) = (Router::new(), Router::new());
    for Route { path, access, compressed, handler, .. } in table() {
        if let Some(handler) = handler {
            let authenticate = from_fn_with_state((server.clone(), access), access::authenticate);
            let rows = if compressed { &mut compressed_rows } else { &mut plain_rows };
            *rows = std::mem::take(rows).route(&path, handler.route_layer(authenticate));
        }
    }
    let method_not_allowed = async || Problem::from_status(StatusCode::METHOD_NOT_ALLOWED);
    let compressed_rows = compressed_rows
        .fallback(pages::not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::compression());
    let plain_rows = plain_rows.method_not_allowed_fallback(method_not_allowed);
    let routes = site::router(server.site.clone()).merge(compressed_rows).merge(plain_rows).with_state(server.clone());
    middleware::apply(routes, &server)
}
