//! Outages: a database, a file storage or files that are away. Requests fail with a message and work again afterwards.

use std::{
    fs, io,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use domain::{
    ids::ExperimentId,
    logs::{Data, Kind, LogName},
};
use futures_util::stream;
use serde_json::json;
use sqlx::postgres::PgConnectOptions;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use tracker::{Actor, Error, IfExists, Tracker, TrackerConfig};

use crate::{Case, cases, test_tracker::TestTracker};

pub fn cases() -> Vec<Case> {
    let mut cases = cases![outages:
        uploads_are_rejected_while_s3_is_away;
        only Sqlite:
        nothing_is_acknowledged_while_the_database_is_moved,
        nothing_is_acknowledged_without_the_write_ahead_log,
        a_read_only_database_rejects_writes
    ];
    cases.extend(cases![outages: ; only Postgres: requests_are_rejected_while_postgres_is_away]);
    cases
}

async fn log_point(tracker: &Tracker, actor: &Actor, experiment: ExperimentId) -> Result<(), Error> {
    let data = Data::from_json(Kind::Line, &json!(0.5));
    tracker.log(actor, experiment, LogName::parse("loss").unwrap(), data, IfExists::Continue).await.map(|_| ())
}

fn assert_unavailable<T: std::fmt::Debug>(result: Result<T, Error>, expected: &str) {
    assert!(
        matches!(&result, Err(Error::Unavailable { reason, .. }) if reason.contains(expected)),
        "{expected}: {result:?}"
    );
}

async fn nothing_is_acknowledged_while_the_database_is_moved(test: TestTracker) {
    let (actor, experiment) = test.owner_with_experiment().await;
    log_point(&test.tracker, &actor, experiment).await.unwrap();
    let (data, moved) = (test.dir.path().join("data"), test.dir.path().join("moved"));
    fs::rename(&data, &moved).unwrap();
    let rejected = "moved, replaced or deleted";
    assert_unavailable(log_point(&test.tracker, &actor, experiment).await, rejected);
    assert_unavailable(test.tracker.delete_experiment(&actor, experiment).await, rejected);
    assert_unavailable(test.tracker.ready().await, rejected);
    // A copy is another file.
    fs::create_dir(&data).unwrap();
    for name in ["groundglass.sqlite3", "groundglass.sqlite3-wal"] {
        fs::copy(moved.join(name), data.join(name)).unwrap();
    }
    assert_unavailable(log_point(&test.tracker, &actor, experiment).await, rejected);
    fs::remove_dir_all(&data).unwrap();
    fs::rename(&moved, &data).unwrap();
    log_point(&test.tracker, &actor, experiment).await.unwrap();
    test.tracker.ready().await.unwrap();
    assert_eq!(test.query_scalar("SELECT points FROM series").await, 2, "rejected writes were not stored");
}

async fn nothing_is_acknowledged_without_the_write_ahead_log(test: TestTracker) {
    let (actor, experiment) = test.owner_with_experiment().await;
    fs::remove_file(test.dir.path().join("data/groundglass.sqlite3-wal")).unwrap();
    assert_unavailable(log_point(&test.tracker, &actor, experiment).await, "moved, replaced or deleted");
    assert_unavailable(test.tracker.ready().await, "moved, replaced or deleted");
}

async fn a_read_only_database_rejects_writes(test: TestTracker) {
    let (actor, experiment) = test.owner_with_experiment().await;
    let file = test.dir.path().join("data/groundglass.sqlite3");
    let database_url = Some(format!("sqlite://{}?mode=ro", file.display()));
    let tracker = Tracker::open(TrackerConfig { database_url, ..test.config() }).await.unwrap();
    assert_eq!(tracker.organizations(&actor).await.unwrap().len(), 1);
    assert_unavailable(log_point(&tracker, &actor, experiment).await, "database is read-only");
    assert_unavailable(tracker.delete_experiment(&actor, experiment).await, "database is read-only");
    tracker.close().await;
}

async fn uploads_are_rejected_while_s3_is_away(test: TestTracker) {
    let (actor, experiment) = test.owner_with_experiment().await;
    // A port that was free a moment ago.
    let port = TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap().port();
    let blob_url = format!("s3://files?endpoint=http://127.0.0.1:{port}&access_key_id=key&secret_access_key=secret");
    let tracker = Tracker::open(TrackerConfig { blob_url: Some(blob_url), ..test.config() }).await.unwrap();
    let body = || stream::iter([Ok::<_, io::Error>(Bytes::from_static(b"weights"))]);
    let start = Instant::now();
    let stored = tracker.store_stream(&actor, experiment, "file", None, false, body()).await;
    assert_unavailable(stored, "file storage does not respond");
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    tracker.close().await;
}

async fn requests_are_rejected_while_postgres_is_away(test: TestTracker) {
    let (actor, experiment) = test.owner_with_experiment().await;
    let url = test.database_url.clone().unwrap();
    let options: PgConnectOptions = url.parse().unwrap();
    let database = format!("{}:{}", options.get_host(), options.get_port());
    let mut proxy = Proxy::start(&database, 0).await;
    let through_proxy = url.replace(&database, &format!("127.0.0.1:{}", proxy.port));
    assert_ne!(through_proxy, url, "the URL names host and port");
    let config = TrackerConfig { database_url: Some(through_proxy), ..test.config() };
    let tracker = Tracker::open(config).await.unwrap();
    log_point(&tracker, &actor, experiment).await.unwrap();

    let port = proxy.port;
    proxy.stop().await;
    let away = "database does not respond";
    let (logged, ready, organizations) =
        tokio::join!(log_point(&tracker, &actor, experiment), tracker.ready(), tracker.organizations(&actor),);
    assert_unavailable(logged, away);
    assert_unavailable(ready, away);
    assert_unavailable(organizations, away);

    proxy = Proxy::start(&database, port).await;
    log_point(&tracker, &actor, experiment).await.unwrap();
    tracker.ready().await.unwrap();
    tracker.close().await;
    proxy.stop().await;
}

/// Forwards connections to a server until it is stopped. Then they are closed, and new ones are refused.
struct Proxy {
    port: u16,
    tasks: JoinSet<()>,
}

impl Proxy {
    async fn start(target: &str, port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let target: Arc<str> = target.into();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((mut client, _)) = listener.accept().await {
                let target = target.clone();
                connections.spawn(async move {
                    let mut server = TcpStream::connect(&*target).await.unwrap();
                    // Ends with an error when either side closes the connection.
                    let _ = copy_bidirectional(&mut client, &mut server).await;
                });
            }
        });
        Self { port, tasks }
    }

    async fn stop(&mut self) {
        self.tasks.shutdown().await;
    }
}
