//! The page that describes the scripts' API, beside the document that it is made of.

use http::Request;
use serde_json::Value;
use server::hosts::Hosts;

use crate::house::{House, local};

#[tokio::test]
async fn it_shows_every_operation_of_the_document() {
    let house = House::empty().await;
    let document: Value = serde_json::from_str(&house.get("/api/openapi.json").await.body).unwrap();
    let page = house.get("/api/docs").await;
    assert_eq!((page.status.as_u16(), page.header("content-type")), (200, "text/html; charset=utf-8"));
    let mut operations = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let what = format!("{method} {path}");
            let id = operation["operationId"].as_str().unwrap();
            let (_, shown) = page
                .body
                .split_once(&format!("<article class=\"docs-operation\" aria-labelledby=\"{id}\">"))
                .unwrap_or_else(|| panic!("{what}"));
            let (shown, _) = shown.split_once("</article>").unwrap();
            assert!(shown.contains(&format!(">{}</span> <code>{path}</code>", method.to_uppercase())), "{what}");
            assert!(shown.contains("curl "), "{what}");
            for status in operation["responses"].as_object().unwrap().keys() {
                assert!(shown.contains(&format!("<div>{status}</div>")), "{status} of {what}");
            }
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let name = parameter["name"].as_str().unwrap();
                assert!(shown.contains(&format!("<code>{name}</code>")), "{name} of {what}");
            }
            assert!(
                page.body.contains(&format!("<a href=\"#{id}\"><span class=\"docs-method\">")),
                "{what} in the contents"
            );
            operations += 1;
        }
    }
    assert_eq!(page.body.matches("<article").count(), operations);
}

#[tokio::test]
async fn it_runs_nothing_and_is_kept_by_nobody() {
    let house = House::empty().await;
    let page = house.get("/api/docs").await;
    assert!(!page.body.contains("<script") && !page.body.contains("style="));
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'self';"), "{policy}");
    assert!(!policy.contains("script-src") && !policy.contains("unsafe"), "{policy}");
    assert_eq!((page.header("cache-control"), page.header("x-frame-options")), ("no-store", "DENY"));
}

#[tokio::test]
async fn commands_name_the_server_as_it_was_reached() {
    let house = House::empty().await;
    let request = Request::get("/api/docs").header("host", "127.0.0.1:4000").header("cookie", "theme=dark");
    let page = house.ask(request, "").await;
    assert!(page.body.contains("curl &quot;http://127.0.0.1:4000/api/home/ping&quot;"));
    assert!(page.body.contains("<html lang=\"en\" data-theme=\"dark\">"));

    let house = House::under(Hosts { public: Some("https://tracker.example.org".parse().unwrap()), ..local() }).await;
    let page = house.get("/api/docs").await;
    assert!(page.body.contains("<code>https://tracker.example.org/api</code>"));
    assert!(!page.body.contains("localhost"));
}

#[tokio::test]
async fn other_methods_and_names_are_refused() {
    let house = House::empty().await;
    assert_eq!(house.ask(Request::post("/api/docs").header("origin", "http://localhost:3000"), "").await.status, 405);
    assert_eq!(house.ask(Request::get("/api/docs").header("host", "evil.example"), "").await.status, 421);
}
