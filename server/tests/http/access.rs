//! Every address × every credential: who gets in.

use domain::people::Scope;
use http::{HeaderMap, Request, StatusCode};
use server::access::{Access, identify};
use server::routes::{Route, table};

use crate::house::{Caller, House};

/// What a caller meets at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Met {
    /// Let in without a name.
    Stranger,
    /// Let in, and known.
    Known,
    /// 401.
    Unknown,
    /// 403.
    Forbidden,
}
use Met::{Forbidden, Known, Stranger, Unknown};

/// Columns of the table below.
const ACCESS: [Access; 5] = [Access::Open, Access::Visitor, Access::Session, Access::Read, Access::Write];

/// Everybody who may come, and what they meet at addresses that ask for each kind of access.
async fn callers(house: &House) -> Vec<(Caller, [Met; 5])> {
    let owner = house.owner().await;
    let viewer = house.viewer().await;
    let outsider = house.outsider().await;
    let ended = house.ended_session().await;
    let [read, write] = [house.token(Scope::Read, None).await, house.token(Scope::Write, None).await];
    let expired = house.token(Scope::Write, Some(-1)).await;
    let revoked = house.revoked_token().await;
    let basic = format!("Basic {write}");

    let cookie = Caller::with_cookie;
    let bearer = Caller::with_bearer;
    let header = |name, value: String| Caller::new(name, &[("authorization", value)]);
    vec![
        //                                                   Open      Visitor   Session  Read     Write
        (Caller::new("nothing", &[]), [Stranger, Stranger, Unknown, Unknown, Unknown]),
        (cookie("owner's session", &owner), [Stranger, Known, Known, Unknown, Unknown]),
        (cookie("viewer's session", &viewer), [Stranger, Known, Known, Unknown, Unknown]),
        (cookie("other organization's session", &outsider), [Stranger, Known, Known, Unknown, Unknown]),
        (cookie("ended session", &ended), [Stranger, Stranger, Unknown, Unknown, Unknown]),
        (cookie("made-up session", "0"), [Stranger, Stranger, Unknown, Unknown, Unknown]),
        (cookie("token as a cookie", &write), [Stranger, Stranger, Unknown, Unknown, Unknown]),
        (bearer("read token", &read), [Stranger, Stranger, Unknown, Known, Forbidden]),
        (bearer("write token", &write), [Stranger, Stranger, Unknown, Known, Known]),
        (bearer("expired token", &expired), [Stranger, Stranger, Unknown, Unknown, Unknown]),
        (bearer("revoked token", &revoked), [Stranger, Stranger, Unknown, Unknown, Unknown]),
        (bearer("made-up token", "groundglass_0"), [Stranger, Stranger, Unknown, Unknown, Unknown]),
        (bearer("session as a token", &owner), [Stranger, Stranger, Unknown, Unknown, Unknown]),
        (header("empty token", "Bearer ".to_owned()), [Stranger, Stranger, Unknown, Unknown, Unknown]),
        (header("lower case scheme", format!("bearer {read}")), [Stranger, Stranger, Unknown, Known, Forbidden]),
        (header("basic", basic), [Stranger, Stranger, Unknown, Unknown, Unknown]),
        (header("bare token", write.clone()), [Stranger, Stranger, Unknown, Unknown, Unknown]),
        (
            Caller::new(
                "two tokens",
                &[("authorization", format!("Bearer {read}")), ("authorization", format!("Bearer {write}"))],
            ),
            [Stranger, Stranger, Unknown, Unknown, Unknown],
        ),
    ]
}

#[tokio::test]
async fn each_kind_of_access_knows_its_own_credential_only() {
    let house = House::empty().await;
    for (caller, expected) in callers(&house).await {
        for (access, expected) in ACCESS.into_iter().zip(expected) {
            let met = match identify(&house.server, access, &caller.headers).await {
                Ok(None) => Stranger,
                Ok(Some(_)) => Known,
                Err(problem) if problem.status() == StatusCode::FORBIDDEN => Forbidden,
                Err(problem) => {
                    assert_eq!(problem.status(), StatusCode::UNAUTHORIZED);
                    Unknown
                }
            };
            assert_eq!(met, expected, "{} at {access:?}", caller.name);
        }
    }
}

#[tokio::test]
async fn every_row_of_the_table_asks_for_what_it_says() {
    let house = House::empty().await;
    let callers = callers(&house).await;
    for route in table() {
        for (caller, expected) in &callers {
            let column = ACCESS.iter().position(|access| *access == route.access).unwrap();
            let answer = house.ask(request(&route, &caller.headers), "").await;
            let refused = match (answer.status, answer.code().as_str()) {
                (StatusCode::UNAUTHORIZED, "unauthorized") => Some(Unknown),
                (StatusCode::FORBIDDEN, "read_only_token") => Some(Forbidden),
                _ => None,
            };
            let expected = Some(expected[column]).filter(|met| matches!(met, Unknown | Forbidden));
            let asked = format!("{} {} with {}", route.method, route.path, caller.name);
            // Pages and server functions let everybody in and refuse in their own words.
            if route.access != Access::Visitor {
                assert_eq!(refused, expected, "{asked}: {} {}", answer.status, answer.body);
            }
            assert_ne!(answer.status, StatusCode::NOT_IMPLEMENTED, "{asked}");
        }
    }
}

fn request(route: &Route, headers: &HeaderMap) -> http::request::Builder {
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
