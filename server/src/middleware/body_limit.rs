//! Limits the size of request bodies, the time to receive them, and the memory of large ones.

use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures_util::StreamExt as _;
use http::StatusCode;
use http::request::Parts;
use tokio::time::timeout;

use super::body_budget::{BudgetExhausted, MemoryPermit, bytes_with_permit};
use super::is_api_path;
use crate::access::{self, Access};
use crate::problem::Problem;
use crate::server::Server;
use crate::{api, files};

/// Maximum size of a body without a credential, in bytes, and of what is read before the credential is checked. Sufficient for
/// signing in.
pub const MAX_UNAUTHENTICATED_BODY_BYTES: usize = 16 * 1024;
/// Maximum size of a body, in bytes. Sufficient for forms, server functions and API calls.
pub const MAX_BODY_BYTES: usize = 1024 * 1024;
/// Maximum size of a body that logs data, in bytes: a matrix of 800,000 numbers with all digits.
pub const MAX_LOG_BODY_BYTES: usize = 16 * MAX_BODY_BYTES;
/// Number of bytes that are still read from a rejected body.
const MAX_DRAINED_BYTES: usize = 4 * MAX_LOG_BODY_BYTES;
/// When to repeat a request that found no memory, in seconds.
const RETRY_AFTER_SECONDS: u64 = 10;

/// Reads the body completely before calling the handler, so that handlers only see complete bodies within the limit.
///
/// A larger `Content-Length` is rejected before reading. Uploads are passed on as streams; they have limits of their own. A body
/// above [`MAX_UNAUTHENTICATED_BODY_BYTES`] is read once the client is authenticated and the memory for it is reserved. A body
/// above [`MAX_BODY_BYTES`], which only routes that log data accept, is handled once the memory for that is reserved, too (see
/// [`LargeBodyBudget`](super::LargeBodyBudget)).
pub async fn limit_body(State(server): State<Server>, request: Request, next: Next) -> Response {
    if files::is_upload_path(request.uri().path()) {
        return next.run(request).await;
    }
    let limit = match request.extensions().get::<MatchedPath>() {
        Some(path) if api::is_log_data_route(request.method(), path.as_str()) => MAX_LOG_BODY_BYTES,
        _ => MAX_BODY_BYTES,
    };
    let (head, body) = request.into_parts();
    let reader = BodyReader { server: &server, head: &head, limit };
    let body = match reader.read(body).await {
        Ok(body) => body,
        Err(response) => return response,
    };
    let _work = if body.len() > MAX_BODY_BYTES {
        match server.large_bodies.reserve_work(body.len()).await {
            Ok(permit) => Some(permit),
            Err(BudgetExhausted) => return too_busy(),
        }
    } else {
        None
    };
    next.run(Request::from_parts(head, Body::from(body))).await
}

/// Reads the body of a request.
struct BodyReader<'a> {
    server: &'a Server,
    head: &'a Parts,
    /// Maximum size of the body.
    limit: usize,
}

impl BodyReader<'_> {
    async fn read(&self, body: Body) -> Result<Bytes, Response> {
        let announced = files::content_length(&self.head.headers);
        let announced = announced.map(|length| usize::try_from(length).unwrap_or(usize::MAX));
        if announced.is_some_and(|length| length > self.limit) {
            return Err(self.reject(body, self.too_large()));
        }
        let limits = self.server.limits;
        let mut read = Vec::new();
        let mut stream = body.into_data_stream();
        if announced.is_none_or(|length| length <= MAX_UNAUTHENTICATED_BODY_BYTES) {
            let time_limit = limits.unauthenticated_body.min(limits.body);
            match self.fill(&mut read, &mut stream, MAX_UNAUTHENTICATED_BODY_BYTES, time_limit).await? {
                Filled::Complete => return Ok(read.into()),
                Filled::TooLarge => (),
                Filled::TooSlow => self.authenticate().await.map_err(|_| too_slow())?,
            }
        }
        let size = announced.unwrap_or(self.limit);
        let permit = match self.reserve(size).await {
            Ok(reserved) => reserved,
            Err(response) => return Err(self.reject(Body::from_stream(stream), response)),
        };
        // The capacity never grows by doubling, which would copy. What is not written to is not resident.
        read.reserve_exact(size.saturating_sub(read.len()));
        match self.fill(&mut read, &mut stream, self.limit, limits.body).await? {
            Filled::Complete => Ok(bytes_with_permit(read, permit)),
            Filled::TooLarge => Err(self.reject(Body::from_stream(stream), self.too_large())),
            Filled::TooSlow => Err(too_slow()),
        }
    }

    /// Reads to the end of the body, until it is larger than `limit`, or for `time_limit`.
    async fn fill(
        &self,
        read: &mut Vec<u8>,
        stream: &mut BodyDataStream,
        limit: usize,
        time_limit: Duration,
    ) -> Result<Filled, Response> {
        let fill = async {
            while read.len() <= limit {
                let Some(chunk) = stream.next().await else { return Ok(Filled::Complete) };
                let chunk = chunk.map_err(|_| {
                    let message = "The request's body was incomplete.";
                    Problem::new(StatusCode::BAD_REQUEST, "broken_body", message).into_response()
                })?;
                read.extend_from_slice(&chunk);
            }
            Ok(Filled::TooLarge)
        };
        timeout(time_limit, fill).await.unwrap_or(Ok(Filled::TooSlow))
    }

    /// Reserves memory for a body above [`MAX_UNAUTHENTICATED_BODY_BYTES`], for clients with a valid credential only.
    async fn reserve(&self, bytes: usize) -> Result<MemoryPermit, Response> {
        self.authenticate().await.map_err(Problem::into_response)?;
        self.server.large_bodies.reserve_body(bytes).await.map_err(|BudgetExhausted| too_busy())
    }

    /// Checks the credential: a token for the API, a session for everything else.
    async fn authenticate(&self) -> Result<(), Problem> {
        let access = match is_api_path(self.head.uri.path()) {
            true if self.limit > MAX_BODY_BYTES => Access::Write,
            true => Access::Read,
            false if self.server.cookie.secret(&self.head.headers).is_none() => {
                let message = "Without signing in, a request may have at most 16 KiB.";
                return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message));
            }
            false => Access::Session,
        };
        access::identify(self.server, access, &self.head.headers).await.map(drop)
    }

    fn too_large(&self) -> Response {
        let mebibytes = self.limit / MAX_BODY_BYTES;
        let message = format!("The request is larger than the {mebibytes} MiB that this endpoint accepts.");
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message).into_response()
    }

    /// Returns the response immediately and drains the rest of the body in the background. A client whose connection is closed
    /// while it is sending would not see the response.
    fn reject(&self, body: Body, response: Response) -> Response {
        tokio::spawn(timeout(self.server.limits.body, async move {
            let mut left = MAX_DRAINED_BYTES;
            let mut stream = body.into_data_stream();
            while let Some(Ok(chunk)) = stream.next().await {
                left = left.saturating_sub(chunk.len());
                if left == 0 {
                    break;
                }
            }
        }));
        response
    }
}

/// How far a body was read.
enum Filled {
    Complete,
    TooLarge,
    TooSlow,
}

fn too_slow() -> Response {
    Problem::from_status(StatusCode::REQUEST_TIMEOUT).into_response()
}

fn too_busy() -> Response {
    let message = "The server has no memory left for large requests at the moment. Try again in 10 seconds.";
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many", message)
        .with_retry_after(RETRY_AFTER_SECONDS)
        .into_response()
}
