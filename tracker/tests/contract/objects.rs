//! Objects: uploaded through signed URLs, stored once per content, and swept when unused.

use bytes::Bytes;
use domain::{
    files::{FileName, Purpose},
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
        bytes_go_in_and_come_out,
        a_long_file_comes_back_as_it_was,
        the_same_bytes_are_kept_once,
        a_ticket_is_for_those_who_may,
        an_upload_that_breaks_off_leaves_nothing,
        a_new_key_ends_all_tickets_everywhere,
        what_nothing_uses_is_swept,
        pictures_keep_their_versions
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

    async fn named(&self) -> ObjectId {
        let organization = self.test.organization_of(&self.actor).await;
        self.test.tracker.create_object(&self.actor, organization, &self.new_object()).await.unwrap()
    }

    async fn send(&self, signed_url: &SignedUrl, bytes: &'static [u8]) -> Result<(), Error> {
        let pieces = stream::iter(bytes.chunks(7).map(|piece| Ok(Bytes::from_static(piece))));
        self.test.tracker.upload(signed_url, Some("image/png"), pieces).await
    }

    async fn uploaded(&self, bytes: &'static [u8]) -> ObjectId {
        let object = self.named().await;
        let signed_url = self.test.tracker.sign_upload(&self.actor, object).await.unwrap();
        self.send(&signed_url, bytes).await.unwrap();
        object
    }

    async fn read(&self, object: ObjectId) -> Result<Vec<u8>, Error> {
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

    async fn log(&self, object: ObjectId) -> Result<domain::logs::Log, Error> {
        let image = json!({"object_name": object, "filename": "a.png", "name": "a.png", "large": false});
        let data = Data::parse(Kind::Image, &image).unwrap();
        let called = LogName::parse("sample").unwrap();
        self.test.tracker.log(&self.actor, self.experiment, called, data, IfExists::Continue).await
    }

    fn files(&self) -> usize {
        self.test.stored_file_sizes().len()
    }

    /// Makes all objects and orphaned bytes two days older.
    async fn later(&self) {
        const DAYS: i64 = 2 * 24 * 60 * 60 * 1_000_000;
        for (table, column) in [("objects", "created_at"), ("objects", "uploaded_at"), ("stray_bytes", "since")] {
            self.test.execute(&format!("UPDATE {table} SET {column} = {column} - {DAYS}")).await;
        }
    }
}

async fn bytes_go_in_and_come_out(test: TestTracker) {
    let up = Uploader::new(&test).await;
    for bytes in [&b""[..], b"a", b"a few more bytes than fit into one piece"] {
        let object = up.uploaded(bytes).await;
        assert_eq!(up.read(object).await.unwrap(), bytes);
        let signed_url = test.tracker.sign_download(&up.actor, object).await.unwrap();
        let download = test.tracker.download(&signed_url).await.unwrap();
        assert_eq!((download.filename.as_str(), download.content_type.as_deref()), ("a.png", Some("image/png")));
        assert_eq!(download.size, bytes.len() as u64);
        if bytes.len() > 5 {
            let mut part = test.tracker.stream_download(&download, 2..5).await.unwrap();
            assert_eq!(part.next().await.unwrap().unwrap(), &bytes[2..5]);
        }
    }
}

/// The file is large enough to be synced while it is written, and to be read in several chunks.
async fn a_long_file_comes_back_as_it_was(test: TestTracker) {
    let up = Uploader::new(&test).await;
    let file: Vec<u8> = (0u32..5 << 20).flat_map(u32::to_le_bytes).chain(*b"end").collect();
    let object = up.named().await;
    let signed_url = test.tracker.sign_upload(&up.actor, object).await.unwrap();
    let pieces: Vec<_> = file.chunks(60_000).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    test.tracker.upload(&signed_url, None, stream::iter(pieces)).await.unwrap();
    assert!(up.read(object).await.unwrap() == file);
    let download = test.tracker.sign_download(&up.actor, object).await.unwrap();
    let download = test.tracker.download(&download).await.unwrap();
    for range in [0..1, 524_287..524_289, 524_288..1_572_864, 20_000_000..download.size] {
        let pieces: Vec<Bytes> =
            test.tracker.stream_download(&download, range.clone()).await.unwrap().try_collect().await.unwrap();
        let expected = usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap();
        assert!(pieces.concat() == file[expected], "{range:?}");
    }
}

async fn the_same_bytes_are_kept_once(test: TestTracker) {
    let up = Uploader::new(&test).await;
    let [first, second, third] = [up.uploaded(b"same").await, up.uploaded(b"same").await, up.uploaded(b"other").await];
    assert_eq!(up.files(), 2);
    for (object, bytes) in [(first, b"same".as_slice()), (second, b"same"), (third, b"other")] {
        assert_eq!(up.read(object).await.unwrap(), bytes);
    }
    let signed_url = test.tracker.sign_upload(&up.actor, first).await.unwrap();
    up.send(&signed_url, b"same").await.expect("sent twice by a client that missed the answer");
    assert!(matches!(up.send(&signed_url, b"new").await, Err(Error::Conflict(_))));
    assert_eq!(up.read(first).await.unwrap(), b"same");
    assert_eq!(up.files(), 2);
}

async fn a_ticket_is_for_those_who_may(test: TestTracker) {
    let up = Uploader::new(&test).await;
    let vic = test.create_actor(Role::Viewer, "Acme").await;
    let eve = test.create_actor(Role::Owner, "Elsewhere").await;
    let reads = test.actor_with_token(&up.actor.email, Scope::Read).await;
    let (acme, elsewhere) = (test.organization_of(&up.actor).await, test.organization_of(&eve).await);
    let tracker = &test.tracker;
    for (actor, organization, there) in
        [(&vic, acme, true), (&reads, acme, true), (&eve, acme, false), (&eve, elsewhere, false)]
    {
        let refused = tracker.create_object(actor, organization, &up.new_object()).await.unwrap_err();
        assert_eq!(matches!(refused, Error::Forbidden(_)), there, "{refused}");
        assert_eq!(matches!(refused, Error::NotFound("experiment")), !there, "{refused}");
    }
    let object = up.named().await;
    assert!(matches!(tracker.sign_upload(&vic, object).await, Err(Error::Forbidden(_))));
    assert!(matches!(tracker.sign_upload(&eve, object).await, Err(Error::NotFound("object"))));
    assert!(
        matches!(tracker.sign_download(&up.actor, object).await, Err(Error::NotFound("object"))),
        "not uploaded yet"
    );
    let upload = tracker.sign_upload(&up.actor, object).await.unwrap();
    up.send(&upload, b"bytes").await.unwrap();
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
        assert!(matches!(up.send(&wrong, b"bytes").await, Err(Error::Forbidden(_))));
    }
    tracker.delete_experiment(&up.actor, up.experiment).await.unwrap();
    assert!(matches!(tracker.download(&download).await, Err(Error::NotFound("object"))));
}

