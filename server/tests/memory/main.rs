//! The memory and the response times of the real server under large and hostile requests, as `/proc` shows them.

#![expect(clippy::unwrap_used, reason = "a panic fails the test")]

mod client;
#[path = "../kill/connection.rs"]
mod connection;
mod documents;
mod hostile_connections;
mod renderings;
mod request_data;
#[path = "../kill/seeded_data.rs"]
mod seeded_data;
mod sign_ins;

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use connection::Connection;
use domain::logs::LogName;
use request_data::{LINE_VALUES, RequestData};
use seeded_data::SeededData;
use test_instance::TestInstance;

/// Number of requests that are sent at once.
const REQUESTS: usize = 32;
/// The resident memory that the server must not exceed with them, in bytes.
const MAX_RESIDENT: u64 = 300_000_000;
/// The memory that one request must not exceed, beyond its body, in bytes.
const MAX_PER_REQUEST: u64 = 64 << 20;
/// Maximum size of a body, in bytes.
const MAX_BODY: usize = 16 << 20;

async fn log(instance: &TestInstance, data: &SeededData, body: String) -> Duration {
    let mut connection = Connection::open(instance.address(), &data.token).await.ok().unwrap();
    let start = Instant::now();
    let path = format!("/api/experiment/{}/logs?raise_on_conflict=False", data.experiment);
    connection.post(&path, None, body).await.ok().unwrap();
    start.elapsed()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_large_requests_at_once_stay_within_the_memory_limit() {
    let data = SeededData::create().await;
    let instance = data.config.start().unwrap();
    let before = instance.memory().unwrap().current;
    let kinds = [RequestData::Line, RequestData::Matrix, RequestData::DoubleMatrix];
    let bodies: Vec<String> = (0..REQUESTS).map(|index| kinds[index % 3].body(&format!("log {index}"))).collect();
    let sizes: Vec<usize> = bodies.iter().map(String::len).collect();
    let start = Instant::now();
    let slowest = futures_util::future::join_all(bodies.into_iter().map(|body| log(&instance, &data, body))).await;
    let slowest = slowest.into_iter().max().unwrap_or_default();
    let memory = instance.memory().unwrap();
    println!(
        "{REQUESTS} requests with {} MB in {:?}, the slowest in {slowest:?}: {} MB before, {} MB at most, {} MB after",
        sizes.iter().sum::<usize>() / 1_000_000,
        start.elapsed(),
        before / 1_000_000,
        memory.peak / 1_000_000,
        memory.current / 1_000_000,
    );
    assert!(memory.peak <= MAX_RESIDENT, "{memory:?}");
    instance.stop().unwrap();

    let (tracker, actor) = data.open_tracker().await;
    for index in (0..REQUESTS).step_by(3) {
        let name = LogName::parse(&format!("log {index}")).unwrap();
        let line = tracker.find_log(&actor, data.experiment, &name).await.unwrap().line.unwrap();
        assert_eq!(line.count, LINE_VALUES as u64, "{name:?}");
    }
    tracker.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_request_costs_a_multiple_of_its_body() {
    let data = SeededData::create().await;
    let mut report = String::new();
    for kind in
        [RequestData::LongestLine, RequestData::TooLongLine, RequestData::LongestPairs, RequestData::LongestTable]
    {
        let instance = data.config.start().unwrap();
        let before = instance.memory().unwrap().current;
        let body = kind.body(kind.log_type());
        assert!((MAX_BODY - 100..=MAX_BODY).contains(&body.len()), "{}", body.len());
        let limit = before + (MAX_BODY as u64) + MAX_PER_REQUEST;
        let took = log(&instance, &data, body).await;
        let memory = instance.memory().unwrap();
        let megabytes = (memory.peak - before) / 1_000_000;
        writeln!(report, "16 MiB of {kind:?} in {took:?}: {megabytes} MB").unwrap();
        instance.stop().unwrap();
        assert!(memory.peak <= limit, "{report}, {memory:?}");
    }
    println!("{report}");
}
