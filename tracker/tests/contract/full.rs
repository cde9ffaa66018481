//! A full disk: uploads fail with a message, leave nothing behind, and work again once there is space.

use std::{fs, io};

use bytes::Bytes;
use domain::{artifacts::ArtifactName, files::FileName};
use futures_util::{Stream, StreamExt as _, stream};
use tracker::{Error, NewUpload};

use crate::{Case, cases, test_tracker::TestTracker};

const MIB: usize = 1 << 20;

pub fn cases() -> Vec<Case> {
    cases![full:
        uploads_larger_than_the_disk_fail,
        a_disk_may_fill_up_during_an_upload,
        a_part_can_be_sent_again_once_there_is_space
    ]
}

fn mebibytes(count: usize) -> impl Stream<Item = io::Result<Bytes>> {
    stream::iter((0u8..).take(count)).map(|number| Ok(Bytes::from(vec![number; MIB])))
}

/// Fills the disk and returns the file that takes the space.
fn fill_disk(test: &TestTracker) -> std::path::PathBuf {
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
    assert_full(store("second", 24).await, "no space left");
    assert_eq!(test.stored_file_sizes(), [12 * MIB as u64]);
    let new = NewUpload {
        name: ArtifactName::parse("third").unwrap(),
        filename: FileName::parse("third").unwrap(),
        size: 24 * MIB as u64,
        content_type: None,
        fingerprint: String::new(),
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
        fingerprint: String::new(),
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
