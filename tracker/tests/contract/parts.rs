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
        parts_make_the_file_in_the_order_of_their_numbers,
        a_part_sent_again_replaces_the_one_before,
        the_list_says_what_counts,
        ending_twice_changes_nothing,
        tickets_are_for_one_part,
        what_is_given_up_leaves_nothing,
        a_file_that_is_there_already_is_not_kept_twice
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

    async fn put(&self, signed_url: &SignedUrl, bytes: &'static [u8]) -> Result<String, Error> {
        let pieces = stream::iter(bytes.chunks(5).map(|piece| Ok(Bytes::from_static(piece))));
        self.test.tracker.upload_signed_part(signed_url, pieces).await
    }

    async fn send(&self, number: i64, bytes: &'static [u8]) -> (i64, String) {
        (number, self.put(&self.signed_url(number).await, bytes).await.unwrap())
    }

    async fn end(&self, parts: &[(i64, String)]) -> Result<(), Error> {
        self.test.tracker.complete_multipart_upload(&self.actor, self.object, self.upload, parts).await
    }

    async fn read(&self) -> Vec<u8> {
        let tracker = &self.test.tracker;
        let signed_url = tracker.sign_download(&self.actor, self.object).await.unwrap();
        let download = tracker.download(&signed_url).await.unwrap();
        let pieces: Vec<Bytes> =
            tracker.stream_download(&download, 0..download.size).await.unwrap().try_collect().await.unwrap();
        pieces.concat()
    }
}

async fn parts_make_the_file_in_the_order_of_their_numbers(test: TestTracker) {
    let sender = Sender::new(&test).await;
    // Out of order, with a gap in the numbers and an empty last part, as sent for a file that is a multiple of the part size.
    let third = sender.send(3, b"third part").await;
    let first = sender.send(1, b"first part, ").await;
    let last = sender.send(7, b"").await;
    sender.end(&[first, third, last]).await.unwrap();
    assert_eq!(sender.read().await, b"first part, third part");
    assert_eq!(
        test.stored_file_sizes(),
        [10, 12],
        "each part is a segment of the file; nothing was copied, and nothing is empty"
    );
    let signed_url = test.tracker.sign_download(&sender.actor, sender.object).await.unwrap();
    let download = test.tracker.download(&signed_url).await.unwrap();
    let across: Vec<Bytes> = test.tracker.stream_download(&download, 6..17).await.unwrap().try_collect().await.unwrap();
    assert_eq!(across.concat(), b"part, third");
}

async fn a_part_sent_again_replaces_the_one_before(test: TestTracker) {
    let sender = Sender::new(&test).await;
    let old = sender.send(1, b"wrong").await;
    let second = sender.send(2, b" and right").await;
    let new = sender.send(1, b"right").await;
    assert_eq!(test.stored_file_sizes(), [5, 10]);
    let refused = sender.end(&[old, second.clone()]).await;
    assert!(matches!(refused, Err(Error::Invalid(sentence)) if sentence.contains("part 1 is not the one")));
    sender.end(&[new, second]).await.unwrap();
    assert_eq!(sender.read().await, b"right and right", "what had been hashed of it does not count");
}

async fn the_list_says_what_counts(test: TestTracker) {
    let sender = Sender::new(&test).await;
    let [first, second, third] =
        [sender.send(1, b"a").await, sender.send(2, b"bb").await, sender.send(3, b"ccc").await];
    for (list, part) in [
        (vec![], "is empty"),
        (vec![second.clone(), first.clone()], "by their numbers"),
        (vec![first.clone(), first.clone()], "by their numbers"),
        (vec![first.clone(), (4, third.1.clone())], "part 4 has not arrived"),
        (vec![(1, second.1.clone())], "part 1 is not the one"),
    ] {
        let refused = sender.end(&list).await;
        assert!(matches!(&refused, Err(Error::Invalid(sentence)) if sentence.contains(part)), "{refused:?}");
        assert!(matches!(
            test.tracker.sign_download(&sender.actor, sender.object).await,
            Err(Error::NotFound("object"))
        ));
    }
    sender.end(&[first, third]).await.unwrap();
    assert_eq!(sender.read().await, b"accc");
    assert_eq!(test.stored_file_sizes(), [1, 3], "the part that is not on the list is gone");
}

async fn ending_twice_changes_nothing(test: TestTracker) {
    let sender = Sender::new(&test).await;
    let parts = [sender.send(1, b"bytes").await];
    sender.end(&parts).await.unwrap();
    sender.end(&parts).await.expect("the answer may have been lost");
    assert_eq!(sender.read().await, b"bytes");
    let late = test.tracker.sign_part_upload(&sender.actor, sender.object, sender.upload, 2).await;
    assert!(matches!(late, Err(Error::NotFound("upload"))));
    let anew = test.tracker.begin_multipart_upload(&sender.actor, sender.object, None).await;
    assert!(matches!(anew, Err(Error::Conflict(_))));
}

