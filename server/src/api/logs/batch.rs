//! `POST /experiment/{id}/logs/batch`: many points for many lines in one request.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use domain::ids::ExperimentId;
use domain::logs::{Batch, IdempotencyKey, LogName, Reading, Samples};
use http::{HeaderMap, Method};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::Access::Write;
use crate::api::api_and_sdk_routes;
use crate::api::request::{Authenticated, PathId, invalid, read_json};
use crate::problem::{Problem, sentence};
use crate::routes::Route;
use crate::server::Server;

/// The header that names a request.
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// Points for several LINE logs.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewBatch)]
pub struct CreateBatch {
    /// At most 1,000, with at most 10,000 points together. Lines that are not there yet are made.
    logs: Vec<BatchLine>,
}

/// Points for one line.
#[derive(Deserialize, ToSchema)]
#[schema(as = LineSamples)]
pub struct BatchLine {
    /// The log's name.
    #[schema(example = "train/loss")]
    name: String,
    /// One whole number a value, in any order; without them, each value gets the next step.
    #[schema(example = json!([100, 101]))]
    steps: Option<Vec<i64>>,
    /// Numbers, or `"NaN"`, `"Infinity"`, `"-Infinity"`.
    #[schema(value_type = Vec<f64>, example = json!([0.9, 0.7]))]
    values: Vec<Reading>,
    /// When each was measured, in microseconds since 1970-01-01 00:00 UTC; without them, when they arrive.
    times: Option<Vec<i64>>,
}

/// What became of a batch.
#[derive(Serialize, ToSchema)]
#[schema(as = BatchDone)]
pub struct BatchResponse {
    /// How many points it had.
    #[schema(example = 2)]
    points: u64,
    /// How many lines it fed.
    logs: u64,
    /// Whether it had been logged before under the same key; then nothing was added now.
    repeated: bool,
}

pub fn routes() -> Vec<Route> {
    api_and_sdk_routes(Method::POST, "/experiment/{id}/logs/batch", Write, log_batch)
}

/// Log many points to many lines at once
///
/// All or nothing. With an `Idempotency-Key` the same request may be sent again, when its answer was lost, and changes
/// nothing the second time.
#[utoipa::path(
    post, path = "/api/experiment/{id}/logs/batch", tag = "Logs",
    params(
        ("id" = Uuid, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "A name of your own for this request, 1–200 visible ASCII characters; remembered for a day.", example = "epoch-17"),
    ),
    request_body = CreateBatch, responses(
        (status = 200, body = BatchResponse),
        (status = 409, description = "A log of one of these names is no LINE, or the key was used for another batch: `conflict`. Also when the experiment is full."),
    ),
)]
pub async fn log_batch(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(experiment): PathId<ExperimentId>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<BatchResponse>, Problem> {
    let key = idempotency_key(&headers)?;
    let CreateBatch { logs } = read_json(&body)?;
    let lines = logs.into_iter().map(samples).collect::<Result<_, Problem>>()?;
    let batch = Batch::new(lines).map_err(|error| invalid(sentence(&error)))?;
    let done = server.tracker.log_batch(&who, experiment, batch, key).await?;
    Ok(Json(BatchResponse { points: done.points, logs: done.logs, repeated: done.repeated }))
}

fn samples(BatchLine { name, steps, values, times }: BatchLine) -> Result<(LogName, Samples), Problem> {
    let name = LogName::parse(&name)?;
    match Samples::new(steps, values, times) {
        Ok(samples) => Ok((name, samples)),
        Err(error) => Err(invalid(format!("'{name}': {error}."))),
    }
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<IdempotencyKey>, Problem> {
    let mut keys = headers.get_all(IDEMPOTENCY_KEY).iter();
    let Some(first) = keys.next() else { return Ok(None) };
    match first.to_str().ok().and_then(IdempotencyKey::parse) {
        Some(key) if keys.next().is_none() => Ok(Some(key)),
        _ => Err(invalid("An Idempotency-Key is one text of 1 to 200 visible ASCII characters.")),
    }
}
