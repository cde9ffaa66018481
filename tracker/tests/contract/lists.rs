//! Lists that are longer than a batch: order, ranges, and items that are deleted while a list is read.

use std::time::Duration;

use bytes::Bytes;
use domain::{
    Description,
    artifacts::{ArtifactName, ArtifactOrder},
    files::{FileName, Purpose},
    ids::{ExperimentId, ObjectId},
    logs::{Batch, Kind, Reading, Samples},
    paging::{ListRange, Order, SortField},
    people::Role,
};
use futures_util::stream;
use serde_json::json;
use tracker::{Actor, Error, LogStream, NewArtifact, NewObject, Selection};

use crate::{
    Case, cases,
    logs::{log, log_name},
    test_tracker::{TestTracker, parse_name},
};

/// More than two batches.
const MANY: usize = 150;

pub fn cases() -> Vec<Case> {
    cases![lists:
        whole_lists_of_logs_are_complete_and_in_order,
        ranges_cross_batch_borders,
        large_documents_are_in_their_place,
        deleted_logs_are_omitted,
        whole_lists_of_projects_experiments_and_artifacts_are_complete,
        searching_artifacts_finds_all_words_in_any_case,
        lists_require_access;
        only Sqlite: no_snapshot_is_open_between_batches
    ]
}

fn order<F: SortField>(keys: &[&str]) -> Vec<Order<F>> {
    keys.iter().map(|key| Order::parse(key).unwrap()).collect()
}

fn numbered(number: usize) -> String {
    format!("{number:03}")
}

fn numbers(count: usize) -> Vec<String> {
    (0..count).map(numbered).collect()
}

async fn log_many(test: &TestTracker, actor: &Actor, experiment: ExperimentId) {
    let lines = numbers(MANY).iter().map(|name| (log_name(name), Samples::single(Reading(0.5)))).collect();
    test.tracker.log_batch(actor, experiment, Batch::new(lines).unwrap(), None).await.unwrap();
}

async fn list_logs(
    test: &TestTracker,
    actor: &Actor,
    experiment: ExperimentId,
    range: ListRange,
    keys: &[&str],
) -> LogStream {
    test.tracker.list_logs(actor, experiment, range, &order(keys)).await.unwrap()
}

async fn names(mut logs: LogStream) -> Vec<String> {
    let mut names = Vec::new();
    while let Some(log) = logs.next().await.unwrap() {
        names.push(String::from(log.name));
    }
    names
}

async fn whole_lists_of_logs_are_complete_and_in_order(test: TestTracker) {
    let (ana, experiment) = test.owner_with_experiment().await;
    log_many(&test, &ana, experiment).await;
    log(&test, &ana, experiment, "075 value", Kind::Value, json!(0.5)).await.unwrap();
    let logs = list_logs(&test, &ana, experiment, ListRange::ALL, &["name"]).await;
    assert_eq!((logs.total(), logs.next_offset()), (151, None));
    let mut expected = numbers(MANY);
    expected.insert(76, "075 value".to_owned());
    assert_eq!(names(logs).await, expected);
    expected.reverse();
    assert_eq!(names(list_logs(&test, &ana, experiment, ListRange::ALL, &["-name"]).await).await, expected);
    let by_type = names(list_logs(&test, &ana, experiment, ListRange::ALL, &["-type", "name"]).await).await;
    assert_eq!((&*by_type[0], &by_type[1..]), ("075 value", &*numbers(MANY)));
    let mut logs = list_logs(&test, &ana, experiment, ListRange::ALL, &["name"]).await;
    let mut lines = 0;
    while let Some(log) = logs.next().await.unwrap() {
        assert_eq!(log.line.is_some(), log.kind == Kind::Line);
        assert_eq!(log.document.is_some(), log.kind == Kind::Value);
        lines += usize::from(log.line.is_some_and(|line| line.count == 1));
    }
    assert_eq!(lines, MANY);
}

async fn ranges_cross_batch_borders(test: TestTracker) {
    let (ana, experiment) = test.owner_with_experiment().await;
    log_many(&test, &ana, experiment).await;
    let all = numbers(MANY);
    for (offset, limit, expected, next) in [
        (0, Some(100), 0..100, Some(100)),
        (100, Some(100), 100..150, None),
        (60, Some(10), 60..70, Some(70)),
        (64, Some(64), 64..128, Some(128)),
        (10, None, 10..150, None),
        (149, None, 149..150, None),
        (150, None, 0..0, None),
        (i64::MAX, None, 0..0, None),
    ] {
        let logs = list_logs(&test, &ana, experiment, ListRange::new(offset, limit), &["name"]).await;
        assert_eq!((logs.total(), logs.next_offset()), (150, next), "{offset} {limit:?}");
        assert_eq!(names(logs).await, all[expected], "{offset} {limit:?}");
    }
}

