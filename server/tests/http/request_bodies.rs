//! Request bodies that are too large, incomplete or malformed.

use std::time::{Duration, Instant};

use axum::body::Body;
use futures_util::{StreamExt as _, stream};
use http::Request;
use http::request::Builder;
use serde_json::{Value, json};
use server::limits::Limits;
use server::routes::table;

use crate::api::ApiClient;
use crate::test_server::{TestServer, localhost};

const SMALL: usize = 1 << 14;
const LIMIT: usize = 1 << 20;
const LOG_LIMIT: usize = 16 << 20;
const NIL_ID: &str = "00000000-0000-0000-0000-000000000000";

#[tokio::test]
async fn rejects_large_bodies_with_and_without_content_length() {
    let server = TestServer::new().await;
    let token = ApiClient::new(&server).await.token;
    let session = server.viewer().await;
    let streamed = |chunks: usize| {
        Body::from_stream(stream::iter((0..chunks).map(|_| Ok::<_, std::io::Error>("x".repeat(1 << 14)))))
    };
    for (path, credential, body, content_length, expected) in [
        ("/api/nothing", "", Body::from("x".repeat(SMALL)), Some(SMALL), "not_found"),
        ("/api/nothing", "", Body::from("x".repeat(SMALL + 1)), Some(SMALL + 1), "unauthorized"),
        ("/api/nothing", "", streamed(1), None, "not_found"),
        ("/api/nothing", "", streamed(2), None, "unauthorized"),
        ("/api/nothing", "", streamed(1000), None, "unauthorized"),
        ("/api/nothing", "token", Body::from("x".repeat(LIMIT)), Some(LIMIT), "not_found"),
        ("/api/nothing", "token", Body::from("x".repeat(LIMIT + 1)), Some(LIMIT + 1), "too_large"),
        ("/api/nothing", "token", streamed(64), None, "not_found"),
        ("/api/nothing", "token", streamed(65), None, "too_large"),
        ("/api/nothing", "", Body::empty(), Some(usize::MAX), "too_large"),
        ("/nothing", "", streamed(1), None, "not_found"),
        ("/nothing", "", streamed(2), None, "too_large"),
        ("/nothing", "token", streamed(2), None, "too_large"),
        ("/nothing", "ended", streamed(2), None, "unauthorized"),
        ("/nothing", "session", streamed(64), None, "not_found"),
        ("/nothing", "session", streamed(65), None, "too_large"),
    ] {
        let mut request = Request::post(path).header("accept", "application/json");
        request = match credential {
            "token" => request.header("authorization", format!("Bearer {token}")),
            "session" => request.header("cookie", format!("groundglass_session={session}")),
            "ended" => request.header("cookie", "groundglass_session=x"),
            _ => request,
        };
        if !credential.is_empty() {
            request = request.header("origin", "http://localhost:3000");
        }
        if let Some(length) = content_length {
            request = request.header("content-length", length);
        }
        let response = server.send(request, body).await;
        assert_eq!(response.code(), expected, "{path} {credential} {content_length:?}");
    }
}

#[tokio::test]
async fn strangers_have_less_time_for_a_body() {
    let limits = Limits { unauthenticated_body: Duration::from_millis(100), ..Limits::default() };
    let server = TestServer::with_limits(localhost(), limits).await;
    let client = ApiClient::new(&server).await;
    let slow = || {
        let pieces = stream::iter(0..10).then(async |_| {
            tokio::time::sleep(Duration::from_millis(30)).await;
            Ok::<_, std::io::Error>("x")
        });
        Body::from_stream(pieces)
    };
    let start = Instant::now();
    assert_eq!(server.send(Request::post("/api/nothing"), slow()).await.status.as_u16(), 408);
    assert!(start.elapsed() < Duration::from_millis(300), "{:?}", start.elapsed());
    let request = Request::post("/api/nothing").header("authorization", format!("Bearer {}", client.token));
    assert_eq!(server.send(request, slow()).await.code(), "not_found");
}

/// Returns a request to the API with a body of this size, and its body, with or without a `Content-Length`.
fn large_request(client: &ApiClient<'_>, method: &str, path: &str, size: usize, announced: bool) -> (Builder, Body) {
    let request = Request::builder().method(method).uri(path);
    let request = request.header("authorization", format!("Bearer {}", client.token));
    if announced {
        return (request.header("content-length", size), Body::from(vec![b'x'; size]));
    }
    let chunk = |start: usize| Ok::<_, std::io::Error>(vec![b'x'; (size - start).min(1 << 16)]);
    (request, Body::from_stream(stream::iter((0..size).step_by(1 << 16).map(chunk).collect::<Vec<_>>())))
}

