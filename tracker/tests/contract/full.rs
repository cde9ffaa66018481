//! A full disk: uploads and logging fail with a message, leave nothing behind, and work again once there is space. Signing in
//! and deleting work all the time.

use std::{
    fs, io,
    net::{IpAddr, Ipv4Addr},
    path::PathBuf,
    time::Duration,
};

use bytes::Bytes;
use domain::{
    artifacts::{ArtifactName, Fingerprint},
    files::FileName,
    ids::ExperimentId,
    logs::{Data, Kind, LogName},
    people::{NewToken, Scope},
};
use futures_util::{Stream, StreamExt as _, stream};
use serde_json::json;
use tracker::{Actor, Error, IfExists, NewUpload};

use crate::{
    Case, cases,
    test_tracker::{TestTracker, test_password},
};

const MIB: usize = 1 << 20;

pub fn cases() -> Vec<Case> {
    cases![full:
        uploads_larger_than_the_disk_fail,
        a_disk_may_fill_up_during_an_upload,
        a_part_can_be_sent_again_once_there_is_space,
        deleting_and_signing_in_work_on_a_full_disk;
        only Sqlite:
        logging_fails_on_a_full_disk_until_there_is_space,
        the_reserve_is_not_used_by_other_writes,
        a_database_on_a_full_disk_can_be_opened
    ]
}

fn mebibytes(count: usize) -> impl Stream<Item = io::Result<Bytes>> {
    stream::iter((0u8..).take(count)).map(|number| Ok(Bytes::from(vec![number; MIB])))
}

const CLIENT: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// Fills the disk and returns the file that takes the space.
fn fill_disk(test: &TestTracker) -> PathBuf {
    let filler = test.dir.path().join("data/filler");
    let error = fs::write(&filler, vec![0; 64 * MIB]).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    filler
}

fn assert_full<T: std::fmt::Debug>(result: Result<T, Error>, expected: &str) {
    assert!(matches!(&result, Err(Error::Full(message)) if message.contains(expected)), "{result:?}");
}

async fn uploads_larger_than_the_disk_fail(test: TestTracker) {
    let (actor, experiment) = test.owner_with_experiment().await;
    let store = async |name: &str, count| {
        test.tracker.store_stream(&actor, experiment, name, None, false, mebibytes(count)).await
    };
    let first = store("first", 12).await.unwrap();
    assert_full(store("second", 30).await, "no space left");
    assert_eq!(test.stored_file_sizes(), [12 * MIB as u64]);
    let new = NewUpload {
        name: ArtifactName::parse("third").unwrap(),
        filename: FileName::parse("third").unwrap(),
        size: 30 * MIB as u64,
        content_type: None,
        fingerprint: Fingerprint::parse(String::new()).unwrap(),
        replace: false,
    };
    assert_full(test.tracker.begin_upload(&actor, experiment, &new).await, "free space");
    assert!(test.tracker.uploads(&actor, experiment).await.unwrap().is_empty());
    test.tracker.delete_artifact(&actor, first.id).await.unwrap();
    store("second", 16).await.expect("deleting frees space");
}

async fn a_disk_may_fill_up_during_an_upload(test: TestTracker) {
    let (actor, experiment) = test.owner_with_experiment().await;
    let mut filler = None;
    let body = mebibytes(8).enumerate().map(|(number, chunk)| {
        if number == 3 {
            filler = Some(fill_disk(&test));
        }
        chunk
    });
    assert_full(test.tracker.store_stream(&actor, experiment, "file", None, false, body).await, "no space left");
    fs::remove_file(filler.unwrap()).unwrap();
    test.tracker.sweep().await.unwrap();
    assert_eq!(test.stored_file_sizes(), [0; 0]);
    assert!(test.tracker.artifact_ids(&actor, experiment).await.unwrap().is_empty());
    test.tracker.store_stream(&actor, experiment, "file", None, false, mebibytes(8)).await.unwrap();
    assert_eq!(test.stored_file_sizes(), [8 * MIB as u64]);
}

async fn a_part_can_be_sent_again_once_there_is_space(test: TestTracker) {
    let (actor, experiment) = test.owner_with_experiment().await;
    let new = NewUpload {
        name: ArtifactName::parse("file").unwrap(),
        filename: FileName::parse("file").unwrap(),
        size: 9 * MIB as u64,
        content_type: None,
        fingerprint: Fingerprint::parse(String::new()).unwrap(),
        replace: false,
    };
    let upload = test.tracker.begin_upload(&actor, experiment, &new).await.unwrap();
    test.tracker.upload_part(&actor, upload.id, 1, mebibytes(8)).await.unwrap();
    let filler = fill_disk(&test);
    assert_full(test.tracker.upload_part(&actor, upload.id, 2, mebibytes(1)).await, "no space left");
    assert_eq!(test.tracker.upload_state(&actor, upload.id).await.unwrap().received, 8 * MIB as u64);
    fs::remove_file(filler).unwrap();
    test.tracker.upload_part(&actor, upload.id, 2, mebibytes(1)).await.unwrap();
    assert_eq!(test.stored_file_sizes(), [MIB as u64, 8 * MIB as u64]);
}

