//! Opening existing databases, and errors for databases that cannot be opened.

use std::{fs, io, path::Path};

use bytes::Bytes;
use domain::{Name, people::Role};
use futures_util::stream;
use sqlx::{Connection, Executor, PgConnection};
use tracker::{OpenError, Tracker, TrackerConfig};

use crate::{Case, cases, test_tracker::TestTracker};

pub fn cases() -> Vec<Case> {
    cases![opening:
        reopening_finds_existing_data,
        databases_of_a_newer_version_are_rejected,
        invalid_database_urls_are_explained,
        tracker_is_ready_until_closed;
        only Sqlite:
        damaged_databases_are_explained,
        an_empty_database_beside_files_is_not_a_new_server,
        files_are_private_in_an_open_directory
    ]
}

async fn reopening_finds_existing_data(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let project = test.create_project(&ana, "signs").await;
    let reopened = test.another_tracker().await.unwrap();
    assert_eq!(reopened.project(&ana, project).await.unwrap().project.name.as_str(), "signs");
    reopened.close().await;
}

async fn databases_of_a_newer_version_are_rejected(test: TestTracker) {
    const NEWER_MIGRATION: &str = "INSERT INTO _sqlx_migrations
        (version, description, installed_on, success, checksum, execution_time)
        SELECT 9999, 'from the future', installed_on, success, checksum, 0 FROM _sqlx_migrations WHERE version = 1";
    match &test.database_url {
        Some(url) => drop(PgConnection::connect(url).await.unwrap().execute(NEWER_MIGRATION).await.unwrap()),
        None => drop(test.sqlite_connection().await.execute(NEWER_MIGRATION).await.unwrap()),
    }
    let Err(error) = test.another_tracker().await else { panic!("the database was opened") };
    assert!(matches!(error, OpenError::Newer { migration: 9999 }), "{error}");
    assert!(error.to_string().contains("newer Groundglass"));
}

async fn invalid_database_urls_are_explained(test: TestTracker) {
    for (url, part) in [
        ("mysql://localhost/x", "must begin with postgres:// or sqlite:"),
        ("postgres://me:hidden@127.0.0.1:9/none", "cannot connect to the database at 127.0.0.1:9/none"),
        ("sqlite:///nowhere/at/all.sqlite3", "cannot connect to the database at /nowhere/at/all.sqlite3"),
    ] {
        let config = TrackerConfig {
            data_dir: test.dir.path().join("elsewhere"),
            database_url: Some(url.to_owned()),
            blob_url: None,
            storage_limit: None,
            organization_name: Name::parse("Acme").unwrap(),
        };
        let Err(error) = Tracker::open(config).await else { panic!("{url} was opened") };
        let message = error.to_string();
        assert!(message.contains(part) && !message.contains("hidden"), "{message}");
        assert_eq!(message.lines().count(), 1, "{message}");
    }
}

async fn tracker_is_ready_until_closed(test: TestTracker) {
    test.tracker.ready().await.unwrap();
    test.tracker.close().await;
    assert!(test.tracker.ready().await.is_err());
}

async fn damaged_databases_are_explained(test: TestTracker) {
    let file = test.dir.path().join("elsewhere/groundglass.sqlite3");
    let config = TrackerConfig { data_dir: test.dir.path().join("elsewhere"), ..test.config() };
    Tracker::open(config.clone()).await.unwrap().close().await;
    let intact = fs::read(&file).unwrap();
    let mut overwritten = intact.clone();
    overwritten[100..20_000].fill(0x5a);
    for (case, content) in [("no database", vec![b'x'; 5_000]), ("overwritten", overwritten)] {
        fs::write(&file, content).unwrap();
        let Err(error) = Tracker::open(config.clone()).await else { panic!("{case} was opened") };
        assert!(matches!(error, OpenError::Damaged { .. }), "{case}: {error}");
        let message = error.to_string();
        assert!(message.contains("is damaged") && message.contains("groundglass restore"), "{case}: {message}");
    }
}

async fn an_empty_database_beside_files_is_not_a_new_server(test: TestTracker) {
    let (actor, experiment) = test.owner_with_experiment().await;
    let body = stream::iter([Ok::<_, io::Error>(Bytes::from_static(b"weights"))]);
    test.tracker.store_stream(&actor, experiment, "file", None, false, body).await.unwrap();
    test.tracker.close().await;
    let file = test.dir.path().join("data/groundglass.sqlite3");
    let database = fs::read(&file).unwrap();
    for empty in [true, false] {
        if empty {
            fs::write(&file, "").unwrap()
        } else {
            fs::remove_file(&file).unwrap()
        }
        let Err(error) = test.another_tracker().await else { panic!("a new database was created") };
        assert!(matches!(error, OpenError::Lost { .. }), "{error}");
        assert!(error.to_string().contains("missing or empty"), "{error}");
    }
    fs::write(&file, database).unwrap();
    test.another_tracker().await.unwrap().close().await;
}

/// A directory that was made by hand, and files of an earlier version in it.
#[cfg(unix)]
async fn files_are_private_in_an_open_directory(test: TestTracker) {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let data_dir = test.dir.path().join("elsewhere");
    fs::create_dir(&data_dir).unwrap();
    fs::set_permissions(&data_dir, fs::Permissions::from_mode(0o755)).unwrap();
    let config = TrackerConfig { data_dir: data_dir.clone(), ..test.config() };
    for _ in 0..2 {
        let tracker = Tracker::open(config.clone()).await.unwrap();
        for name in ["", "-wal", "-shm", "-reserve"].map(|suffix| format!("groundglass.sqlite3{suffix}")) {
            assert_eq!(mode(&data_dir.join(&name)), 0o600, "{name}");
        }
        assert_eq!(mode(&data_dir.join("blobs")), 0o700);
        tracker.close().await;
        fs::set_permissions(data_dir.join("groundglass.sqlite3"), fs::Permissions::from_mode(0o644)).unwrap();
    }
}
