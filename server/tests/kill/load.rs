//! Scripts that log as fast as they can, and what they do when the program goes away.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use domain::ids::ExperimentId;

use crate::connection::{Connection, Lost};
use crate::ledger::{Batch, Ledger, Piece, Single};
use crate::random::Random;

/// The line whose steps the scripts give; they repeat and go back.
pub const STEPPED: &str = "stepped";
/// The lines that several scripts feed at once.
const SHARED: u64 = 3;
/// The most points of one line in a batch.
const MOST: u64 = 120;
/// Values are taken from here, so that each is there once.
static NEXT: AtomicU64 = AtomicU64::new(1);

#[derive(Clone, Copy)]
pub enum Worker {
    /// Logs to many lines at once, each request under a key.
    Batches,
    /// Logs one point a request, as the SDK does.
    Points,
}

pub struct Load {
    pub address: SocketAddr,
    pub token: String,
    pub experiment: ExperimentId,
    pub finish: Arc<AtomicBool>,
    pub random: Random,
    pub index: u64,
}

impl Load {
    /// Logs until told to finish; what is under way then is brought to its end.
    pub async fn run(mut self, worker: Worker) -> Ledger {
        let mut ledger = Ledger::default();
        let mut connection = self.connect().await;
        while !self.finish.load(Ordering::Relaxed) {
            match worker {
                Worker::Batches => self.batch(&mut connection, &mut ledger).await,
                Worker::Points => self.point(&mut connection, &mut ledger).await,
            }
        }
        ledger
    }

    /// One batch. When its answer is lost it is sent again under its key until it is acknowledged, or given up.
    async fn batch(&mut self, connection: &mut Connection, ledger: &mut Ledger) {
        let path = format!("/api/experiment/{}/logs/batch", self.experiment);
        let (pieces, body) = self.draw();
        let key = format!("key-{}", pieces[0].first);
        let mut batch = Batch { pieces, acknowledged: false };
        loop {
            match connection.post(&path, Some(&key), body.clone()).await {
                Ok(()) => {
                    batch.acknowledged = true;
                    // Also a request that was answered may come once more.
                    if !self.random.percent(10) {
                        break;
                    }
                }
                Err(Lost) => {
                    ledger.lost += 1;
                    *connection = self.connect().await;
                    if self.random.percent(25) {
                        break;
                    }
                }
            }
            ledger.repeated += 1;
        }
        ledger.batches.push(batch);
    }

    /// One point. When its answer is lost it is sent again, or given up.
    async fn point(&mut self, connection: &mut Connection, ledger: &mut Ledger) {
        let path = format!("/api/experiment/{}/logs?raise_on_conflict=False", self.experiment);
        let line = if self.random.percent(50) { format!("single/{}", self.index) } else { "single/shared".to_owned() };
        let value = NEXT.fetch_add(1, Ordering::Relaxed);
        let body = format!(r#"{{"name":"{line}","data":{value}.0,"type":"LINE"}}"#);
        let mut single = Single { line, sent: 0, acknowledged: 0 };
        loop {
            single.sent += 1;
            if connection.post(&path, None, body.clone()).await.is_ok() {
                single.acknowledged += 1;
                break;
            }
            ledger.lost += 1;
            *connection = self.connect().await;
            if self.random.percent(50) {
                break;
            }
        }
        ledger.singles.insert(value, single);
    }

    /// The content of a batch: to a line of one's own, to one that others feed too, and to one with steps.
    fn draw(&mut self) -> (Vec<Piece>, String) {
        let lines =
            [format!("own/{}", self.index), format!("shared/{}", self.random.within(0..SHARED)), STEPPED.to_owned()];
        let mut pieces = Vec::new();
        let mut body = r#"{"logs":["#.to_owned();
        for line in lines {
            let count = self.random.within(1..MOST);
            let first = NEXT.fetch_add(count, Ordering::Relaxed);
            let piece = Piece { line, first, count };
            let values: Vec<_> = piece.values().map(|value| value.to_string()).collect();
            let separator = if pieces.is_empty() { "" } else { "," };
            write!(body, r#"{separator}{{"name":"{}","values":[{}]"#, piece.line, values.join(",")).unwrap();
            if piece.line == STEPPED {
                let steps: Vec<_> = piece.values().map(|_| self.random.within(0..100_000).to_string()).collect();
                write!(body, r#","steps":[{}]"#, steps.join(",")).unwrap();
            }
            body.push('}');
            pieces.push(piece);
        }
        body.push_str("]}");
        (pieces, body)
    }

    /// Waits until the program takes connections again.
    async fn connect(&self) -> Connection {
        loop {
            if let Ok(connection) = Connection::open(self.address, &self.token).await {
                return connection;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}
