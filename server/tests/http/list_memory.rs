//! The memory of the real server while it sends a list of large documents.

use std::env;
use std::path::Path;

use domain::{Description, Name};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use test_instance::InstanceConfig;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tracker::{NewExperiment, Tracker, TrackerConfig};
use uuid::Uuid;

const EMAIL: &str = "owner@example.org";
const LOGS: i64 = 120;
const DOCUMENT_BYTES: usize = 860_000;
/// How much memory the list may take: less than a fifth of its size.
const MAX_MEMORY: u64 = 20_000_000;

#[tokio::test]
async fn a_list_of_large_documents_takes_little_memory() {
    let dir = tempfile::tempdir().unwrap();
    let binary = env::var("GROUNDGLASS_BINARY").unwrap_or_else(|_| env!("CARGO_BIN_EXE_groundglass").to_owned());
    let config = InstanceConfig::new(binary, dir.path()).with_serve_arguments(&["--log", "warn"]);
    config.create_owner("Owner", EMAIL, "tripod-lens-17").unwrap();
    let token = config.create_token(EMAIL, "write").unwrap();
    let experiment = create_experiment(dir.path(), &token).await;
    insert_documents(dir.path(), experiment).await;

    let mut instance = config.start().unwrap();
    let address = instance.address().to_string();
    for list in ["logs/extended", "logs"] {
        let one = read_list(&address, &token, &format!("/api/experiment/{experiment}/{list}?limit=1")).await;
        assert!(one > DOCUMENT_BYTES, "{one}");
        let before = instance.memory().unwrap();
        let all = read_list(&address, &token, &format!("/api/experiment/{experiment}/{list}")).await;
        assert!(all > 120 * DOCUMENT_BYTES, "{all}");
        let taken = instance.memory().unwrap().peak - before.peak;
        assert!(taken < MAX_MEMORY, "{list} takes {taken} bytes");
    }
    instance.kill().unwrap();
}

async fn create_experiment(data_dir: &Path, token: &str) -> Uuid {
    let organization_name = Name::parse("Personal").unwrap();
    let tracker = Tracker::open(TrackerConfig {
        data_dir: data_dir.to_owned(),
        database_url: None,
        blob_url: None,
        storage_limit: None,
        organization_name,
    })
    .await
    .unwrap();
    let actor = tracker.actor_by_token(token).await.unwrap().unwrap();
    let organization = tracker.organizations(&actor).await.unwrap().remove(0).id;
    let (name, description) = (Name::parse("large documents").unwrap(), Description::default());
    let project = tracker.create_project(&actor, organization, &name, &description).await.unwrap();
    let experiment = tracker.create_experiment(&actor, project, &NewExperiment { name, description }).await.unwrap();
    tracker.close().await;
    experiment.0
}

/// Inserts logs with a document each directly into the database.
async fn insert_documents(data_dir: &Path, experiment: Uuid) {
    let options = SqliteConnectOptions::new().filename(data_dir.join("groundglass.sqlite3"));
    let pool = SqlitePool::connect_with(options).await.unwrap();
    let document = format!("[\"{}\"]", "x".repeat(DOCUMENT_BYTES));
    for number in 0..LOGS {
        let insert = "INSERT INTO logs (id, experiment_id, name, kind, revision, document, created_at, updated_at)
                      VALUES ($1, $2, $3, 'EVALUATION', 1, $4, $5, $5)";
        let insert = sqlx::query(insert).bind(Uuid::now_v7()).bind(experiment).bind(number.to_string());
        insert.bind(&document).bind(number).execute(&pool).await.unwrap();
    }
    pool.close().await;
}

/// Sends a GET request and returns the size of the response.
async fn read_list(address: &str, token: &str, path: &str) -> usize {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let (mut size, mut buffer) = (0, vec![0; 64 * 1024]);
    loop {
        match stream.read(&mut buffer).await.unwrap() {
            0 => return size,
            read => size += read,
        }
    }
}
