//! Opening what is there already, and refusing what is not ours to open.

use domain::{Name, people::Role};
use sqlx::{Connection, Executor, PgConnection};
use tracker::{OpenError, Tracker, TrackerConfig};

use crate::{Case, cases, test_tracker::TestTracker};

pub fn cases() -> Vec<Case> {
    cases![open:
        opening_again_finds_everything,
        a_newer_database_is_refused,
        wrong_addresses_are_explained,
        it_is_ready_until_it_is_closed
    ]
}

async fn opening_again_finds_everything(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let project = test.create_project(&ana, "signs").await;
    let again = test.another_tracker().await.unwrap();
    assert_eq!(again.project(&ana, project).await.unwrap().project.name.as_str(), "signs");
    again.close().await;
}

async fn a_newer_database_is_refused(test: TestTracker) {
    const STEP: &str = "INSERT INTO _sqlx_migrations
        (version, description, installed_on, success, checksum, execution_time)
        SELECT 9999, 'from the future', installed_on, success, checksum, 0 FROM _sqlx_migrations WHERE version = 1";
    match &test.database_url {
        Some(url) => drop(PgConnection::connect(url).await.unwrap().execute(STEP).await.unwrap()),
        None => drop(test.sqlite_connection().await.execute(STEP).await.unwrap()),
    }
    let Err(error) = test.another_tracker().await else { panic!("it was opened") };
    assert!(matches!(error, OpenError::Newer { migration: 9999 }), "{error}");
    assert!(error.to_string().contains("newer Groundglass"));
}

async fn wrong_addresses_are_explained(test: TestTracker) {
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
        let sentence = error.to_string();
        assert!(sentence.contains(part) && !sentence.contains("hidden"), "{sentence}");
        assert_eq!(sentence.lines().count(), 1, "{sentence}");
    }
}

async fn it_is_ready_until_it_is_closed(test: TestTracker) {
    test.tracker.ready().await.unwrap();
    test.tracker.close().await;
    assert!(test.tracker.ready().await.is_err());
}
