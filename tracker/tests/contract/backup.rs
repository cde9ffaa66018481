//! Backups: whole, of one instant, and restored to where nothing was.

use std::io::{self, Cursor, Write};

use bytes::Bytes;
use domain::{
    artifacts::{ArtifactName, part_size},
    files::{FileName, Purpose},
    ids::{ArtifactId, ExperimentId},
    logs::{Data, Kind, LogName},
    people::{Email, NewToken, Scope},
};
use futures_util::stream;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tracker::{
    Actor, BackupError, IfExists, NewArtifact, NewObject, NewUpload, Tracker, TrackerConfig, backup, restore,
};

use crate::{Case, cases, test_tracker::TestTracker};

pub fn cases() -> Vec<Case> {
    cases![backup:
        everything_comes_back,
        an_upload_goes_on_where_it_was,
        what_is_deleted_meanwhile_is_in_it,
        a_place_that_is_in_use_is_refused,
        what_is_damaged_is_refused_and_leaves_nothing;
        only Sqlite: unpacked_by_hand_it_is_a_data_directory
    ]
}

/// Somebody with an experiment that has logs and files.
struct Training<'a> {
    test: &'a TestTracker,
    actor: Actor,
    experiment: ExperimentId,
    whole: ArtifactId,
    in_parts: ArtifactId,
}

