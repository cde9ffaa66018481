//! Bodies: too large, broken, and of the wrong kind.

use axum::body::Body;
use futures_util::stream;
use http::Request;
use server::routes::table;

use crate::house::House;

const LIMIT: usize = 1 << 20;

#[tokio::test]
async fn too_large_is_refused_whether_announced_or_not() {
    let house = House::empty().await;
    let streamed = |chunks: usize| {
        Body::from_stream(stream::iter((0..chunks).map(|_| Ok::<_, std::io::Error>("x".repeat(1 << 16)))))
    };
    for (body, announced, expected) in [
        (Body::from("x".repeat(LIMIT)), Some(LIMIT), "not_found"),
        (Body::from("x".repeat(LIMIT + 1)), Some(LIMIT + 1), "too_large"),
        (streamed(16), None, "not_found"),
        (streamed(17), None, "too_large"),
        (streamed(1000), None, "too_large"),
        (Body::empty(), Some(usize::MAX), "too_large"),
    ] {
        let mut request = Request::post("/api/nothing");
        if let Some(length) = announced {
            request = request.header("content-length", length);
        }
        let answer = house.ask(request, body).await;
        assert_eq!(answer.code(), expected, "{announced:?}");
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_said_to() {
    let house = House::empty().await;
    let broken = Body::from_stream(stream::iter([Ok("{"), Err(std::io::Error::other("gone"))]));
    let answer = house.ask(Request::post("/api/nothing"), broken).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (400, "broken_body"));
}

#[tokio::test]
async fn nonsense_is_the_callers_fault_in_every_server_function() {
    let house = House::empty().await;
    let functions: Vec<_> = table().into_iter().filter(|route| route.path.starts_with("/fn/")).collect();
    assert!(!functions.is_empty());
    for route in functions {
        for (kind, body) in [
            ("application/x-www-form-urlencoded", ""),
            ("application/x-www-form-urlencoded", "%ff=%ff&[=]&a[9999999]=1&=&&"),
            ("application/json", "{\"broken\":"),
            ("application/json", "[[[[[["),
            ("text/plain", "\0"),
            ("", "\u{fffd}"),
        ] {
            let request = Request::builder().method(&route.method).uri(&route.path).header("content-type", kind);
            let answer = house.ask(request, body).await;
            let asked = format!("{} {} with {kind} {body:?}", route.method, route.path);
            assert!(answer.status.is_client_error() || answer.status.is_success(), "{asked}: {}", answer.status);
            assert!(!answer.body.contains("panicked"), "{asked}: {}", answer.body);
        }
    }
}
