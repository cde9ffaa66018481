//! Foreign names and foreign pages.

use http::{Method, Request, Version};

use crate::house::House;

#[tokio::test]
async fn only_own_names_are_answered() {
    let house = House::empty().await;
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
        let answer = house.ask(Request::get("/robots.txt").header("host", host), "").await;
        assert_eq!(answer.status, expected, "{host}");
    }
    let twice = Request::get("/robots.txt").header("host", "localhost").header("host", "localhost");
    assert_eq!(house.ask(twice, "").await.status, 400);
    let unlike = Request::get("http://evil.example/robots.txt").header("host", "localhost");
    assert_eq!(house.ask(unlike, "").await.status, 400);
    let in_line =
        Request::get("http://evil.example/robots.txt").version(Version::HTTP_2).header("host", "evil.example");
    assert_eq!(house.ask(in_line, "").await.status, 421);
    for check in ["/healthz", "/readyz"] {
        assert_eq!(house.ask(Request::get(check).header("host", "10.0.0.1"), "").await.status, 200);
    }
}

#[tokio::test]
async fn only_own_pages_change_things() {
    let house = House::empty().await;
    let own = "http://localhost:3000";
    let cookie = ("cookie", "groundglass_session=x");
    for (headers, passes) in [
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
        // Also as a form of another site, in each of the kinds that browsers send without asking first.
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
                let answer = house.ask(request, "").await;
                assert_eq!(answer.code() != "foreign_origin", passes, "{method} {kind} {headers:?}: {}", answer.status);
            }
        }
    }
}

#[tokio::test]
async fn a_foreign_page_gets_no_websocket() {
    let house = House::empty().await;
    let session = house.owner().await;
    for (origin, code) in [("https://evil.example", "foreign_origin"), ("http://localhost:3000", "bad_topic")] {
        let request = Request::get("/live?topic=x")
            .header("accept", "application/json")
            .header("cookie", format!("groundglass_session={session}"))
            .header("connection", "upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
            .header("origin", origin);
        assert_eq!(house.ask(request, "").await.code(), code, "{origin}");
    }
}