async fn an_upload_that_breaks_off_leaves_nothing(test: TestTracker) {
    let up = Uploader::new(&test).await;
    let object = up.named().await;
    let signed_url = test.tracker.sign_upload(&up.actor, object).await.unwrap();
    let pieces = [Ok(Bytes::from_static(b"half")), Err(std::io::Error::other("the line is dead"))];
    let broken = test.tracker.upload(&signed_url, None, stream::iter(pieces)).await;
    assert!(matches!(broken, Err(Error::Invalid(sentence)) if sentence.contains("the line is dead")));
    assert_eq!(up.files(), 0);
    assert!(matches!(test.tracker.sign_download(&up.actor, object).await, Err(Error::NotFound("object"))));
    up.send(&signed_url, b"whole").await.unwrap();
    assert_eq!(up.read(object).await.unwrap(), b"whole");
}

async fn a_new_key_ends_all_tickets_everywhere(test: TestTracker) {
    let up = Uploader::new(&test).await;
    let object = up.uploaded(b"bytes").await;
    let beside = test.another_tracker().await.unwrap();
    let signed_url = test.tracker.sign_download(&up.actor, object).await.unwrap();
    beside.download(&signed_url).await.expect("every server has the same key");
    beside.operator().rotate_signing_key().await.unwrap();
    assert!(matches!(test.tracker.download(&signed_url).await, Err(Error::Forbidden(_))));
    let anew = test.tracker.sign_download(&up.actor, object).await.unwrap();
    beside.download(&anew).await.unwrap();
    beside.close().await;
}

async fn what_nothing_uses_is_swept(test: TestTracker) {
    let up = Uploader::new(&test).await;
    let (used, unused) = (up.uploaded(b"used").await, up.uploaded(b"unused").await);
    let never = up.named().await;
    let log = up.log(used).await.unwrap();
    test.tracker.sweep().await.unwrap();
    assert_eq!(up.files(), 2, "what is new gets a day");
    up.later().await;
    let swept = test.tracker.sweep().await.unwrap();
    assert_eq!((swept.objects, swept.files, up.files()), (2, 1, 1));
    for gone in [unused, never] {
        assert!(matches!(test.tracker.sign_upload(&up.actor, gone).await, Err(Error::NotFound("object"))));
    }
    assert_eq!(up.read(used).await.unwrap(), b"used");
    assert_eq!(test.tracker.sweep().await.unwrap(), tracker::Swept::default());

    test.tracker.delete_log(&up.actor, log.id).await.unwrap();
    test.tracker.sweep().await.unwrap();
    assert_eq!(up.files(), 0, "its bytes go with the log");
    let again = up.uploaded(b"used").await;
    assert_eq!(up.read(again).await.unwrap(), b"used");
}

async fn pictures_keep_their_versions(test: TestTracker) {
    let up = Uploader::new(&test).await;
    let eve = test.create_actor(Role::Owner, "Elsewhere").await;
    let named = up.named().await;
    assert!(matches!(up.log(named).await, Err(Error::Invalid(sentence)) if sentence.contains("not uploaded")));
    let (first, second) = (up.uploaded(b"first").await, up.uploaded(b"second").await);
    let log = up.log(first).await.unwrap();
    up.log(second).await.unwrap();
    up.log(first).await.unwrap();
    let images = test.tracker.log_images(&up.actor, log.id).await.unwrap();
    assert_eq!(images.iter().map(|image| image.version).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(images[0].url, images[2].url);
    assert!(images[1].url.starts_with(&format!("/files/{second}?expires=")));
    assert!(images.is_sorted_by_key(|image| image.at) && images[0].filename == "a.png");
    assert!(matches!(test.tracker.log_images(&eve, log.id).await, Err(Error::NotFound("log"))));
    let other = Uploader {
        test: &test,
        experiment: test.create_experiment(&up.actor, project(&up).await, "other").await,
        ..up
    };
    assert!(matches!(other.log(first).await, Err(Error::Invalid(sentence)) if sentence.contains("no image")));
}

async fn project(up: &Uploader<'_>) -> domain::ids::ProjectId {
    up.test.tracker.experiment(&up.actor, up.experiment).await.unwrap().experiment.project
}
