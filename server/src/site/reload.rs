//! Live reload for `cargo xtask dev`: a long-polling endpoint that responds after a rebuild. Debug builds only.

use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::Router;
use axum::extract::Query;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use axum::routing::get;
use std::collections::HashMap;

/// Interval between two reads of the build stamp.
const POLL_INTERVAL: Duration = Duration::from_millis(100);
/// Maximum number of reads per request (10 s in total), so that open requests do not block a shutdown.
const MAX_POLLS: u32 = 100;

/// Returns the route `GET /dev/reload?seen=<stamp>`, which responds with the build stamp as soon as it differs from `seen`.
pub fn router<S: Clone + Send + Sync + 'static>(folder: PathBuf) -> Router<S> {
    Router::new().route(
        "/dev/reload",
        get(move |Query(query): Query<HashMap<String, String>>| async move {
            let seen = query.get("seen").map_or("", String::as_str);
            ([(CACHE_CONTROL, "no-store")], wait_for_new_stamp(&folder, seen).await).into_response()
        }),
    )
}

/// Returns the stamp once it differs from `seen`, or after ten seconds.
async fn wait_for_new_stamp(folder: &Path, seen: &str) -> String {
    let mut stamp = String::new();
    for _ in 0..MAX_POLLS {
        stamp = std::fs::read_to_string(folder.join("reload")).unwrap_or_default();
        if stamp != seen {
            break;
        }
        tokio::time::sleep(POLL_INTERVAL).await;
    }
    stamp
}
