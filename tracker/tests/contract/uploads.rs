//! Resumable uploads from pages: begun, interrupted, resumed, verified and finished.

use bytes::Bytes;
use domain::{
    artifacts::{Artifact, ArtifactName, Fingerprint, Origin, Upload, part_size},
    files::{FileName, Sha256Hash},
    ids::{ExperimentId, UploadId},
    people::{Role, Scope},
};
use futures_util::stream;
use sha2::{Digest as _, Sha256};
use tracker::{Actor, Error, NewUpload, Tracker};

use crate::{Case, cases, test_tracker::TestTracker};

pub fn cases() -> Vec<Case> {
    cases![uploads:
        an_upload_becomes_an_artifact,
        an_interrupted_upload_resumes,
        parts_must_have_their_exact_size,
        bytes_with_another_hash_are_deleted,
        an_existing_artifact_is_replaced_only_on_request,
        uploads_are_visible_only_to_their_creator,
        uploads_require_free_space
    ]
}

/// Returns two full parts and 1,000 bytes.
fn three_part_file() -> Vec<u8> {
    let size = usize::try_from(2 * part_size(0)).unwrap() + 1_000;
    (0u8..251).cycle().take(size).collect()
}

fn sha256(bytes: &[u8]) -> Sha256Hash {
    Sha256Hash(Sha256::digest(bytes).into())
}

/// A user with an experiment to upload to.
struct Uploader<'a> {
    test: &'a TestTracker,
    actor: Actor,
    experiment: ExperimentId,
}

impl<'a> Uploader<'a> {
    async fn new(test: &'a TestTracker) -> Self {
        let (actor, experiment) = test.owner_with_experiment().await;
        Self { test, actor, experiment }
    }

    fn new_upload(&self, name: &str, size: usize) -> NewUpload {
        NewUpload {
            name: ArtifactName::parse(name).unwrap(),
            filename: FileName::parse("best.pt").unwrap(),
            size: size as u64,
            content_type: None,
            fingerprint: Fingerprint::parse(format!("best.pt|{size}|1700000000")).unwrap(),
            replace: false,
        }
    }

    async fn begin(&self, name: &str, size: usize) -> Result<Upload, Error> {
        self.test.tracker.begin_upload(&self.actor, self.experiment, &self.new_upload(name, size)).await
    }

    async fn upload_part(&self, upload: &Upload, number: i64, file: &[u8]) -> Result<(), Error> {
        upload_part(&self.test.tracker, &self.actor, upload.id, number, part_of(upload, number, file)).await
    }

    async fn finish(&self, upload: &Upload, file: &[u8]) -> Result<Artifact, Error> {
        self.test.tracker.finish_upload(&self.actor, upload.id, &sha256(file)).await
    }

    async fn head(&self, artifact: &Artifact, limit: u64) -> Vec<u8> {
        self.test.tracker.artifact_head(&self.actor, artifact.id, None, limit).await.unwrap().bytes
    }
}

fn part_of(upload: &Upload, number: i64, file: &[u8]) -> Vec<u8> {
    let size = usize::try_from(upload.part_size).unwrap();
    let start = usize::try_from(number - 1).unwrap() * size;
    file[start..file.len().min(start + size)].to_vec()
}

async fn upload_part(
    tracker: &Tracker,
    actor: &Actor,
    upload: UploadId,
    number: i64,
    bytes: Vec<u8>,
) -> Result<(), Error> {
    let pieces: Vec<_> = bytes.chunks(1 << 20).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    tracker.upload_part(actor, upload, number, stream::iter(pieces)).await
}

async fn an_upload_becomes_an_artifact(test: TestTracker) {
    let up = Uploader::new(&test).await;
    let file = three_part_file();
    let upload = up.begin("weights/best.pt", file.len()).await.unwrap();
    assert_eq!((upload.received, upload.part_size), (0, 8 << 20));
    for number in 1..=3 {
        up.upload_part(&upload, number, &file).await.unwrap();
    }
    let artifact = up.finish(&upload, &file).await.unwrap();
    assert_eq!(artifact.name.as_str(), "weights/best.pt");
    assert_eq!(
        (artifact.now.file.size, Sha256Hash::parse(&artifact.now.file.sha256)),
        (file.len() as u64, Ok(sha256(&file)))
    );
    assert_eq!((artifact.now.origin, artifact.now.file.filename.as_str()), (Origin::Upload, "best.pt"));
    assert!(artifact.now.by.is_some());
    assert!(up.head(&artifact, u64::MAX).await == file);
    assert_eq!(test.stored_file_sizes(), [1_000, 8 << 20, 8 << 20]);
    let again = up.finish(&upload, &file).await.expect("a client may retry after a lost response");
    assert_eq!(again, artifact);
    assert!(test.tracker.uploads(&up.actor, up.experiment).await.unwrap().is_empty());
    // An empty file has no parts.
    let empty = up.begin("empty", 0).await.unwrap();
    let artifact = up.finish(&empty, b"").await.unwrap();
    assert_eq!((artifact.now.file.size, up.head(&artifact, 10).await), (0, Vec::new()));
}

