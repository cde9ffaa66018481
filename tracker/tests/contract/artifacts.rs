//! Artifacts: stored, replaced, restored, archived and deleted.

use std::io::{Cursor, Read as _};

use bytes::Bytes;
use domain::{
    artifacts::{Artifact, ArtifactField, ArtifactName, DeletionImpact, Origin},
    files::{FileName, Purpose},
    ids::{ArtifactId, ExperimentId, ObjectId},
    live::{ChangeKind, Message, Topic},
    paging::{ListRange, Order, Page},
    people::{Role, Scope},
};
use futures_util::{TryStreamExt as _, stream};
use tracker::{Actor, ArtifactEdit, Error, NewArtifact, NewObject, Selection};
use uuid::Uuid;

use crate::{Case, cases, test_tracker::TestTracker};

pub fn cases() -> Vec<Case> {
    cases![artifacts:
        an_edit_may_rename_and_add_a_version,
        lists_are_sorted_and_paged,
        only_uploaded_objects_of_the_experiment_become_artifacts,
        earlier_versions_can_be_restored_and_deleted,
        deleting_frees_bytes_without_other_references,
        deleting_the_experiment_frees_its_files,
        rights_are_checked,
        archives_contain_the_current_files,
        files_sent_in_one_request_become_artifacts,
        changes_are_published
    ]
}

fn artifact_name(name: &str) -> ArtifactName {
    ArtifactName::parse(name).unwrap()
}

/// A script that stores artifacts in an experiment.
struct Script<'a> {
    test: &'a TestTracker,
    actor: Actor,
    experiment: ExperimentId,
}

impl<'a> Script<'a> {
    async fn new(test: &'a TestTracker) -> Self {
        let (actor, experiment) = test.owner_with_experiment().await;
        Self { test, actor, experiment }
    }

    async fn upload_object(&self, bytes: &'static [u8]) -> ObjectId {
        let tracker = &self.test.tracker;
        let filename = FileName::parse("upload").unwrap();
        let new = NewObject { purpose: Purpose::Artifact, experiment: self.experiment, filename };
        let organization = self.test.organization_of(&self.actor).await;
        let object = tracker.create_object(&self.actor, organization, &new).await.unwrap();
        let signed_url = tracker.sign_upload(&self.actor, object).await.unwrap();
        tracker.upload(&signed_url, None, stream::iter([Ok(Bytes::from_static(bytes))])).await.unwrap();
        object
    }

    fn new_artifact(name: &str, object: ObjectId) -> NewArtifact {
        NewArtifact { name: artifact_name(name), filename: FileName::parse("best.pt").unwrap(), object, large: true }
    }

    async fn store(&self, name: &str, bytes: &'static [u8]) -> Artifact {
        let new = Self::new_artifact(name, self.upload_object(bytes).await);
        self.test.tracker.store_artifact(&self.actor, self.experiment, &new).await.unwrap()
    }

    async fn replace(&self, id: ArtifactId, bytes: &'static [u8]) -> Artifact {
        let edit = ArtifactEdit { object: Some(self.upload_object(bytes).await), ..ArtifactEdit::default() };
        self.test.tracker.edit_artifact(&self.actor, id, edit).await.unwrap()
    }

    async fn read_file(&self, id: ArtifactId, version: Option<i64>) -> Vec<u8> {
        self.test.tracker.artifact_head(&self.actor, id, version, 1_000).await.unwrap().bytes
    }

    async fn delete(&self, ids: &[ArtifactId]) -> DeletionImpact {
        let tracker = &self.test.tracker;
        let predicted = tracker.artifact_deletion_impact(&self.actor, self.experiment, ids).await.unwrap();
        let deleted = tracker.delete_artifacts(&self.actor, self.experiment, ids).await.unwrap();
        assert_eq!(predicted, deleted);
        deleted
    }
}

