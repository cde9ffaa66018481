//! Workers that log as fast as they can, and retry when the server goes down.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use domain::ids::ExperimentId;

use crate::connection::{Connection, ConnectionLost};
use crate::seeded_random::SeededRandom;
use crate::sent_requests::{BatchLine, SentBatch, SentPoint, SentRequests};

/// The line that is logged with explicit steps, which repeat and decrease.
pub const STEPPED_LINE: &str = "stepped";
/// The number of lines that several workers log to.
const SHARED_LINES: u64 = 3;
/// The upper bound (exclusive) of the points of one line in a batch.
const MAX_POINTS: u64 = 120;
/// The next value. All workers take their values from here, so that each value is used once.
static NEXT_VALUE: AtomicU64 = AtomicU64::new(1);

#[derive(Clone, Copy)]
pub enum WorkerKind {
    /// Logs to several lines per request, with an idempotency key.
    Batches,
    /// Logs one point per request, as the SDK does.
    Points,
}

pub struct Worker {
    pub address: SocketAddr,
    pub token: String,
    pub experiment: ExperimentId,
    pub finish: Arc<AtomicBool>,
    pub random: SeededRandom,
    pub index: u64,
}

impl Worker {
    /// Logs until `finish` is set. Returns after the current request is complete.
    pub async fn run(mut self, kind: WorkerKind) -> SentRequests {
        let mut requests = SentRequests::default();
        let mut connection = self.connect().await;
        while !self.finish.load(Ordering::Relaxed) {
            match kind {
                WorkerKind::Batches => self.send_batch(&mut connection, &mut requests).await,
                WorkerKind::Points => self.send_point(&mut connection, &mut requests).await,
            }
        }
        requests
    }

    /// Sends a batch. If the response is lost, the batch is sent again under its key until it is acknowledged, or is given up.
    async fn send_batch(&mut self, connection: &mut Connection, requests: &mut SentRequests) {
        let path = format!("/api/experiment/{}/logs/batch", self.experiment);
        let (lines, body) = self.random_batch();
        let key = format!("key-{}", lines[0].first);
        let mut batch = SentBatch { lines, acknowledged: false };
        loop {
            match connection.post(&path, Some(&key), body.clone()).await {
                Ok(()) => {
                    batch.acknowledged = true;
                    // Acknowledged requests may be repeated, too.
                    if !self.random.with_probability(10) {
                        break;
                    }
                }
                Err(ConnectionLost) => {
                    requests.lost += 1;
                    *connection = self.connect().await;
                    if self.random.with_probability(25) {
                        break;
                    }
                }
            }
            requests.repeated += 1;
        }
        requests.batches.push(batch);
    }

    /// Sends a point. If the response is lost, the point is sent again or given up.
    async fn send_point(&mut self, connection: &mut Connection, requests: &mut SentRequests) {
        let path = format!("/api/experiment/{}/logs?raise_on_conflict=False", self.experiment);
        let own = self.random.with_probability(50);
        let line = if own { format!("single/{}", self.index) } else { "single/shared".to_owned() };
        let value = NEXT_VALUE.fetch_add(1, Ordering::Relaxed);
        let body = format!(r#"{{"name":"{line}","data":{value}.0,"type":"LINE"}}"#);
        let mut point = SentPoint { line, sent: 0, acknowledged: 0 };
        loop {
            point.sent += 1;
            if connection.post(&path, None, body.clone()).await.is_ok() {
                point.acknowledged += 1;
                break;
            }
            requests.lost += 1;
            *connection = self.connect().await;
            if self.random.with_probability(50) {
                break;
            }
        }
        requests.points.insert(value, point);
    }

    /// Returns the content of a batch: points for a line of this worker, for a shared line, and for the line with steps.
    fn random_batch(&mut self) -> (Vec<BatchLine>, String) {
        let names = [
            format!("own/{}", self.index),
            format!("shared/{}", self.random.in_range(0..SHARED_LINES)),
            STEPPED_LINE.to_owned(),
        ];
        let mut lines = Vec::new();
        let mut body = r#"{"logs":["#.to_owned();
        for name in names {
            let count = self.random.in_range(1..MAX_POINTS);
            let first = NEXT_VALUE.fetch_add(count, Ordering::Relaxed);
            let line = BatchLine { line: name, first, count };
            let values: Vec<_> = line.values().map(|value| value.to_string()).collect();
            let separator = if lines.is_empty() { "" } else { "," };
            write!(body, r#"{separator}{{"name":"{}","values":[{}]"#, line.line, values.join(",")).unwrap();
            if line.line == STEPPED_LINE {
                let steps: Vec<_> = line.values().map(|_| self.random.in_range(0..100_000).to_string()).collect();
                write!(body, r#","steps":[{}]"#, steps.join(",")).unwrap();
            }
            body.push('}');
            lines.push(line);
        }
        body.push_str("]}");
        (lines, body)
    }

    /// Connects as soon as the server accepts connections.
    async fn connect(&self) -> Connection {
        loop {
            if let Ok(connection) = Connection::open(self.address, &self.token).await {
                return connection;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}
