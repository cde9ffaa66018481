//! Endpoints that write and read logs.

pub mod batch;
pub mod change;
mod line;
pub mod points;
pub mod read;
mod response;
mod time;
pub mod write;

use domain::Instant;
use domain::ids::{ExperimentId, LogId};
use domain::logs::{Kind, Log};
use http::Method;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::routes::Route;

/// A log with its data. Describes what [`response::log_response`] writes.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the response is written without copying the data")]
#[schema(as = Log, example = json!({
    "id": "01939f3c-7a50-7cc2-b7d4-0a8a5f0c1e2d", "experiment_id": "01939f3c-5b1e-7d03-9c5e-6f4b1c2a8e90",
    "name": "train/loss", "type": "LINE",
    "created_at": "2026-11-24T22:36:08.120394Z", "updated_at": "2026-11-24T22:36:08.120394Z", "data": [0.9, 0.7],
}))]
pub struct LogResponse {
    #[schema(value_type = Uuid)]
    id: LogId,
    #[schema(value_type = Uuid)]
    experiment_id: ExperimentId,
    /// Unique within the experiment.
    name: String,
    /// `VALUE`, `LINE`, `BAR`, `TABLE`, `HEATMAP`, `IMAGE`, `LABELMAP` or `EVALUATION`.
    #[schema(rename = "type", value_type = String)]
    kind: Kind,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
    /// The data as it was sent. For a line, logging returns what was sent, and reading returns all values, or `steps` and
    /// `values` if any point was sent with a step. Numbers of a line that are not finite are null.
    #[schema(value_type = Value)]
    data: Value,
}

/// The fields that precede a log's data in a response.
#[derive(Serialize)]
struct LogHead<'a> {
    id: LogId,
    experiment_id: ExperimentId,
    name: &'a str,
    #[serde(rename = "type")]
    kind: Kind,
    created_at: String,
    updated_at: String,
}

impl<'a> LogHead<'a> {
    fn of(log: &'a Log) -> Self {
        let at = |instant: Instant| instant.rfc3339();
        Self {
            id: log.id,
            experiment_id: log.experiment,
            name: log.name.as_str(),
            kind: log.kind,
            created_at: at(log.created_at),
            updated_at: at(log.updated_at),
        }
    }
}

/// Returns whether requests with this method to a route log data, which may be large.
pub fn is_log_data_route(method: &Method, route: &str) -> bool {
    let path = ["/api", "/sdk"].iter().find_map(|prefix| route.strip_prefix(prefix));
    match path {
        Some("/experiment/{id}/logs" | "/experiment/{id}/logs/batch" | "/log/{id}/append") => method == Method::POST,
        Some("/log/{id}") => method == Method::PATCH,
        _ => false,
    }
}

/// Returns all routes about logs. None of their responses is compressed: responses to logging are short and frequent, and
/// responses with whole lines should be fast.
pub fn routes() -> Vec<Route> {
    let routes = [write::routes(), read::routes(), change::routes(), batch::routes(), points::routes()].concat();
    routes.into_iter().map(Route::uncompressed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Access;

    #[test]
    fn routes_that_log_data_exist_and_need_a_token() {
        let routes = routes();
        let log_data: Vec<_> = routes.iter().filter(|route| is_log_data_route(&route.method, &route.path)).collect();
        assert_eq!(log_data.len(), 8, "four under each prefix");
        assert!(log_data.iter().all(|route| route.access == Access::Write));
    }
}
