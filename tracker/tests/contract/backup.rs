//! Backups: complete, consistent, and restorable only to an empty database.

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
        restores_all_data,
        unfinished_uploads_continue_after_a_restore,
        contains_artifacts_deleted_during_the_backup,
        does_not_restore_over_existing_data,
        rejects_damaged_archives_and_leaves_nothing_behind;
        only Sqlite: an_unpacked_archive_is_a_data_directory
    ]
}

/// An experiment with logs and files, and its owner.
struct ExperimentWithFiles<'a> {
    test: &'a TestTracker,
    actor: Actor,
    experiment: ExperimentId,
    small: ArtifactId,
    multipart: ArtifactId,
}

/// Returns the content of a file that is uploaded in three parts.
fn three_part_file() -> Vec<u8> {
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
        size: three_part_file().len() as u64,
        content_type: None,
        fingerprint: "best.pt|1700000000".to_owned(),
        replace: false,
    }
}

async fn upload_part(tracker: &Tracker, actor: &Actor, upload: domain::ids::UploadId, number: usize) {
    let size = usize::try_from(part_size(0)).unwrap();
    let file = three_part_file();
    let part = Bytes::copy_from_slice(&file[(number - 1) * size..file.len().min(number * size)]);
    let number = i64::try_from(number).unwrap();
    tracker.upload_part(actor, upload, number, stream::iter([Ok(part)])).await.unwrap();
}

impl<'a> ExperimentWithFiles<'a> {
    async fn new(test: &'a TestTracker) -> Self {
        let (actor, experiment) = test.owner_with_experiment().await;
        let tracker = &test.tracker;
        for step in 0..3 {
            let data = Data::from_json(Kind::Line, &json!(f64::from(step) / 2.0));
            tracker.log(&actor, experiment, LogName::parse("loss").unwrap(), data, IfExists::Continue).await.unwrap();
        }
        let filename = FileName::parse("best.pt").unwrap();
        let new = NewObject { purpose: Purpose::Artifact, experiment, filename: filename.clone() };
        let object = tracker.create_object(&actor, test.organization_of(&actor).await, &new).await.unwrap();
        let signed_url = tracker.sign_upload(&actor, object).await.unwrap();
        tracker.upload(&signed_url, None, stream::iter([Ok(Bytes::from_static(b"weights"))])).await.unwrap();
        let name = ArtifactName::parse("small").unwrap();
        let new = NewArtifact { name, filename, object, large: false };
        let small = tracker.store_artifact(&actor, experiment, &new).await.unwrap().id;
        let upload = tracker.begin_upload(&actor, experiment, &new_upload("multipart")).await.unwrap();
        for number in 1..=3 {
            upload_part(tracker, &actor, upload.id, number).await;
        }
        let multipart = tracker.finish_upload(&actor, upload.id, &sha256(&three_part_file())).await.unwrap().id;
        Self { test, actor, experiment, small, multipart }
    }

    async fn backup(&self) -> Vec<u8> {
        let mut archive = Vec::new();
        backup(self.test.config(), self.test.dir.path(), &mut archive, |_| ()).await.unwrap();
        archive
    }

    /// Restores the archive to another instance. Returns its tracker and the same user there.
    async fn restore_elsewhere(&self, archive: &[u8]) -> (Tracker, Actor) {
        let config = self.test.other_instance_config().await;
        restore(config.clone(), archive, |_| ()).await.unwrap();
        let tracker = Tracker::open(config).await.unwrap();
        let email = Email::parse("person0@example.org").unwrap();
        let secret = tracker.operator().create_token(&email, &NewToken::unnamed(Scope::Write, None)).await.unwrap();
        let actor = tracker.actor_by_token(secret.reveal()).await.unwrap().unwrap();
        (tracker, actor)
    }
}

async fn restores_all_data(test: TestTracker) {
    let source = ExperimentWithFiles::new(&test).await;
    let (restored, actor) = source.restore_elsewhere(&source.backup().await).await;
    let before = test.tracker.dashboard(&source.actor, source.experiment, 0, "").await.unwrap();
    let after = restored.dashboard(&actor, source.experiment, 0, "").await.unwrap();
    assert_eq!(format!("{before:?}"), format!("{after:?}"));
    for (artifact, expected) in [(source.small, b"weights".to_vec()), (source.multipart, three_part_file())] {
        let head = restored.artifact_head(&actor, artifact, None, 1 << 30).await.unwrap();
        assert!(head.bytes == expected, "{} bytes", head.bytes.len());
    }
    // The restored instance accepts new data.
    let data = Data::from_json(Kind::Line, &json!(1.5));
    let name = LogName::parse("loss").unwrap();
    restored.log(&actor, source.experiment, name, data, IfExists::Continue).await.unwrap();
    restored.close().await;
}

