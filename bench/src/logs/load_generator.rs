//! Closed-loop load: each connection sends its next request when the previous one has been answered.

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::task::LocalSet;

use crate::connection::Connection;
use crate::latency::Latencies;

/// How long requests are sent before they are measured.
const WARM_UP: Duration = Duration::from_millis(500);

/// Sends requests to a server for a duration. `make_request(connection, number)` returns the bytes of a request.
pub async fn run_load(
    address: SocketAddr,
    connections: usize,
    duration: Duration,
    make_request: impl Fn(usize, usize) -> Rc<[u8]> + 'static,
) -> Result<Latencies> {
    let make_request = Rc::new(make_request);
    let local = LocalSet::new();
    let tasks: Vec<_> = (0..connections)
        .map(|index| {
            let make_request = make_request.clone();
            local.spawn_local(async move { run_connection(address, index, duration, &*make_request).await })
        })
        .collect();
    local
        .run_until(async {
            let mut latencies = Latencies::default();
            for task in tasks {
                latencies.merge(task.await??);
            }
            Ok(latencies)
        })
        .await
}

async fn run_connection(
    address: SocketAddr,
    index: usize,
    duration: Duration,
    make_request: &impl Fn(usize, usize) -> Rc<[u8]>,
) -> Result<Latencies> {
    let mut connection = Connection::open(address).await?;
    let mut latencies = Latencies::default();
    let start = Instant::now();
    let mut measured_since = None;
    for number in 0.. {
        let request = make_request(index, number);
        let sent = Instant::now();
        if sent - start > WARM_UP + duration {
            break;
        }
        connection.exchange(&request).await?;
        if sent - start >= WARM_UP {
            latencies.duration = measured_since.get_or_insert(sent).elapsed();
            latencies.add(sent.elapsed());
        }
    }
    Ok(latencies)
}
