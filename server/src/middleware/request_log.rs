//! One log line per request: method, path, status, duration, id. Contains no secrets: no query, no headers, and only the beginning
//! of paths that contain a secret.

use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use tower_http::classify::{ServerErrorsAsFailures, SharedClassifier};
use tower_http::trace::TraceLayer;
use tracing::{Span, info, info_span};

use super::request_id::X_REQUEST_ID;

/// Prefixes of paths that continue with a secret, such as the first owner's link.
const SECRET_PREFIXES: [&str; 1] = ["/welcome/"];

type MakeSpan = fn(&Request<Body>) -> Span;
type OnResponse = fn(&Response, Duration, &Span);

/// Returns the layer that writes the lines. Log entries of a handler are within the span of its request.
pub fn layer() -> TraceLayer<SharedClassifier<ServerErrorsAsFailures>, MakeSpan, (), OnResponse, (), (), ()> {
    TraceLayer::new_for_http()
        .make_span_with(request_span as MakeSpan)
        .on_request(())
        .on_response(log_response as OnResponse)
        .on_body_chunk(())
        .on_eos(())
        .on_failure(())
}

fn request_span(request: &Request<Body>) -> Span {
    let id = request.headers().get(X_REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default();
    info_span!("request", method = %request.method(), path = redact_path(request.uri().path()), id)
}

fn log_response(response: &Response, latency: Duration, _span: &Span) {
    info!(status = response.status().as_u16(), took = ?latency, "answered");
}

fn redact_path(path: &str) -> &str {
    SECRET_PREFIXES.iter().find(|prefix| path.starts_with(**prefix)).copied().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::redact_path;

    #[test]
    fn redacts_secrets_in_paths() {
        let check = |path, expected| assert_eq!(redact_path(path), expected);
        check("/welcome/abc", "/welcome/");
        check("/welcome", "/welcome");
        check("/project/1", "/project/1");
    }
}
