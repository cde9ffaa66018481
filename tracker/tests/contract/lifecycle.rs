//! The status and the times of experiments: what scripts write changes them, what is set explicitly stays.

use bytes::Bytes;
use domain::{
    Description,
    artifacts::ArtifactName,
    experiments::{Experiment, Status},
    files::{FileName, Purpose},
    ids::ExperimentId,
    live::{ChangeKind, Message, Topic},
    logs::{Batch, Data, Document, Kind, Log, LogName, Reading, Samples},
    people::Role,
};
use futures_util::stream;
use serde_json::{json, value::to_raw_value};
use tracker::{
    Actor, ArtifactEdit, Error, ExperimentSeed, IfExists, LogEdit, NewArtifact, NewExperiment, NewObject, Tracker,
};

use crate::{
    Case, cases,
    test_tracker::{TestTracker, parse_name},
};

pub fn cases() -> Vec<Case> {
    cases![lifecycle:
        every_write_of_a_script_starts_an_experiment,
        initial_content_and_changes_on_the_page_start_nothing,
        rejected_writes_start_nothing,
        explicit_statuses_stay,
        start_and_end_are_recorded,
        pages_are_notified_of_the_start,
        pauses_are_measured_and_the_end_of_a_silence_is_published,
        writes_within_seconds_are_recorded_once,
        experiments_of_older_versions_have_no_times
    ]
}

async fn read(tracker: &Tracker, actor: &Actor, id: ExperimentId) -> Experiment {
    tracker.experiment(actor, id).await.unwrap().experiment
}

async fn log_point(tracker: &Tracker, actor: &Actor, id: ExperimentId) {
    log(tracker, actor, id, "loss", Kind::Line, IfExists::Continue).await.unwrap();
}

async fn log(
    tracker: &Tracker,
    actor: &Actor,
    id: ExperimentId,
    name: &str,
    kind: Kind,
    if_exists: IfExists,
) -> Result<Log, Error> {
    let data = Data::from_json(kind, &json!(0.5));
    tracker.log(actor, id, LogName::parse(name).unwrap(), data, if_exists).await
}

/// Returns the user's session, as a page has it.
async fn session_of(test: &TestTracker, actor: &Actor) -> Actor {
    let secret = test.tracker.sign_in(&actor.email, "tripod-lens-17", [127, 0, 0, 1].into()).await.unwrap();
    test.tracker.actor_by_session(secret.reveal()).await.unwrap().unwrap()
}

/// Returns initial content with the log `parameters`.
fn seed() -> ExperimentSeed {
    let parameters = Document::new(Kind::Table, &to_raw_value(&json!({"epochs": 5})).unwrap());
    ExperimentSeed { base: None, parameters: Some(parameters) }
}

fn batch() -> Batch {
    Batch::new(vec![(LogName::parse("loss").unwrap(), Samples::single(Reading(1.0)))]).unwrap()
}

fn new_object(experiment: ExperimentId) -> NewObject {
    NewObject { purpose: Purpose::Artifact, experiment, filename: FileName::parse("best.pt").unwrap() }
}

