//! Checks the `Host` header: rejects requests for host names that this server does not serve (see [`crate::hosts`]).

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use http::header::HOST;

use crate::health;
use crate::hosts::Host;
use crate::problem::Problem;
use crate::server::Server;

/// Stores the [`Host`] in the request's extensions if this server serves it. Otherwise responds with 421 (Misdirected Request).
///
/// Health checks are accepted for any host, because load balancers use the IP address and the checks reveal nothing.
pub async fn require_known_host(State(server): State<Server>, mut request: Request, next: Next) -> Response {
    if health::is_health_check(request.uri().path()) {
        return next.run(request).await;
    }
    match requested_host(&request) {
        Some(host) if server.hosts.serves(&host) => {
            request.extensions_mut().insert(host);
            next.run(request).await
        }
        Some(_) => Problem::new(
            StatusCode::MISDIRECTED_REQUEST,
            "unknown_host",
            "This server does not serve that host name. If it should, start it with --public-url or --allowed-host.",
        )
        .into_response(),
        None => {
            Problem::new(StatusCode::BAD_REQUEST, "bad_host", "The request must name exactly one host.").into_response()
        }
    }
}

/// Returns the host of a request, from the request line or `:authority` and from `Host`, if they agree.
fn requested_host(request: &Request) -> Option<Host> {
    let authority = request.uri().authority().map(|authority| authority.as_str());
    let mut named =
        authority.into_iter().chain(request.headers().get_all(HOST).iter().map(|host| host.to_str().unwrap_or("")));
    let first: Host = named.next()?.parse().ok()?;
    let all_equal = named.all(|other| other.parse().as_ref() == Ok(&first));
    (all_equal && request.headers().get_all(HOST).iter().count() <= 1).then_some(first)
}
