//! Tests of the site's routes.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION, VARY,
};
use axum::http::{HeaderName, Method, Request, Response, StatusCode};
use tower::ServiceExt;

use super::files::{Asset, FileSource};
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
    Site(Arc::new(FileSource::Embedded(ASSETS)))
}

async fn send_request(site: Site, method: Method, path: &str, headers: &[(HeaderName, &str)]) -> Response<Body> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    let router: Router = router(site);
    router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

fn header_value(response: &Response<Body>, name: HeaderName) -> &str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

async fn read_body(response: Response<Body>) -> Vec<u8> {
    axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec()
}

#[test]
fn resolves_source_names_to_hashed_paths() {
    assert_eq!(site().path("groundglass.css").as_deref(), Some("/assets/groundglass.12ab.css"));
    assert_eq!(site().path("missing.css"), None);
    assert!(!site().is_empty());
}

#[tokio::test]
async fn sends_the_requested_encoding() {
    for (accept, encoding, body) in [("gzip, br", "br", "brotli"), ("gzip", "gzip", "gz"), ("deflate", "", "body { }")]
    {
        let response =
            send_request(site(), Method::GET, "/assets/groundglass.12ab.css", &[(ACCEPT_ENCODING, accept)]).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(header_value(&response, CONTENT_ENCODING), encoding);
        assert_eq!(header_value(&response, CONTENT_TYPE), "text/css; charset=utf-8");
        assert_eq!(header_value(&response, CACHE_CONTROL), "public, max-age=31536000, immutable");
        assert_eq!(header_value(&response, VARY), "accept-encoding");
        assert_eq!(read_body(response).await, body.as_bytes());
    }
}

#[tokio::test]
async fn responds_not_modified_to_a_matching_etag() {
    let path = "/assets/groundglass.12ab.css";
    let first = send_request(site(), Method::GET, path, &[(ACCEPT_ENCODING, "br")]).await;
    let tag = format!("\"other\", W/{}", header_value(&first, ETAG));
    let second = send_request(site(), Method::GET, path, &[(ACCEPT_ENCODING, "br"), (IF_NONE_MATCH, &tag)]).await;
    assert_eq!(second.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(header_value(&second, ETAG), header_value(&first, ETAG));
    assert!(read_body(second).await.is_empty());

    let plain = send_request(site(), Method::GET, path, &[(IF_NONE_MATCH, &tag)]).await;
    assert_eq!(plain.status(), StatusCode::OK, "each encoding has its own tag");
}

#[tokio::test]
async fn head_sends_headers_without_a_body() {
    let response = send_request(site(), Method::HEAD, "/assets/favicon.34cd.svg", &[(ACCEPT_ENCODING, "br")]).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(header_value(&response, CONTENT_LENGTH), "6");
    assert_eq!(header_value(&response, CONTENT_TYPE), "image/svg+xml");
    assert!(read_body(response).await.is_empty());
}

#[tokio::test]
async fn serves_only_listed_paths() {
    for path in [
        "/assets/groundglass.css",
        "/assets/../Cargo.toml",
        "/assets/%2e%2e/Cargo.toml",
        "/assets//etc/passwd",
        "/assets/",
    ] {
        assert_eq!(send_request(site(), Method::GET, path, &[]).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    let post = send_request(site(), Method::POST, "/assets/favicon.34cd.svg", &[]).await;
    assert_eq!(post.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn redirects_favicon_ico_to_the_icon() {
    let response = send_request(site(), Method::GET, "/favicon.ico", &[]).await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert_eq!(header_value(&response, LOCATION), "/assets/favicon.34cd.svg");
}

#[cfg(debug_assertions)]
#[tokio::test]
async fn serves_only_manifest_files_from_disk() {
    let folder = std::env::temp_dir().join(format!("groundglass-site-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("a.1.css"), "a").unwrap();
    std::fs::write(folder.join("secret"), "secret").unwrap();
    std::fs::write(folder.join("reload"), "7").unwrap();
    let site = Site::from_disk(&folder);
    assert!(site.is_empty());
    std::fs::write(folder.join("manifest.json"), r#"{"a.css":"a.1.css","up":"../up"}"#).unwrap();

    assert_eq!(site.path("a.css").as_deref(), Some("/assets/a.1.css"));
    let response = send_request(site.clone(), Method::GET, "/assets/a.1.css", &[]).await;
    assert_eq!(header_value(&response, CACHE_CONTROL), "no-cache");
    assert_eq!(read_body(response).await, b"a");
    for path in ["/assets/secret", "/assets/manifest.json", "/assets/%2e%2e/up"] {
        assert_eq!(send_request(site.clone(), Method::GET, path, &[]).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(read_body(send_request(site, Method::GET, "/dev/reload?seen=6", &[]).await).await, b"7");
    std::fs::remove_dir_all(folder).unwrap();
}
