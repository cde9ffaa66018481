//! One log line for each request: method, path, status, time, id. Never a secret: no query, no
//! header, and of a path that carries a secret only its beginning.

use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use tower_http::classify::{ServerErrorsAsFailures, SharedClassifier};
use tower_http::trace::TraceLayer;
use tracing::{Span, info, info_span};

use super::request_id::X_REQUEST_ID;

/// Paths that go on with a secret: whoever reads the log must not become the first owner.
const SECRET_AFTER: [&str; 1] = ["/welcome/"];

type Describe = fn(&Request<Body>) -> Span;
type Answered = fn(&Response, Duration, &Span);

/// The layer that writes the lines. What happens while a request is answered is logged within its span.
pub fn layer() -> TraceLayer<SharedClassifier<ServerErrorsAsFailures>, Describe, (), Answered, (), (), ()> {
    TraceLayer::new_for_http()
        .make_span_with(describe as Describe)
        .on_request(())
        .on_response(answered as Answered)
        .on_body_chunk(())
        .on_eos(())
        .on_failure(())
}

fn describe(request: &Request<Body>) -> Span {
    let id = request.headers().get(X_REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default();
    info_span!("request", method = %request.method(), path = loggable(request.uri().path()), id)
}

fn answered(response: &Response, latency: Duration, _span: &Span) {
    info!(status = response.status().as_u16(), took = ?latency, "answered");
}

fn loggable(path: &str) -> &str {
    SECRET_AFTER.iter().find(|prefix| path.starts_with(**prefix)).copied().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::loggable;

    #[test]
    fn secrets_stay_out_of_the_log() {
        let check = |path, expected| assert_eq!(loggable(path), expected);
        check("/welcome/abc", "/welcome/");
        check("/welcome", "/welcome");
        check("/project/1", "/project/1");
    }
}
