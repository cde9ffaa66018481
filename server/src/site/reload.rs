//! The page's side of `cargo xtask dev`: an answer that waits until the site has been built anew. Debug builds only.

use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::Router;
use axum::extract::Query;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use axum::routing::get;
use std::collections::HashMap;

/// How often the stamp is looked at.
const GLANCE: Duration = Duration::from_millis(100);
/// How many glances one answer waits for at most, so that the server can also end.
const GLANCES: u32 = 100;

/// The route `GET /dev/reload?seen=<stamp>`: answers with the stamp as soon as it is another than the one seen.
pub fn router<S: Clone + Send + Sync + 'static>(folder: PathBuf) -> Router<S> {
    Router::new().route(
        "/dev/reload",
        get(move |Query(query): Query<HashMap<String, String>>| async move {
            let seen = query.get("seen").map_or("", String::as_str);
            ([(CACHE_CONTROL, "no-store")], another(&folder, seen).await).into_response()
        }),
    )
}

/// The stamp, when it is another than the one seen or after ten seconds.
async fn another(folder: &Path, seen: &str) -> String {
    let mut stamp = String::new();
    for _ in 0..GLANCES {
        stamp = std::fs::read_to_string(folder.join("reload")).unwrap_or_default();
        if stamp != seen {
            break;
        }
        tokio::time::sleep(GLANCE).await;
    }
    stamp
}
