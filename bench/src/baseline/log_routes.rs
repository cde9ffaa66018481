//! Logging: requests are parsed and, optionally, stored as durably as Groundglass stores them.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;
use std::thread;

use anyhow::Result;
use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::sync::{mpsc, oneshot};

/// The response to the SDK, which parses it.
const SDK_RESPONSE: &str =
    r#"{"id":"0190f3a0-0000-7000-8000-000000000000","name":"train/loss","type":"LINE","data":[0.5]}"#;

#[derive(Deserialize)]
#[expect(dead_code, reason = "it is only parsed")]
struct SinglePointBody {
    name: String,
    data: serde_json::Value,
    r#type: String,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "it is only parsed")]
struct BatchBody {
    logs: Vec<LineBody>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "it is only parsed")]
struct LineBody {
    name: String,
    values: Vec<f64>,
}

/// A body to write, and the request that waits until it is durable.
struct PendingWrite {
    bytes: Bytes,
    durable: oneshot::Sender<()>,
}

type WriteQueue = mpsc::UnboundedSender<PendingWrite>;

/// The routes: `/parse/…` only parses the body, `/store/…` also writes it durably before it responds.
pub fn log_routes(directory: &Path) -> Result<Router> {
    let file = File::create(directory.join("logs"))?;
    let (queue, pending) = mpsc::unbounded_channel();
    thread::spawn(move || write_pending(&file, pending));
    Ok(Router::new()
        .route("/parse/single", post(async |Json(_): Json<SinglePointBody>| "{}"))
        .route("/parse/batch", post(async |Json(_): Json<BatchBody>| "{}"))
        .route("/store/single", post(store_body::<SinglePointBody>))
        .route("/store/batch", post(store_body::<BatchBody>))
        .with_state(queue))
}

/// The route to which the SDK logs. It responds immediately.
pub fn sdk_routes() -> Router {
    let response = ([("content-type", "application/json")], SDK_RESPONSE);
    Router::new().route("/api/experiment/{id}/logs", post(async move |_: Bytes| response))
}

async fn store_body<Body: DeserializeOwned>(
    State(queue): State<WriteQueue>,
    bytes: Bytes,
) -> Result<&'static str, (StatusCode, String)> {
    serde_json::from_slice::<Body>(&bytes).map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))?;
    let failed = || (StatusCode::INTERNAL_SERVER_ERROR, "the disk failed".to_owned());
    let (durable, stored) = oneshot::channel();
    queue.send(PendingWrite { bytes, durable }).map_err(|_| failed())?;
    stored.await.map_err(|_| failed())?;
    Ok("{}")
}

/// Writes all pending bodies, then syncs once for all of them (group commit).
fn write_pending(mut file: &File, mut pending: mpsc::UnboundedReceiver<PendingWrite>) -> io::Result<()> {
    while let Some(first) = pending.blocking_recv() {
        let mut group = vec![first];
        group.extend(std::iter::from_fn(|| pending.try_recv().ok()));
        group.iter().try_for_each(|write| file.write_all(&write.bytes))?;
        file.sync_data()?;
        group.into_iter().for_each(|write| {
            let _ = write.durable.send(());
        });
    }
    Ok(())
}