async fn large_documents_are_in_their_place(test: TestTracker) {
    let (ana, experiment) = test.owner_with_experiment().await;
    for number in 0..6 {
        let data = if number % 2 == 0 { json!("ä".repeat(20_000)) } else { json!("short") };
        log(&test, &ana, experiment, &numbered(number), Kind::Evaluation, json!([data, number])).await.unwrap();
    }
    let mut logs = list_logs(&test, &ana, experiment, ListRange::ALL, &["-name"]).await;
    for number in (0..6).rev() {
        let log = logs.next().await.unwrap().unwrap();
        assert_eq!(log.name.as_str(), numbered(number));
        let whole = test.tracker.read_log(&ana, log.id).await.unwrap();
        assert_eq!(log, whole);
    }
    assert!(logs.next().await.unwrap().is_none());
}

async fn deleted_logs_are_omitted(test: TestTracker) {
    let (ana, experiment) = test.owner_with_experiment().await;
    log_many(&test, &ana, experiment).await;
    log(&test, &ana, experiment, "000 large", Kind::Evaluation, json!(["x".repeat(20_000)])).await.unwrap();
    let mut logs = list_logs(&test, &ana, experiment, ListRange::ALL, &["name"]).await;
    let mut names = vec![String::from(logs.next().await.unwrap().unwrap().name)];
    // The first batch ends with 062, and is in memory except for its large document.
    let deleted = ["000 large".to_owned(), numbered(1)].into_iter();
    // The second batch, and a log of the third.
    for name in deleted.chain((63..127).map(numbered)).chain([numbered(140)]) {
        let id = test.tracker.find_log(&ana, experiment, &log_name(&name)).await.unwrap().id;
        test.tracker.delete_log(&ana, id).await.unwrap();
    }
    while let Some(log) = logs.next().await.unwrap() {
        names.push(String::from(log.name));
    }
    let mut expected = numbers(MANY);
    expected.remove(140);
    expected.drain(63..127);
    assert_eq!(names, expected);
    assert_eq!(logs.total(), 151, "as of the beginning");
}

async fn whole_lists_of_projects_experiments_and_artifacts_are_complete(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let organization = test.organization_of(&ana).await;
    let tracker = &test.tracker;
    for number in 0..MANY {
        let name = parse_name(&numbered(number));
        tracker.create_project(&ana, organization, &name, &Description::default()).await.unwrap();
    }
    let list = tracker.list_projects(&ana, organization, ListRange::ALL, &order(&["name"])).await.unwrap();
    assert_eq!((list.total(), list.next_offset()), (150, None));
    let projects = list.into_page().await.unwrap().items;
    assert_eq!(projects.iter().map(|project| project.name.to_string()).collect::<Vec<_>>(), numbers(MANY));

    let project = projects[0].id;
    let mut experiments = Vec::new();
    for number in 0..MANY {
        experiments.push(test.create_experiment(&ana, project, &numbered(number)).await);
    }
    assert_eq!(tracker.experiment_ids(&ana, project).await.unwrap(), experiments);
    let mut list = tracker.list_experiments(&ana, project, ListRange::ALL, &order(&["name"])).await.unwrap();
    let first = list.next_batch().await.unwrap().unwrap();
    let deleted = Selection::Ids(experiments[100..].to_vec());
    tracker.delete_experiments(&ana, project, &deleted).await.unwrap();
    let rest = list.into_page().await.unwrap();
    let found: Vec<_> = first.into_iter().chain(rest.items).map(|experiment| experiment.id).collect();
    assert_eq!((found, rest.total), (experiments[..100].to_vec(), 150));

    let experiment = experiments[0];
    let object = upload(&test, &ana, experiment, b"x").await;
    for number in 0..MANY {
        store(&test, &ana, experiment, object, &numbered(number), "best.pt").await;
    }
    let list = tracker.list_artifacts(&ana, experiment, ListRange::ALL, &order(&["-name"])).await.unwrap();
    let artifacts = list.into_page().await.unwrap();
    let mut found: Vec<String> = artifacts.items.into_iter().map(|artifact| artifact.name.into()).collect();
    found.reverse();
    assert_eq!((found, artifacts.total), (numbers(MANY), 150));
}

