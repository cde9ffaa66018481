//! What happens when the disk is full: a sentence about it, nothing half there, and all is well once there is room.

use std::{fs, io};

use bytes::Bytes;
use domain::{artifacts::ArtifactName, files::FileName, ids::ExperimentId, people::Role};
use futures_util::{Stream, StreamExt as _, stream};
use tracker::{Actor, Error, NewUpload};

use crate::{Case, cases, world::World};

const MIB: usize = 1 << 20;

pub fn cases() -> Vec<Case> {
    cases![full:
        what_does_not_fit_is_refused,
        a_disk_that_fills_up_meanwhile,
        a_part_that_does_not_fit_can_be_sent_again
    ]
}

async fn somewhere(world: &World) -> (Actor, ExperimentId) {
    let who = world.somebody(Role::Owner, "Acme").await;
    let project = world.project_of(&who, "signs").await;
    let experiment = world.experiment_of(&who, project, "yolo").await;
    (who, experiment)
}

fn mebibytes(count: usize) -> impl Stream<Item = io::Result<Bytes>> {
    stream::iter((0u8..).take(count)).map(|number| Ok(Bytes::from(vec![number; MIB])))
}

/// Leaves nothing of the disk to anybody; gives the file that takes it.
fn fill(world: &World) -> std::path::PathBuf {
    let filler = world.dir.path().join("data/filler");
    let full = fs::write(&filler, vec![0; 64 * MIB]).unwrap_err();
    assert_eq!(full.kind(), io::ErrorKind::StorageFull);
    filler
}

fn is_full<T: std::fmt::Debug>(refused: Result<T, Error>) {
    assert!(matches!(&refused, Err(Error::Full(sentence)) if sentence.contains("room")), "{refused:?}");
}

async fn what_does_not_fit_is_refused(world: World) {
    let (who, experiment) = somewhere(&world).await;
    let store = async |name: &str, count| {
        world.tracker.store_whole(&who, experiment, name, None, false, mebibytes(count)).await
    };
    let first = store("first", 12).await.unwrap();
    is_full(store("second", 24).await);
    assert_eq!(world.files(), [12 * MIB as u64]);
    let new = NewUpload {
        name: ArtifactName::parse("third").unwrap(),
        filename: FileName::parse("third").unwrap(),
        size: 24 * MIB as u64,
        content_type: None,
        fingerprint: String::new(),
        replace: false,
    };
    is_full(world.tracker.begin_upload(&who, experiment, &new).await);
    assert!(world.tracker.uploads(&who, experiment).await.unwrap().is_empty());
    world.tracker.delete_artifact(&who, first.id).await.unwrap();
    store("second", 16).await.expect("there is room again");
}

async fn a_disk_that_fills_up_meanwhile(world: World) {
    let (who, experiment) = somewhere(&world).await;
    let mut filler = None;
    let body = mebibytes(8).enumerate().map(|(number, chunk)| {
        if number == 3 {
            filler = Some(fill(&world));
        }
        chunk
    });
    is_full(world.tracker.store_whole(&who, experiment, "file", None, false, body).await);
    fs::remove_file(filler.unwrap()).unwrap();
    world.tracker.sweep().await.unwrap();
    assert_eq!(world.files(), [0; 0]);
    assert!(world.tracker.artifact_ids(&who, experiment).await.unwrap().is_empty());
    world.tracker.store_whole(&who, experiment, "file", None, false, mebibytes(8)).await.unwrap();
    assert_eq!(world.files(), [8 * MIB as u64]);
}

async fn a_part_that_does_not_fit_can_be_sent_again(world: World) {
    let (who, experiment) = somewhere(&world).await;
    let new = NewUpload {
        name: ArtifactName::parse("file").unwrap(),
        filename: FileName::parse("file").unwrap(),
        size: 9 * MIB as u64,
        content_type: None,
        fingerprint: String::new(),
        replace: false,
    };
    let upload = world.tracker.begin_upload(&who, experiment, &new).await.unwrap();
    world.tracker.upload_part_of(&who, upload.id, 1, mebibytes(8)).await.unwrap();
    let filler = fill(&world);
    is_full(world.tracker.upload_part_of(&who, upload.id, 2, mebibytes(1)).await);
    assert_eq!(world.tracker.upload_state(&who, upload.id).await.unwrap().received, 8 * MIB as u64);
    fs::remove_file(filler).unwrap();
    world.tracker.upload_part_of(&who, upload.id, 2, mebibytes(1)).await.unwrap();
    assert_eq!(world.files(), [MIB as u64, 8 * MIB as u64]);
}
