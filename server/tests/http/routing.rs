//! Paths that do not exist or are malformed, methods that are not allowed, and redirects to the sign-in page.

use http::{Method, Request};

use crate::test_server::TestServer;

#[tokio::test]
async fn rejects_path_traversal_and_unknown_paths() {
    let server = TestServer::new().await;
    for path in [
        "/assets/../Cargo.toml",
        "/assets/..%2fCargo.toml",
        "/assets/%2e%2e/%2e%2e/etc/passwd",
        "/assets//etc/passwd",
        "/assets/%00",
        "/assets/%ff",
        "/%2e%2e/healthz",
        "/../healthz",
        "//healthz",
        "/healthz/",
        "/HEALTHZ",
        "/api/home/:id",
        "/api/home/{id}",
        "/api/home/%7Bid%7D",
        "/api//home/ping",
        "/api/../api/home/ping",
        "/api/home/ping/",
        "/api",
        "/api/",
        "/sdk/",
        "/fn/",
        "/fn/%00",
        "/.env",
        "/.git/config",
        "/no/such/page%00",
        "/no/such/page?next=//evil.example",
    ] {
        let response = server.get(path).await;
        assert!(matches!(response.status.as_u16(), 400 | 404), "{path}: {}", response.status);
        assert!(!response.body.is_empty(), "{path}");
    }
}

#[tokio::test]
async fn malformed_ids_are_not_server_errors() {
    let server = TestServer::new().await;
    for id in
        [":id", "{id}", "%7Bid%7D", "%00", "..", "%2e%2e", "0", "nil", "00000000-0000-0000-0000-00000000000g", "💥"]
    {
        for noun in ["organization", "project", "experiment"] {
            let uri = format!("/{noun}/{id}").replace('💥', "%F0%9F%92%A5");
            let response = server.get(&uri).await;
            assert!(!response.status.is_server_error(), "{uri}: {}", response.status);
        }
    }
}

#[tokio::test]
async fn wrong_methods_return_the_allowed_ones() {
    let server = TestServer::new().await;
    for (method, path, allowed) in [
        ("POST", "/healthz", "GET,HEAD"),
        ("DELETE", "/robots.txt", "GET,HEAD"),
        ("PUT", "/api/home/ping", "GET,HEAD"),
        ("XGET", "/sdk/home/ping", "GET,HEAD"),
        ("POST", "/live", "GET,HEAD"),
        ("PATCH", "/sign-in", "GET,HEAD"),
    ] {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let response =
            server.send(Request::builder().method(&method).uri(path).header("accept", "application/json"), "").await;
        assert_eq!((response.status.as_u16(), response.header("allow")), (405, allowed), "{method} {path}");
        assert_eq!(response.code(), "method_not_allowed");
    }
    let head = server.send(Request::head("/healthz"), "").await;
    assert_eq!((head.status.as_u16(), head.body.as_str()), (200, ""));
}

#[tokio::test]
async fn redirects_anonymous_visitors_to_sign_in() {
    let server = TestServer::new().await;
    for accept in ["text/html", "*/*"] {
        for path in ["/", "/account", "/project/00000000-0000-0000-0000-000000000000"] {
            let response = server.send(Request::get(path).header("accept", accept), "").await;
            assert_eq!(response.status, 302, "{path} for {accept}");
            assert!(response.header("location").starts_with("/sign-in"), "{path}: {}", response.header("location"));
        }
    }
}

#[tokio::test]
async fn ping_returns_the_owner_of_the_token() {
    let server = TestServer::new().await;
    server.owner().await;
    let token = server.token(domain::people::Scope::Read, None).await;
    for prefix in ["/api", "/sdk"] {
        let response = server
            .send(Request::get(format!("{prefix}/home/ping")).header("authorization", format!("Bearer {token}")), "")
            .await;
        let pong: serde_json::Value = serde_json::from_str(&response.body).unwrap();
        assert_eq!(pong["username"], "Owner");
        assert!(pong["sdk_version"].is_string() && pong["default_organization"].is_string(), "{pong}");
    }
}
