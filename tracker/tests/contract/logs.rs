//! Logs: writing, reading, editing and deleting logs of all types.

use domain::{
    ids::{ExperimentId, LogId},
    logs::{Batch, Chart, ChartQuery, Dashboard, Data, IdempotencyKey, Kind, Log, LogName, Points, Reading, Samples},
    people::{Role, Scope},
};
use serde_json::{Value, json};
use tracker::{Actor, Error, IfExists, LogEdit};

use crate::{Case, cases, test_tracker::TestTracker};

pub fn cases() -> Vec<Case> {
    cases![logs:
        a_line_accepts_all_shapes_of_samples,
        a_document_replaces_the_previous_one,
        a_document_takes_another_type_but_a_line_stays_a_line,
        existing_names_are_rejected_on_request,
        editing_a_line_replaces_all_points,
        logs_can_be_renamed_and_deleted,
        viewers_and_read_tokens_cannot_log,
        other_organizations_cannot_see_logs,
        a_batch_is_atomic,
        a_batch_with_an_idempotency_key_is_logged_once,
        concurrent_writers_lose_and_duplicate_no_points,
        layouts_are_saved_and_protected,
        dashboards_have_pages,
        dashboards_contain_a_limited_amount_of_documents
    ]
}

pub fn log_name(text: &str) -> LogName {
    LogName::parse(text).unwrap()
}

pub async fn log(
    test: &TestTracker,
    actor: &Actor,
    experiment: ExperimentId,
    name: &str,
    kind: Kind,
    data: Value,
) -> Result<Log, Error> {
    let data = Data::from_json(kind, &data);
    test.tracker.log(actor, experiment, log_name(name), data, IfExists::Continue).await
}

pub async fn all_points(test: &TestTracker, actor: &Actor, id: LogId) -> Points {
    let mut stream = test.tracker.points(actor, id).await.unwrap();
    let mut all = Points::default();
    while let Some(points) = stream.next().await.unwrap() {
        all.append(&points);
    }
    assert_eq!(stream.count(), all.len() as u64);
    all
}

fn values(points: &Points) -> Vec<f64> {
    points.values.iter().map(|value| value.0).collect()
}

async fn a_line_accepts_all_shapes_of_samples(test: TestTracker) {
    let (ana, experiment) = test.owner_with_experiment().await;
    let first = log(&test, &ana, experiment, "loss", Kind::Line, json!(0.9)).await.unwrap();
    assert_eq!((first.kind, first.revision, first.line.unwrap().count), (Kind::Line, 1, 1));
    log(&test, &ana, experiment, "loss", Kind::Line, json!([0.8, null])).await.unwrap();
    log(&test, &ana, experiment, "loss", Kind::Line, json!({"steps": [7, 2], "values": [0.5, 0.6]})).await.unwrap();
    let last = test.tracker.append(&ana, first.id, Samples::single(Reading(f64::NEG_INFINITY))).await.unwrap();
    assert_eq!(last.id, first.id);
    let line = last.line.unwrap();
    assert_eq!((line.count, line.first_step, line.last_step, line.explicit_steps), (6, 0, 8, true));
    let points = all_points(&test, &ana, first.id).await;
    assert_eq!(points.steps, [0, 1, 2, 2, 7, 8]);
    assert_eq!(points.values[2], Reading::NAN);
    assert_eq!(points.values[3..], [0.6, 0.5, f64::NEG_INFINITY].map(Reading));
    let chart = test.tracker.chart(&ana, first.id, &ChartQuery::whole(100)).await.unwrap();
    assert_eq!((chart.exact, chart.total, chart.within), (true, 6, 6));
    assert_eq!(chart.steps, points.steps);
    assert_eq!(chart.non_finite.iter().map(|point| point.step).collect::<Vec<_>>(), [2, 8]);
    let empty = log(&test, &ana, experiment, "empty", Kind::Line, json!([])).await.unwrap();
    assert_eq!(
        test.tracker.chart(&ana, empty.id, &ChartQuery::whole(10)).await.unwrap(),
        Chart { exact: true, ..Chart::default() }
    );
}

