//! Files that are slow to render.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use domain::Description;
use domain::people::Email;
use futures_util::stream;
use test_instance::TestInstance;
use tracker::{Actor, ExperimentEdit, Tracker};

use crate::client::{get, slowest_health_check};
use crate::seeded_data::SeededData;

/// Number of previews that are requested at once.
const PREVIEWS: usize = 24;
/// Time in which a server must stop: its grace, and a second to start and to end.
const MAX_STOP: Duration = Duration::from_secs(18);

/// Stores hostile Markdown, each with a different content, and returns the addresses of the previews.
async fn store_hostile_files(tracker: &Tracker, actor: &Actor, data: &SeededData) -> Vec<String> {
    let mut previews = Vec::new();
    for number in 0..PREVIEWS {
        let text = match number % 3 {
            0 => ">".repeat(60_000),
            1 => format!("{}a\n{}", "- ".repeat(20_000), "b\n".repeat(20_000)),
            _ => format!("{}\n{}\n{}", "|a".repeat(20_000), "|-".repeat(20_000), "a\n".repeat(20_000)),
        };
        let body = stream::iter([Ok(format!("{number}\n\n{text}").into())]);
        let name = format!("{number}.md");
        let artifact = tracker.store_stream(actor, data.experiment, &name, None, false, body).await.unwrap();
        previews
            .push(format!("/fn/artifacts/panel?experiment={}&what=preview&artifacts={}", data.experiment, artifact.id));
    }
    previews
}

async fn start_with_previews() -> (SeededData, TestInstance, Vec<String>, String) {
    let data = SeededData::create().await;
    let (tracker, actor) = data.open_tracker().await;
    let previews = store_hostile_files(&tracker, &actor, &data).await;
    let description = Description::parse(&"word *word*\n\n".repeat(1_000)).unwrap();
    let edit = ExperimentEdit { description: Some(description), ..ExperimentEdit::default() };
    tracker.edit_experiment(&actor, data.experiment, &edit).await.unwrap();
    let email = Email::parse("owner@example.org").unwrap();
    let session = tracker.sign_in(&email, "tripod-lens-17", IpAddr::from([127, 0, 0, 1])).await.unwrap();
    let cookie = format!("Cookie: groundglass_session={}\r\n", session.reveal());
    tracker.close().await;
    let instance = data.config.start().unwrap();
    (data, instance, previews, cookie)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_previews_delay_neither_other_requests_nor_the_end_of_the_process() {
    let (data, instance, previews, cookie) = start_with_previews().await;
    let address = instance.address();
    let before = instance.memory().unwrap().current;
    let start = Instant::now();
    let requests: Vec<_> = previews
        .into_iter()
        .map(|path| {
            let cookie = cookie.clone();
            tokio::spawn(async move { get(address, &path, &cookie).await.status })
        })
        .collect();
    let first = get(address, &format!("/fn/experiment?id={}", data.experiment), &cookie).await;
    assert_eq!(first.status, 200, "{}", String::from_utf8_lossy(&first.body));
    assert!(String::from_utf8_lossy(&first.body).contains("<em>word</em>"));
    let is_rendering = || !requests.iter().all(tokio::task::JoinHandle::is_finished);
    let slowest = slowest_health_check(address, || start.elapsed() > Duration::from_secs(3) || !is_rendering()).await;
    let memory = instance.memory().unwrap();
    println!(
        "{PREVIEWS} hostile previews: /healthz in at most {slowest:?}, a page in {:?}, {} MB more, all after {:?}: {}",
        first.took,
        (memory.peak - before) / 1_000_000,
        start.elapsed(),
        !is_rendering(),
    );
    assert!(slowest < Duration::from_secs(1), "{slowest:?}");
    assert!(first.took < Duration::from_secs(2), "{:?}", first.took);
    let stopping = Instant::now();
    tokio::task::spawn_blocking(move || instance.stop()).await.unwrap().unwrap();
    println!("stopped in {:?}", stopping.elapsed());
    assert!(stopping.elapsed() < MAX_STOP, "{:?}", stopping.elapsed());
    for request in requests {
        // Rendered, too busy, or aborted at the end.
        let status = request.await.unwrap();
        assert!([200, 429, 0].contains(&status), "{status}");
    }
}
