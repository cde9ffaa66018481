//! The baseline server: it does only the unavoidable work of a request, without authentication and without a database. Its
//! speed is the limit for any other server.

mod client;
mod file_routes;
mod log_routes;
mod store_route;

use std::path::PathBuf;

use anyhow::Result;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;

pub use client::BaselineServer;

/// The prefix of the line that announces the address.
const ANNOUNCEMENT: &str = "baseline server at ";

/// Runs the server until it is killed. It stores data in `directory`.
pub fn serve_baseline(directory: PathBuf) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let routes = Router::new().nest("/logs", log_routes::log_routes(&directory)?).merge(log_routes::sdk_routes());
        let routes = routes.nest("/files", file_routes::file_routes(directory)).layer(DefaultBodyLimit::disable());
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("{ANNOUNCEMENT}{}", listener.local_addr()?);
        let listener = listener.tap_io(|stream| {
            let _ = stream.set_nodelay(true);
        });
        Ok(axum::serve(listener, routes).await?)
    })
}
