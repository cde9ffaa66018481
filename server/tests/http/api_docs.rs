//! The API reference page and the OpenAPI document that it is generated from.

use http::Request;
use serde_json::Value;
use server::hosts::Hosts;

use crate::test_server::{TestServer, localhost};

#[tokio::test]
async fn shows_every_operation_of_the_openapi_document() {
    let server = TestServer::new().await;
    let document: Value = serde_json::from_str(&server.get("/api/openapi.json").await.body).unwrap();
    let page = server.get("/api/docs").await;
    assert_eq!((page.status.as_u16(), page.header("content-type")), (200, "text/html; charset=utf-8"));
    let mut operations = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let operation_name = format!("{method} {path}");
            let id = operation["operationId"].as_str().unwrap();
            let (_, article) = page
                .body
                .split_once(&format!("<article class=\"docs-operation\" aria-labelledby=\"{id}\">"))
                .unwrap_or_else(|| panic!("{operation_name}"));
            let (article, _) = article.split_once("</article>").unwrap();
            assert!(
                article.contains(&format!(">{}</span> <code>{path}</code>", method.to_uppercase())),
                "{operation_name}"
            );
            assert!(article.contains("curl "), "{operation_name}");
            for status in operation["responses"].as_object().unwrap().keys() {
                assert!(article.contains(&format!("<div>{status}</div>")), "{status} of {operation_name}");
            }
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let name = parameter["name"].as_str().unwrap();
                assert!(article.contains(&format!("<code>{name}</code>")), "{name} of {operation_name}");
            }
            assert!(
                page.body.contains(&format!("<a href=\"#{id}\"><span class=\"docs-method\">")),
                "{operation_name} in the table of contents"
            );
            operations += 1;
        }
    }
    assert_eq!(page.body.matches("<article").count(), operations);
}

#[tokio::test]
async fn page_has_no_scripts_and_is_not_cached() {
    let server = TestServer::new().await;
    let page = server.get("/api/docs").await;
    assert!(!page.body.contains("<script") && !page.body.contains("style="));
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'self';"), "{policy}");
    assert!(!policy.contains("script-src") && !policy.contains("unsafe"), "{policy}");
    assert_eq!((page.header("cache-control"), page.header("x-frame-options")), ("no-store", "DENY"));
}

#[tokio::test]
async fn commands_use_the_url_of_the_request() {
    let server = TestServer::new().await;
    let request = Request::get("/api/docs").header("host", "127.0.0.1:4000").header("cookie", "theme=dark");
    let page = server.send(request, "").await;
    assert!(page.body.contains("curl &quot;http://127.0.0.1:4000/api/home/ping&quot;"));
    assert!(page.body.contains("<html lang=\"en\" data-theme=\"dark\">"));

    let server =
        TestServer::with_hosts(Hosts { public: Some("https://tracker.example.org".parse().unwrap()), ..localhost() })
            .await;
    let page = server.get("/api/docs").await;
    assert!(page.body.contains("<code>https://tracker.example.org/api</code>"));
    assert!(!page.body.contains("localhost"));
}

#[tokio::test]
async fn rejects_other_methods_and_hosts() {
    let server = TestServer::new().await;
    assert_eq!(server.send(Request::post("/api/docs").header("origin", "http://localhost:3000"), "").await.status, 405);
    assert_eq!(server.send(Request::get("/api/docs").header("host", "evil.example"), "").await.status, 421);
}
