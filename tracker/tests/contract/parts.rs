//! Multipart uploads by scripts: parts in any order, sent again, left out, and completed with a list.

use bytes::Bytes;
use domain::{
    files::{FileName, Purpose},
    ids::{ExperimentId, ObjectId, UploadId},
    people::Role,
};
use futures_util::{TryStreamExt as _, stream};
use tracker::{Actor, Error, NewObject, SignedAction, SignedUrl};

use crate::{Case, cases, test_tracker::TestTracker};

pub fn cases() -> Vec<Case> {
    cases![parts:
        parts_are_joined_in_ascending_order,
        a_part_sent_again_replaces_the_earlier_one,
        only_listed_parts_are_kept,
        completing_twice_changes_nothing,
        a_signed_url_is_for_one_part,
        aborted_and_abandoned_uploads_leave_no_bytes,
        a_file_that_is_already_stored_is_not_stored_again
    ]
}

/// A script that has begun a multipart upload.
struct Sender<'a> {
    test: &'a TestTracker,
    actor: Actor,
    object: ObjectId,
    upload: UploadId,
}

impl<'a> Sender<'a> {
    async fn new(test: &'a TestTracker) -> Self {
        let (actor, experiment) = test.owner_with_experiment().await;
        Self::in_experiment(test, actor, experiment).await
    }

    async fn in_experiment(test: &'a TestTracker, actor: Actor, experiment: ExperimentId) -> Self {
        let new = NewObject { purpose: Purpose::Artifact, experiment, filename: FileName::parse("best.pt").unwrap() };
        let organization = test.organization_of(&actor).await;
        let object = test.tracker.create_object(&actor, organization, &new).await.unwrap();
        let upload = test.tracker.begin_multipart_upload(&actor, object, None).await.unwrap();
        Self { test, actor, object, upload }
    }

    async fn signed_url(&self, number: i64) -> SignedUrl {
        self.test.tracker.sign_part_upload(&self.actor, self.object, self.upload, number).await.unwrap()
    }

    async fn upload_signed(&self, signed_url: &SignedUrl, bytes: &'static [u8]) -> Result<String, Error> {
        let pieces = stream::iter(bytes.chunks(5).map(|piece| Ok(Bytes::from_static(piece))));
        self.test.tracker.upload_signed_part(signed_url, pieces).await
    }

    async fn upload_part(&self, number: i64, bytes: &'static [u8]) -> (i64, String) {
        (number, self.upload_signed(&self.signed_url(number).await, bytes).await.unwrap())
    }

    async fn complete(&self, parts: &[(i64, String)]) -> Result<(), Error> {
        self.test.tracker.complete_multipart_upload(&self.actor, self.object, self.upload, parts).await
    }

    async fn download(&self) -> Vec<u8> {
        let tracker = &self.test.tracker;
        let signed_url = tracker.sign_download(&self.actor, self.object).await.unwrap();
        let download = tracker.download(&signed_url).await.unwrap();
        let pieces: Vec<Bytes> =
            tracker.stream_download(&download, 0..download.size).await.unwrap().try_collect().await.unwrap();
        pieces.concat()
    }
}

async fn parts_are_joined_in_ascending_order(test: TestTracker) {
    let sender = Sender::new(&test).await;
    // Out of order, with a gap in the numbers and an empty last part, as sent for a file that is a multiple of the part size.
    let third = sender.upload_part(3, b"third part").await;
    let first = sender.upload_part(1, b"first part, ").await;
    let last = sender.upload_part(7, b"").await;
    sender.complete(&[first, third, last]).await.unwrap();
    assert_eq!(sender.download().await, b"first part, third part");
    assert_eq!(
        test.stored_file_sizes(),
        [10, 12],
        "each part that is not empty becomes a segment without being copied"
    );
    let signed_url = test.tracker.sign_download(&sender.actor, sender.object).await.unwrap();
    let download = test.tracker.download(&signed_url).await.unwrap();
    let across: Vec<Bytes> = test.tracker.stream_download(&download, 6..17).await.unwrap().try_collect().await.unwrap();
    assert_eq!(across.concat(), b"part, third");
}

async fn a_part_sent_again_replaces_the_earlier_one(test: TestTracker) {
    let sender = Sender::new(&test).await;
    let old = sender.upload_part(1, b"wrong").await;
    let second = sender.upload_part(2, b" and right").await;
    let new = sender.upload_part(1, b"right").await;
    assert_eq!(test.stored_file_sizes(), [5, 10]);
    let result = sender.complete(&[old, second.clone()]).await;
    assert!(matches!(result, Err(Error::Invalid(message)) if message.contains("ETag of part 1 does not match")));
    sender.complete(&[new, second]).await.unwrap();
    assert_eq!(sender.download().await, b"right and right", "the hash of the replaced part is discarded");
}

async fn only_listed_parts_are_kept(test: TestTracker) {
    let sender = Sender::new(&test).await;
    let [first, second, third] =
        [sender.upload_part(1, b"a").await, sender.upload_part(2, b"bb").await, sender.upload_part(3, b"ccc").await];
    for (list, expected) in [
        (vec![], "is empty"),
        (vec![second.clone(), first.clone()], "ascending order"),
        (vec![first.clone(), first.clone()], "ascending order"),
        (vec![first.clone(), (4, third.1.clone())], "part 4 has not arrived"),
        (vec![(1, second.1.clone())], "ETag of part 1 does not match"),
    ] {
        let result = sender.complete(&list).await;
        assert!(matches!(&result, Err(Error::Invalid(message)) if message.contains(expected)), "{result:?}");
        assert!(matches!(
            test.tracker.sign_download(&sender.actor, sender.object).await,
            Err(Error::NotFound("object"))
        ));
    }
    sender.complete(&[first, third]).await.unwrap();
    assert_eq!(sender.download().await, b"accc");
    assert_eq!(test.stored_file_sizes(), [1, 3], "the part that is not listed is deleted");
}

