//! Large documents in answers: lists of the API, and pages.

use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::time::Instant;

use domain::people::Email;
use futures_util::future::join_all;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use tokio::io::AsyncReadExt as _;
use uuid::Uuid;

use crate::client::{get, send};
use crate::seeded_data::SeededData;

/// Number of documents that are too large for a dashboard.
const LARGE: usize = 40;
const LARGE_BYTES: usize = 860_000;
/// Number of documents of the largest size that a dashboard contains.
const MEDIUM: usize = 300;
const MEDIUM_BYTES: usize = 16_300;
/// Number of readers at once, and of others that read nothing.
const READERS: usize = 3;
/// Memory that they may take together, in bytes, including the caches of the database.
const MAX_MEMORY: u64 = 200_000_000;

/// Inserts logs with a document each directly into the database.
async fn insert_documents(data_dir: &Path, experiment: Uuid) -> Uuid {
    let options = SqliteConnectOptions::new().filename(data_dir.join("groundglass.sqlite3"));
    let pool = SqlitePool::connect_with(options).await.unwrap();
    let mut transaction = pool.begin().await.unwrap();
    let large = format!("[\"{}\"]", "x".repeat(LARGE_BYTES));
    let medium = format!("[{}1]", "[1,1,1,1,1,1,1,1,1,1],".repeat(MEDIUM_BYTES / 22));
    let mut last = Uuid::nil();
    for number in 0..LARGE + MEDIUM {
        let document = if number < MEDIUM { &medium } else { &large };
        last = Uuid::now_v7();
        let insert = "INSERT INTO logs (id, experiment_id, name, kind, revision, document, created_at, updated_at)
                      VALUES ($1, $2, $3, 'EVALUATION', 1, $4, $5, $5)";
        let insert = sqlx::query(insert).bind(last).bind(experiment).bind(number.to_string());
        insert.bind(document).bind(i64::try_from(number).unwrap()).execute(&mut *transaction).await.unwrap();
    }
    transaction.commit().await.unwrap();
    pool.close().await;
    last
}

/// Reads a response to its end without keeping it, and returns its size.
async fn read_size(address: SocketAddr, path: &str, headers: &str) -> usize {
    let mut stream = send(address, "GET", path, headers, "").await;
    let (mut size, mut buffer) = (0, vec![0; 64 * 1024]);
    loop {
        match stream.read(&mut buffer).await.unwrap() {
            0 => return size,
            read => size += read,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_with_large_documents_take_little_memory() {
    let data = SeededData::create().await;
    let experiment = data.experiment;
    let log = insert_documents(data.config.data_dir(), experiment.0).await;
    let (tracker, _) = data.open_tracker().await;
    let email = Email::parse("owner@example.org").unwrap();
    let session = tracker.sign_in(&email, "tripod-lens-17", IpAddr::from([127, 0, 0, 1])).await.unwrap();
    tracker.close().await;
    let token = format!("Authorization: Bearer {}\r\n", data.token);
    let cookie = format!("Cookie: groundglass_session={}\r\n", session.reveal());
    for (path, headers, min_size) in [
        (format!("/api/experiment/{experiment}/logs/extended?limit=1000"), &token, LARGE * LARGE_BYTES),
        (format!("/experiment/{experiment}/logs"), &cookie, 1 << 20),
        (format!("/fn/log/export?id={log}&format=json"), &cookie, LARGE_BYTES),
    ] {
        let instance = data.config.start().unwrap();
        let address = instance.address();
        assert_eq!(get(address, "/account", &cookie).await.status, 200);
        let before = instance.memory().unwrap().current;
        let start = Instant::now();
        // Readers that read nothing make the server hold what it has prepared for them.
        let slow = join_all((0..READERS).map(|_| send(address, "GET", &path, headers, ""))).await;
        let sizes = join_all((0..READERS).map(|_| read_size(address, &path, headers))).await;
        let taken = instance.memory().unwrap().peak - before;
        println!("{path}: {} MB for {sizes:?} bytes in {:?}", taken / 1_000_000, start.elapsed());
        assert!(sizes.iter().all(|size| *size > min_size), "{path}: {sizes:?}");
        assert!(taken < MAX_MEMORY, "{path}: {taken} bytes");
        drop(slow);
        drop(instance);
    }
}
