//! Tests of the middleware with failing handlers.

use std::net::IpAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use domain::Name;
use http::{Request, StatusCode};
use tower::ServiceExt as _;
use tracker::{Tracker, TrackerConfig};

use crate::hosts::Hosts;
use crate::lifecycle::build_server;
use crate::limits::Limits;
use crate::site::Site;

/// Returns status and body of the response to a request to `/api/x`.
async fn response_of(routes: Router) -> (StatusCode, serde_json::Value) {
    let dir = tempfile::tempdir().unwrap();
    let organization_name = Name::parse("Personal").unwrap();
    let config = TrackerConfig {
        data_dir: dir.path().to_owned(),
        database_url: None,
        blob_url: None,
        storage_limit: None,
        organization_name,
    };
    let hosts = Hosts { public: None, allowed: vec![], bound: IpAddr::from([127, 0, 0, 1]), proxies: vec![] };
    let limits = Limits { response: Duration::from_millis(50), ..Limits::default() };
    let server = build_server(Tracker::open(config).await.unwrap(), Site::embedded(), hosts, limits);
    let request = Request::get("/api/x").header("host", "localhost").body(Body::empty()).unwrap();
    let response = super::apply(routes, &server).oneshot(request).await.unwrap();
    assert!(response.headers().contains_key("content-security-policy"));
    assert!(response.headers().contains_key("x-request-id"));
    let status = response.status();
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap())
}

#[tokio::test]
async fn a_panic_becomes_an_error_without_details() {
    async fn panics() -> &'static str {
        panic!("the secret is xyzzy")
    }
    let (status, body) = response_of(Router::new().route("/api/x", get(panics))).await;
    assert_eq!((status, &body["code"]), (StatusCode::INTERNAL_SERVER_ERROR, &"internal".into()));
    assert!(!body.to_string().contains("xyzzy"));
}

#[tokio::test]
async fn a_slow_handler_times_out() {
    async fn sleeps() {
        tokio::time::sleep(Duration::from_secs(3600)).await;
    }
    let (status, body) = response_of(Router::new().route("/api/x", get(sleeps))).await;
    assert_eq!((status, &body["code"]), (StatusCode::SERVICE_UNAVAILABLE, &"unavailable".into()));
}