#[tokio::test]
async fn routes_that_log_data_accept_16_mebibytes() {
    let server = TestServer::new().await;
    let client = ApiClient::new(&server).await;
    let project = client.create_project("signs").await;
    let experiment = client.create_experiment(&project, "yolo").await;
    let value = json!({"name": "a", "type": "LINE", "data": 1});
    let log = client.send_json("POST", &format!("/experiment/{experiment}/logs"), value).await;
    let log = log["id"].as_str().unwrap();
    for prefix in ["/api", "/sdk"] {
        for (method, path) in [
            ("POST", format!("{prefix}/experiment/{experiment}/logs")),
            ("POST", format!("{prefix}/experiment/{experiment}/logs/batch")),
            ("POST", format!("{prefix}/log/{log}/append")),
            ("PATCH", format!("{prefix}/log/{log}")),
        ] {
            for announced in [true, false] {
                let (request, body) = large_request(&client, method, &path, LOG_LIMIT, announced);
                assert_eq!(server.send(request, body).await.code(), "bad_json", "{method} {path}");
                let (request, body) = large_request(&client, method, &path, LOG_LIMIT + 1, announced);
                let response = server.send(request, body).await;
                assert_eq!((response.status.as_u16(), response.code().as_str()), (413, "too_large"), "{method} {path}");
                assert!(response.body.contains("larger than the 16 MiB"), "{}", response.body);
            }
        }
    }
    for (method, path) in [
        ("PATCH", format!("/api/experiment/{experiment}")),
        ("POST", format!("/api/project/{project}/experiments")),
        ("DELETE", format!("/api/log/{log}")),
        ("DELETE", format!("/api/experiment/{experiment}/logs")),
        ("GET", format!("/api/experiment/{experiment}/logs")),
    ] {
        let (request, body) = large_request(&client, method, &path, LIMIT + 1, true);
        let response = server.send(request, body).await;
        assert_eq!((response.status.as_u16(), response.code().as_str()), (413, "too_large"), "{method} {path}");
        assert!(response.body.contains("larger than the 1 MiB"), "{}", response.body);
    }
}

#[tokio::test]
async fn large_bodies_need_a_valid_token_before_they_are_read() {
    let server = TestServer::new().await;
    let mut client = ApiClient::new(&server).await;
    client.token = "invalid".to_owned();
    for announced in [true, false] {
        let (request, _) = large_request(&client, "POST", &format!("/api/log/{NIL_ID}/append"), 2 * LIMIT, announced);
        let endless =
            stream::iter(0..20).map(|_| Ok::<_, std::io::Error>(vec![b'x'; 1 << 16])).chain(stream::pending());
        let response = server.send(request, Body::from_stream(endless)).await;
        assert_eq!(response.code(), "unauthorized", "{announced}");
    }
}

#[tokio::test]
async fn large_bodies_wait_for_memory_and_are_told_when_to_retry() {
    let limits = Limits {
        large_bodies: 3 * LIMIT,
        large_body_wait: Duration::from_millis(200),
        large_body_waiters: 1,
        ..Limits::default()
    };
    let server = TestServer::with_limits(localhost(), limits).await;
    let client = ApiClient::new(&server).await;
    let project = client.create_project("signs").await;
    let experiment = client.create_experiment(&project, "yolo").await;
    let path = format!("/api/experiment/{experiment}/logs");
    let large = || {
        let (request, body) = large_request(&client, "POST", &path, 2 * LIMIT, true);
        server.send(request, body)
    };
    let (request, _) = large_request(&client, "POST", &path, 2 * LIMIT, true);
    let unfinished = tokio::spawn({
        let router = server.router();
        let request = request.header("host", "localhost").body(Body::from_stream(pending_body())).unwrap();
        async move { tower::ServiceExt::oneshot(router, request).await }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;

    let start = Instant::now();
    let (first, second) = tokio::join!(large(), large());
    assert!(start.elapsed() >= limits.large_body_wait, "the first waited");
    for response in [first, second] {
        assert_eq!((response.status.as_u16(), response.code().as_str()), (429, "too_many"), "{}", response.body);
        assert_eq!(response.header("retry-after"), "10");
    }
    let small = json!({"name": "a", "type": "LINE", "data": 1});
    client.send_json("POST", &path.replace("/api", ""), small).await;
    unfinished.abort();
    assert!(unfinished.await.unwrap_err().is_cancelled());
    assert_eq!(large().await.code(), "bad_json", "the memory is free again");
}

/// Returns a body that never ends.
fn pending_body() -> impl futures_util::Stream<Item = Result<Vec<u8>, std::io::Error>> + Send + 'static {
    stream::pending()
}

#[tokio::test]
async fn large_data_is_stored_and_returned_as_sent() {
    let server = TestServer::new().await;
    let client = ApiClient::new(&server).await;
    let project = client.create_project("signs").await;
    let experiment = client.create_experiment(&project, "yolo").await;
    let logs = format!("/experiment/{experiment}/logs");

    let values: Vec<f64> = (0..150_000).map(|index| f64::from(index).sqrt()).collect();
    let line = client.send_json("POST", &logs, json!({"name": "loss", "type": "LINE", "data": values})).await;
    assert_eq!(line["data"].as_array().unwrap().len(), values.len());
    let one = format!("/log/{}", line["id"].as_str().unwrap());
    let appended = client.send_json("POST", &format!("{one}/append"), json!({"data": values})).await;
    assert_eq!(appended["data"], line["data"]);
    assert_eq!(client.get_json(&one).await["data"].as_array().unwrap().len(), 2 * values.len());
    let pairs: Vec<(u32, f64)> = (0..).zip(values.iter().copied()).collect();
    let edited = client.send_json("PATCH", &one, json!({"data": pairs})).await;
    assert_eq!(edited["data"][149_999][0], 149_999);
    let read = client.get_json(&one).await;
    assert_eq!((&read["data"]["steps"][149_999], &read["data"]["values"]), (&json!(149_999), &line["data"]));

    let matrix: Vec<&[f64]> = values.chunks(365).collect();
    let new = json!({"name": "cm", "type": "HEATMAP", "data": {"values": matrix}});
    let created = client.send_json("POST", &logs, new.clone()).await;
    assert_eq!(created["data"], new["data"]);
    assert_eq!(client.get_json(&format!("{logs}/find?name=cm")).await, created);
    let response = client.request("POST", &logs, new.to_string()).await;
    assert_eq!(response.header("content-length"), response.body.len().to_string());
    let id = created["id"].as_str().unwrap();
    let edited = client.send_json("PATCH", &format!("/log/{id}"), json!({"data": Value::Null})).await;
    assert_eq!(edited["data"], json!([null]));
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