async fn searching_artifacts_finds_all_words_in_any_case(test: TestTracker) {
    let (ana, experiment) = test.owner_with_experiment().await;
    let (small, big) = (upload(&test, &ana, experiment, b"1").await, upload(&test, &ana, experiment, b"12345").await);
    for (object, name, filename) in [
        (small, "epoch 9", "Best.PT"),
        (big, "epoch 10", "best.pt"),
        (small, "Größe_100%", "sizes.csv"),
        (small, r"a\b", "notes.txt"),
    ] {
        store(&test, &ana, experiment, object, name, filename).await;
    }
    let search = async |words: &str, order: &str, page: i64| {
        test.tracker.search_artifacts(&ana, experiment, words, ArtifactOrder::parse(order), page).await.unwrap()
    };
    for (words, expected) in [
        ("", &[r"a\b", "epoch 9", "epoch 10", "Größe_100%"][..]),
        ("EPOCH", &["epoch 9", "epoch 10"]),
        ("best 10", &["epoch 10"]),
        ("pt.", &[]),
        ("GRÖSSE", &[]),
        ("grÖße", &["Größe_100%"]),
        ("0%", &["Größe_100%"]),
        ("_", &["Größe_100%"]),
        ("%", &["Größe_100%"]),
        (r"\", &[r"a\b"]),
        ("ü", &[]),
        ("\0", &[]),
        ("epoch\0", &[]),
        ("\u{200b}\u{202e}", &[]),
    ] {
        let found = search(words, "name", 0).await;
        let names: Vec<_> = found.items.iter().map(|artifact| artifact.name.as_str()).collect();
        assert_eq!((&*names, found.count), (expected, expected.len().try_into().unwrap()), "{words}");
    }
    let found = search("epoch", "-size", 7).await;
    assert_eq!((found.items[0].name.as_str(), found.page, found.bytes), ("epoch 10", 0, 6));
    assert_eq!(search("", "kind", 0).await.items[0].name.as_str(), "Größe_100%", "table, text, weights");
    let eve = test.create_actor(Role::Owner, "Elsewhere").await;
    let refused = test.tracker.search_artifacts(&eve, experiment, "", ArtifactOrder::default(), 0).await;
    assert!(matches!(refused, Err(Error::NotFound("experiment"))));
}

async fn upload(test: &TestTracker, actor: &Actor, experiment: ExperimentId, bytes: &'static [u8]) -> ObjectId {
    let new = NewObject { purpose: Purpose::Artifact, experiment, filename: FileName::parse("a").unwrap() };
    let organization = test.organization_of(actor).await;
    let object = test.tracker.create_object(actor, organization, &new).await.unwrap();
    let url = test.tracker.sign_upload(actor, object).await.unwrap();
    test.tracker.upload(&url, None, stream::iter([Ok(Bytes::from_static(bytes))])).await.unwrap();
    object
}

async fn store(
    test: &TestTracker,
    actor: &Actor,
    experiment: ExperimentId,
    object: ObjectId,
    name: &str,
    filename: &str,
) {
    let (name, filename) = (ArtifactName::parse(name).unwrap(), FileName::parse(filename).unwrap());
    let new = NewArtifact { name, filename, object, large: false };
    test.tracker.store_artifact(actor, experiment, &new).await.unwrap();
}

async fn lists_require_access(test: TestTracker) {
    let (_, experiment) = test.owner_with_experiment().await;
    let eve = test.create_actor(Role::Owner, "Elsewhere").await;
    let logs = test.tracker.list_logs(&eve, experiment, ListRange::ALL, &[]).await;
    assert!(matches!(logs, Err(Error::NotFound("experiment"))));
    let ids = test.tracker.log_ids(&eve, experiment).await;
    assert!(matches!(ids, Err(Error::NotFound("experiment"))));
}

/// An open snapshot would keep the write-ahead log from being truncated.
async fn no_snapshot_is_open_between_batches(test: TestTracker) {
    let (ana, experiment) = test.owner_with_experiment().await;
    log_many(&test, &ana, experiment).await;
    let mut logs = list_logs(&test, &ana, experiment, ListRange::ALL, &["name"]).await;
    let first = logs.next().await.unwrap();
    assert!(first.is_some());
    log(&test, &ana, experiment, "later", Kind::Value, json!(1)).await.unwrap();
    // The rollback of the last snapshot runs in the background.
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(test.query_scalar("PRAGMA wal_checkpoint(TRUNCATE)").await, 0, "1 means that a reader blocks it");
    assert_eq!(names(logs).await.len(), MANY - 1);
}