async fn a_document_replaces_the_previous_one(test: TestTracker) {
    let (ana, experiment) = test.owner_with_experiment().await;
    for (revision, data) in [(1, json!({"zeta": 1, "alpha": [1, 2]})), (2, json!({"only": "\u{0} NUL"}))] {
        let log = log(&test, &ana, experiment, "parameters", Kind::Table, data.clone()).await.unwrap();
        assert_eq!(log.revision, revision);
        let stored = test.tracker.find_log(&ana, experiment, &log_name("parameters")).await.unwrap();
        assert_eq!(stored, log);
        assert_eq!(stored.document.unwrap().json(), data.to_string());
    }
    assert_eq!(test.tracker.log_ids(&ana, experiment).await.unwrap().len(), 1);
}

async fn a_document_takes_another_type_but_a_line_stays_a_line(test: TestTracker) {
    let (ana, experiment) = test.owner_with_experiment().await;
    let table = log(&test, &ana, experiment, "metrics", Kind::Table, json!({"a": 1})).await.unwrap();
    let line = log(&test, &ana, experiment, "loss", Kind::Line, json!(1)).await.unwrap();
    let value = log(&test, &ana, experiment, "metrics", Kind::Value, json!("good")).await.unwrap();
    assert_eq!((value.id, value.kind, value.revision), (table.id, Kind::Value, 2));
    let stored = test.tracker.read_log(&ana, table.id).await.unwrap();
    assert_eq!((stored.kind, stored.document.unwrap().json()), (Kind::Value, "\"good\""));
    for (name, kind, data) in [("metrics", Kind::Line, json!(1)), ("loss", Kind::Value, json!(1))] {
        let error = log(&test, &ana, experiment, name, kind, data).await.unwrap_err();
        assert!(matches!(&error, Error::Conflict(why) if why.contains("can't change")), "{error:?}");
    }
    let error = test.tracker.append(&ana, table.id, Samples::single(Reading(1.0))).await.unwrap_err();
    assert!(matches!(error, Error::Conflict(_)), "{error:?}");
    let error = test.tracker.chart(&ana, table.id, &ChartQuery::whole(10)).await.unwrap_err();
    assert!(matches!(error, Error::Invalid(_)), "{error:?}");
    assert_eq!(all_points(&test, &ana, line.id).await.len(), 1);
}

async fn existing_names_are_rejected_on_request(test: TestTracker) {
    let (ana, experiment) = test.owner_with_experiment().await;
    for (kind, data) in [(Kind::Line, json!(1)), (Kind::Value, json!(1))] {
        let data = Data::from_json(kind, &data);
        let name = log_name(kind.as_str());
        let first = test.tracker.log(&ana, experiment, name.clone(), data.clone(), IfExists::Refuse).await;
        assert!(first.is_ok());
        let second = test.tracker.log(&ana, experiment, name, data, IfExists::Refuse).await.unwrap_err();
        assert!(matches!(&second, Error::Conflict(why) if why.contains("already a log named")), "{second:?}");
    }
}

async fn editing_a_line_replaces_all_points(test: TestTracker) {
    let (ana, experiment) = test.owner_with_experiment().await;
    let line = log(&test, &ana, experiment, "loss", Kind::Line, json!([1, 2, 3])).await.unwrap();
    let new = Data::from_json(Kind::Line, &json!({"steps": [5], "values": [9]}));
    assert_eq!(test.tracker.editable_log_kind(&ana, line.id).await.unwrap(), Kind::Line);
    let edit = LogEdit { name: None, data: Some(new) };
    let edited = test.tracker.edit_log(&ana, line.id, edit).await.unwrap();
    assert_eq!((edited.revision, edited.line.unwrap().count), (2, 1));
    test.tracker.append(&ana, line.id, Samples::single(Reading(8.0))).await.unwrap();
    let points = all_points(&test, &ana, line.id).await;
    assert_eq!(points.steps, [5, 6]);
    assert_eq!(values(&points), [9.0, 8.0]);
    let wrong = LogEdit { name: Some(log_name("other")), data: Some(Data::from_json(Kind::Value, &json!("x"))) };
    let error = test.tracker.edit_log(&ana, line.id, wrong).await.unwrap_err();
    assert!(matches!(error, Error::Conflict(_)), "{error:?}");
    assert_eq!(test.tracker.read_log(&ana, line.id).await.unwrap().name, line.name, "nothing is half done");
}

