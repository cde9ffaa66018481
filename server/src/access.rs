//! Authentication: which credential a route accepts, and which user it identifies.
//!
//! Only the credential that a route accepts is read. Pages ignore tokens, and the API ignores sessions, so that neither can be
//! used where it is not intended. Authorization is the tracker's task.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use domain::people::Scope;
use http::header::AUTHORIZATION;
use http::{HeaderMap, StatusCode};
use tracing::error;
use tracker::{Actor, Credential};

use crate::problem::Problem;
use crate::server::Server;

/// The credential that a route requires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// No credential. The response is the same for everyone.
    Open,
    /// An optional session: pages and server functions, which decide themselves.
    Visitor,
    /// A session.
    Session,
    /// A token with the scope `read` or `write`.
    Read,
    /// A token with the scope `write`.
    Write,
}

/// Authenticates the request as its route requires and stores `Option<Actor>` in its extensions (`None` = anonymous).
pub async fn authenticate(
    State((server, access)): State<(Server, Access)>,
    mut request: Request,
    next: Next,
) -> Response {
    match identify(&server, access, request.headers()).await {
        Ok(actor) => {
            request.extensions_mut().insert(actor);
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    }
}

/// Returns the user that the headers identify for a route with this access.
///
/// # Errors
/// Returns 401 if a required credential is missing or invalid, 403 if a token may only read, and 503 if the database is
/// unreachable.
pub async fn identify(server: &Server, access: Access, headers: &HeaderMap) -> Result<Option<Actor>, Problem> {
    match access {
        Access::Open => Ok(None),
        Access::Visitor => by_session(server, headers).await,
        Access::Session => match by_session(server, headers).await? {
            Some(actor) => Ok(Some(actor)),
            None => Err(unauthorized("You're not signed in, or your session has ended. Sign in again.")),
        },
        Access::Read | Access::Write => by_token(server, access, headers).await.map(Some),
    }
}

async fn by_session(server: &Server, headers: &HeaderMap) -> Result<Option<Actor>, Problem> {
    match server.cookie.secret(headers) {
        Some(secret) => server.tracker.actor_by_session(secret).await.map_err(unavailable),
        None => Ok(None),
    }
}

async fn by_token(server: &Server, access: Access, headers: &HeaderMap) -> Result<Actor, Problem> {
    let secret = bearer_token(headers).ok_or_else(|| {
        unauthorized("This endpoint needs a token. Send it as 'Authorization: Bearer <token>'. Create one on your account page or with 'groundglass token create'.")
    })?;
    let actor = server.tracker.actor_by_token(secret).await.map_err(unavailable)?;
    let actor = actor.ok_or_else(|| unauthorized("This token is unknown, expired or revoked."))?;
    match actor.credential {
        Credential::Token { scope: Scope::Read, .. } if access == Access::Write => Err(Problem::new(
            StatusCode::FORBIDDEN,
            "read_only_token",
            "This token has only the scope 'read'. Use a token with the scope 'write'.",
        )),
        _ => Ok(actor),
    }
}

/// Returns the bearer token if the headers contain exactly one.
fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (scheme, token) = values.next()?.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (values.next().is_none() && scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

fn unauthorized(message: &'static str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", message)
}

fn unavailable(error: tracker::Error) -> Problem {
    if let tracker::Error::Full(_) | tracker::Error::Unavailable { .. } = error {
        return error.into();
    }
    error!("cannot look up a credential: {}", error.with_cause());
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "unavailable",
        "The database is unreachable at the moment. Try again later.",
    )
    .with_retry_after(tracker::Error::RETRY_SECONDS)
}
