//! What anyone can send to `POST /files/upload` before the signature is known: little, and not for long.

use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use futures_util::{StreamExt as _, stream};
use http::Request;
use server::limits::Limits;

use crate::test_server::{TestResponse, TestServer, localhost};

const FIELD: &str = "--XX\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nx\r\n";

async fn post_form(server: &TestServer, form: Body) -> TestResponse {
    let request = Request::post("/files/upload")
        .header("content-type", "multipart/form-data; boundary=XX")
        .header("accept", "application/json");
    server.send(request, form).await
}

/// Returns a form that begins with `start` and continues with `piece` forever.
fn endless(start: &str, piece: impl Into<Bytes>) -> Body {
    let (start, piece) = (Bytes::copy_from_slice(start.as_bytes()), piece.into());
    let pieces = stream::once(async { start }).chain(stream::repeat(piece));
    Body::from_stream(pieces.map(Ok::<_, std::io::Error>))
}

#[tokio::test]
async fn endless_forms_are_rejected_after_64_kibibytes() {
    let server = TestServer::new().await;
    let start = Instant::now();
    for (kind, form) in [
        ("no boundary", endless("", vec![b'x'; 64 * 1024])),
        ("no boundary, in small pieces", endless("", "x")),
        ("an endless header", endless("--XX\r\nContent-Disposition: ", vec![b'x'; 4 * 1024])),
        ("an endless header, in small pieces", endless("--XX\r\nContent-Disposition: ", "xy")),
        ("endless header lines", endless("--XX\r\n", "a: b\r\n".repeat(1_000))),
        ("endless header lines, in small pieces", endless("--XX\r\n", "a: b\r\n")),
        ("endless spaces", endless("--XX", vec![b' '; 1_000])),
        (
            "an endless field",
            endless("--XX\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\n", vec![b'x'; 1_000]),
        ),
        ("many fields", endless("", FIELD.repeat(20))),
    ] {
        let response = post_form(&server, form).await;
        let too_many = kind == "many fields";
        let expected = if too_many { (400, "no_file") } else { (413, "too_large") };
        assert_eq!((response.status.as_u16(), response.code().as_str()), expected, "{kind}: {}", response.body);
    }
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}

#[tokio::test]
async fn the_fields_must_arrive_in_time() {
    let limits = Limits { unauthenticated_body: Duration::from_millis(100), ..Limits::default() };
    let server = TestServer::with_limits(localhost(), limits).await;
    for start in ["", "--XX\r\n", "--XX\r\nContent-Disposition: ", FIELD] {
        let start = Bytes::copy_from_slice(start.as_bytes());
        let trickle = stream::repeat("x").then(async |piece| {
            tokio::time::sleep(Duration::from_millis(10)).await;
            Bytes::from(piece)
        });
        let silent = stream::once(async { Bytes::from("y") }).chain(stream::pending());
        for rest in [trickle.left_stream(), silent.right_stream()] {
            let form = stream::iter([start.clone()]).chain(rest).map(Ok::<_, std::io::Error>);
            let sent = Instant::now();
            let response = post_form(&server, Body::from_stream(form)).await;
            assert_eq!(response.status.as_u16(), 408, "{start:?}: {}", response.body);
            assert!(sent.elapsed() < Duration::from_secs(1), "{:?}", sent.elapsed());
        }
    }
}

#[tokio::test]
async fn a_boundary_has_at_most_70_characters() {
    let server = TestServer::new().await;
    for (length, code) in [(70, "broken_form"), (71, "not_a_form")] {
        let content_type = format!("multipart/form-data; boundary={}", "x".repeat(length));
        let request = Request::post("/files/upload").header("content-type", content_type);
        let response = server.send(request.header("accept", "application/json"), "").await;
        assert_eq!((response.status.as_u16(), response.code().as_str()), (400, code));
    }
}
