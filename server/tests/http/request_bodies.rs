//! Request bodies that are too large, incomplete or malformed.

use axum::body::Body;
use futures_util::stream;
use http::Request;
use server::routes::table;

use crate::test_server::TestServer;

const LIMIT: usize = 1 << 20;

#[tokio::test]
async fn rejects_large_bodies_with_and_without_content_length() {
    let server = TestServer::new().await;
    let streamed = |chunks: usize| {
        Body::from_stream(stream::iter((0..chunks).map(|_| Ok::<_, std::io::Error>("x".repeat(1 << 16)))))
    };
    for (body, content_length, expected) in [
        (Body::from("x".repeat(LIMIT)), Some(LIMIT), "not_found"),
        (Body::from("x".repeat(LIMIT + 1)), Some(LIMIT + 1), "too_large"),
        (streamed(16), None, "not_found"),
        (streamed(17), None, "too_large"),
        (streamed(1000), None, "too_large"),
        (Body::empty(), Some(usize::MAX), "too_large"),
    ] {
        let mut request = Request::post("/api/nothing");
        if let Some(length) = content_length {
            request = request.header("content-length", length);
        }
        let response = server.send(request, body).await;
        assert_eq!(response.code(), expected, "{content_length:?}");
    }
}

#[tokio::test]
async fn reports_incomplete_bodies() {
    let server = TestServer::new().await;
    let incomplete = Body::from_stream(stream::iter([Ok("{"), Err(std::io::Error::other("connection lost"))]));
    let response = server.send(Request::post("/api/nothing"), incomplete).await;
    assert_eq!((response.status.as_u16(), response.code().as_str()), (400, "broken_body"));
}

#[tokio::test]
async fn server_functions_reject_malformed_input_as_client_errors() {
    let server = TestServer::new().await;
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
            let response = server.send(request, body).await;
            let request_text = format!("{} {} with {kind} {body:?}", route.method, route.path);
            assert!(
                response.status.is_client_error() || response.status.is_success(),
                "{request_text}: {}",
                response.status
            );
            assert!(!response.body.contains("panicked"), "{request_text}: {}", response.body);
        }
    }
}
