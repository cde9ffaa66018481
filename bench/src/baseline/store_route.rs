//! Receives, hashes and writes a part at the same time: the least work of a server that stores files as Groundglass does.

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

/// How many bytes are collected before they are written.
const WRITE_SIZE: usize = 1 << 20;

/// Stores a part durably and responds with its size in bytes.
pub async fn store_part(
    State(directory): State<PathBuf>,
    Path(offset): Path<usize>,
    body: Body,
) -> Result<String, (StatusCode, String)> {
    let stored = write_durably(directory, &offset.to_string(), body).await;
    stored.map(|size| size.to_string()).map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))
}

async fn write_durably(directory: PathBuf, name: &str, body: Body) -> io::Result<usize> {
    let file = Arc::new(File::create(directory.join(name))?);
    let mut body = body.into_data_stream();
    let mut hash = Sha256::new();
    let (mut size, mut chunks, mut pending) = (0, Vec::new(), 0);
    let mut writing: Option<JoinHandle<io::Result<()>>> = None;
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(io::Error::other)?;
        hash.update(&chunk);
        (size, pending) = (size + chunk.len(), pending + chunk.len());
        chunks.push(chunk);
        if pending >= WRITE_SIZE {
            if let Some(writing) = writing.take() {
                writing.await??;
            }
            let (file, chunks) = (file.clone(), std::mem::take(&mut chunks));
            writing = Some(spawn_blocking(move || write_chunks(&file, &chunks)));
            pending = 0;
        }
    }
    if let Some(writing) = writing {
        writing.await??;
    }
    black_box(hash.finalize());
    spawn_blocking(move || {
        write_chunks(&file, &chunks)?;
        file.sync_all()?;
        File::open(directory)?.sync_all()
    })
    .await??;
    Ok(size)
}

fn write_chunks(mut file: &File, chunks: &[Bytes]) -> io::Result<()> {
    chunks.iter().try_for_each(|chunk| file.write_all(chunk))
}