/// Two parts of an upload and a bit.
fn long() -> Vec<u8> {
    let size = usize::try_from(2 * part_size(0)).unwrap() + 1_000;
    (0u8..251).cycle().take(size).collect()
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn new_upload(name: &str) -> NewUpload {
    NewUpload {
        name: ArtifactName::parse(name).unwrap(),
        filename: FileName::parse("best.pt").unwrap(),
        size: long().len() as u64,
        content_type: None,
        fingerprint: "best.pt|1700000000".to_owned(),
        replace: false,
    }
}

async fn send_part(tracker: &Tracker, actor: &Actor, upload: domain::ids::UploadId, number: usize) {
    let size = usize::try_from(part_size(0)).unwrap();
    let file = long();
    let part = Bytes::copy_from_slice(&file[(number - 1) * size..file.len().min(number * size)]);
    let number = i64::try_from(number).unwrap();
    tracker.upload_part(actor, upload, number, stream::iter([Ok(part)])).await.unwrap();
}

impl<'a> Training<'a> {
    async fn new(test: &'a TestTracker) -> Self {
        let (actor, experiment) = test.owner_with_experiment().await;
        let tracker = &test.tracker;
        for step in 0..3 {
            let data = Data::parse(Kind::Line, &json!(f64::from(step) / 2.0)).unwrap();
            tracker.log(&actor, experiment, LogName::parse("loss").unwrap(), data, IfExists::Continue).await.unwrap();
        }
        let filename = FileName::parse("best.pt").unwrap();
        let new = NewObject { purpose: Purpose::Artifact, experiment, filename: filename.clone() };
        let object = tracker.create_object(&actor, test.organization_of(&actor).await, &new).await.unwrap();
        let signed_url = tracker.sign_upload(&actor, object).await.unwrap();
        tracker.upload(&signed_url, None, stream::iter([Ok(Bytes::from_static(b"weights"))])).await.unwrap();
        let name = ArtifactName::parse("whole").unwrap();
        let new = NewArtifact { name, filename, object, large: false };
        let whole = tracker.store_artifact(&actor, experiment, &new).await.unwrap().id;
        let upload = tracker.begin_upload(&actor, experiment, &new_upload("in parts")).await.unwrap();
        for number in 1..=3 {
            send_part(tracker, &actor, upload.id, number).await;
        }
        let in_parts = tracker.finish_upload(&actor, upload.id, &sha256(&long())).await.unwrap().id;
        Self { test, actor, experiment, whole, in_parts }
    }

    async fn backup(&self) -> Vec<u8> {
        let mut archive = Vec::new();
        backup(self.test.config(), self.test.dir.path(), &mut archive, |_| ()).await.unwrap();
        archive
    }

    /// The archive's content, opened elsewhere, and the same person there.
    async fn restored(&self, archive: &[u8]) -> (Tracker, Actor) {
        let config = self.test.other_instance_config().await;
        restore(config.clone(), archive, |_| ()).await.unwrap();
        let tracker = Tracker::open(config).await.unwrap();
        let email = Email::parse("person0@example.org").unwrap();
        let secret = tracker.operator().create_token(&email, &NewToken::unnamed(Scope::Write, None)).await.unwrap();
        let actor = tracker.actor_by_token(secret.reveal()).await.unwrap().unwrap();
        (tracker, actor)
    }
}

async fn everything_comes_back(test: TestTracker) {
    let training = Training::new(&test).await;
    let (there, actor) = training.restored(&training.backup().await).await;
    let before = test.tracker.dashboard(&training.actor, training.experiment).await.unwrap();
    let after = there.dashboard(&actor, training.experiment).await.unwrap();
    assert_eq!(format!("{before:?}"), format!("{after:?}"));
    for (artifact, expected) in [(training.whole, b"weights".to_vec()), (training.in_parts, long())] {
        let head = there.artifact_head(&actor, artifact, None, 1 << 30).await.unwrap();
        assert!(head.bytes == expected, "{} bytes", head.bytes.len());
    }
    // It goes on there by itself.
    let data = Data::parse(Kind::Line, &json!(1.5)).unwrap();
    let name = LogName::parse("loss").unwrap();
    there.log(&actor, training.experiment, name, data, IfExists::Continue).await.unwrap();
    there.close().await;
}

async fn an_upload_goes_on_where_it_was(test: TestTracker) {
    let training = Training::new(&test).await;
    let upload = test.tracker.begin_upload(&training.actor, training.experiment, &new_upload("later")).await.unwrap();
    send_part(&test.tracker, &training.actor, upload.id, 1).await;
    let (there, actor) = training.restored(&training.backup().await).await;
    for number in 2..=3 {
        send_part(&there, &actor, upload.id, number).await;
    }
    let artifact = there.finish_upload(&actor, upload.id, &sha256(&long())).await.unwrap();
    assert_eq!(artifact.now.file.size, long().len() as u64);
    there.close().await;
}

/// Sends what is written on, and once, when the database is in it, does something beside the backup.
struct Meanwhile<F: FnOnce()> {
    archive: Vec<u8>,
    then: Option<F>,
}

impl<F: FnOnce()> Write for Meanwhile<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(then) = self.then.take() {
            then();
        }
        self.archive.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

async fn what_is_deleted_meanwhile_is_in_it(test: TestTracker) {
    let training = Training::new(&test).await;
    let files = test.stored_file_sizes();
    let config = test.config();
    let (actor, experiment, artifacts) =
        (training.actor.clone(), training.experiment, [training.whole, training.in_parts]);
    // Another server, with a runtime of its own: the backup waits for nobody.
    let delete = move || {
        let deleting = async move {
            let tracker = Tracker::open(config).await.unwrap();
            tracker.delete_artifacts(&actor, experiment, &artifacts).await.unwrap();
            tracker.sweep().await.unwrap();
            tracker.close().await;
        };
        let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        std::thread::spawn(move || runtime().block_on(deleting)).join().unwrap();
    };
    let mut out = Meanwhile { archive: Vec::new(), then: Some(delete) };
    backup(test.config(), test.dir.path(), &mut out, |_| ()).await.unwrap();
    assert!(out.then.is_none(), "it was deleted");
    assert_eq!(test.stored_file_sizes(), files, "nothing went while the backup needed it");
    let (there, actor) = training.restored(&out.archive).await;
    let head = there.artifact_head(&actor, training.in_parts, None, 1 << 30).await.unwrap();
    assert!(head.bytes == long());
    there.close().await;
    test.tracker.sweep().await.unwrap();
    assert_eq!(test.stored_file_sizes(), Vec::<u64>::new(), "and went afterwards");
}

async fn a_place_that_is_in_use_is_refused(test: TestTracker) {
    let training = Training::new(&test).await;
    let archive = training.backup().await;
    let sentence = restore(test.config(), &*archive, |_| ()).await.unwrap_err().to_string();
    assert!(sentence.contains("there is a database already") || sentence.contains("is in use already"), "{sentence}");
    assert_eq!(test.tracker.artifact_head(&training.actor, training.whole, None, 10).await.unwrap().bytes, b"weights");
}

/// Tries to restore what is broken.
async fn refusal(config: &TrackerConfig, archive: &[u8]) -> String {
    match restore(config.clone(), archive, |_| ()).await {
        Err(BackupError::Refused(sentence)) => sentence,
        other => panic!("{other:?}"),
    }
}

async fn what_is_damaged_is_refused_and_leaves_nothing(test: TestTracker) {
    let training = Training::new(&test).await;
    let archive = training.backup().await;
    let config = test.other_instance_config().await;
    let end = archive.len();
    for cut in [0, 100, 512, 2_000, end / 2, end - 2_048] {
        let sentence = refusal(&config, &archive[..cut]).await;
        assert!(sentence.contains("not whole") || sentence.contains("not a backup"), "{cut}: {sentence}");
    }
    let weights = archive.windows(7).position(|bytes| bytes == b"weights").unwrap();
    let mut flipped = archive.clone();
    flipped[weights] ^= 1;
    let sentence = refusal(&config, &flipped).await;
    assert!(sentence.contains("is damaged"), "{sentence}");
    let mut newer = archive.clone();
    let form = newer.windows(9).position(|bytes| bytes == b"\"form\": 1").unwrap();
    newer[form + 8] = b'9';
    assert!(refusal(&config, &newer).await.contains("newer Groundglass"));
    let mut elsewhere = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(1);
    elsewhere.append_data(&mut header, "notes.txt", Cursor::new(b"x")).unwrap();
    assert!(refusal(&config, &elsewhere.into_inner().unwrap()).await.contains("not a backup"));
    // After all of that the place is still free, and the next one is taken.
    assert_eq!(test.other_instance_file_sizes(), Vec::<u64>::new());
    restore(config, &*archive, |_| ()).await.unwrap();
}

async fn unpacked_by_hand_it_is_a_data_directory(test: TestTracker) {
    let training = Training::new(&test).await;
    let archive = training.backup().await;
    // Also when the files were in S3.
    let config = TrackerConfig { blob_url: None, ..test.other_instance_config().await };
    tar::Archive::new(&*archive).unpack(&config.data_dir).unwrap();
    let there = Tracker::open(config).await.unwrap();
    let email = Email::parse("person0@example.org").unwrap();
    let secret = there.operator().create_token(&email, &NewToken::unnamed(Scope::Read, None)).await.unwrap();
    let actor = there.actor_by_token(secret.reveal()).await.unwrap().unwrap();
    assert_eq!(there.artifact_head(&actor, training.whole, None, 10).await.unwrap().bytes, b"weights");
    there.close().await;
}