async fn logs_can_be_renamed_and_deleted(test: TestTracker) {
    let (ana, experiment) = test.owner_with_experiment().await;
    let one = log(&test, &ana, experiment, "one", Kind::Value, json!(1)).await.unwrap();
    let two = log(&test, &ana, experiment, "two", Kind::Line, json!([1, 2])).await.unwrap();
    let rename = |to: &str| LogEdit { name: Some(log_name(to)), data: None };
    let error = test.tracker.edit_log(&ana, one.id, rename("two")).await.unwrap_err();
    assert!(matches!(error, Error::Conflict(_)), "{error:?}");
    assert_eq!(test.tracker.edit_log(&ana, two.id, rename("three")).await.unwrap().line.unwrap().count, 2);
    test.tracker.delete_log(&ana, one.id).await.unwrap();
    let again = test.tracker.delete_log(&ana, one.id).await.unwrap_err();
    assert!(matches!(again, Error::NotFound("log")), "{again:?}");
    assert_eq!(test.tracker.delete_logs(&ana, experiment, &[one.id, two.id]).await.unwrap(), 1);
    assert_eq!(test.tracker.log_ids(&ana, experiment).await.unwrap(), []);
    let gone = test.tracker.append(&ana, two.id, Samples::single(Reading(1.0))).await.unwrap_err();
    assert!(matches!(gone, Error::NotFound("log")), "{gone:?}");
}

async fn viewers_and_read_tokens_cannot_log(test: TestTracker) {
    let (ana, experiment) = test.owner_with_experiment().await;
    let line = log(&test, &ana, experiment, "loss", Kind::Line, json!(1)).await.unwrap();
    let vic = test.create_actor(Role::Viewer, "Acme").await;
    let reader = test.actor_with_token(&ana.email, Scope::Read).await;
    for actor in [&vic, &reader] {
        let errors = [
            log(&test, actor, experiment, "loss", Kind::Line, json!(1)).await.unwrap_err(),
            log(&test, actor, experiment, "table", Kind::Table, json!({})).await.unwrap_err(),
            test.tracker.append(actor, line.id, Samples::single(Reading(1.0))).await.unwrap_err(),
            test.tracker.edit_log(actor, line.id, LogEdit::default()).await.unwrap_err(),
            test.tracker.editable_log_kind(actor, line.id).await.unwrap_err(),
            test.tracker.delete_log(actor, line.id).await.unwrap_err(),
            test.tracker.delete_logs(actor, experiment, &[line.id]).await.unwrap_err(),
            test.tracker.log_batch(actor, experiment, Batch::default(), None).await.unwrap_err(),
        ];
        for error in errors {
            assert!(matches!(error, Error::Forbidden(_)), "{error:?}");
        }
        assert_eq!(all_points(&test, actor, line.id).await.len(), 1);
    }
}

async fn other_organizations_cannot_see_logs(test: TestTracker) {
    let (ana, experiment) = test.owner_with_experiment().await;
    let line = log(&test, &ana, experiment, "loss", Kind::Line, json!(1)).await.unwrap();
    let eve = test.create_actor(Role::Owner, "Elsewhere").await;
    let errors = [
        log(&test, &eve, experiment, "loss", Kind::Line, json!(1)).await.unwrap_err(),
        test.tracker.append(&eve, line.id, Samples::single(Reading(1.0))).await.unwrap_err(),
        test.tracker.edit_log(&eve, line.id, LogEdit::default()).await.unwrap_err(),
        test.tracker.editable_log_kind(&eve, line.id).await.unwrap_err(),
        test.tracker.delete_log(&eve, line.id).await.unwrap_err(),
        test.tracker.read_log(&eve, line.id).await.unwrap_err(),
        test.tracker.chart(&eve, line.id, &ChartQuery::whole(10)).await.unwrap_err(),
        test.tracker.points(&eve, line.id).await.err().unwrap(),
        test.tracker.find_log(&eve, experiment, &line.name).await.unwrap_err(),
        test.tracker.dashboard(&eve, experiment, 0, "").await.unwrap_err(),
    ];
    for error in errors {
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    }
}

