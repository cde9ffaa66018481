//! Every address of the server, in one table: its method, its path, and who may ask.
//!
//! The router is built from the table and from nothing else, so an address without a row does not
//! exist, and a row cannot forget to say who may ask.

use axum::Router;
use axum::handler::Handler;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodFilter, MethodRouter, on};
use http::{Method, StatusCode};

use crate::access::{self, Access};
use crate::door;
use crate::problem::Problem;
use crate::server::Server;
use crate::{api, files, health, live, pages, robots, site};

/// One row: who may ask for what, and who answers.
#[derive(Clone)]
pub struct Route {
    /// The method; `GET` also stands for `HEAD`.
    pub method: Method,
    /// The path, with `{parameters}`.
    pub path: String,
    /// Who may ask.
    pub access: Access,
    /// Whether the answer is compressed for those who can read that. Not so what is compressed already, is streamed
    /// fast, or must say how long it is.
    compressed: bool,
    /// `None`: the site's own router answers (`site::router`).
    handler: Option<MethodRouter<Server>>,
}

impl Route {
    /// A row for a method that axum routes.
    pub fn on<T: 'static>(
        method: Method,
        path: impl Into<String>,
        access: Access,
        handler: impl Handler<T, Server>,
    ) -> Self {
        let filter = MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::POST);
        Self { method, path: path.into(), access, compressed: true, handler: Some(on(filter, handler)) }
    }

    /// A row that reads.
    pub fn get<T: 'static>(path: impl Into<String>, access: Access, handler: impl Handler<T, Server>) -> Self {
        Self::on(Method::GET, path, access, handler)
    }

    /// The same row with an answer as it is.
    pub fn uncompressed(self) -> Self {
        Self { compressed: false, ..self }
    }

    fn of_site(path: &str) -> Self {
        Self { method: Method::GET, path: path.to_owned(), access: Access::Open, compressed: false, handler: None }
    }
}

/// The whole table.
pub fn table() -> Vec<Route> {
    let of_site = ["/assets/{*path}", "/favicon.ico"].map(Route::of_site).to_vec();
    #[cfg(debug_assertions)]
    let of_site = [of_site, vec![Route::of_site("/dev/reload")]].concat();
    [of_site, health::routes(), robots::routes(), live::routes(), api::routes(), files::routes(), pages::routes()]
        .into_iter()
        .flatten()
        .collect()
}

/// The router: the table's rows, each behind its own access rule, all behind the door.
pub fn router(server: Server) -> Router {
    let (mut compressed_rows, mut plain_rows) = (Router::new(), Router::new());
    for Route { path, access, compressed, handler, .. } in table() {
        if let Some(handler) = handler {
            let admit = from_fn_with_state((server.clone(), access), access::admit);
            let rows = if compressed { &mut compressed_rows } else { &mut plain_rows };
            *rows = std::mem::take(rows).route(&path, handler.route_layer(admit));
        }
    }
    let no_such_method = async || Problem::bare(StatusCode::METHOD_NOT_ALLOWED);
    let compressed_rows =
        compressed_rows.fallback(pages::nowhere).method_not_allowed_fallback(no_such_method).layer(door::compression());
    let plain_rows = plain_rows.method_not_allowed_fallback(no_such_method);
    let routes = site::router(server.site.clone()).merge(compressed_rows).merge(plain_rows).with_state(server.clone());
    door::guard(routes, &server)
}
