//! Requests with foreign hosts and from foreign origins.

use http::{Method, Request, Version};

use crate::test_server::TestServer;

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
