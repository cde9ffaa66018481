//! Refuses requests that name a host which is not ours (see [`crate::hosts`]).

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use http::header::HOST;

use crate::health;
use crate::hosts::Host;
use crate::problem::Problem;
use crate::server::Server;

/// Lets a request pass whose host is ours, and puts that [`Host`] into its extensions.
/// Health checks pass under any name: a load balancer asks by address, and they tell nothing.
pub async fn check(State(server): State<Server>, mut request: Request, next: Next) -> Response {
    if health::is_check(request.uri().path()) {
        return next.run(request).await;
    }
    match named_host(&request) {
        Some(host) if server.hosts.answer_to(&host) => {
            request.extensions_mut().insert(host);
            next.run(request).await
        }
        Some(_) => Problem::new(
            StatusCode::MISDIRECTED_REQUEST,
            "unknown_host",
            "This server does not answer to that name. If it is meant to, start it with --public-url or --allowed-host.",
        )
        .into_response(),
        None => Problem::new(StatusCode::BAD_REQUEST, "bad_host", "The request does not name one host clearly.").into_response(),
    }
}

/// The one host that a request names, in the request line or `:authority`, in `Host`, or in both alike.
fn named_host(request: &Request) -> Option<Host> {
    let in_line = request.uri().authority().map(|authority| authority.as_str());
    let mut named =
        in_line.into_iter().chain(request.headers().get_all(HOST).iter().map(|host| host.to_str().unwrap_or("")));
    let first: Host = named.next()?.parse().ok()?;
    let all_alike = named.all(|other| other.parse().as_ref() == Ok(&first));
    (all_alike && request.headers().get_all(HOST).iter().count() <= 1).then_some(first)
}
