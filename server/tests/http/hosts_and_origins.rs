//! Requests with foreign hosts and from foreign origins.

use http::{Method, Request, Version};
use server::hosts::Hosts;

use crate::test_server::{TestServer, localhost};

#[tokio::test]
async fn rejects_foreign_hosts() {
    let server = TestServer::new().await;
    for (host, expected) in [
        ("localhost:3000", 200),
        ("127.0.0.1", 200),
        ("[::1]:3000", 200),
        ("evil.example", 421),
        ("localhost.evil.example:3000", 421),
        ("10.0.0.1:3000", 421),
        ("user@localhost", 400),
        ("", 400),
    ] {
        let response = server.send(Request::get("/robots.txt").header("host", host), "").await;
        assert_eq!(response.status, expected, "{host}");
    }
    let duplicate = Request::get("/robots.txt").header("host", "localhost").header("host", "localhost");
    assert_eq!(server.send(duplicate, "").await.status, 400);
    let contradictory = Request::get("http://evil.example/robots.txt").header("host", "localhost");
    assert_eq!(server.send(contradictory, "").await.status, 400);
    let in_request_line =
        Request::get("http://evil.example/robots.txt").version(Version::HTTP_2).header("host", "evil.example");
    assert_eq!(server.send(in_request_line, "").await.status, 421);
    for check in ["/healthz", "/readyz"] {
        assert_eq!(server.send(Request::get(check).header("host", "10.0.0.1"), "").await.status, 200);
    }
}

#[tokio::test]
async fn rejects_changes_from_foreign_origins() {
    let server = TestServer::new().await;
    let own = "http://localhost:3000";
    let cookie = ("cookie", "groundglass_session=x");
    for (headers, is_allowed) in [
        (vec![("origin", own)], true),
        (vec![("origin", own), cookie], true),
        (vec![], true),
        (vec![("origin", "https://evil.example")], false),
        (vec![("origin", "http://localhost:8080")], false),
        (vec![("origin", "null")], false),
        (vec![("origin", own), ("origin", "https://evil.example")], false),
        (vec![("sec-fetch-site", "cross-site")], false),
        (vec![("sec-fetch-site", "same-site")], false),
        (vec![("sec-fetch-site", "")], false),
        (vec![("sec-fetch-site", "same-origin")], true),
        (vec![("sec-fetch-site", "none")], true),
        (vec![("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")], false),
        (vec![("origin", own), ("sec-fetch-site", "same-origin")], true),
        (vec![("origin", own), ("sec-fetch-site", "cross-site")], false),
        (vec![("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")], false),
        (vec![cookie], false),
        (vec![cookie, ("sec-fetch-site", "same-origin")], true),
        (vec![cookie, ("sec-fetch-site", "none")], true),
        (vec![cookie, ("sec-fetch-site", "same-site")], false),
        (vec![cookie, ("sec-fetch-site", "cross-site")], false),
    ] {
        // Includes the content types that browsers send across origins without a preflight request.
        for kind in
            ["text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "application/json"]
        {
            for method in
                [Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::from_bytes(b"XGET").unwrap()]
            {
                let mut request = Request::builder().method(&method).uri("/api/nothing").header("content-type", kind);
                for (name, value) in &headers {
                    request = request.header(*name, *value);
                }
                let response = server.send(request, "").await;
                assert_eq!(
                    response.code() != "foreign_origin",
                    is_allowed,
                    "{method} {kind} {headers:?}: {}",
                    response.status
                );
            }
        }
    }
}

/// Submits a form without JavaScript from the page `referer`.
async fn submit_form(server: &TestServer, method: Method, path: &str, referer: &str, form: &str) -> String {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("accept", "text/html")
        .header("content-type", "application/x-www-form-urlencoded");
    if !referer.is_empty() {
        request = request.header("referer", referer);
    }
    let response = server.send(request, form.to_owned()).await;
    assert_eq!(response.status, 302, "{path} {referer}: {}", response.body);
    response.header("location").to_owned()
}

#[tokio::test]
async fn forms_without_javascript_return_to_pages_of_this_server_only() {
    let server = TestServer::new().await;
    let wrong_password = "email=a%40example.org&password=wrong";
    for (referer, expected) in [
        ("http://localhost:3000/sign-in?next=%2Faccount", "http://localhost:3000/sign-in?next=%2Faccount&__path="),
        ("https://evil.example/sign-in", "/"),
        ("http://localhost:3000@evil.example/", "/"),
        ("http://localhost:3000.evil.example/", "/"),
        ("http://localhost:8080/", "/"),
        ("//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ] {
        let location = submit_form(&server, Method::POST, "/fn/sign-in", referer, wrong_password).await;
        let matches = if expected == "/" { location == "/" } else { location.starts_with(expected) };
        assert!(matches, "{referer}: {location}");
        // A link on another site calls a server function like a form.
        let location = submit_form(&server, Method::GET, "/fn/me", referer, "").await;
        assert!(location == "/" || location.starts_with("http://localhost:3000/"), "{referer}: {location}");
    }
    for next in
        ["https://evil.example/", "//evil.example/", "/\\evil.example", "\t/evil.example", "javascript:alert(1)"]
    {
        let form = format!("theme=dark&next={}", next.replace('\\', "%5C").replace('\t', "%09"));
        let location = submit_form(&server, Method::POST, "/fn/theme", "http://localhost:3000/account", &form).await;
        assert_eq!(location, "/", "{next}");
    }
}

#[tokio::test]
async fn rejects_signing_in_from_another_site() {
    let server = TestServer::new().await;
    server.owner().await;
    for (site, status) in [("cross-site", 403), ("same-site", 403), ("same-origin", 302), ("none", 302)] {
        let request = Request::post("/fn/sign-in")
            .header("accept", "text/html")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", site);
        let response = server.send(request, "email=owner%40example.org&password=tripod-lens-17").await;
        assert_eq!(response.status, status, "{site}");
        assert_eq!(response.headers.contains_key("set-cookie"), status == 302, "{site}");
    }
}

#[tokio::test]
async fn trusts_the_scheme_of_the_public_url_only() {
    for (public, other) in [("https://box", "http://box"), ("http://box", "https://box")] {
        let server = TestServer::with_hosts(Hosts { public: Some(public.parse().unwrap()), ..localhost() }).await;
        for (origin, is_allowed) in [(public, true), (other, false)] {
            let request = Request::post("/api/nothing").header("host", "box").header("origin", origin);
            let response = server.send(request.header("accept", "application/json"), "").await;
            assert_eq!(response.code() != "foreign_origin", is_allowed, "{public} {origin}: {}", response.status);
        }
    }
}

#[tokio::test]
async fn rejects_websockets_from_foreign_origins() {
    let server = TestServer::new().await;
    let session = server.owner().await;
    for (origin, code) in [("https://evil.example", "foreign_origin"), ("http://localhost:3000", "bad_topic")] {
        let request = Request::get("/live?topic=x")
            .header("accept", "application/json")
            .header("cookie", format!("groundglass_session={session}"))
            .header("connection", "upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
            .header("origin", origin);
        assert_eq!(server.send(request, "").await.code(), code, "{origin}");
    }
}
