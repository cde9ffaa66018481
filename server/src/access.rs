//! Who may ask: what credential an address accepts, and who it turns out to be.
//!
//! Only the credential that an address accepts is looked at. A token means nothing to a page and a
//! session nothing to the scripts' addresses, so neither can be used where it was not meant to be.
//! What the person may do there is the tracker's question.

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

/// What an address asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Nothing; it is the same for everyone.
    Open,
    /// A session if there is one: pages and server functions, which decide themselves.
    Visitor,
    /// A session.
    Session,
    /// A token that may at least read.
    Read,
    /// A token that may write.
    Write,
}

/// Lets a request pass that brings what the address asks for, with an `Option<Actor>` in its
/// extensions: who asks, `None` being a stranger where strangers may pass.
pub async fn admit(State((server, access)): State<(Server, Access)>, mut request: Request, next: Next) -> Response {
    match identify(&server, access, request.headers()).await {
        Ok(actor) => {
            request.extensions_mut().insert(actor);
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    }
}

/// Who brings these headers to an address with that rule.
pub async fn identify(server: &Server, access: Access, headers: &HeaderMap) -> Result<Option<Actor>, Problem> {
    match access {
        Access::Open => Ok(None),
        Access::Visitor => by_session(server, headers).await,
        Access::Session => match by_session(server, headers).await? {
            Some(actor) => Ok(Some(actor)),
            None => Err(unauthorized("You are not signed in, or your session has ended. Sign in again.")),
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
    let secret = bearer(headers).ok_or_else(|| {
        unauthorized("This address needs a token: send it as 'Authorization: Bearer <token>'. The page of your account makes one, and so does 'groundglass token create'.")
    })?;
    let actor = server.tracker.actor_by_token(secret).await.map_err(unavailable)?;
    let actor = actor.ok_or_else(|| unauthorized("This token is unknown, expired or revoked."))?;
    match actor.credential {
        Credential::Token { scope: Scope::Read, .. } if access == Access::Write => Err(Problem::new(
            StatusCode::FORBIDDEN,
            "read_only_token",
            "This token may only read; writing needs one made with '--scope write'.",
        )),
        _ => Ok(actor),
    }
}

/// The one bearer token that the headers carry.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (scheme, token) = values.next()?.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (values.next().is_none() && scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

fn unauthorized(message: &'static str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", message)
}

fn unavailable(error: tracker::Error) -> Problem {
    error!("could not look up a credential: {error}");
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "unavailable",
        "The database cannot be reached at the moment. Try again soon.",
    )
}