async fn an_edit_may_rename_and_add_a_version(test: TestTracker) {
    let script = Script::new(&test).await;
    let first = script.store("model-latest", b"first").await;
    assert_eq!((first.now.version, first.versions, first.now.origin), (1, 1, Origin::Script));
    assert_eq!((first.now.file.size, first.now.file.large, first.now.file.sha256.len()), (5, true, 64));
    let edit = ArtifactEdit {
        filename: Some(FileName::parse("epoch2.pt").unwrap()),
        object: Some(script.upload_object(b"second").await),
        large: Some(false),
        name: None,
    };
    let second = test.tracker.edit_artifact(&script.actor, first.id, edit).await.unwrap();
    assert_eq!((second.id, second.name.as_str(), second.created_at), (first.id, "model-latest", first.created_at));
    assert_eq!((second.now.version, second.versions, second.now.file.filename.as_str()), (2, 2, "epoch2.pt"));
    assert!(!second.now.file.large);
    assert_eq!(script.read_file(first.id, None).await, b"second");
    assert_eq!(script.read_file(first.id, Some(1)).await, b"first", "earlier versions are kept");
    let signed_url = test.tracker.sign_artifact_download(&script.actor, first.id, None).await.unwrap();
    assert_eq!(test.tracker.download(&signed_url).await.unwrap().filename.as_str(), "epoch2.pt");

    let found = test.tracker.artifact_by_name(&script.actor, script.experiment, &artifact_name("model-latest")).await;
    assert_eq!(found.unwrap(), second);
    // Renaming the file does not add a version.
    let edit = ArtifactEdit { filename: Some(FileName::parse("final.pt").unwrap()), ..ArtifactEdit::default() };
    let renamed = test.tracker.edit_artifact(&script.actor, first.id, edit).await.unwrap();
    assert_eq!((renamed.now.version, renamed.now.file.filename.as_str()), (2, "final.pt"));
    let other = script.store("config", b"{}").await;
    let taken = test.tracker.rename_artifact(&script.actor, other.id, &artifact_name("model-latest")).await;
    assert!(matches!(taken, Err(Error::Conflict(message)) if message.contains("'model-latest'")));
    let renamed =
        test.tracker.rename_artifact(&script.actor, other.id, &artifact_name("../../etc/passwd")).await.unwrap();
    assert_eq!((renamed.id, renamed.name.as_str()), (other.id, "../../etc/passwd"), "names are not paths");
}

async fn lists_are_sorted_and_paged(test: TestTracker) {
    let script = Script::new(&test).await;
    for name in ["b", "a", "c"] {
        script.store(name, b"x").await;
    }
    let tracker = &test.tracker;
    let list = async |page: Page, order: &[Order<ArtifactField>]| {
        let list = tracker.list_artifacts(&script.actor, script.experiment, page.into(), order).await.unwrap();
        assert_eq!(list.total(), 3);
        list.into_page()
            .await
            .unwrap()
            .items
            .into_iter()
            .map(|artifact| String::from(artifact.name))
            .collect::<Vec<_>>()
    };
    assert_eq!(list(Page::new(0, 10), &[]).await, ["b", "a", "c"]);
    assert_eq!(list(Page::new(1, 1), &[]).await, ["a"]);
    let by = |by, descending| [Order { by, descending }];
    assert_eq!(list(Page::new(0, 10), &by(ArtifactField::Name, false)).await, ["a", "b", "c"]);
    assert_eq!(list(Page::new(0, 2), &by(ArtifactField::Name, true)).await, ["c", "b"]);
    let a = tracker.artifact_by_name(&script.actor, script.experiment, &artifact_name("a")).await.unwrap();
    script.replace(a.id, b"newer").await;
    assert_eq!(list(Page::new(0, 10), &by(ArtifactField::UpdatedAt, true)).await[0], "a");
    assert_eq!(tracker.artifact_ids(&script.actor, script.experiment).await.unwrap().len(), 3);
}

async fn only_uploaded_objects_of_the_experiment_become_artifacts(test: TestTracker) {
    let script = Script::new(&test).await;
    let tracker = &test.tracker;
    let project = test.create_project(&script.actor, "other").await;
    let experiment = test.create_experiment(&script.actor, project, "yolo").await;
    let elsewhere = Script { test: &test, actor: script.actor.clone(), experiment };
    let foreign = elsewhere.upload_object(b"x").await;
    let filename = FileName::parse("a").unwrap();
    let new = NewObject { purpose: Purpose::Artifact, experiment: script.experiment, filename };
    let not_uploaded =
        tracker.create_object(&script.actor, test.organization_of(&script.actor).await, &new).await.unwrap();
    for (object, expected) in
        [(not_uploaded, "have not arrived"), (foreign, "no object"), (ObjectId(Uuid::nil()), "no object")]
    {
        let new = Script::new_artifact("a", object);
        let result = tracker.store_artifact(&script.actor, script.experiment, &new).await;
        assert!(matches!(&result, Err(Error::Invalid(message)) if message.contains(expected)), "{result:?}");
    }
    assert!(tracker.artifact_ids(&script.actor, script.experiment).await.unwrap().is_empty());
    let artifact = script.store("a", b"x").await;
    let edit = ArtifactEdit { object: Some(foreign), name: Some(artifact_name("b")), ..ArtifactEdit::default() };
    assert!(matches!(tracker.edit_artifact(&script.actor, artifact.id, edit).await, Err(Error::Invalid(_))));
    assert_eq!(tracker.artifact(&script.actor, artifact.id).await.unwrap(), artifact, "a failed edit changes nothing");
    let duplicate = Script::new_artifact("a", script.upload_object(b"y").await);
    let result = tracker.store_artifact(&script.actor, script.experiment, &duplicate).await;
    assert!(matches!(result, Err(Error::Conflict(message)) if message.contains("'a'")));
}

