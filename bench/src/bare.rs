//! A server with nothing around what is measured: it does what has to be done with a request, knows nobody, and has no
//! database. It is the limit for any other.

mod client;
mod files;
mod keep;
mod logs;

use std::path::PathBuf;

use anyhow::Result;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;

pub use client::Bare;

const SAYS: &str = "bare at ";

/// The server; runs until it is killed. What it keeps goes to `folder`.
pub fn serve(folder: PathBuf) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let routes = Router::new().nest("/logs", logs::routes(&folder)?).merge(logs::as_api());
        let routes = routes.nest("/files", files::routes(folder)).layer(DefaultBodyLimit::disable());
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("{SAYS}{}", listener.local_addr()?);
        let listener = listener.tap_io(|stream| {
            let _ = stream.set_nodelay(true);
        });
        Ok(axum::serve(listener, routes).await?)
    })
}