async fn every_write_of_a_script_starts_an_experiment(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let page = session_of(&test, &ana).await;
    let organization = test.organization_of(&ana).await;
    let project = test.create_project(&ana, "signs").await;
    let tracker = &test.tracker;
    for write in ["line", "append", "batch", "document", "edited log", "object", "artifact", "edited artifact"] {
        let new = NewExperiment { name: parse_name(write), description: Description::default() };
        let id = tracker.create_seeded_experiment(&ana, project, &new, &seed()).await.unwrap();
        // What the page prepares starts nothing.
        let line = log(tracker, &page, id, "line", Kind::Line, IfExists::Continue).await.unwrap();
        let object = tracker.create_object(&page, organization, &new_object(id)).await.unwrap();
        let url = tracker.sign_upload(&page, object).await.unwrap();
        tracker.upload(&url, None, stream::iter([Ok(Bytes::from_static(b"weights"))])).await.unwrap();
        let filename = FileName::parse("best.pt").unwrap();
        let name = ArtifactName::parse("best").unwrap();
        let new_artifact = NewArtifact { name, filename, object, large: false };
        assert_eq!(read(tracker, &ana, id).await.status, Status::Waiting, "{write}");
        match write {
            "line" => log_point(tracker, &ana, id).await,
            "append" => drop(tracker.append(&ana, line.id, Samples::single(Reading(1.0))).await.unwrap()),
            "batch" => drop(tracker.log_batch(&ana, id, batch(), None).await.unwrap()),
            "document" => drop(log(tracker, &ana, id, "mAP", Kind::Value, IfExists::Continue).await.unwrap()),
            "edited log" => {
                let edit = LogEdit { data: Some(Data::from_json(Kind::Line, &json!([1]))), ..LogEdit::default() };
                tracker.edit_log(&ana, line.id, edit).await.unwrap();
            }
            "object" => drop(tracker.create_object(&ana, organization, &new_object(id)).await.unwrap()),
            "artifact" => drop(tracker.store_artifact(&ana, id, &new_artifact).await.unwrap()),
            _ => {
                let artifact = tracker.store_artifact(&page, id, &new_artifact).await.unwrap();
                assert_eq!(read(tracker, &ana, id).await.status, Status::Waiting);
                let edit = ArtifactEdit { large: Some(true), ..ArtifactEdit::default() };
                tracker.edit_artifact(&ana, artifact.id, edit).await.unwrap();
            }
        }
        let now = read(tracker, &ana, id).await;
        assert_eq!(now.status, Status::Running, "{write}");
        assert!(now.times.started_at.is_some_and(|at| at >= now.created_at), "{write}");
        assert_eq!((now.times.last_news_at, now.times.ended_at), (now.times.started_at, None), "{write}");
        assert_eq!(Some(now.updated_at), now.times.started_at, "{write}");
    }
}

async fn initial_content_and_changes_on_the_page_start_nothing(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let page = session_of(&test, &ana).await;
    let project = test.create_project(&ana, "signs").await;
    let tracker = &test.tracker;
    let new = |name| NewExperiment { name: parse_name(name), description: Description::default() };
    let base = tracker.create_seeded_experiment(&ana, project, &new("base"), &seed()).await.unwrap();
    let inheriting = ExperimentSeed { base: Some(base), parameters: None };
    let heir = tracker.create_seeded_experiment(&ana, project, &new("heir"), &inheriting).await.unwrap();
    let later_heir = test.create_experiment(&ana, project, "later heir").await;
    tracker.set_base_experiment(&ana, later_heir, base).await.unwrap();
    let uploaded = test.create_experiment(&ana, project, "uploaded").await;
    let file = stream::iter([Ok(Bytes::from_static(b"weights"))]);
    tracker.store_stream(&page, uploaded, "best.pt", None, false, file).await.unwrap();
    for id in [base, heir, later_heir, uploaded] {
        let now = read(tracker, &ana, id).await;
        assert_eq!((now.status, now.times), (Status::Waiting, Default::default()), "{}", now.name);
    }
    // What was uploaded on the page doesn't keep a script from starting the experiment.
    log_point(tracker, &ana, uploaded).await;
    assert_eq!(read(tracker, &ana, uploaded).await.status, Status::Running);
}

async fn rejected_writes_start_nothing(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let vic = test.create_actor(Role::Viewer, "Acme").await;
    let project = test.create_project(&ana, "signs").await;
    let new = NewExperiment { name: parse_name("yolo"), description: Description::default() };
    let id = test.tracker.create_seeded_experiment(&ana, project, &new, &seed()).await.unwrap();
    for (actor, kind) in [(&ana, Kind::Line), (&ana, Kind::Value), (&vic, Kind::Line), (&vic, Kind::Value)] {
        log(&test.tracker, actor, id, "parameters", kind, IfExists::Refuse).await.unwrap_err();
    }
    assert_eq!(read(&test.tracker, &ana, id).await.status, Status::Waiting);
}

async fn explicit_statuses_stay(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let project = test.create_project(&ana, "signs").await;
    for status in Status::ALL {
        let id = test.create_experiment(&ana, project, status.as_str()).await;
        test.tracker.set_status(&ana, id, status).await.unwrap();
        log_point(&test.tracker, &ana, id).await;
        assert_eq!(read(&test.tracker, &ana, id).await.status, status);
    }
    let id = test.create_experiment(&ana, project, "back to the start").await;
    log_point(&test.tracker, &ana, id).await;
    test.tracker.set_status(&ana, id, Status::Waiting).await.unwrap();
    // Another server, which hasn't recorded a write of this experiment.
    let other = test.another_tracker().await.unwrap();
    log_point(&other, &ana, id).await;
    assert_eq!(read(&test.tracker, &ana, id).await.status, Status::Waiting);
    other.close().await;
}