async fn unfinished_uploads_continue_after_a_restore(test: TestTracker) {
    let source = ExperimentWithFiles::new(&test).await;
    let upload = test.tracker.begin_upload(&source.actor, source.experiment, &new_upload("later")).await.unwrap();
    upload_part(&test.tracker, &source.actor, upload.id, 1).await;
    let (restored, actor) = source.restore_elsewhere(&source.backup().await).await;
    for number in 2..=3 {
        upload_part(&restored, &actor, upload.id, number).await;
    }
    let artifact = restored.finish_upload(&actor, upload.id, &sha256(&three_part_file())).await.unwrap();
    assert_eq!(artifact.now.file.size, three_part_file().len() as u64);
    restored.close().await;
}

/// Collects the archive. Runs `on_first_write` when the first bytes arrive, after the database was copied.
struct InterruptedWriter<F: FnOnce()> {
    archive: Vec<u8>,
    on_first_write: Option<F>,
}

impl<F: FnOnce()> Write for InterruptedWriter<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(interrupt) = self.on_first_write.take() {
            interrupt();
        }
        self.archive.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

async fn contains_artifacts_deleted_during_the_backup(test: TestTracker) {
    let source = ExperimentWithFiles::new(&test).await;
    let files = test.stored_file_sizes();
    let config = test.config();
    let (actor, experiment, artifacts) = (source.actor.clone(), source.experiment, [source.small, source.multipart]);
    // Deletes on another server, in a runtime of its own, because the writer blocks the runtime of the backup.
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
    let mut out = InterruptedWriter { archive: Vec::new(), on_first_write: Some(delete) };
    backup(test.config(), test.dir.path(), &mut out, |_| ()).await.unwrap();
    assert!(out.on_first_write.is_none(), "the artifacts were deleted");
    assert_eq!(test.stored_file_sizes(), files, "no bytes are deleted during the backup");
    let (restored, actor) = source.restore_elsewhere(&out.archive).await;
    let head = restored.artifact_head(&actor, source.multipart, None, 1 << 30).await.unwrap();
    assert!(head.bytes == three_part_file());
    restored.close().await;
    test.tracker.sweep().await.unwrap();
    assert_eq!(test.stored_file_sizes(), Vec::<u64>::new(), "the bytes are deleted afterwards");
}

async fn does_not_restore_over_existing_data(test: TestTracker) {
    let source = ExperimentWithFiles::new(&test).await;
    let archive = source.backup().await;
    let message = restore(test.config(), &*archive, |_| ()).await.unwrap_err().to_string();
    assert!(message.contains("already exists") || message.contains("already in use"), "{message}");
    assert_eq!(test.tracker.artifact_head(&source.actor, source.small, None, 10).await.unwrap().bytes, b"weights");
}

/// Tries to restore an invalid archive and returns the error message.
async fn restore_error(config: &TrackerConfig, archive: &[u8]) -> String {
    match restore(config.clone(), archive, |_| ()).await {
        Err(BackupError::Failed(message)) => message,
        other => panic!("{other:?}"),
    }
}

async fn rejects_damaged_archives_and_leaves_nothing_behind(test: TestTracker) {
    let source = ExperimentWithFiles::new(&test).await;
    let archive = source.backup().await;
    let config = test.other_instance_config().await;
    let end = archive.len();
    for cut in [0, 100, 512, 2_000, end / 2, end - 2_048] {
        let message = restore_error(&config, &archive[..cut]).await;
        assert!(message.contains("incomplete") || message.contains("not a Groundglass backup"), "{cut}: {message}");
    }
    let weights = archive.windows(7).position(|bytes| bytes == b"weights").unwrap();
    let mut flipped = archive.clone();
    flipped[weights] ^= 1;
    let message = restore_error(&config, &flipped).await;
    assert!(message.contains("checksum"), "{message}");
    let mut newer = archive.clone();
    let format = newer.windows(9).position(|bytes| bytes == b"\"form\": 1").unwrap();
    newer[format + 8] = b'9';
    assert!(restore_error(&config, &newer).await.contains("newer Groundglass"));
    let mut other = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(1);
    other.append_data(&mut header, "notes.txt", Cursor::new(b"x")).unwrap();
    assert!(restore_error(&config, &other.into_inner().unwrap()).await.contains("not a Groundglass backup"));
    // The failed attempts left nothing behind, so a valid archive can still be restored.
    assert_eq!(test.other_instance_file_sizes(), Vec::<u64>::new());
    restore(config, &*archive, |_| ()).await.unwrap();
}

async fn an_unpacked_archive_is_a_data_directory(test: TestTracker) {
    let source = ExperimentWithFiles::new(&test).await;
    let archive = source.backup().await;
    // Works for files in S3, too.
    let config = TrackerConfig { blob_url: None, ..test.other_instance_config().await };
    tar::Archive::new(&*archive).unpack(&config.data_dir).unwrap();
    let restored = Tracker::open(config).await.unwrap();
    let email = Email::parse("person0@example.org").unwrap();
    let secret = restored.operator().create_token(&email, &NewToken::unnamed(Scope::Read, None)).await.unwrap();
    let actor = restored.actor_by_token(secret.reveal()).await.unwrap().unwrap();
    assert_eq!(restored.artifact_head(&actor, source.small, None, 10).await.unwrap().bytes, b"weights");
    restored.close().await;
}
