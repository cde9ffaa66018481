//! File transfers: uploads are discarded, or hashed and written; downloads come from memory, or from stored files.

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

use super::store_route::store_part;

/// How many bytes are sent at once; Groundglass reads pieces of the same size from the disk.
const PIECE_SIZE: usize = 512 << 10;

/// The routes. Stored files are in `directory`.
pub fn file_routes(directory: PathBuf) -> Router {
    Router::new()
        .route("/discard", put(discard_body))
        .route("/store/{offset}", put(store_part))
        .route("/generate/{size}", get(generate_bytes))
        .route("/read/{size}/{part_size}", get(read_stored))
        .with_state(directory)
}

async fn discard_body(body: Body) -> String {
    let mut body = body.into_data_stream();
    let mut size = 0;
    while let Some(Ok(chunk)) = body.next().await {
        size += chunk.len();
    }
    size.to_string()
}

async fn generate_bytes(Path(size): Path<usize>) -> Response {
    let piece = Bytes::from(vec![7; PIECE_SIZE]);
    let pieces = (0..size).step_by(PIECE_SIZE).map(move |offset| Ok(piece.slice(..PIECE_SIZE.min(size - offset))));
    stream_response(size, stream::iter(pieces))
}

/// Streams a stored file. A thread reads one piece ahead of the piece that is sent.
async fn read_stored(State(directory): State<PathBuf>, Path((size, part_size)): Path<(usize, usize)>) -> Response {
    let (sender, receiver) = mpsc::channel(1);
    spawn_blocking(move || {
        for offset in (0..size).step_by(part_size) {
            if let Err(error) = send_part(&directory.join(offset.to_string()), &sender) {
                let _ = sender.blocking_send(Err(error));
            }
        }
    });
    stream_response(size, stream::unfold(receiver, async |mut receiver| Some((receiver.recv().await?, receiver))))
}

fn send_part(path: &path::Path, sender: &mpsc::Sender<io::Result<Bytes>>) -> io::Result<()> {
    let mut file = File::open(path)?;
    loop {
        let mut piece = Vec::with_capacity(PIECE_SIZE);
        file.by_ref().take(PIECE_SIZE as u64).read_to_end(&mut piece)?;
        if piece.is_empty() {
            return Ok(());
        }
        sender.blocking_send(Ok(piece.into())).map_err(io::Error::other)?;
    }
}

fn stream_response(size: usize, pieces: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Response {
    let mut response = Response::new(Body::from_stream(pieces));
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(size));
    response
}