async fn log_point(test: &TestTracker, actor: &Actor, experiment: ExperimentId) -> Result<(), Error> {
    let data = Data::from_json(Kind::Line, &json!(0.5));
    let name = LogName::parse("loss").unwrap();
    test.tracker.log(actor, experiment, name, data, IfExists::Continue).await.map(|_| ())
}

/// Logs documents of 64 KiB until the disk is full, and returns the error.
async fn log_until_full(test: &TestTracker, actor: &Actor, experiment: ExperimentId) -> Error {
    for _ in 0..2_000 {
        let data = Data::from_json(Kind::Value, &json!("x".repeat(64 << 10)));
        let name = LogName::parse(&uuid::Uuid::now_v7().to_string()).unwrap();
        if let Err(error) = test.tracker.log(actor, experiment, name, data, IfExists::Continue).await {
            return error;
        }
    }
    panic!("the disk is not full");
}

/// Waits until logging works again, for five seconds at most.
async fn wait_until_logging_works(test: &TestTracker, actor: &Actor, experiment: ExperimentId) {
    let mut last = None;
    for _ in 0..50 {
        match log_point(test, actor, experiment).await {
            Ok(()) => return,
            Err(error) => last = Some(error),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{last:?}");
}

async fn deleting_and_signing_in_work_on_a_full_disk(test: TestTracker) {
    let (actor, experiment) = test.owner_with_experiment().await;
    let stored = test.tracker.store_stream(&actor, experiment, "first", None, false, mebibytes(12)).await.unwrap();
    // A token that has not been used yet, so that its first use would be recorded.
    let token = test.tracker.operator().create_token(&actor.email, &NewToken::unnamed(Scope::Read, None)).await;
    fill_disk(&test);
    assert_full(test.tracker.ready().await, "no space left");

    let session = test.tracker.sign_in(&actor.email, test_password().reveal(), CLIENT).await.unwrap();
    let signed_in = test.tracker.actor_by_session(session.reveal()).await.unwrap().unwrap();
    assert!(test.tracker.actor_by_token(token.unwrap().reveal()).await.unwrap().is_some());
    test.tracker.delete_artifact(&signed_in, stored.id).await.unwrap();
    assert_eq!(test.stored_file_sizes(), [0; 0]);
    wait_until_logging_works(&test, &actor, experiment).await;
    test.tracker.ready().await.unwrap();
    test.tracker.sign_out(&signed_in).await.unwrap();
}

async fn logging_fails_on_a_full_disk_until_there_is_space(test: TestTracker) {
    let (actor, experiment) = test.owner_with_experiment().await;
    log_point(&test, &actor, experiment).await.unwrap();
    let filler = fill_disk(&test);
    let error = log_until_full(&test, &actor, experiment).await;
    assert_full(Err::<(), _>(error), "no space left for its database");
    assert_full(test.tracker.ready().await, "no space left for its database");
    // Lines, which the log writer commits, have the same error.
    let mut line_error = None;
    for _ in 0..2_000 {
        line_error = log_point(&test, &actor, experiment).await.err();
        if line_error.is_some() {
            break;
        }
    }
    assert_full(Err::<(), _>(line_error.unwrap()), "no space left for its database");
    fs::remove_file(filler).unwrap();
    wait_until_logging_works(&test, &actor, experiment).await;
    test.tracker.ready().await.unwrap();
}

async fn the_reserve_is_not_used_by_other_writes(test: TestTracker) {
    let (actor, experiment) = test.owner_with_experiment().await;
    let project = test.create_project(&actor, "lanes").await;
    let other = test.create_experiment(&actor, project, "other").await;
    // The database itself fills the disk.
    let error = log_until_full(&test, &actor, experiment).await;
    assert_full(Err::<(), _>(error), "no space left");
    for _ in 0..5 {
        // Each sign-in may release the reserve.
        test.tracker.sign_in(&actor.email, test_password().reveal(), CLIENT).await.unwrap();
        let error = log_until_full(&test, &actor, experiment).await;
        assert_full(Err::<(), _>(error), "no space left");
    }
    test.tracker.delete_experiment(&actor, experiment).await.unwrap();
    wait_until_logging_works(&test, &actor, other).await;
}

async fn a_database_on_a_full_disk_can_be_opened(test: TestTracker) {
    let (actor, experiment) = test.owner_with_experiment().await;
    let filler = fill_disk(&test);
    test.tracker.close().await;
    let tracker = test.another_tracker().await.unwrap();
    tracker.sign_in(&actor.email, test_password().reveal(), CLIENT).await.unwrap();
    tracker.delete_experiment(&actor, experiment).await.unwrap();
    fs::remove_file(filler).unwrap();
    tracker.close().await;
}
