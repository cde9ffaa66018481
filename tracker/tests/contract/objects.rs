//! Objects: uploaded through signed URLs, stored once per content, and swept when unused.

use bytes::Bytes;
use domain::{
    files::{FileName, MediaType, Purpose},
    ids::{ExperimentId, ObjectId},
    logs::{Data, Kind, LogName},
    people::{Role, Scope},
};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::json;
use tracker::{Actor, Error, IfExists, NewObject, SignedAction, SignedUrl};

use crate::{Case, cases, test_tracker::TestTracker};

pub fn cases() -> Vec<Case> {
    cases![objects:
        uploaded_bytes_are_downloaded_unchanged,
        large_files_are_downloaded_unchanged,
        equal_bytes_are_stored_once,
        signed_urls_require_rights,
        an_interrupted_upload_leaves_no_bytes,
        rotating_the_key_invalidates_all_signed_urls,
        unused_objects_are_swept,
        image_logs_keep_their_versions
    ]
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

    fn new_object(&self) -> NewObject {
        let filename = FileName::parse("a.png").unwrap();
        NewObject { purpose: Purpose::LogImage, experiment: self.experiment, filename }
    }

    async fn create_object(&self) -> ObjectId {
        let organization = self.test.organization_of(&self.actor).await;
        self.test.tracker.create_object(&self.actor, organization, &self.new_object()).await.unwrap()
    }

    async fn upload(&self, signed_url: &SignedUrl, bytes: &'static [u8]) -> Result<(), Error> {
        let pieces = stream::iter(bytes.chunks(7).map(|piece| Ok(Bytes::from_static(piece))));
        self.test.tracker.upload(signed_url, MediaType::parse("image/png").as_ref(), pieces).await
    }

    async fn upload_object(&self, bytes: &'static [u8]) -> ObjectId {
        let object = self.create_object().await;
        let signed_url = self.test.tracker.sign_upload(&self.actor, object).await.unwrap();
        self.upload(&signed_url, bytes).await.unwrap();
        object
    }

    async fn download(&self, object: ObjectId) -> Result<Vec<u8>, Error> {
        let tracker = &self.test.tracker;
        let download = tracker.download(&tracker.sign_download(&self.actor, object).await?).await?;
        let pieces: Vec<Bytes> = tracker
            .stream_download(&download, 0..download.size)
            .await?
            .try_collect()
            .await
            .map_err(|error| Error::Unexpected(error.into()))?;
        Ok(pieces.concat())
    }

    async fn log_image(&self, object: ObjectId) -> Result<domain::logs::Log, Error> {
        let image = json!({"object_name": object, "filename": "a.png", "name": "a.png", "large": false});
        let data = Data::from_json(Kind::Image, &image);
        let name = LogName::parse("sample").unwrap();
        self.test.tracker.log(&self.actor, self.experiment, name, data, IfExists::Continue).await
    }

    fn file_count(&self) -> usize {
        self.test.stored_file_sizes().len()
    }

    /// Makes all objects and orphaned bytes two days older.
    async fn advance_two_days(&self) {
        const DAYS: i64 = 2 * 24 * 60 * 60 * 1_000_000;
        for (table, column) in [("objects", "created_at"), ("objects", "uploaded_at"), ("stray_bytes", "since")] {
            self.test.execute(&format!("UPDATE {table} SET {column} = {column} - {DAYS}")).await;
        }
    }
}

async fn uploaded_bytes_are_downloaded_unchanged(test: TestTracker) {
    let up = Uploader::new(&test).await;
    for bytes in [&b""[..], b"a", b"a few more bytes than fit into one piece"] {
        let object = up.upload_object(bytes).await;
        assert_eq!(up.download(object).await.unwrap(), bytes);
        let signed_url = test.tracker.sign_download(&up.actor, object).await.unwrap();
        let download = test.tracker.download(&signed_url).await.unwrap();
        assert_eq!(
            (download.filename.as_str(), download.content_type.as_ref().map(MediaType::as_str)),
            ("a.png", Some("image/png"))
        );
        assert_eq!(download.size, bytes.len() as u64);
        if bytes.len() > 5 {
            let mut part = test.tracker.stream_download(&download, 2..5).await.unwrap();
            assert_eq!(part.next().await.unwrap().unwrap(), &bytes[2..5]);
        }
    }
}

