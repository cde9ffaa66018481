//! A server with nothing behind it: what it takes is counted and forgotten, what it gives lies in memory.

use std::convert::Infallible;
use std::process::Command;

use anyhow::{Result, ensure};
use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, put};
use axum::serve::ListenerExt as _;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::HeaderValue;
use http::header::CONTENT_LENGTH;
use tokio::net::TcpListener;

use super::noise::File;
use crate::connection::{Connection, head, request};
use crate::program::Program;

/// What is given at once; the program reads as much from the disk.
const PIECE: usize = 512 << 10;
const SAYS: &str = "bare files at ";

/// The server; runs until it is killed.
pub fn bare_files() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let routes = Router::new().route("/up", put(take)).route("/down/{size}", get(give));
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

/// A running one.
#[derive(Debug)]
pub struct Bare(Program);

impl Bare {
    /// Starts this program once more.
    pub fn start() -> Result<Self> {
        Ok(Self(Program::spawn(Command::new(std::env::current_exe()?).arg("bare-files"), SAYS)?))
    }

    /// Sends a file as one body.
    pub async fn up(&self, file: &File) -> Result<()> {
        let mut connection = Connection::open(self.0.address).await?;
        connection.send(&head("PUT", "/up", &[], file.size())).await?;
        for piece in file.pieces(0..file.size()) {
            connection.send(piece).await?;
        }
        let answer = connection.answer().await?;
        ensure!(answer.body == file.size().to_string().as_bytes(), "the bare server lost bytes");
        Ok(())
    }

    /// Fetches so many bytes.
    pub async fn down(&self, size: usize) -> Result<()> {
        let mut connection = Connection::open(self.0.address).await?;
        connection.send(&request("GET", &format!("/down/{size}"), &[], "")).await?;
        ensure!(connection.drain().await? == size, "the bare server lost bytes");
        Ok(())
    }
}
