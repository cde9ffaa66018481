//! Addresses that are not there, and those that try to be elsewhere.

use http::{Method, Request};

use crate::house::House;

#[tokio::test]
async fn tricks_lead_nowhere() {
    let house = House::empty().await;
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
        let answer = house.get(path).await;
        assert!(matches!(answer.status.as_u16(), 400 | 404), "{path}: {}", answer.status);
        assert!(!answer.body.is_empty(), "{path}");
    }
}

#[tokio::test]
async fn odd_ids_are_no_pages() {
    let house = House::empty().await;
    for id in
        [":id", "{id}", "%7Bid%7D", "%00", "..", "%2e%2e", "0", "nil", "00000000-0000-0000-0000-00000000000g", "💥"]
    {
        for noun in ["organization", "project", "experiment"] {
            let uri = format!("/{noun}/{id}").replace('💥', "%F0%9F%92%A5");
            let answer = house.get(&uri).await;
            assert!(!answer.status.is_server_error(), "{uri}: {}", answer.status);
        }
    }
}

#[tokio::test]
async fn wrong_methods_are_told_the_right_ones() {
    let house = House::empty().await;
    for (method, path, allowed) in [
        ("POST", "/healthz", "GET,HEAD"),
        ("DELETE", "/robots.txt", "GET,HEAD"),
        ("PUT", "/api/home/ping", "GET,HEAD"),
        ("XGET", "/sdk/home/ping", "GET,HEAD"),
        ("POST", "/live", "GET,HEAD"),
        ("PATCH", "/sign-in", "GET,HEAD"),
    ] {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let answer =
            house.ask(Request::builder().method(&method).uri(path).header("accept", "application/json"), "").await;
        assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, allowed), "{method} {path}");
        assert_eq!(answer.code(), "method_not_allowed");
    }
    let head = house.ask(Request::head("/healthz"), "").await;
    assert_eq!((head.status.as_u16(), head.body.as_str()), (200, ""));
}

#[tokio::test]
async fn strangers_are_led_to_the_sign_in() {
    let house = House::empty().await;
    for accept in ["text/html", "*/*"] {
        for path in ["/", "/account", "/project/00000000-0000-0000-0000-000000000000"] {
            let answer = house.ask(Request::get(path).header("accept", accept), "").await;
            assert_eq!(answer.status, 302, "{path} for {accept}");
            assert!(answer.header("location").starts_with("/sign-in"), "{path}: {}", answer.header("location"));
        }
    }
}

#[tokio::test]
async fn a_script_learns_whom_its_token_belongs_to() {
    let house = House::empty().await;
    house.owner().await;
    let token = house.token(domain::people::Scope::Read, None).await;
    for prefix in ["/api", "/sdk"] {
        let answer = house
            .ask(Request::get(format!("{prefix}/home/ping")).header("authorization", format!("Bearer {token}")), "")
            .await;
        let pong: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(pong["username"], "Owner");
        assert!(pong["sdk_version"].is_string() && pong["default_organization"].is_string(), "{pong}");
    }
}