async fn earlier_versions_can_be_restored_and_deleted(test: TestTracker) {
    let script = Script::new(&test).await;
    let tracker = &test.tracker;
    let id = script.store("best", b"one").await.id;
    script.replace(id, b"three").await;
    script.replace(id, b"fives").await;
    let versions = tracker.artifact_versions(&script.actor, id).await.unwrap();
    assert_eq!(versions.iter().map(|version| version.version).collect::<Vec<_>>(), [3, 2, 1]);
    let restored = tracker.restore_artifact_version(&script.actor, id, 1).await.unwrap();
    assert_eq!((restored.now.version, restored.versions), (1, 3));
    assert_eq!(script.read_file(id, None).await, b"one");
    let replaced = script.replace(id, b"seven").await;
    assert_eq!(replaced.now.version, 4, "version numbers are not reused");
    assert!(matches!(tracker.restore_artifact_version(&script.actor, id, 9).await, Err(Error::NotFound("version"))));
    assert!(matches!(
        tracker.sign_artifact_download(&script.actor, id, Some(9)).await,
        Err(Error::NotFound("version"))
    ));
    assert!(matches!(tracker.delete_artifact_version(&script.actor, id, 4).await, Err(Error::Conflict(_))));
    assert!(matches!(tracker.delete_artifact_version(&script.actor, id, 9).await, Err(Error::NotFound("version"))));
    let impact = tracker.delete_artifact_version(&script.actor, id, 2).await.unwrap();
    assert_eq!(impact, DeletionImpact { artifacts: 0, files: 1, bytes: 5, frees: 5 });
    let impact = tracker.delete_earlier_versions(&script.actor, id).await.unwrap();
    assert_eq!(impact, DeletionImpact { artifacts: 0, files: 2, bytes: 8, frees: 8 });
    assert_eq!(tracker.artifact_versions(&script.actor, id).await.unwrap().len(), 1);
    assert_eq!((script.read_file(id, None).await, test.stored_file_sizes()), (b"seven".to_vec(), vec![5]));
}

async fn deleting_frees_bytes_without_other_references(test: TestTracker) {
    let script = Script::new(&test).await;
    let first = script.store("first", b"shared bytes").await;
    let second = script.store("second", b"shared bytes").await;
    let third = script.store("third", b"own").await;
    script.replace(third.id, b"owner").await;
    assert_eq!(test.stored_file_sizes(), [3, 5, 12]);
    let impact = script.delete(&[first.id, third.id, ArtifactId(Uuid::nil())]).await;
    assert_eq!(impact, DeletionImpact { artifacts: 2, files: 3, bytes: 20, frees: 8 });
    assert_eq!(test.stored_file_sizes(), [12]);
    assert_eq!(script.read_file(second.id, None).await, b"shared bytes");
    assert!(matches!(test.tracker.artifact(&script.actor, first.id).await, Err(Error::NotFound("artifact"))));
    let impact = test.tracker.delete_artifact(&script.actor, second.id).await.unwrap();
    assert_eq!((impact.frees, test.stored_file_sizes()), (12, vec![]));
    assert_eq!(script.delete(&[first.id]).await, DeletionImpact::default());
    // An object of two artifacts stays until both are deleted.
    let object = script.upload_object(b"one object").await;
    let mut ids = Vec::new();
    for name in ["a", "b"] {
        let new = Script::new_artifact(name, object);
        ids.push(test.tracker.store_artifact(&script.actor, script.experiment, &new).await.unwrap().id);
    }
    assert_eq!(script.delete(&ids[..1]).await, DeletionImpact { artifacts: 1, files: 1, bytes: 10, frees: 0 });
    assert_eq!(script.read_file(ids[1], None).await, b"one object");
    assert_eq!(script.delete(&ids).await.frees, 10);
    assert_eq!(test.stored_file_sizes(), [0; 0]);
}