/// The file is large enough to be synced while it is written, and to be read in several chunks.
async fn large_files_are_downloaded_unchanged(test: TestTracker) {
    let up = Uploader::new(&test).await;
    let file: Vec<u8> = (0u32..5 << 20).flat_map(u32::to_le_bytes).chain(*b"end").collect();
    let object = up.create_object().await;
    let signed_url = test.tracker.sign_upload(&up.actor, object).await.unwrap();
    let pieces: Vec<_> = file.chunks(60_000).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    test.tracker.upload(&signed_url, None, stream::iter(pieces)).await.unwrap();
    assert!(up.download(object).await.unwrap() == file);
    let download = test.tracker.sign_download(&up.actor, object).await.unwrap();
    let download = test.tracker.download(&download).await.unwrap();
    for range in [0..1, 524_287..524_289, 524_288..1_572_864, 20_000_000..download.size] {
        let pieces: Vec<Bytes> =
            test.tracker.stream_download(&download, range.clone()).await.unwrap().try_collect().await.unwrap();
        let expected = usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap();
        assert!(pieces.concat() == file[expected], "{range:?}");
    }
}

async fn equal_bytes_are_stored_once(test: TestTracker) {
    let up = Uploader::new(&test).await;
    let [first, second, third] =
        [up.upload_object(b"same").await, up.upload_object(b"same").await, up.upload_object(b"other").await];
    assert_eq!(up.file_count(), 2);
    for (object, bytes) in [(first, b"same".as_slice()), (second, b"same"), (third, b"other")] {
        assert_eq!(up.download(object).await.unwrap(), bytes);
    }
    let signed_url = test.tracker.sign_upload(&up.actor, first).await.unwrap();
    up.upload(&signed_url, b"same").await.expect("a client may retry after a lost response");
    assert!(matches!(up.upload(&signed_url, b"new").await, Err(Error::Conflict(_))));
    assert_eq!(up.download(first).await.unwrap(), b"same");
    assert_eq!(up.file_count(), 2);
}

async fn signed_urls_require_rights(test: TestTracker) {
    let up = Uploader::new(&test).await;
    let vic = test.create_actor(Role::Viewer, "Acme").await;
    let eve = test.create_actor(Role::Owner, "Elsewhere").await;
    let read_only = test.actor_with_token(&up.actor.email, Scope::Read).await;
    let (acme, elsewhere) = (test.organization_of(&up.actor).await, test.organization_of(&eve).await);
    let tracker = &test.tracker;
    for (actor, organization, visible) in
        [(&vic, acme, true), (&read_only, acme, true), (&eve, acme, false), (&eve, elsewhere, false)]
    {
        let error = tracker.create_object(actor, organization, &up.new_object()).await.unwrap_err();
        assert_eq!(matches!(error, Error::Forbidden(_)), visible, "{error}");
        assert_eq!(matches!(error, Error::NotFound("experiment")), !visible, "{error}");
    }
    let object = up.create_object().await;
    assert!(matches!(tracker.sign_upload(&vic, object).await, Err(Error::Forbidden(_))));
    assert!(matches!(tracker.sign_upload(&eve, object).await, Err(Error::NotFound("object"))));
    assert!(
        matches!(tracker.sign_download(&up.actor, object).await, Err(Error::NotFound("object"))),
        "not uploaded yet"
    );
    let upload = tracker.sign_upload(&up.actor, object).await.unwrap();
    up.upload(&upload, b"bytes").await.unwrap();
    assert!(matches!(tracker.sign_download(&eve, object).await, Err(Error::NotFound("object"))));
    let download = tracker.sign_download(&vic, object).await.unwrap();
    for wrong in [upload.clone(), SignedUrl { action: SignedAction::Download, ..upload.clone() }] {
        assert!(matches!(tracker.download(&wrong).await, Err(Error::Forbidden(_))));
    }
    for wrong in [
        download.clone(),
        SignedUrl { action: SignedAction::Upload, ..download.clone() },
        SignedUrl { expires: 0, ..upload },
    ] {
        assert!(matches!(up.upload(&wrong, b"bytes").await, Err(Error::Forbidden(_))));
    }
    tracker.delete_experiment(&up.actor, up.experiment).await.unwrap();
    assert!(matches!(tracker.download(&download).await, Err(Error::NotFound("object"))));
}