fn batch(lines: &[(&str, &[f64])]) -> Batch {
    let samples =
        |values: &[f64]| Samples { values: values.iter().copied().map(Reading).collect(), ..Samples::default() };
    Batch::new(lines.iter().map(|(name, values)| (log_name(name), samples(values))).collect()).unwrap()
}

async fn a_batch_is_atomic(test: TestTracker) {
    let (ana, experiment) = test.owner_with_experiment().await;
    log(&test, &ana, experiment, "table", Kind::Table, json!({})).await.unwrap();
    let invalid = batch(&[("new", &[1.0]), ("table", &[1.0])]);
    let error = test.tracker.log_batch(&ana, experiment, invalid, None).await.unwrap_err();
    assert!(matches!(error, Error::Conflict(_)), "{error:?}");
    assert_eq!(test.tracker.log_ids(&ana, experiment).await.unwrap().len(), 1, "a rejected batch creates no log");
    let valid = batch(&[("new", &[1.0, 2.0]), ("other", &[5.0]), ("new", &[3.0])]);
    let done = test.tracker.log_batch(&ana, experiment, valid, None).await.unwrap();
    assert_eq!((done.points, done.logs, done.repeated), (4, 2, false));
    let new = test.tracker.find_log(&ana, experiment, &log_name("new")).await.unwrap();
    assert_eq!(values(&all_points(&test, &ana, new.id).await), [1.0, 2.0, 3.0]);
}

async fn a_batch_with_an_idempotency_key_is_logged_once(test: TestTracker) {
    let (ana, experiment) = test.owner_with_experiment().await;
    let key = || IdempotencyKey::parse("epoch-1");
    for repeated in [false, true, true] {
        let done = test.tracker.log_batch(&ana, experiment, batch(&[("loss", &[1.0])]), key()).await.unwrap();
        assert_eq!((done.points, done.repeated), (1, repeated));
    }
    let other = test.tracker.log_batch(&ana, experiment, batch(&[("loss", &[2.0])]), key()).await.unwrap_err();
    assert!(matches!(&other, Error::Conflict(why) if why.contains("epoch-1")), "{other:?}");
    let concurrent =
        (0..8).map(|_| test.tracker.log_batch(&ana, experiment, batch(&[("acc", &[1.0])]), IdempotencyKey::parse("k")));
    let done = futures_util::future::join_all(concurrent).await;
    assert_eq!(done.into_iter().filter(|done| !done.as_ref().unwrap().repeated).count(), 1);
    let accuracy = test.tracker.find_log(&ana, experiment, &log_name("acc")).await.unwrap();
    assert_eq!(accuracy.line.unwrap().count, 1);
}

async fn concurrent_writers_lose_and_duplicate_no_points(test: TestTracker) {
    let (ana, experiment) = test.owner_with_experiment().await;
    let other = test.another_tracker().await.unwrap();
    // Two trackers on one SQLite file, such as a server and a command, may both write.
    let write = async |tracker: &tracker::Tracker, writer: i32| {
        for index in 0..150 {
            let samples = Samples::single(Reading(f64::from(1_000 * writer + index)));
            let line = log_name(if index % 3 == 0 { "shared" } else { "also shared" });
            tracker.log(&ana, experiment, line, Data::Line(samples.into()), IfExists::Continue).await.unwrap();
        }
    };
    let writers = (0..6).map(|writer| write(if writer % 2 == 0 { &test.tracker } else { &other }, writer));
    futures_util::future::join_all(writers).await;
    for (name, expected) in [("shared", 300), ("also shared", 600)] {
        let line = test.tracker.find_log(&ana, experiment, &log_name(name)).await.unwrap();
        let points = all_points(&test, &ana, line.id).await;
        assert_eq!(points.steps, (0..expected).collect::<Vec<i64>>(), "each point has its own step");
        for writer in 0..6 {
            let own: Vec<f64> =
                values(&points).into_iter().filter(|v| (v / 1_000.0).floor() == f64::from(writer)).collect();
            assert!(
                own.is_sorted() && own.len() as i64 == expected / 6,
                "points of a writer are not in the order of writing"
            );
        }
    }
    other.close().await;
}

