//! Files and nothing else: what it takes is counted and forgotten, or hashed and written; what it gives lies in memory, or
//! in the files that it kept.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{self, PathBuf};

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, put};
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use http::HeaderValue;
use http::header::CONTENT_LENGTH;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::keep::keep;

/// What is given at once; the program reads as much from the disk.
const PIECE: usize = 512 << 10;

/// All of it.
pub fn routes(folder: PathBuf) -> Router {
    Router::new()
        .route("/take", put(take))
        .route("/keep/{from}", put(keep))
        .route("/give/{size}", get(give))
        .route("/read/{size}/{part}", get(read))
        .with_state(folder)
}

async fn take(body: Body) -> String {
    let mut body = body.into_data_stream();
    let mut size = 0;
    while let Some(Ok(chunk)) = body.next().await {
        size += chunk.len();
    }
    size.to_string()
}

async fn give(Path(size): Path<usize>) -> Response {
    let whole = Bytes::from(vec![7; PIECE]);
    let pieces = (0..size).step_by(PIECE).map(move |from| Ok(whole.slice(..PIECE.min(size - from))));
    answer(size, stream::iter(pieces))
}

/// A thread reads one piece ahead of what is sent.
async fn read(State(folder): State<PathBuf>, Path((size, part)): Path<(usize, usize)>) -> Response {
    let (sender, receiver) = mpsc::channel(1);
    spawn_blocking(move || {
        for from in (0..size).step_by(part) {
            if let Err(error) = read_one(&folder.join(from.to_string()), &sender) {
                let _ = sender.blocking_send(Err(error));
            }
        }
    });
    answer(size, stream::unfold(receiver, async |mut receiver| Some((receiver.recv().await?, receiver))))
}

fn read_one(name: &path::Path, sender: &mpsc::Sender<io::Result<Bytes>>) -> io::Result<()> {
    let mut file = File::open(name)?;
    loop {
        let mut piece = Vec::with_capacity(PIECE);
        file.by_ref().take(PIECE as u64).read_to_end(&mut piece)?;
        if piece.is_empty() {
            return Ok(());
        }
        sender.blocking_send(Ok(piece.into())).map_err(io::Error::other)?;
    }
}

fn answer(size: usize, pieces: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Response {
    let mut response = Response::new(Body::from_stream(pieces));
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(size));
    response
}
