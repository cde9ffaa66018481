//! Security headers, request ids, error formats and compression.

use http::{Request, StatusCode};
use server::hosts::Hosts;

use crate::test_server::{TestResponse, TestServer};

fn check_security_headers(response: &TestResponse, request: &str) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(response.header(name), value, "{name} of {request}");
    }
    let policy = response.header("content-security-policy");
    for part in ["frame-ancestors 'none'", "base-uri 'none'", "default-src"] {
        assert!(policy.contains(part), "{part} of {request}: {policy}");
    }
    assert!(!policy.contains("'unsafe-inline'") || policy.contains("style-src"), "{request}: {policy}");
    assert!(!policy.contains("'unsafe-eval'"), "{request}: {policy}");
    assert!(response.headers.contains_key("permissions-policy"), "{request}");
    assert!(response.headers.contains_key("cache-control"), "{request}");
    assert!(!response.header("x-request-id").is_empty(), "{request}");
    assert!(!response.headers.contains_key("access-control-allow-origin"), "{request}");
}

#[tokio::test]
async fn every_kind_of_response_has_security_headers() {
    let server = TestServer::new().await;
    let large = "x".repeat(2 << 20);
    for (expected, request, body) in [
        (200, Request::get("/healthz"), ""),
        (200, Request::get("/robots.txt"), ""),
        (200, Request::get("/sign-in"), ""),
        (200, Request::get("/api/docs"), ""),
        (404, Request::get("/no/such/page"), ""),
        (404, Request::get("/assets/nothing.css"), ""),
        (404, Request::get("/api/nothing"), ""),
        (401, Request::get("/api/home/ping"), ""),
        (405, Request::delete("/api/home/ping"), ""),
        (405, Request::post("/healthz"), ""),
        (421, Request::get("/").header("host", "evil.example"), ""),
        (400, Request::get("/").header("host", "a b"), ""),
        (403, Request::post("/sign-in").header("origin", "https://evil.example"), ""),
        (413, Request::post("/sign-in"), large.as_str()),
        (401, Request::get("/live?topic=x"), ""),
    ] {
        let request_text = format!("{:?} {:?}", request.method_ref(), request.uri_ref());
        let response = server.send(request, body.to_owned()).await;
        assert_eq!(response.status, expected, "{request_text}: {}", response.body);
        check_security_headers(&response, &request_text);
        assert!(!response.headers.contains_key("strict-transport-security"), "{request_text}");
    }
}

#[tokio::test]
async fn https_servers_send_hsts_and_secure_cookies() {
    let public = Some("https://tracker.example.org".parse().unwrap());
    let server =
        TestServer::with_hosts(Hosts { public, allowed: vec![], bound: [0, 0, 0, 0].into(), proxies: vec![] }).await;
    let response = server.get("/healthz").await;
    assert!(response.header("strict-transport-security").starts_with("max-age="));
    assert_eq!((server.state.cookie.name, server.state.cookie.secure), ("__Host-groundglass_session", true));
}

#[tokio::test]
async fn keeps_only_valid_request_ids() {
    let server = TestServer::new().await;
    for (sent, is_kept) in
        [("abc-1_2", true), ("a b", false), ("<script>", false), (&"a".repeat(65), false), ("", false)]
    {
        let response = server.send(Request::get("/healthz").header("x-request-id", sent), "").await;
        assert_eq!(response.header("x-request-id") == sent, is_kept, "{sent}");
        assert!(!response.header("x-request-id").is_empty());
    }
}

#[tokio::test]
async fn errors_have_the_content_type_that_the_client_accepts() {
    let server = TestServer::new().await;
    for (path, accept, kind) in [
        ("/api/nothing", "text/html", "application/json"),
        ("/sdk/nothing", "*/*", "application/json"),
        ("/fn/nothing", "*/*", "application/json"),
        ("/fn/nothing", "text/html,*/*", "text/html; charset=utf-8"),
        ("/assets/nothing", "text/html", "text/html; charset=utf-8"),
        ("/assets/nothing", "application/json", "application/json"),
        ("/assets/nothing", "*/*", "text/plain; charset=utf-8"),
        ("/no/such/page", "text/html", "text/html; charset=utf-8"),
    ] {
        let response = server.send(Request::get(path).header("accept", accept), "").await;
        assert_eq!(response.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(response.header("content-type"), kind, "{path} for {accept}");
        if path.starts_with("/fn/") && kind == "application/json" {
            let error: app::AppError = serde_json::from_str(&response.body).unwrap();
            assert_eq!(error.status(), 404);
        } else if kind == "application/json" {
            let json: serde_json::Value = serde_json::from_str(&response.body).unwrap();
            assert_eq!((&json["code"], &json["id"]), (&"not_found".into(), &response.header("x-request-id").into()));
            assert!(json["message"].as_str().unwrap().ends_with('.'));
        }
    }
}

#[tokio::test]
async fn compresses_pages_with_the_accepted_encoding() {
    let server = TestServer::new().await;
    for (accept, encoding) in [("br, gzip", "br"), ("gzip", "gzip"), ("identity", "")] {
        let request = Request::get("/no/such/page").header("accept", "text/html").header("accept-encoding", accept);
        let response = server.send_raw(request, "").await;
        let sent = response.headers().get("content-encoding").map_or("", |value| value.to_str().unwrap());
        assert_eq!(sent, encoding);
    }
}

#[tokio::test]
async fn too_many_sign_in_attempts_are_told_when_to_retry() {
    let server = TestServer::new().await;
    let sign_in = async |accept: &str| {
        let request = Request::post("/fn/sign-in")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", accept);
        server.send(request, "email=ana%40example.org&password=guess").await
    };
    for _ in 0..10 {
        let response = sign_in("application/json").await;
        assert_eq!((response.status, response.header("retry-after")), (StatusCode::UNPROCESSABLE_ENTITY, ""));
    }
    let limited = sign_in("application/json").await;
    assert_eq!(limited.status, StatusCode::TOO_MANY_REQUESTS);
    let seconds: u64 = limited.header("retry-after").parse().unwrap();
    assert!((1..=31).contains(&seconds), "{seconds}");
    let redirect = sign_in("text/html").await;
    assert_eq!((redirect.status, redirect.header("retry-after")), (StatusCode::FOUND, ""));
}