async fn an_interrupted_upload_leaves_no_bytes(test: TestTracker) {
    let up = Uploader::new(&test).await;
    let object = up.create_object().await;
    let signed_url = test.tracker.sign_upload(&up.actor, object).await.unwrap();
    let pieces = [Ok(Bytes::from_static(b"half")), Err(std::io::Error::other("connection reset"))];
    let interrupted = test.tracker.upload(&signed_url, None, stream::iter(pieces)).await;
    assert!(matches!(interrupted, Err(Error::Invalid(message)) if message.contains("connection reset")));
    assert_eq!(up.file_count(), 0);
    assert!(matches!(test.tracker.sign_download(&up.actor, object).await, Err(Error::NotFound("object"))));
    up.upload(&signed_url, b"whole").await.unwrap();
    assert_eq!(up.download(object).await.unwrap(), b"whole");
}

async fn rotating_the_key_invalidates_all_signed_urls(test: TestTracker) {
    let up = Uploader::new(&test).await;
    let object = up.upload_object(b"bytes").await;
    let other_server = test.another_tracker().await.unwrap();
    let signed_url = test.tracker.sign_download(&up.actor, object).await.unwrap();
    other_server.download(&signed_url).await.expect("all servers have the same key");
    other_server.operator().rotate_signing_key().await.unwrap();
    assert!(matches!(test.tracker.download(&signed_url).await, Err(Error::Forbidden(_))));
    let new_url = test.tracker.sign_download(&up.actor, object).await.unwrap();
    other_server.download(&new_url).await.unwrap();
    other_server.close().await;
}

async fn unused_objects_are_swept(test: TestTracker) {
    let up = Uploader::new(&test).await;
    let (used, unused) = (up.upload_object(b"used").await, up.upload_object(b"unused").await);
    let not_uploaded = up.create_object().await;
    let log = up.log_image(used).await.unwrap();
    test.tracker.sweep().await.unwrap();
    assert_eq!(up.file_count(), 2, "new objects are kept for a day");
    up.advance_two_days().await;
    let swept = test.tracker.sweep().await.unwrap();
    assert_eq!((swept.objects, swept.files, up.file_count()), (2, 1, 1));
    for deleted in [unused, not_uploaded] {
        assert!(matches!(test.tracker.sign_upload(&up.actor, deleted).await, Err(Error::NotFound("object"))));
    }
    assert_eq!(up.download(used).await.unwrap(), b"used");
    assert_eq!(test.tracker.sweep().await.unwrap(), tracker::SweepSummary::default());

    test.tracker.delete_log(&up.actor, log.id).await.unwrap();
    test.tracker.sweep().await.unwrap();
    assert_eq!(up.file_count(), 0, "deleting the log frees the bytes of its images");
    let again = up.upload_object(b"used").await;
    assert_eq!(up.download(again).await.unwrap(), b"used");
}

async fn image_logs_keep_their_versions(test: TestTracker) {
    let up = Uploader::new(&test).await;
    let eve = test.create_actor(Role::Owner, "Elsewhere").await;
    let not_uploaded = up.create_object().await;
    let log = up.log_image(not_uploaded).await.unwrap();
    assert_eq!(log.image, None);
    assert_eq!(
        test.tracker.log_images(&up.actor, log.id).await.unwrap(),
        [],
        "an object without content is not an image"
    );
    let (first, second) = (up.upload_object(b"first").await, up.upload_object(b"second").await);
    assert_eq!(up.log_image(first).await.unwrap().image, Some(first));
    up.log_image(second).await.unwrap();
    up.log_image(first).await.unwrap();
    let images = test.tracker.log_images(&up.actor, log.id).await.unwrap();
    assert_eq!(images.iter().map(|image| image.version).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(images[0].url, images[2].url);
    assert!(images[1].url.starts_with(&format!("/files/{second}?expires=")));
    assert!(images.is_sorted_by_key(|image| image.at) && images[0].filename == "a.png");
    assert!(matches!(test.tracker.log_images(&eve, log.id).await, Err(Error::NotFound("log"))));
    let other = Uploader {
        test: &test,
        experiment: test.create_experiment(&up.actor, project_of(&up).await, "other").await,
        ..up
    };
    let log = other.log_image(first).await.unwrap();
    assert_eq!((log.image, log.document.is_some()), (None, true), "an image of another experiment is data only");
    assert_eq!(test.tracker.log_images(&other.actor, log.id).await.unwrap(), []);
}

async fn project_of(up: &Uploader<'_>) -> domain::ids::ProjectId {
    up.test.tracker.experiment(&up.actor, up.experiment).await.unwrap().experiment.project
}