async fn an_interrupted_upload_resumes(test: TestTracker) {
    let up = Uploader::new(&test).await;
    let file = three_part_file();
    let upload = up.begin("best.pt", file.len()).await.unwrap();
    up.upload_part(&upload, 1, &file).await.unwrap();
    up.upload_part(&upload, 3, &file).await.unwrap();
    // Another server, this one after a restart, or another page of the same user.
    let tracker = test.another_tracker().await.unwrap();
    let listed = tracker.uploads(&up.actor, up.experiment).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!((listed[0].id, listed[0].received), (upload.id, 8 << 20), "parts after a gap do not count");
    let same = tracker.begin_upload(&up.actor, up.experiment, &up.new_upload("best.pt", file.len())).await.unwrap();
    assert_eq!(same, listed[0]);
    upload_part(&tracker, &up.actor, upload.id, 2, part_of(&upload, 2, &file)).await.unwrap();
    upload_part(&tracker, &up.actor, upload.id, 2, part_of(&upload, 2, &file)).await.expect("a part may be sent again");
    assert_eq!(tracker.upload_state(&up.actor, upload.id).await.unwrap().received, file.len() as u64);
    let artifact = tracker.finish_upload(&up.actor, upload.id, &sha256(&file)).await.unwrap();
    assert_eq!(artifact.now.file.size, file.len() as u64);
    assert!(up.head(&artifact, u64::MAX).await == file);
    tracker.close().await;
    // Canceling deletes an upload with its parts.
    let other = up.begin("other.pt", file.len()).await.unwrap();
    up.upload_part(&other, 1, &file).await.unwrap();
    for _ in 0..2 {
        test.tracker.cancel_upload(&up.actor, other.id).await.unwrap();
    }
    assert!(matches!(test.tracker.upload_state(&up.actor, other.id).await, Err(Error::NotFound("upload"))));
    assert_eq!(test.stored_file_sizes(), [1_000, 8 << 20, 8 << 20]);
}

async fn parts_must_have_their_exact_size(test: TestTracker) {
    let up = Uploader::new(&test).await;
    let file = three_part_file();
    let upload = up.begin("best.pt", file.len()).await.unwrap();
    let missing = up.finish(&upload, &file).await;
    assert!(matches!(missing, Err(Error::Invalid(message)) if message.contains("part 1 of 3 has not arrived")));
    for (number, size, expected) in [
        (0, 10, "parts 1 to 3"),
        (4, 10, "parts 1 to 3"),
        (i64::MIN, 10, "parts 1 to 3"),
        (1, 10, "must have 8388608"),
        (3, 1_001, "limit of 1000 bytes"),
    ] {
        let result = upload_part(&test.tracker, &up.actor, upload.id, number, vec![0; size]).await;
        assert!(matches!(&result, Err(Error::Invalid(message)) if message.contains(expected)), "{number}: {result:?}");
    }
    assert_eq!(test.stored_file_sizes(), [0; 0]);
    assert_eq!(test.tracker.upload_state(&up.actor, upload.id).await.unwrap().received, 0);
}

async fn bytes_with_another_hash_are_deleted(test: TestTracker) {
    let up = Uploader::new(&test).await;
    let upload = up.begin("best.pt", 5).await.unwrap();
    up.upload_part(&upload, 1, b"right").await.unwrap();
    let result = up.finish(&upload, b"wrong").await;
    assert!(matches!(result, Err(Error::Invalid(message)) if message.contains("does not match the file's SHA-256")));
    assert!(matches!(up.finish(&upload, b"right").await, Err(Error::NotFound("upload"))));
    assert_eq!(test.stored_file_sizes(), [0; 0]);
    let second = up.begin("best.pt", 5).await.unwrap();
    up.upload_part(&second, 1, b"right").await.unwrap();
    up.finish(&second, b"right").await.unwrap();
}