async fn completing_twice_changes_nothing(test: TestTracker) {
    let sender = Sender::new(&test).await;
    let parts = [sender.upload_part(1, b"bytes").await];
    sender.complete(&parts).await.unwrap();
    sender.complete(&parts).await.expect("a client may retry after a lost response");
    assert_eq!(sender.download().await, b"bytes");
    let late = test.tracker.sign_part_upload(&sender.actor, sender.object, sender.upload, 2).await;
    assert!(matches!(late, Err(Error::NotFound("upload"))));
    let second_upload = test.tracker.begin_multipart_upload(&sender.actor, sender.object, None).await;
    assert!(matches!(second_upload, Err(Error::Conflict(_))));
}

async fn a_signed_url_is_for_one_part(test: TestTracker) {
    let sender = Sender::new(&test).await;
    let signed_url = sender.signed_url(1).await;
    let (upload, other) = (sender.upload, UploadId(uuid::Uuid::now_v7()));
    for wrong in [
        SignedUrl { action: SignedAction::Part { upload, number: 2 }, ..signed_url.clone() },
        SignedUrl { action: SignedAction::Part { upload: other, number: 1 }, ..signed_url.clone() },
        SignedUrl { action: SignedAction::Upload, ..signed_url.clone() },
        SignedUrl { expires: signed_url.expires + 1, ..signed_url.clone() },
    ] {
        assert!(matches!(sender.upload_signed(&wrong, b"x").await, Err(Error::Forbidden(_))), "{wrong:?}");
    }
    assert!(matches!(
        test.tracker.upload(&signed_url, None, stream::iter([Ok(Bytes::from_static(b"x"))])).await,
        Err(Error::Forbidden(_))
    ));
    for number in [0, -1, 10_001, i64::MAX] {
        let result = test.tracker.sign_part_upload(&sender.actor, sender.object, sender.upload, number).await;
        assert!(matches!(result, Err(Error::Invalid(_))), "{number}");
    }
    let (vic, eve) = (test.create_actor(Role::Viewer, "Acme").await, test.create_actor(Role::Owner, "Elsewhere").await);
    let sign = async |actor| test.tracker.sign_part_upload(actor, sender.object, sender.upload, 1).await;
    assert!(matches!(sign(&vic).await, Err(Error::Forbidden(_))));
    assert!(matches!(sign(&eve).await, Err(Error::NotFound("object"))));
    assert_eq!(test.stored_file_sizes(), [0; 0]);
    // An interrupted part is not stored. The same URL works again, also after a successful upload.
    let pieces = [Ok(Bytes::from_static(b"half")), Err(std::io::Error::other("connection reset"))];
    assert!(matches!(test.tracker.upload_signed_part(&signed_url, stream::iter(pieces)).await, Err(Error::Invalid(_))));
    assert_eq!(test.stored_file_sizes(), [0; 0]);
    sender.upload_signed(&signed_url, b"whole").await.unwrap();
    let etag = sender.upload_signed(&signed_url, b"whole!").await.unwrap();
    sender.complete(&[(1, etag)]).await.unwrap();
    assert!(matches!(sender.upload_signed(&signed_url, b"late").await, Err(Error::NotFound("upload"))));
    assert_eq!(sender.download().await, b"whole!");
    assert_eq!(test.stored_file_sizes(), [6]);
}

async fn aborted_and_abandoned_uploads_leave_no_bytes(test: TestTracker) {
    let sender = Sender::new(&test).await;
    sender.upload_part(1, b"some bytes").await;
    sender.upload_part(2, b"more bytes").await;
    for _ in 0..2 {
        test.tracker.abort_multipart_upload(&sender.actor, sender.object, sender.upload).await.unwrap();
    }
    assert_eq!(test.stored_file_sizes(), [0; 0]);
    let abandoned = Sender {
        upload: test.tracker.begin_multipart_upload(&sender.actor, sender.object, None).await.unwrap(),
        ..sender
    };
    let part = abandoned.upload_part(1, b"ten bytes.").await;
    assert_eq!(test.stored_file_sizes(), [10]);
    // Three weeks pass without another part.
    const WEEKS: i64 = 3 * 7 * 24 * 60 * 60 * 1_000_000;
    for (table, column) in [("uploads", "changed_at"), ("objects", "created_at")] {
        test.execute(&format!("UPDATE {table} SET {column} = {column} - {WEEKS}")).await;
    }
    test.tracker.sweep().await.unwrap();
    assert_eq!(test.stored_file_sizes(), [0; 0]);
    assert!(matches!(abandoned.complete(&[part]).await, Err(Error::NotFound("object"))));
}

async fn a_file_that_is_already_stored_is_not_stored_again(test: TestTracker) {
    let first = Sender::new(&test).await;
    let parts = [first.upload_part(1, b"the same ").await, first.upload_part(2, b"bytes").await];
    first.complete(&parts).await.unwrap();
    let project = test.create_project(&first.actor, "other").await;
    let elsewhere = test.create_experiment(&first.actor, project, "yolo").await;
    let second = Sender::in_experiment(&test, first.actor.clone(), elsewhere).await;
    let parts = [second.upload_part(1, b"the").await, second.upload_part(2, b" same bytes").await];
    assert_eq!(test.stored_file_sizes().len(), 4);
    second.complete(&parts).await.unwrap();
    assert_eq!(test.stored_file_sizes(), [5, 9]);
    assert_eq!(second.download().await, b"the same bytes");
}
