//! Every route with every credential.

use domain::people::Scope;
use http::{HeaderMap, Request, StatusCode};
use server::access::{Access, identify};
use server::routes::{Route, table};

use crate::test_server::{Caller, TestServer};

/// The outcome of authentication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Accepted without a user.
    Anonymous,
    /// Accepted as a user.
    Authenticated,
    /// Status 401.
    Unauthorized,
    /// Status 403.
    Forbidden,
}
use Outcome::{Anonymous, Authenticated, Forbidden, Unauthorized};

/// The columns of the table in [`callers`].
const ACCESS: [Access; 5] = [Access::Open, Access::Visitor, Access::Session, Access::Read, Access::Write];

/// Returns every kind of client, with the expected outcome for each kind of access.
async fn callers(server: &TestServer) -> Vec<(Caller, [Outcome; 5])> {
    let owner = server.owner().await;
    let viewer = server.viewer().await;
    let outsider = server.outsider().await;
    let ended = server.ended_session().await;
    let [read, write] = [server.token(Scope::Read, None).await, server.token(Scope::Write, None).await];
    let expired = server.token(Scope::Write, Some(-1)).await;
    let revoked = server.revoked_token().await;
    let basic = format!("Basic {write}");

    let cookie = Caller::with_cookie;
    let bearer = Caller::with_bearer;
    let header = |name, value: String| Caller::new(name, &[("authorization", value)]);
    vec![
        //                                                   Open      Visitor   Session  Read     Write
        (Caller::new("no credentials", &[]), [Anonymous, Anonymous, Unauthorized, Unauthorized, Unauthorized]),
        (cookie("owner's session", &owner), [Anonymous, Authenticated, Authenticated, Unauthorized, Unauthorized]),
        (cookie("viewer's session", &viewer), [Anonymous, Authenticated, Authenticated, Unauthorized, Unauthorized]),
        (
            cookie("other organization's session", &outsider),
            [Anonymous, Authenticated, Authenticated, Unauthorized, Unauthorized],
        ),
        (cookie("ended session", &ended), [Anonymous, Anonymous, Unauthorized, Unauthorized, Unauthorized]),
        (cookie("invalid session", "0"), [Anonymous, Anonymous, Unauthorized, Unauthorized, Unauthorized]),
        (cookie("token as a cookie", &write), [Anonymous, Anonymous, Unauthorized, Unauthorized, Unauthorized]),
        (bearer("read token", &read), [Anonymous, Anonymous, Unauthorized, Authenticated, Forbidden]),
        (bearer("write token", &write), [Anonymous, Anonymous, Unauthorized, Authenticated, Authenticated]),
        (bearer("expired token", &expired), [Anonymous, Anonymous, Unauthorized, Unauthorized, Unauthorized]),
        (bearer("revoked token", &revoked), [Anonymous, Anonymous, Unauthorized, Unauthorized, Unauthorized]),
        (bearer("invalid token", "groundglass_0"), [Anonymous, Anonymous, Unauthorized, Unauthorized, Unauthorized]),
        (bearer("session as a token", &owner), [Anonymous, Anonymous, Unauthorized, Unauthorized, Unauthorized]),
        (header("empty token", "Bearer ".to_owned()), [Anonymous, Anonymous, Unauthorized, Unauthorized, Unauthorized]),
        (
            header("lower case scheme", format!("bearer {read}")),
            [Anonymous, Anonymous, Unauthorized, Authenticated, Forbidden],
        ),
        (header("basic", basic), [Anonymous, Anonymous, Unauthorized, Unauthorized, Unauthorized]),
        (header("bare token", write.clone()), [Anonymous, Anonymous, Unauthorized, Unauthorized, Unauthorized]),
        (
            Caller::new(
                "two tokens",
                &[("authorization", format!("Bearer {read}")), ("authorization", format!("Bearer {write}"))],
            ),
            [Anonymous, Anonymous, Unauthorized, Unauthorized, Unauthorized],
        ),
    ]
}

#[tokio::test]
async fn each_kind_of_access_accepts_only_its_own_credentials() {
    let server = TestServer::new().await;
    for (caller, expected) in callers(&server).await {
        for (access, expected) in ACCESS.into_iter().zip(expected) {
            let outcome = match identify(&server.state, access, &caller.headers).await {
                Ok(None) => Anonymous,
                Ok(Some(_)) => Authenticated,
                Err(problem) if problem.status() == StatusCode::FORBIDDEN => Forbidden,
                Err(problem) => {
                    assert_eq!(problem.status(), StatusCode::UNAUTHORIZED);
                    Unauthorized
                }
            };
            assert_eq!(outcome, expected, "{} at {access:?}", caller.name);
        }
    }
}

#[tokio::test]
async fn every_route_enforces_its_access() {
    let server = TestServer::new().await;
    let callers = callers(&server).await;
    for route in table() {
        for (caller, expected) in &callers {
            let column = ACCESS.iter().position(|access| *access == route.access).unwrap();
            let response = server.send(build_request(&route, &caller.headers), "").await;
            let rejection = match (response.status, response.code().as_str()) {
                (StatusCode::UNAUTHORIZED, "unauthorized") => Some(Unauthorized),
                (StatusCode::FORBIDDEN, "read_only_token") => Some(Forbidden),
                _ => None,
            };
            let expected = Some(expected[column]).filter(|outcome| matches!(outcome, Unauthorized | Forbidden));
            let request_text = format!("{} {} with {}", route.method, route.path, caller.name);
            // Pages and server functions accept anonymous requests and check permissions themselves.
            if route.access != Access::Visitor {
                assert_eq!(rejection, expected, "{request_text}: {} {}", response.status, response.body);
            }
            assert_ne!(response.status, StatusCode::NOT_IMPLEMENTED, "{request_text}");
        }
    }
}

fn build_request(route: &Route, headers: &HeaderMap) -> http::request::Builder {
    let path = route
        .path
        .replace("{*path}", "x")
        .split('/')
        .map(|part| if part.starts_with('{') { "00000000-0000-0000-0000-000000000000" } else { part })
        .collect::<Vec<_>>()
        .join("/");
    let mut request = Request::builder()
        .method(&route.method)
        .uri(path)
        .header("accept", "application/json")
        .header("origin", "http://localhost:3000");
    request.headers_mut().unwrap().extend(headers.clone());
    request
}
