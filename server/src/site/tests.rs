//! The routes of the site, asked as a browser asks.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION, VARY,
};
use axum::http::{HeaderName, Method, Request, Response, StatusCode};
use tower::ServiceExt;

use super::files::{Asset, Files};
use super::{Site, router};

static ASSETS: &[Asset] = &[
    Asset {
        name: "groundglass.css",
        path: "groundglass.12ab.css",
        plain: b"body { }",
        brotli: Some(b"brotli"),
        gzip: Some(b"gz"),
    },
    Asset { name: "favicon.svg", path: "favicon.34cd.svg", plain: b"<svg/>", brotli: None, gzip: None },
];

fn site() -> Site {
    Site(Arc::new(Files::Embedded(ASSETS)))
}

async fn ask(site: Site, method: Method, path: &str, headers: &[(HeaderName, &str)]) -> Response<Body> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    let router: Router = router(site);
    router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

fn header(response: &Response<Body>, name: HeaderName) -> &str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

async fn bytes(response: Response<Body>) -> Vec<u8> {
    axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec()
}

#[test]
fn names_lead_to_addresses() {
    assert_eq!(site().path("groundglass.css").as_deref(), Some("/assets/groundglass.12ab.css"));
    assert_eq!(site().path("missing.css"), None);
    assert!(!site().is_empty());
}

#[tokio::test]
async fn a_file_comes_in_the_encoding_that_was_asked_for() {
    for (accept, encoding, body) in [("gzip, br", "br", "brotli"), ("gzip", "gzip", "gz"), ("deflate", "", "body { }")]
    {
        let answer = ask(site(), Method::GET, "/assets/groundglass.12ab.css", &[(ACCEPT_ENCODING, accept)]).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(header(&answer, CONTENT_ENCODING), encoding);
        assert_eq!(header(&answer, CONTENT_TYPE), "text/css; charset=utf-8");
        assert_eq!(header(&answer, CACHE_CONTROL), "public, max-age=31536000, immutable");
        assert_eq!(header(&answer, VARY), "accept-encoding");
        assert_eq!(bytes(answer).await, body.as_bytes());
    }
}

#[tokio::test]
async fn what_a_browser_has_is_not_sent_again() {
    let path = "/assets/groundglass.12ab.css";
    let first = ask(site(), Method::GET, path, &[(ACCEPT_ENCODING, "br")]).await;
    let tag = format!("\"other\", W/{}", header(&first, ETAG));
    let again = ask(site(), Method::GET, path, &[(ACCEPT_ENCODING, "br"), (IF_NONE_MATCH, &tag)]).await;
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(header(&again, ETAG), header(&first, ETAG));
    assert!(bytes(again).await.is_empty());

    let plain = ask(site(), Method::GET, path, &[(IF_NONE_MATCH, &tag)]).await;
    assert_eq!(plain.status(), StatusCode::OK, "another encoding is another answer");
}

#[tokio::test]
async fn head_tells_the_length_and_sends_nothing() {
    let answer = ask(site(), Method::HEAD, "/assets/favicon.34cd.svg", &[(ACCEPT_ENCODING, "br")]).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(header(&answer, CONTENT_LENGTH), "6");
    assert_eq!(header(&answer, CONTENT_TYPE), "image/svg+xml");
    assert!(bytes(answer).await.is_empty());
}

#[tokio::test]
async fn only_listed_paths_are_there() {
    for path in [
        "/assets/groundglass.css",
        "/assets/../Cargo.toml",
        "/assets/%2e%2e/Cargo.toml",
        "/assets//etc/passwd",
        "/assets/",
    ] {
        assert_eq!(ask(site(), Method::GET, path, &[]).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    let post = ask(site(), Method::POST, "/assets/favicon.34cd.svg", &[]).await;
    assert_eq!(post.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn the_icon_that_browsers_ask_for_is_the_sites() {
    let answer = ask(site(), Method::GET, "/favicon.ico", &[]).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(header(&answer, LOCATION), "/assets/favicon.34cd.svg");
}

#[cfg(debug_assertions)]
#[tokio::test]
async fn a_site_on_disk_follows_its_manifest() {
    let folder = std::env::temp_dir().join(format!("groundglass-site-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("a.1.css"), "a").unwrap();
    std::fs::write(folder.join("secret"), "secret").unwrap();
    std::fs::write(folder.join("reload"), "7").unwrap();
    let site = Site::from_disk(&folder);
    assert!(site.is_empty());
    std::fs::write(folder.join("manifest.json"), r#"{"a.css":"a.1.css","up":"../up"}"#).unwrap();

    assert_eq!(site.path("a.css").as_deref(), Some("/assets/a.1.css"));
    let answer = ask(site.clone(), Method::GET, "/assets/a.1.css", &[]).await;
    assert_eq!(header(&answer, CACHE_CONTROL), "no-cache");
    assert_eq!(bytes(answer).await, b"a");
    for path in ["/assets/secret", "/assets/manifest.json", "/assets/%2e%2e/up"] {
        assert_eq!(ask(site.clone(), Method::GET, path, &[]).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(bytes(ask(site, Method::GET, "/dev/reload?seen=6", &[]).await).await, b"7");
    std::fs::remove_dir_all(folder).unwrap();
}
