//! A server with nothing around what is measured: what it takes is counted and forgotten, or hashed and written; what it
//! gives lies in memory.

mod client;
mod keep;

use std::convert::Infallible;
use std::path::PathBuf;

use anyhow::Result;
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Path};
use axum::response::Response;
use axum::routing::{get, put};
use axum::serve::ListenerExt as _;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::HeaderValue;
use http::header::CONTENT_LENGTH;
use tokio::net::TcpListener;

pub use client::Bare;
use keep::keep;

/// What is given at once; the program reads as much from the disk.
const PIECE: usize = 512 << 10;
const SAYS: &str = "bare files at ";

/// The server; runs until it is killed. What it keeps goes to `folder`.
pub fn bare_files(folder: PathBuf) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let routes = Router::new()
            .route("/up", put(take))
            .route("/keep/{name}", put(keep))
            .route("/down/{size}", get(give))
            .layer(DefaultBodyLimit::disable())
            .with_state(folder);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("{SAYS}{}", listener.local_addr()?);
        let listener = listener.tap_io(|stream| {
            let _ = stream.set_nodelay(true);
        });
        Ok(axum::serve(listener, routes).await?)
    })
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
    let piece = Bytes::from(vec![7; PIECE]);
    let pieces = (0..size / PIECE).map(move |_| Ok::<_, Infallible>(piece.clone()));
    let mut response = Response::new(Body::from_stream(stream::iter(pieces)));
    let length = size / PIECE * PIECE;
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    response
}
