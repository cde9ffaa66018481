//! Connections that each send a request as soon as the last one was answered.

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::task::LocalSet;

use crate::connection::Connection;
use crate::latency::Latency;

/// Not measured: until everything is warm.
const WARM_UP: Duration = Duration::from_millis(500);

/// Loads a server. `make` gives the bytes of the n-th request of a connection.
pub async fn run(
    address: SocketAddr,
    connections: usize,
    lasting: Duration,
    make: impl Fn(usize, usize) -> Rc<[u8]> + 'static,
) -> Result<Latency> {
    let make = Rc::new(make);
    let all = LocalSet::new();
    let tasks: Vec<_> = (0..connections)
        .map(|index| {
            let make = make.clone();
            all.spawn_local(async move { one(address, index, lasting, &*make).await })
        })
        .collect();
    all.run_until(async {
        let mut latency = Latency::default();
        for task in tasks {
            latency.merge(task.await??);
        }
        Ok(latency)
    })
    .await
}

async fn one(
    address: SocketAddr,
    index: usize,
    lasting: Duration,
    make: &impl Fn(usize, usize) -> Rc<[u8]>,
) -> Result<Latency> {
    let mut connection = Connection::open(address).await?;
    let mut latency = Latency::default();
    let begin = Instant::now();
    let mut measured = None;
    for number in 0.. {
        let request = make(index, number);
        let sent = Instant::now();
        if sent - begin > WARM_UP + lasting {
            break;
        }
        connection.exchange(&request).await?;
        if sent - begin >= WARM_UP {
            latency.over = measured.get_or_insert(sent).elapsed();
            latency.add(sent.elapsed());
        }
    }
    Ok(latency)
}