async fn start_and_end_are_recorded(test: TestTracker) {
    let (ana, id) = test.owner_with_experiment().await;
    let set = async |status| {
        test.tracker.set_status(&ana, id, status).await.unwrap();
        let now = read(&test.tracker, &ana, id).await;
        (now.times.started_at, now.times.ended_at)
    };
    let (start, end) = set(Status::Running).await;
    assert!(start.is_some() && end.is_none());
    let (start_of_failed, first_end) = set(Status::Failed).await;
    assert!(start_of_failed == start && first_end > start);
    assert_eq!(set(Status::Canceled).await, (start, first_end), "a correction keeps the end");
    assert_eq!(set(Status::Running).await, (start, None), "the experiment was resumed");
    let (last_start, last_end) = set(Status::Success).await;
    assert!(last_start == start && last_end > first_end);
    assert_eq!(set(Status::Waiting).await, (start, None));
}

async fn pages_are_notified_of_the_start(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let project = test.create_project(&ana, "signs").await;
    let id = test.create_experiment(&ana, project, "yolo").await;
    let mut list = test.tracker.subscribe(&ana, Topic::Project(project), None).await.unwrap();
    log_point(&test.tracker, &ana, id).await;
    loop {
        if let Message::Event { change, .. } = list.next().await {
            assert_eq!((change.location.experiment, change.kind), (Some(id), ChangeKind::Updated));
            break;
        }
    }
}

async fn pauses_are_measured_and_the_end_of_a_silence_is_published(test: TestTracker) {
    const HOUR: i64 = 3_600_000_000;
    let (ana, id) = test.owner_with_experiment().await;
    log_point(&test.tracker, &ana, id).await;
    test.execute(&format!("UPDATE experiments SET last_news_at = last_news_at - {HOUR}")).await;
    let silent = read(&test.tracker, &ana, id).await;
    assert!(silent.times.silence(silent.status, test.tracker.now()).is_some_and(|seconds| seconds >= 3_600));
    // Another server, which hasn't recorded a write of this experiment.
    let other = test.another_tracker().await.unwrap();
    let mut page = other.subscribe(&ana, Topic::Experiment(id), None).await.unwrap();
    log_point(&other, &ana, id).await;
    while !matches!(page.next().await, Message::Event { change, .. } if change.kind == ChangeKind::Updated) {}
    let now = read(&other, &ana, id).await;
    assert_eq!(now.times.silence(now.status, other.now()), None);
    assert!(now.times.longest_pause >= HOUR, "{:?}", now.times);
    assert_eq!((now.times.started_at, now.updated_at), (silent.times.started_at, silent.updated_at));
    other.close().await;
}

async fn writes_within_seconds_are_recorded_once(test: TestTracker) {
    let (ana, id) = test.owner_with_experiment().await;
    log_point(&test.tracker, &ana, id).await;
    let first = read(&test.tracker, &ana, id).await.times;
    for _ in 0..10 {
        log_point(&test.tracker, &ana, id).await;
    }
    log(&test.tracker, &ana, id, "mAP", Kind::Value, IfExists::Continue).await.unwrap();
    assert_eq!(read(&test.tracker, &ana, id).await.times, first);
}

async fn experiments_of_older_versions_have_no_times(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let project = test.create_project(&ana, "signs").await;
    let mut ids = Vec::new();
    for status in Status::ALL {
        let id = test.create_experiment(&ana, project, status.as_str()).await;
        test.execute(&format!("UPDATE experiments SET status = '{status}' WHERE name = '{status}'")).await;
        ids.push((id, status));
    }
    for column in ["status_set", "started_at", "ended_at", "last_news_at", "longest_pause"] {
        test.execute(&format!("ALTER TABLE experiments DROP COLUMN {column}")).await;
    }
    test.execute("DELETE FROM _sqlx_migrations WHERE version = 9").await;
    let migrated = test.another_tracker().await.unwrap();
    for (id, status) in &ids {
        let now = read(&migrated, &ana, *id).await;
        assert_eq!((now.status, now.times), (*status, Default::default()));
    }
    for (id, status) in ids {
        log_point(&migrated, &ana, id).await;
        let now = read(&migrated, &ana, id).await;
        let expected = if status == Status::Waiting { Status::Running } else { status };
        assert_eq!((now.status, now.times.started_at.is_some()), (expected, status == Status::Waiting));
    }
    migrated.close().await;
}