async fn deleting_the_experiment_frees_its_files(test: TestTracker) {
    let script = Script::new(&test).await;
    script.store("a", b"bytes").await;
    let upload = test.tracker.begin_multipart_upload(&script.actor, script.upload_object(b"x").await, None).await;
    assert!(matches!(upload, Err(Error::Conflict(_))));
    let impact = test.tracker.experiment_deletion_impact(&script.actor, script.experiment).await.unwrap();
    assert_eq!(impact, DeletionImpact { artifacts: 1, files: 2, bytes: 6, frees: 6 });
    let project = test.create_project(&script.actor, "other signs").await;
    let experiment = test.create_experiment(&script.actor, project, "yolo").await;
    let other = Script { test: &test, actor: script.actor.clone(), experiment };
    other.store("same", b"bytes").await;
    let impact = test.tracker.experiment_deletion_impact(&script.actor, script.experiment).await.unwrap();
    assert_eq!(impact.frees, 1, "bytes shared with another experiment stay");
    test.tracker.delete_experiment(&script.actor, script.experiment).await.unwrap();
    test.tracker.sweep().await.unwrap();
    assert_eq!(test.stored_file_sizes(), [5]);
    let impact = test.tracker.experiment_deletion_impact(&other.actor, other.experiment).await.unwrap();
    assert_eq!(impact, DeletionImpact { artifacts: 1, files: 1, bytes: 5, frees: 5 });
    let eve = test.create_actor(Role::Owner, "Elsewhere").await;
    let result = test.tracker.experiment_deletion_impact(&eve, other.experiment).await;
    assert!(matches!(result, Err(Error::NotFound("experiment"))));
    test.tracker.delete_experiment(&other.actor, other.experiment).await.unwrap();
    test.tracker.sweep().await.unwrap();
    assert_eq!(test.stored_file_sizes(), [0; 0]);
}

async fn rights_are_checked(test: TestTracker) {
    let script = Script::new(&test).await;
    let tracker = &test.tracker;
    let artifact = script.store("a", b"bytes").await;
    let object = script.upload_object(b"other").await;
    let (vic, eve) = (test.create_actor(Role::Viewer, "Acme").await, test.create_actor(Role::Owner, "Elsewhere").await);
    let read_only = test.actor_with_token(&script.actor.email, Scope::Read).await;
    let (id, experiment) = (artifact.id, script.experiment);
    for actor in [&vic, &read_only] {
        assert_eq!(tracker.artifact(actor, id).await.unwrap(), artifact);
        tracker.sign_artifact_download(actor, id, None).await.unwrap();
        drop(tracker.archive_artifacts(actor, experiment, &Selection::All).await.unwrap());
    }
    for (actor, visible) in [(&vic, true), (&read_only, true), (&eve, false)] {
        let errors = [
            tracker.store_artifact(actor, experiment, &Script::new_artifact("b", object)).await.unwrap_err(),
            tracker.rename_artifact(actor, id, &artifact_name("b")).await.unwrap_err(),
            tracker.restore_artifact_version(actor, id, 1).await.unwrap_err(),
            tracker.delete_artifacts(actor, experiment, &[id]).await.unwrap_err(),
            tracker.delete_artifact(actor, id).await.unwrap_err(),
            tracker.delete_earlier_versions(actor, id).await.unwrap_err(),
            tracker.artifact_deletion_impact(actor, experiment, &[id]).await.unwrap_err(),
            tracker.require_write_access(actor, experiment).await.unwrap_err(),
        ];
        for error in errors {
            assert_eq!(matches!(error, Error::Forbidden(_)), visible, "{error}");
            assert_eq!(matches!(error, Error::NotFound(_)), !visible, "{error}");
        }
    }
    assert!(matches!(tracker.artifact(&eve, id).await, Err(Error::NotFound("artifact"))));
    assert!(matches!(tracker.artifact_versions(&eve, id).await, Err(Error::NotFound("artifact"))));
    assert!(matches!(tracker.sign_artifact_download(&eve, id, None).await, Err(Error::NotFound("artifact"))));
    assert!(matches!(tracker.artifact_head(&eve, id, None, 1).await, Err(Error::NotFound("artifact"))));
    assert!(matches!(
        tracker.archive_artifacts(&eve, experiment, &Selection::All).await,
        Err(Error::NotFound("experiment"))
    ));
    let list = tracker.list_artifacts(&eve, experiment, ListRange::ALL, &[]).await;
    assert!(matches!(list, Err(Error::NotFound("experiment"))));
    // IDs of another experiment's artifacts are ignored.
    let project = test.create_project(&eve, "own").await;
    let own = test.create_experiment(&eve, project, "own").await;
    assert_eq!(tracker.delete_artifacts(&eve, own, &[id]).await.unwrap(), DeletionImpact::default());
    assert!(matches!(
        tracker.archive_artifacts(&eve, own, &Selection::Ids(vec![id])).await,
        Err(Error::NotFound("artifact"))
    ));
    assert_eq!(tracker.artifact(&vic, id).await.unwrap(), artifact);
}

