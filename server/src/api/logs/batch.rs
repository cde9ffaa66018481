//! `POST /experiment/{id}/logs/batch`: many points for many lines in one request.

use std::fmt;
use std::marker::PhantomData;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use domain::ids::ExperimentId;
use domain::logs::{Batch, IdempotencyKey, LogName, Reading, Samples};
use http::{HeaderMap, Method};
use serde::de::{Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::Access::Write;
use crate::api::api_and_sdk_routes;
use crate::api::request::{Authenticated, PathId, invalid, parse_body, read_json};
use crate::problem::{Problem, to_sentence};
use crate::routes::Route;
use crate::server::Server;

/// The header with the idempotency key.
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// Points for several LINE logs.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewBatch)]
pub struct CreateBatch {
    /// At most 1,000 lines with at most 10,000 points together. Lines that do not exist are created.
    #[schema(value_type = Vec<BatchLine>)]
    logs: BatchLines,
}

/// The lines of a batch. Lines above the limits of a batch are counted, but not kept.
#[derive(Default)]
struct BatchLines {
    lines: Vec<BatchLine>,
    count: usize,
    points: usize,
}

/// A list of numbers. Numbers above the limit of a batch are counted, but not kept.
struct BoundedList<T> {
    kept: Vec<T>,
    count: usize,
}

/// Points for one line.
#[derive(Deserialize, ToSchema)]
#[schema(as = LineSamples)]
pub struct BatchLine {
    /// The log's name.
    #[schema(example = "train/loss")]
    name: String,
    /// One number per value, in any order. Without steps, each value gets the next step.
    #[schema(value_type = Option<Vec<f64>>, example = json!([100, 101]))]
    steps: Option<BoundedList<f64>>,
    /// Numbers, or `"NaN"`, `"Infinity"`, `"-Infinity"`.
    #[schema(value_type = Vec<f64>, example = json!([0.9, 0.7]))]
    values: BoundedList<Reading>,
    /// The time of each value, in microseconds since 1970-01-01 00:00 UTC. Without times, the time of arrival.
    #[schema(value_type = Option<Vec<i64>>)]
    times: Option<BoundedList<i64>>,
}

impl BatchLine {
    fn longest_list(&self) -> usize {
        let steps = self.steps.as_ref().map_or(0, |list| list.count);
        let times = self.times.as_ref().map_or(0, |list| list.count);
        self.values.count.max(steps).max(times)
    }
}

/// The result of a batch.
#[derive(Serialize, ToSchema)]
#[schema(as = BatchDone)]
pub struct BatchResponse {
    /// Number of points in the batch.
    #[schema(example = 2)]
    points: u64,
    /// Number of lines in the batch.
    logs: u64,
    /// Whether the batch was logged before under the same key; then nothing was added.
    repeated: bool,
}

pub fn routes() -> Vec<Route> {
    api_and_sdk_routes(Method::POST, "/experiment/{id}/logs/batch", Write, log_batch)
}

/// Log points to several lines
///
/// Logs all points or, if an error occurs, none. With an `Idempotency-Key`, a request whose response was lost can be repeated
/// without logging twice.
#[utoipa::path(
    post, path = "/api/experiment/{id}/logs/batch", tag = "Logs",
    params(
        ("id" = Uuid, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "A name that you choose for this request, 1–200 visible ASCII characters. Remembered for a day.", example = "epoch-17"),
    ),
    request_body = CreateBatch, responses(
        (status = 200, body = BatchResponse),
        (status = 409, description = "A log with one of these names is not a LINE, the key was used for another batch: `conflict`."),
        (status = 429, description = "The server has no memory left for a request above 1 MiB; `Retry-After` says when to try again: `too_many`."),
    ),
)]
pub async fn log_batch(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(experiment): PathId<ExperimentId>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<BatchResponse>, Problem> {
    let key = parse_idempotency_key(&headers)?;
    let batch = parse_body(body, parse_batch).await?;
    let done = server.tracker.log_batch(&who, experiment, batch, key).await?;
    Ok(Json(BatchResponse { points: done.points, logs: done.logs, repeated: done.repeated }))
}

fn parse_batch(body: &Bytes) -> Result<Batch, Problem> {
    let CreateBatch { logs: BatchLines { lines, count, points } } = read_json(body)?;
    Batch::check_size(count, points).map_err(|error| invalid(to_sentence(&error)))?;
    let lines = lines.into_iter().map(parse_samples).collect::<Result<_, Problem>>()?;
    Batch::new(lines).map_err(|error| invalid(to_sentence(&error)))
}

impl<'de> Deserialize<'de> for BatchLines {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct LinesVisitor;

        impl<'de> Visitor<'de> for LinesVisitor {
            type Value = BatchLines;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of logs")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<BatchLines, A::Error> {
                let mut all = BatchLines::default();
                while let Some(line) = list.next_element::<BatchLine>()? {
                    all.count += 1;
                    all.points += line.longest_list();
                    if Batch::check_size(all.count, all.points).is_ok() {
                        all.lines.push(line);
                    }
                }
                Ok(all)
            }
        }

        deserializer.deserialize_seq(LinesVisitor)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for BoundedList<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumbersVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for NumbersVisitor<T> {
            type Value = BoundedList<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of numbers")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<BoundedList<T>, A::Error> {
                let (mut kept, mut count) = (Vec::new(), 0);
                while let Some(number) = list.next_element()? {
                    count += 1;
                    if count <= Batch::MAX_POINTS {
                        kept.push(number);
                    }
                }
                Ok(BoundedList { kept, count })
            }
        }

        deserializer.deserialize_seq(NumbersVisitor(PhantomData))
    }
}

fn parse_samples(BatchLine { name, steps, values, times }: BatchLine) -> Result<(LogName, Samples), Problem> {
    let name = LogName::parse(&name)?;
    match Samples::new(steps.map(|steps| steps.kept), values.kept, times.map(|times| times.kept)) {
        Ok(samples) => Ok((name, samples)),
        Err(error) => Err(invalid(format!("'{name}': {error}."))),
    }
}

fn parse_idempotency_key(headers: &HeaderMap) -> Result<Option<IdempotencyKey>, Problem> {
    let mut keys = headers.get_all(IDEMPOTENCY_KEY).iter();
    let Some(first) = keys.next() else { return Ok(None) };
    match first.to_str().ok().and_then(IdempotencyKey::parse) {
        Some(key) if keys.next().is_none() => Ok(Some(key)),
        _ => Err(invalid("The Idempotency-Key must be 1 to 200 visible ASCII characters.")),
    }
}
