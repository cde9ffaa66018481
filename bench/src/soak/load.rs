//! Runs all clients at the same time and takes samples meanwhile.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use tokio::task::LocalSet;
use tokio::time::{sleep, timeout};

use super::hostile_client::HostileClient;
use super::regular_client::{RegularClient, RegularTarget};
use super::samples::{Probe, Sample, SoakOutcome};
use crate::artifacts::ArtifactsInstance;
use crate::connection::Connection;

/// How long a client waits before it gives up. Honest requests that take longer fail.
const CLIENT_TIMEOUT: Duration = Duration::from_secs(15);
/// The time between two requests of the client whose latencies are measured.
const PROBE_INTERVAL: Duration = Duration::from_millis(100);

/// What the clients have done.
#[derive(Debug, Default)]
pub struct Counters {
    /// Number of finished attempts, by the name of the client.
    pub attempts: BTreeMap<&'static str, u64>,
    /// Number of failed requests of regular clients, and the first few reasons.
    pub failed: u64,
    pub reasons: Vec<String>,
}

impl Counters {
    /// Counts an attempt and its failure.
    fn add(&mut self, name: &'static str, outcome: Result<()>) {
        *self.attempts.entry(name).or_default() += 1;
        outcome.unwrap_or_else(|error| self.add_failure(name, &error));
    }

    fn add_failure(&mut self, name: &str, error: &anyhow::Error) {
        self.failed += 1;
        if self.reasons.len() < 5 {
            self.reasons.push(format!("{name}: {error:#}").chars().take(300).collect());
        }
    }
}

/// Runs the load for a duration. Returns the samples after the warm-up, which is a tenth of the duration.
pub async fn run_soak(instance: &ArtifactsInstance, duration: Duration, interval: Duration) -> Result<SoakOutcome> {
    let target = Rc::new(RegularTarget::prepare(instance).await?);
    let counters = Rc::new(RefCell::new(Counters::default()));
    let latencies = Rc::new(RefCell::new(Vec::new()));
    let local = LocalSet::new();
    for client in RegularClient::ALL {
        let (target, counters) = (target.clone(), counters.clone());
        local.spawn_local(async move {
            for number in 0.. {
                let outcome = timeout(CLIENT_TIMEOUT, client.run(&target, number)).await;
                let outcome = outcome.context("no response").and_then(|outcome| outcome);
                counters.borrow_mut().add(client.name(), outcome);
                sleep(client.pause()).await;
            }
        });
    }
    for client in HostileClient::ALL {
        for index in 0..client.count() {
            let (target, counters) = (target.clone(), counters.clone());
            local.spawn_local(async move {
                for number in 0.. {
                    // The server may close the connection at any time.
                    let _ = timeout(CLIENT_TIMEOUT, client.run(&target, index, number)).await;
                    *counters.borrow_mut().attempts.entry(client.name()).or_default() += 1;
                    sleep(client.pause()).await;
                }
            });
        }
    }
    local.spawn_local(measure_latencies(target.clone(), latencies.clone(), counters.clone()));
    local.run_until(take_samples(instance, duration, interval, &latencies, counters.clone())).await
}

/// Sends the requests of an honest user one after the other, each on a connection of its own, and measures them.
async fn measure_latencies(
    target: Rc<RegularTarget>,
    latencies: Rc<RefCell<Vec<(Probe, Duration)>>>,
    counters: Rc<RefCell<Counters>>,
) {
    for probe in Probe::ALL.into_iter().cycle() {
        let request = target.probe_request(probe);
        let start = Instant::now();
        let exchange = async { Connection::open(target.address).await?.exchange(&request).await };
        let outcome = timeout(CLIENT_TIMEOUT, exchange).await.context("no response").and_then(|outcome| outcome);
        latencies.borrow_mut().push((probe, start.elapsed()));
        if let Err(error) = outcome {
            counters.borrow_mut().add_failure(probe.name(), &error);
        }
        sleep(PROBE_INTERVAL).await;
    }
}

async fn take_samples(
    instance: &ArtifactsInstance,
    duration: Duration,
    interval: Duration,
    latencies: &RefCell<Vec<(Probe, Duration)>>,
    counters: Rc<RefCell<Counters>>,
) -> Result<SoakOutcome> {
    let before = instance.server.memory()?.current;
    let start = Instant::now();
    let mut samples = Vec::new();
    while start.elapsed() < duration {
        sleep(interval.min(duration.saturating_sub(start.elapsed()))).await;
        let sample = Sample {
            at: start.elapsed(),
            memory: instance.server.memory()?.current,
            files: fs::read_dir(format!("/proc/{}/fd", instance.server.pid()))?.count(),
            latencies: latencies.take(),
        };
        println!("{sample}");
        samples.push(sample);
    }
    samples.retain(|sample| sample.at > duration / 10);
    let counters = counters.take();
    Ok(SoakOutcome { before, peak: instance.server.memory()?.peak, samples, counters, duration })
}