async fn archives_contain_the_current_files(test: TestTracker) {
    let script = Script::new(&test).await;
    let first = script.store("../up", b"first file").await;
    script.store("model-latest", b"old").await;
    let second =
        test.tracker.artifact_by_name(&script.actor, script.experiment, &artifact_name("model-latest")).await.unwrap();
    script.replace(second.id, b"").await;
    let archive = async |selection: Selection<ArtifactId>| {
        let stream = test.tracker.archive_artifacts(&script.actor, script.experiment, &selection).await.unwrap();
        let pieces: Vec<Bytes> = stream.try_collect().await.unwrap();
        let mut archive = zip::ZipArchive::new(Cursor::new(pieces.concat())).unwrap();
        let mut files = Vec::new();
        for index in 0..archive.len() {
            let mut file = archive.by_index(index).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            files.push((file.name().to_owned(), bytes));
        }
        files
    };
    let all = archive(Selection::All).await;
    let expected = [("__/up/best.pt", b"first file".as_slice()), ("model-latest/best.pt", b"")];
    assert_eq!(all.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect::<Vec<_>>(), expected);
    assert_eq!(archive(Selection::Ids(vec![first.id])).await.len(), 1);
    let empty = test.tracker.archive_artifacts(&script.actor, script.experiment, &Selection::Ids(vec![])).await;
    assert!(matches!(empty, Err(Error::NotFound("artifact"))));
}

async fn files_sent_in_one_request_become_artifacts(test: TestTracker) {
    let script = Script::new(&test).await;
    let store = async |filename: &str, replace, pieces: Vec<std::io::Result<Bytes>>| {
        let body = stream::iter(pieces);
        test.tracker.store_stream(&script.actor, script.experiment, filename, None, replace, body).await
    };
    let bytes = |bytes: &'static [u8]| vec![Ok(Bytes::from_static(bytes))];
    let first = store("a.txt", false, bytes(b"one")).await.unwrap();
    assert_eq!((first.name.as_str(), first.now.origin, first.now.version), ("a.txt", Origin::Upload, 1));
    assert!(matches!(store("a.txt", false, bytes(b"two")).await, Err(Error::Conflict(_))));
    assert_eq!(store("a.txt", true, bytes(b"two2")).await.unwrap().now.version, 2);
    for name in ["", "../a", r"C:\x", "a\nb", ".."] {
        assert!(matches!(store(name, true, bytes(b"x")).await, Err(Error::Invalid(_))), "{name}");
    }
    let interrupted = vec![Ok(Bytes::from_static(b"x")), Err(std::io::Error::other("connection reset"))];
    assert!(matches!(store("b.txt", false, interrupted).await, Err(Error::Invalid(_))));
    assert_eq!(test.stored_file_sizes(), [3, 4]);
    assert_eq!(store("c.txt", false, bytes(b"one")).await.unwrap().now.file.sha256, first.now.file.sha256);
    assert_eq!(test.stored_file_sizes(), [3, 4], "equal bytes are stored once");
}

async fn changes_are_published(test: TestTracker) {
    let script = Script::new(&test).await;
    let topic = Topic::Experiment(script.experiment);
    let mut page = test.tracker.subscribe(&script.actor, topic, None).await.unwrap();
    let artifact = script.store("a", b"x").await;
    script.replace(artifact.id, b"y").await;
    script.delete(&[artifact.id]).await;
    let mut received = 0;
    while received < 3 {
        if let Message::Event { change, .. } = page.next().await
            && change.kind == ChangeKind::Stored
        {
            received += 1;
        }
    }
}
