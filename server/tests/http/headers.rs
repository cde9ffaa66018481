//! Security headers, on every kind of answer.

use http::{Request, StatusCode};
use server::hosts::Hosts;

use crate::house::{Answer, House};

fn check(answer: &Answer, what: &str) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(answer.header(name), value, "{name} of {what}");
    }
    let policy = answer.header("content-security-policy");
    for part in ["frame-ancestors 'none'", "base-uri 'none'", "default-src"] {
        assert!(policy.contains(part), "{part} of {what}: {policy}");
    }
    assert!(!policy.contains("'unsafe-inline'") || policy.contains("style-src"), "{what}: {policy}");
    assert!(!policy.contains("'unsafe-eval'"), "{what}: {policy}");
    assert!(answer.headers.contains_key("permissions-policy"), "{what}");
    assert!(answer.headers.contains_key("cache-control"), "{what}");
    assert!(!answer.header("x-request-id").is_empty(), "{what}");
    assert!(!answer.headers.contains_key("access-control-allow-origin"), "{what}");
}

#[tokio::test]
async fn every_kind_of_answer_carries_them() {
    let house = House::empty().await;
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
        let what = format!("{:?} {:?}", request.method_ref(), request.uri_ref());
        let answer = house.ask(request, body.to_owned()).await;
        assert_eq!(answer.status, expected, "{what}: {}", answer.body);
        check(&answer, &what);
        assert!(!answer.headers.contains_key("strict-transport-security"), "{what}");
    }
}

#[tokio::test]
async fn encrypted_servers_say_so() {
    let public = Some("https://tracker.example.org".parse().unwrap());
    let house = House::under(Hosts { public, allowed: vec![], bound: [0, 0, 0, 0].into(), proxies: vec![] }).await;
    let answer = house.get("/healthz").await;
    assert!(answer.header("strict-transport-security").starts_with("max-age="));
    assert_eq!((house.server.cookie.name, house.server.cookie.secure), ("__Host-groundglass_session", true));
}

#[tokio::test]
async fn ids_are_kept_when_they_look_like_ids() {
    let house = House::empty().await;
    for (sent, kept) in [("abc-1_2", true), ("a b", false), ("<script>", false), (&"a".repeat(65), false), ("", false)]
    {
        let answer = house.ask(Request::get("/healthz").header("x-request-id", sent), "").await;
        assert_eq!(answer.header("x-request-id") == sent, kept, "{sent}");
        assert!(!answer.header("x-request-id").is_empty());
    }
}

#[tokio::test]
async fn errors_take_the_form_that_the_caller_reads() {
    let house = House::empty().await;
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
        let answer = house.ask(Request::get(path).header("accept", accept), "").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.header("content-type"), kind, "{path} for {accept}");
        if path.starts_with("/fn/") && kind == "application/json" {
            let error: app::AppError = serde_json::from_str(&answer.body).unwrap();
            assert_eq!(error.status(), 404);
        } else if kind == "application/json" {
            let json: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
            assert_eq!((&json["code"], &json["id"]), (&"not_found".into(), &answer.header("x-request-id").into()));
            assert!(json["message"].as_str().unwrap().ends_with('.'));
        }
    }
}

#[tokio::test]
async fn pages_are_compressed_as_asked() {
    let house = House::empty().await;
    for (accept, encoding) in [("br, gzip", "br"), ("gzip", "gzip"), ("identity", "")] {
        let request = Request::get("/no/such/page").header("accept", "text/html").header("accept-encoding", accept);
        let response = house.raw(request, "").await;
        let sent = response.headers().get("content-encoding").map_or("", |value| value.to_str().unwrap());
        assert_eq!(sent, encoding);
    }
}