async fn an_existing_artifact_is_replaced_only_on_request(test: TestTracker) {
    let up = Uploader::new(&test).await;
    let first = up.begin("best.pt", 5).await.unwrap();
    let second = up.begin("best.pt", 6).await.unwrap();
    assert_ne!(first.id, second.id, "it is another file");
    for (upload, bytes) in [(&first, b"first".as_slice()), (&second, b"second")] {
        up.upload_part(upload, 1, bytes).await.unwrap();
    }
    let artifact = up.finish(&first, b"first").await.unwrap();
    let result = up.finish(&second, b"second").await;
    assert!(matches!(result, Err(Error::Conflict(message)) if message.contains("'best.pt'")));
    assert!(matches!(up.begin("best.pt", 6).await, Err(Error::Conflict(_))));
    // The received parts are kept, and the upload resumes once replacing is requested.
    let replace = NewUpload { replace: true, ..up.new_upload("best.pt", 6) };
    let same = test.tracker.begin_upload(&up.actor, up.experiment, &replace).await.unwrap();
    assert_eq!((same.id, same.received), (second.id, 6));
    let replaced = up.finish(&second, b"second").await.unwrap();
    assert_eq!((replaced.id, replaced.now.version, replaced.versions), (artifact.id, 2, 2));
}

async fn uploads_are_visible_only_to_their_creator(test: TestTracker) {
    let up = Uploader::new(&test).await;
    let (ben, vic) = (test.create_actor(Role::Member, "Acme").await, test.create_actor(Role::Viewer, "Acme").await);
    let eve = test.create_actor(Role::Owner, "Elsewhere").await;
    let read_only = test.actor_with_token(&up.actor.email, Scope::Read).await;
    let upload = up.begin("best.pt", 5).await.unwrap();
    let tracker = &test.tracker;
    for (actor, forbidden) in [(&vic, true), (&read_only, true), (&eve, false)] {
        let error = tracker.begin_upload(actor, up.experiment, &up.new_upload("x", 1)).await.unwrap_err();
        assert_eq!(matches!(error, Error::Forbidden(_)), forbidden, "{error}");
    }
    for actor in [&ben, &vic, &eve] {
        assert!(matches!(tracker.upload_state(actor, upload.id).await, Err(Error::NotFound("upload"))));
        assert!(matches!(
            upload_part(tracker, actor, upload.id, 1, b"right".to_vec()).await,
            Err(Error::NotFound("upload"))
        ));
        assert!(matches!(tracker.finish_upload(actor, upload.id, &sha256(b"")).await, Err(Error::NotFound("upload"))));
        tracker.cancel_upload(actor, upload.id).await.expect("canceling an invisible upload does nothing");
    }
    assert!(tracker.uploads(&ben, up.experiment).await.unwrap().is_empty());
    assert!(matches!(tracker.uploads(&eve, up.experiment).await, Err(Error::NotFound("experiment"))));
    up.upload_part(&upload, 1, b"right").await.unwrap();
    let artifact = up.finish(&upload, b"right").await.unwrap();
    assert!(matches!(tracker.finish_upload(&eve, upload.id, &sha256(b"")).await, Err(Error::NotFound("upload"))));
    assert_eq!(tracker.artifact(&vic, artifact.id).await.unwrap(), artifact);
}

async fn uploads_require_free_space(test: TestTracker) {
    let up = Uploader::new(&test).await;
    let tracker = test.with_storage_limit(1_000).await;
    let begin = async |name: &str, size: usize| {
        tracker.begin_upload(&up.actor, up.experiment, &up.new_upload(name, size)).await
    };
    let result = begin("large", 1_001).await;
    assert!(matches!(result, Err(Error::Full(message)) if message.contains("free space")));
    assert!(matches!(begin("huge", usize::MAX >> 1).await, Err(Error::Invalid(_))));
    let (first, second) = (begin("first", 700).await.unwrap(), begin("second", 600).await.unwrap());
    upload_part(&tracker, &up.actor, first.id, 1, vec![1; 700]).await.unwrap();
    let result = upload_part(&tracker, &up.actor, second.id, 1, vec![2; 600]).await;
    assert!(matches!(result, Err(Error::Full(message)) if message.contains("no space left")));
    assert_eq!(test.stored_file_sizes(), [700]);
    tracker.cancel_upload(&up.actor, first.id).await.unwrap();
    upload_part(&tracker, &up.actor, second.id, 1, vec![2; 600]).await.expect("canceling frees space");
    tracker.finish_upload(&up.actor, second.id, &sha256(&[2; 600])).await.unwrap();
    tracker.close().await;
}
