//! Logging and nothing else: parsing what is sent, and keeping it as durably as the program does.

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

/// What the SDK is answered, which reads it.
const ANSWER: &str = r#"{"id":"0190f3a0-0000-7000-8000-000000000000","name":"train/loss","type":"LINE","data":[0.5]}"#;

#[derive(Deserialize)]
#[expect(dead_code, reason = "it is only parsed")]
struct Single {
    name: String,
    data: serde_json::Value,
    r#type: String,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "it is only parsed")]
struct Batch {
    logs: Vec<Line>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "it is only parsed")]
struct Line {
    name: String,
    values: Vec<f64>,
}

/// Bytes that wait for the disk, and who waits for them.
struct Waiting {
    bytes: Bytes,
    durable: oneshot::Sender<()>,
}

type Writer = mpsc::UnboundedSender<Waiting>;

/// `/parse/…` parses, `/keep/…` also has it on the disk before it answers.
pub fn routes(folder: &Path) -> Result<Router> {
    let file = File::create(folder.join("logs"))?;
    let (writer, waiting) = mpsc::unbounded_channel();
    thread::spawn(move || write(&file, waiting));
    Ok(Router::new()
        .route("/parse/single", post(async |Json(_): Json<Single>| "{}"))
        .route("/parse/batch", post(async |Json(_): Json<Batch>| "{}"))
        .route("/keep/single", post(keep::<Single>))
        .route("/keep/batch", post(keep::<Batch>))
        .with_state(writer))
}

/// Where the SDK sends what it logs; it is answered at once.
pub fn as_api() -> Router {
    let answer = ([("content-type", "application/json")], ANSWER);
    Router::new().route("/api/experiment/{id}/logs", post(async move |_: Bytes| answer))
}

async fn keep<Body: DeserializeOwned>(
    State(writer): State<Writer>,
    bytes: Bytes,
) -> Result<&'static str, (StatusCode, String)> {
    serde_json::from_slice::<Body>(&bytes).map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))?;
    let failed = || (StatusCode::INTERNAL_SERVER_ERROR, "the disk failed".to_owned());
    let (durable, kept) = oneshot::channel();
    writer.send(Waiting { bytes, durable }).map_err(|_| failed())?;
    kept.await.map_err(|_| failed())?;
    Ok("{}")
}

/// Takes everything that waits, writes it, and syncs once for all of it.
fn write(mut file: &File, mut waiting: mpsc::UnboundedReceiver<Waiting>) -> io::Result<()> {
    while let Some(first) = waiting.blocking_recv() {
        let mut group = vec![first];
        group.extend(std::iter::from_fn(|| waiting.try_recv().ok()));
        group.iter().try_for_each(|one| file.write_all(&one.bytes))?;
        file.sync_data()?;
        group.into_iter().for_each(|one| {
            let _ = one.durable.send(());
        });
    }
    Ok(())
}
