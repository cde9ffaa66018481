//! The server keeps what it acknowledged when it is killed at any moment: exactly once for requests with an idempotency key,
//! at least once for others, and never a part of a request.
//!
//! The real server runs on SQLite under load from several connections. It is killed (SIGKILL) fifty times and started again;
//! then all stored points are compared with the requests that were sent and acknowledged. The moments and the load come from
//! a seed, which `GROUNDGLASS_KILL_SEED` overrides.

#![expect(clippy::unwrap_used, reason = "a panic fails the test")]

mod connection;
mod seeded_data;
mod seeded_random;
mod sent_requests;
mod verify;
mod worker;

use std::env;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use seeded_data::SeededData;
use seeded_random::SeededRandom;
use sent_requests::SentRequests;
use worker::{Worker, WorkerKind};

/// How often the server is killed.
const ROUNDS: u32 = 50;
/// How long the server runs in a round after it listens, in milliseconds.
const ROUND_MILLISECONDS: std::ops::Range<u64> = 20..900;
/// The number of workers of each kind; each has a connection of its own.
const WORKERS: [(WorkerKind, u64); 2] = [(WorkerKind::Batches, 4), (WorkerKind::Points, 4)];
/// The default seed.
const SEED: u64 = 20_261_125;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acknowledged_points_survive_kills() {
    let seed = env::var("GROUNDGLASS_KILL_SEED").ok().map_or(SEED, |seed| seed.parse().unwrap());
    println!("GROUNDGLASS_KILL_SEED={seed}");
    let mut random = SeededRandom::new(seed);
    let data = SeededData::create().await;
    let mut instance = data.config.start().unwrap();

    let finish = Arc::new(AtomicBool::new(false));
    let mut workers = Vec::new();
    for (kind, count) in WORKERS {
        for index in 0..count {
            let worker = Worker {
                address: instance.address(),
                token: data.token.clone(),
                experiment: data.experiment,
                finish: finish.clone(),
                random: random.fork(),
                index,
            };
            workers.push(tokio::spawn(worker.run(kind)));
        }
    }

    for _ in 0..ROUNDS {
        tokio::time::sleep(Duration::from_millis(random.in_range(ROUND_MILLISECONDS))).await;
        instance.restart().unwrap();
    }
    finish.store(true, Ordering::Relaxed);
    let mut requests = SentRequests::default();
    for worker in workers {
        requests.merge(worker.await.unwrap());
    }
    instance.kill().unwrap();

    println!("{requests}");
    verify::verify_stored_points(&data, &requests).await;
}
