//! What the machine does at best: parsing and nothing else over loopback, and commits that are on the disk.

use std::fs::File;
use std::io::Write as _;
use std::process::Command;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::Result;
use axum::extract::DefaultBodyLimit;
use axum::routing::post;
use axum::serve::ListenerExt as _;
use axum::{Json, Router};
use serde::Deserialize;
use tokio::net::TcpListener;

use crate::connection::request;
use crate::latency::Latency;
use crate::load;
use crate::program::Program;
use crate::report::{Quantity, Report};
use crate::values::{Loss, batch};

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

/// The server that parses what it is sent; runs until it is killed.
pub fn parse_only() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let routes = Router::new()
            .route("/single", post(async |Json(_): Json<Single>| "{}"))
            .route("/batch", post(async |Json(_): Json<Batch>| "{}"))
            .layer(DefaultBodyLimit::disable());
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("parsing at {}", listener.local_addr()?);
        let listener = listener.tap_io(|stream| {
            let _ = stream.set_nodelay(true);
        });
        Ok(axum::serve(listener, routes).await?)
    })
}

/// Measures both.
pub async fn measure(report: &mut Report, lasting: Duration) -> Result<()> {
    let server = Program::spawn(Command::new(std::env::current_exe()?).arg("parse-only"), "parsing at ")?;
    let bare = |path: &str, body: &str| -> Rc<[u8]> { request("POST", path, &[], body).into() };

    let single = bare("/single", r#"{"name":"train/loss","data":0.693147,"type":"LINE"}"#);
    for (quantity, connections) in [(Quantity::Singles, 32), (Quantity::Alone, 1)] {
        let request = single.clone();
        let mut latency = load::run(server.address, connections, lasting, move |_, _| request.clone()).await?;
        report.limit(quantity, "bare JSON parse", &crate::report::requests(&mut latency));
    }
    for (quantity, lines) in [(Quantity::OneLine, 1), (Quantity::TwentyLines, 20)] {
        let request = bare("/batch", &batch(&mut Loss::new(), lines, 1_000 / lines));
        let latency = load::run(server.address, 4, lasting, move |_, _| request.clone()).await?;
        report.limit(quantity, "bare JSON parse", &crate::report::points(&latency));
    }
    let mut commits = commits(Duration::from_secs(2))?;
    report.limit(Quantity::Commits, "4 KiB appended, fdatasync", &crate::report::requests(&mut commits));
    Ok(())
}

/// One writer that appends a page and waits until the disk has it, again and again.
fn commits(lasting: Duration) -> Result<Latency> {
    let mut file: File = tempfile::tempfile_in(std::env::current_dir()?)?;
    let mut latency = Latency::default();
    let begin = Instant::now();
    while begin.elapsed() < lasting {
        let one = Instant::now();
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        latency.add(one.elapsed());
    }
    latency.over = begin.elapsed();
    Ok(latency)
}
