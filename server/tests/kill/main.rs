//! Killed at any moment, the program keeps what it acknowledged: once, where the caller can say what is the same request,
//! at least once, where it cannot, and no request by half.
//!
//! The real program runs on SQLite under load from several connections. Fifty times it is killed as a power cut would
//! (SIGKILL) and started again; then all points are read and held against what was sent and what was acknowledged. The
//! moments and the load come from a seed, which `GROUNDGLASS_KILL_SEED` replaces.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod connection;
mod house;
mod ledger;
mod load;
mod program;
mod random;
mod verdict;

use std::env;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use house::House;
use ledger::Ledger;
use load::{Load, Worker};
use program::Program;
use random::Random;

/// How often the program is killed.
const ROUNDS: u32 = 50;
/// How long it lives in a round, in milliseconds after it is ready.
const LIFE: std::ops::Range<u64> = 20..900;
/// Connections that log batches, and those that log single points.
const WORKERS: [(Worker, u64); 2] = [(Worker::Batches, 4), (Worker::Points, 4)];
/// Unless the environment names another.
const SEED: u64 = 20_261_125;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_being_killed() {
    let seed = env::var("GROUNDGLASS_KILL_SEED").ok().map_or(SEED, |seed| seed.parse().unwrap());
    println!("GROUNDGLASS_KILL_SEED={seed}");
    let mut random = Random::new(seed);
    let house = House::build().await;
    let mut program = Program::start(house.data_dir(), None);

    let finish = Arc::new(AtomicBool::new(false));
    let mut workers = Vec::new();
    for (kind, number) in WORKERS {
        for index in 0..number {
            let load = Load {
                address: program.address,
                token: house.token.clone(),
                experiment: house.experiment,
                finish: finish.clone(),
                random: random.fork(),
                index,
            };
            workers.push(tokio::spawn(load.run(kind)));
        }
    }

    for _ in 0..ROUNDS {
        tokio::time::sleep(Duration::from_millis(random.within(LIFE))).await;
        program.kill();
        program = Program::start(house.data_dir(), Some(program.address));
    }
    finish.store(true, Ordering::Relaxed);
    let mut ledger = Ledger::default();
    for worker in workers {
        ledger.merge(worker.await.unwrap());
    }
    program.kill();

    println!("{ledger}");
    verdict::pronounce(&house, &ledger).await;
}
