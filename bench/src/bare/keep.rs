//! Taking, hashing and writing at once, and nothing else: what any server has to do that keeps files as ours does.

use std::fs::File;
use std::hint::black_box;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use bytes::Bytes;
use futures_util::StreamExt as _;
use http::StatusCode;
use sha2::{Digest as _, Sha256};
use tokio::task::{JoinHandle, spawn_blocking};

/// What is gathered before it is written.
const GATHER: usize = 1 << 20;

/// Answers how many bytes are durable.
pub async fn keep(
    State(folder): State<PathBuf>,
    Path(from): Path<usize>,
    body: Body,
) -> Result<String, (StatusCode, String)> {
    let kept = write(folder, &from.to_string(), body).await;
    kept.map(|size| size.to_string()).map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))
}

async fn write(folder: PathBuf, name: &str, body: Body) -> io::Result<usize> {
    let file = Arc::new(File::create(folder.join(name))?);
    let mut body = body.into_data_stream();
    let mut hash = Sha256::new();
    let (mut size, mut gathered, mut waiting) = (0, Vec::new(), 0);
    let mut writing: Option<JoinHandle<io::Result<()>>> = None;
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(io::Error::other)?;
        hash.update(&chunk);
        (size, waiting) = (size + chunk.len(), waiting + chunk.len());
        gathered.push(chunk);
        if waiting >= GATHER {
            if let Some(writing) = writing.take() {
                writing.await??;
            }
            let (file, chunks) = (file.clone(), std::mem::take(&mut gathered));
            writing = Some(spawn_blocking(move || write_all(&file, &chunks)));
            waiting = 0;
        }
    }
    if let Some(writing) = writing {
        writing.await??;
    }
    black_box(hash.finalize());
    spawn_blocking(move || {
        write_all(&file, &gathered)?;
        file.sync_all()?;
        File::open(folder)?.sync_all()
    })
    .await??;
    Ok(size)
}

fn write_all(mut file: &File, chunks: &[Bytes]) -> io::Result<()> {
    chunks.iter().try_for_each(|chunk| file.write_all(chunk))
}