async fn tickets_are_for_one_part(test: TestTracker) {
    let sender = Sender::new(&test).await;
    let signed_url = sender.signed_url(1).await;
    let (upload, other) = (sender.upload, UploadId(uuid::Uuid::now_v7()));
    for wrong in [
        SignedUrl { action: SignedAction::Part { upload, number: 2 }, ..signed_url.clone() },
        SignedUrl { action: SignedAction::Part { upload: other, number: 1 }, ..signed_url.clone() },
        SignedUrl { action: SignedAction::Upload, ..signed_url.clone() },
        SignedUrl { expires: signed_url.expires + 1, ..signed_url.clone() },
    ] {
        assert!(matches!(sender.put(&wrong, b"x").await, Err(Error::Forbidden(_))), "{wrong:?}");
    }
    assert!(matches!(
        test.tracker.upload(&signed_url, None, stream::iter([Ok(Bytes::from_static(b"x"))])).await,
        Err(Error::Forbidden(_))
    ));
    for number in [0, -1, 10_001, i64::MAX] {
        let refused = test.tracker.sign_part_upload(&sender.actor, sender.object, sender.upload, number).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{number}");
    }
    let (vic, eve) = (test.create_actor(Role::Viewer, "Acme").await, test.create_actor(Role::Owner, "Elsewhere").await);
    let ask = async |actor| test.tracker.sign_part_upload(actor, sender.object, sender.upload, 1).await;
    assert!(matches!(ask(&vic).await, Err(Error::Forbidden(_))));
    assert!(matches!(ask(&eve).await, Err(Error::NotFound("object"))));
    assert_eq!(test.stored_file_sizes(), [0; 0]);
    // An interrupted part is not stored. The same URL works again, also after a successful upload.
    let pieces = [Ok(Bytes::from_static(b"half")), Err(std::io::Error::other("the line is dead"))];
    assert!(matches!(test.tracker.upload_signed_part(&signed_url, stream::iter(pieces)).await, Err(Error::Invalid(_))));
    assert_eq!(test.stored_file_sizes(), [0; 0]);
    sender.put(&signed_url, b"whole").await.unwrap();
    let name = sender.put(&signed_url, b"whole!").await.unwrap();
    sender.end(&[(1, name)]).await.unwrap();
    assert!(matches!(sender.put(&signed_url, b"late").await, Err(Error::NotFound("upload"))));
    assert_eq!(sender.read().await, b"whole!");
    assert_eq!(test.stored_file_sizes(), [6]);
}

async fn what_is_given_up_leaves_nothing(test: TestTracker) {
    let sender = Sender::new(&test).await;
    sender.send(1, b"some bytes").await;
    sender.send(2, b"more bytes").await;
    for _ in 0..2 {
        test.tracker.abort_multipart_upload(&sender.actor, sender.object, sender.upload).await.unwrap();
    }
    assert_eq!(test.stored_file_sizes(), [0; 0]);
    let anew = Sender {
        upload: test.tracker.begin_multipart_upload(&sender.actor, sender.object, None).await.unwrap(),
        ..sender
    };
    let part = anew.send(1, b"in the end").await;
    assert_eq!(test.stored_file_sizes(), [10]);
    // Three weeks pass without another part.
    const WEEKS: i64 = 3 * 7 * 24 * 60 * 60 * 1_000_000;
    for (table, column) in [("uploads", "changed_at"), ("objects", "created_at")] {
        test.execute(&format!("UPDATE {table} SET {column} = {column} - {WEEKS}")).await;
    }
    test.tracker.sweep().await.unwrap();
    assert_eq!(test.stored_file_sizes(), [0; 0]);
    assert!(matches!(anew.end(&[part]).await, Err(Error::NotFound("object"))));
}

async fn a_file_that_is_there_already_is_not_kept_twice(test: TestTracker) {
    let first = Sender::new(&test).await;
    let parts = [first.send(1, b"the same ").await, first.send(2, b"bytes").await];
    first.end(&parts).await.unwrap();
    let project = test.create_project(&first.actor, "other").await;
    let elsewhere = test.create_experiment(&first.actor, project, "yolo").await;
    let second = Sender::in_experiment(&test, first.actor.clone(), elsewhere).await;
    let parts = [second.send(1, b"the").await, second.send(2, b" same bytes").await];
    assert_eq!(test.stored_file_sizes().len(), 4);
    second.end(&parts).await.unwrap();
    assert_eq!(test.stored_file_sizes(), [5, 9]);
    assert_eq!(second.read().await, b"the same bytes");
}