async fn layouts_are_saved_and_protected(test: TestTracker) {
    let (ana, experiment) = test.owner_with_experiment().await;
    let member = test.create_actor(Role::Member, "Acme").await;
    log(&test, &ana, experiment, "loss", Kind::Line, json!(1)).await.unwrap();
    log(&test, &ana, experiment, "large", Kind::Evaluation, json!(["x".repeat(20_000)])).await.unwrap();
    let dashboard = test.tracker.dashboard(&member, experiment, 0, "").await.unwrap();
    assert_eq!((dashboard.layout_version, dashboard.may_edit_layout, dashboard.logs.len()), (0, false, 2));
    assert!(dashboard.logs[1].document.is_none(), "large documents are loaded separately");
    let mut layout = dashboard.layout;
    layout.order = vec![log_name("large"), log_name("loss")];
    let error = test.tracker.save_dashboard_layout(&member, experiment, &layout, 0).await.unwrap_err();
    assert!(matches!(error, Error::Forbidden(_)), "{error:?}");
    assert_eq!(test.tracker.save_dashboard_layout(&ana, experiment, &layout, 0).await.unwrap(), 1);
    let error = test.tracker.save_dashboard_layout(&ana, experiment, &layout, 0).await.unwrap_err();
    assert!(matches!(error, Error::Conflict(_)), "{error:?}");
    assert_eq!(test.tracker.save_dashboard_layout(&ana, experiment, &layout, 1).await.unwrap(), 2);
    assert_eq!(test.tracker.dashboard(&ana, experiment, 0, "").await.unwrap().layout, layout);
}

async fn dashboards_have_pages(test: TestTracker) {
    let (ana, experiment) = test.owner_with_experiment().await;
    let count = Dashboard::PAGE_SIZE + 5;
    let name = |index: usize| log_name(&format!("{}/{index}", if index.is_multiple_of(2) { "Train" } else { "val" }));
    let indices: Vec<usize> = (0..count).collect();
    for chunk in indices.chunks(Batch::MAX_LOGS) {
        let lines = chunk.iter().map(|index| (name(*index), Samples::single(Reading(1.0)))).collect();
        test.tracker.log_batch(&ana, experiment, Batch::new(lines).unwrap(), None).await.unwrap();
    }
    let page = async |page, filter: &str| test.tracker.dashboard(&ana, experiment, page, filter).await.unwrap();
    let first = page(0, "").await;
    assert_eq!((first.logs.len(), first.total), (Dashboard::PAGE_SIZE, count as u64));
    let second = page(1, "").await;
    assert_eq!(second.logs.len(), 5);
    let mut all: Vec<_> = first.logs.iter().chain(&second.logs).map(|log| log.name.clone()).collect();
    all.sort();
    let mut expected: Vec<_> = indices.iter().map(|index| name(*index)).collect();
    expected.sort();
    assert_eq!(all, expected, "every log is on one page");
    let filtered = page(0, "train 100").await;
    let names: Vec<_> = filtered.logs.iter().map(|log| log.name.as_str()).collect();
    assert_eq!(
        (filtered.total, names),
        (4, vec!["Train/100", "Train/1000", "Train/1002", "Train/1004"]),
        "among all pages"
    );
    assert_eq!(page(7, "").await.logs.len(), 0);
}

async fn dashboards_contain_a_limited_amount_of_documents(test: TestTracker) {
    let (ana, experiment) = test.owner_with_experiment().await;
    // 12,000 characters, but 48,000 bytes.
    log(&test, &ana, experiment, "multibyte", Kind::Table, json!(["🦀".repeat(12_000)])).await.unwrap();
    for index in 0..150 {
        log(&test, &ana, experiment, &index.to_string(), Kind::Table, json!(["x".repeat(16_000)])).await.unwrap();
    }
    log(&test, &ana, experiment, "small", Kind::Value, json!(0.5)).await.unwrap();
    let logs = test.tracker.dashboard(&ana, experiment, 0, "").await.unwrap().logs;
    assert_eq!(logs.len(), 152);
    assert!(logs[0].document.is_none() && logs[1].document.is_some() && logs[151].document.is_some());
    let complete = logs[1..151].iter().take_while(|log| log.document.is_some()).count();
    assert_eq!(complete, (2 << 20) / 16_004, "the first documents, up to 2 MiB");
    assert!(logs[1 + complete..151].iter().all(|log| log.document.is_none()));
}
