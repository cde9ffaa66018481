//! Opening existing databases, and errors for databases that cannot be opened.

use domain::{Name, people::Role};
use sqlx::{Connection, Executor, PgConnection};
use tracker::{OpenError, Tracker, TrackerConfig};

use crate::{Case, cases, test_tracker::TestTracker};

pub fn cases() -> Vec<Case> {
    cases![opening:
        reopening_finds_existing_data,
        databases_of_a_newer_version_are_rejected,
        invalid_database_urls_are_explained,
        tracker_is_ready_until_closed
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
