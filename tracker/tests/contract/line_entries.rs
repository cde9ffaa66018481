//! Entries of lines other than plain numbers: fractional steps, entries that are not numbers, named lines, extremes.

use domain::{
    ids::{ExperimentId, LogId},
    live::{ChangeKind, LogChangeKind, Message, Topic},
    logs::{Data, Extreme, Extremes, Kind, Log, Reading, Step},
};
use serde_json::{Value, json};
use tracker::{Actor, Error, IfExists, LogEdit};

use crate::{
    Case, cases,
    logs::{all_points, log, log_name},
    test_tracker::TestTracker,
};

pub fn cases() -> Vec<Case> {
    cases![line_entries:
        fractional_steps_are_kept_and_sorted,
        entries_that_are_not_numbers_stay_at_their_place,
        named_lines_grow_separately_in_one_log,
        named_lines_are_hidden_and_deleted_with_their_log,
        replacing_a_line_replaces_its_named_lines,
        concurrent_writers_share_named_lines,
        extremes_are_kept_and_completed_for_old_lines
    ]
}

async fn line(test: &TestTracker, actor: &Actor, experiment: ExperimentId, data: Value) -> Log {
    log(test, actor, experiment, "loss", Kind::Line, data).await.unwrap();
    test.tracker.find_log(actor, experiment, &log_name("loss")).await.unwrap()
}

/// Returns the entries of a line as they were sent, in the order of steps.
async fn entries(test: &TestTracker, actor: &Actor, line: LogId) -> Vec<Value> {
    let mut stream = test.tracker.points(actor, line).await.unwrap();
    let mut all = Vec::new();
    while let Some(points) = stream.next().await.unwrap() {
        for value in points.values {
            all.push(match value.text_position() {
                Some(position) => serde_json::from_str(stream.text(position).await.unwrap()).unwrap(),
                None => json!(value),
            });
        }
    }
    all
}

async fn fractional_steps_are_kept_and_sorted(test: TestTracker) {
    let (ana, experiment) = test.owner_with_experiment().await;
    line(&test, &ana, experiment, json!([[1, 0.1], [0.25, 0.2]])).await;
    let read = line(&test, &ana, experiment, json!({"steps": [2.5, 0.5], "values": [0.3, 0.4]})).await;
    let summary = read.line.unwrap();
    assert_eq!((summary.count, summary.first_step, summary.last_step, summary.explicit_steps), (4, 0, 3, true));
    line(&test, &ana, experiment, json!(0.5)).await;
    let points = all_points(&test, &ana, read.id).await;
    assert_eq!(points.steps.iter().map(|step| step.get()).collect::<Vec<_>>(), [0.25, 0.5, 1.0, 2.5, 4.0]);
    assert_eq!(points.values, [0.2, 0.4, 0.1, 0.3, 0.5].map(Reading));
    let query = domain::logs::ChartQuery { from: Some(0), to: Some(1), ..domain::logs::ChartQuery::whole(10) };
    let chart = test.tracker.chart(&ana, read.id, &query).await.unwrap();
    assert_eq!(chart.steps.iter().map(|step| step.get()).collect::<Vec<_>>(), [0.25, 0.5, 1.0]);
}

async fn entries_that_are_not_numbers_stay_at_their_place(test: TestTracker) {
    let (ana, experiment) = test.owner_with_experiment().await;
    line(&test, &ana, experiment, json!([0.5, "best", true])).await;
    line(&test, &ana, experiment, json!({"a": {"deep": [1]}, "": "model"})).await;
    let read = line(&test, &ana, experiment, json!([null, "0.25", "Net(\n conv)"])).await;
    let expected =
        [json!(0.5), json!("best"), json!(1.0), json!("model"), json!("NaN"), json!(0.25), json!("Net(\n conv)")];
    assert_eq!(entries(&test, &ana, read.id).await, expected);
    assert_eq!(read.last_texts, [r#""best""#, r#""model""#, r#""Net(\n conv)""#]);
    assert_eq!((read.line.unwrap().count, read.line.unwrap().texts), (7, 3));
    assert_eq!(entries(&test, &ana, read.named_lines[0].id).await, [json!({"deep": [1]})]);
    // Earlier steps move points, but not what they stand for.
    let read = line(&test, &ana, experiment, json!({"steps": [-1, 0.5], "values": ["first", "between"]})).await;
    let texts: Vec<_> = entries(&test, &ana, read.id).await.into_iter().filter(Value::is_string).collect();
    assert_eq!(texts, ["first", "between", "best", "model", "NaN", "Net(\n conv)"]);
    let long = json!("x".repeat(300_000));
    let sent: Vec<Value> = (0..20).map(|index| if index % 2 == 0 { long.clone() } else { json!(index) }).collect();
    let many = log(&test, &ana, experiment, "many", Kind::Line, json!(sent)).await.unwrap();
    assert_eq!(entries(&test, &ana, many.id).await.len(), 20);
    assert_eq!(test.tracker.read_log(&ana, many.id).await.unwrap().last_texts[0].len(), 10_000, "cut for the card");
}

async fn named_lines_grow_separately_in_one_log(test: TestTracker) {
    let (ana, experiment) = test.owner_with_experiment().await;
    let mut page = test.tracker.subscribe(&ana, Topic::Experiment(experiment), None).await.unwrap();
    line(&test, &ana, experiment, json!({"train": [0.5]})).await;
    line(&test, &ana, experiment, json!({"val": 0.6})).await;
    let read =
        line(&test, &ana, experiment, json!({"train": [0.4, 0.3], "val": {"steps": [7], "values": [0.2]}})).await;
    assert_eq!(read.line.unwrap().count, 0);
    let lines: Vec<_> = read.named_lines.iter().map(|line| (line.name.as_str(), line.summary.count)).collect();
    assert_eq!(lines, [("train", 3), ("val", 2)]);
    assert_eq!(entries(&test, &ana, read.named_lines[0].id).await, [json!(0.5), json!(0.4), json!(0.3)]);
    assert_eq!(
        test.tracker.chart(&ana, read.named_lines[1].id, &domain::logs::ChartQuery::whole(9)).await.unwrap().total,
        2
    );
    let read = line(&test, &ana, experiment, json!(0.9)).await;
    assert_eq!((read.line.unwrap().count, read.named_lines.len()), (1, 2), "plain points stand beside the named lines");
    // An open page learns about points of named lines.
    let mut heard = 0;
    while heard < 5 {
        let message = tokio::time::timeout(std::time::Duration::from_secs(5), page.next()).await.expect("an event");
        let Message::Event { change, .. } = message else { continue };
        let ChangeKind::Logged(changes) = change.kind else { continue };
        for change in changes {
            match change.change {
                LogChangeKind::Appended { points, .. } => heard += points.len(),
                LogChangeKind::Replaced { .. } if change.log != read.id => heard += 1,
                _ => {}
            }
        }
    }
}

async fn named_lines_are_hidden_and_deleted_with_their_log(test: TestTracker) {
    let (ana, experiment) = test.owner_with_experiment().await;
    let read = line(&test, &ana, experiment, json!({"train": 1, "val": ["text"]})).await;
    let named = read.named_lines[0].id;
    assert_eq!(test.tracker.log_ids(&ana, experiment).await.unwrap(), [read.id]);
    let dashboard = test.tracker.dashboard(&ana, experiment, 0, "").await.unwrap();
    assert_eq!((dashboard.logs.len(), dashboard.logs[0].named_lines.len()), (1, 2));
    for refused in [
        test.tracker.read_log(&ana, named).await.map(|_| ()),
        test.tracker.delete_log(&ana, named).await,
        test.tracker.append(&ana, named, domain::logs::Samples::single(Reading(1.0))).await.map(|_| ()),
        test.tracker.edit_log(&ana, named, LogEdit::default()).await.map(|_| ()),
    ] {
        assert!(matches!(refused, Err(Error::NotFound("log"))), "{refused:?}");
    }
    assert_eq!(test.tracker.delete_logs(&ana, experiment, &[named]).await.unwrap(), 0);
    let renamed = LogEdit { name: Some(log_name("renamed")), data: None };
    test.tracker.edit_log(&ana, read.id, renamed).await.unwrap();
    log(&test, &ana, experiment, "renamed", Kind::Line, json!({"train": 2})).await.unwrap();
    assert_eq!(entries(&test, &ana, named).await, [json!(1.0), json!(2.0)], "named lines follow their log");
    test.tracker.delete_log(&ana, read.id).await.unwrap();
    for query in [
        "SELECT COUNT(*) FROM logs",
        "SELECT COUNT(*) FROM series",
        "SELECT COUNT(*) FROM series_tail",
        "SELECT COUNT(*) FROM series_texts",
    ] {
        assert_eq!(test.query_scalar(query).await, 0, "{query}");
    }
}

async fn replacing_a_line_replaces_its_named_lines(test: TestTracker) {
    let (ana, experiment) = test.owner_with_experiment().await;
    let read = line(&test, &ana, experiment, json!({"train": 1, "": 2})).await;
    let data = Data::from_json(Kind::Line, &json!({"val": [1, "x"], "test": 3}));
    test.tracker.edit_log(&ana, read.id, LogEdit { name: None, data: Some(data) }).await.unwrap();
    let read = test.tracker.read_log(&ana, read.id).await.unwrap();
    let lines: Vec<_> = read.named_lines.iter().map(|line| (line.name.as_str(), line.summary.count)).collect();
    assert_eq!((lines, read.line.unwrap().count, read.revision), (vec![("val", 2), ("test", 1)], 0, 2));
    assert_eq!(entries(&test, &ana, read.named_lines[0].id).await, [json!(1.0), json!("x")]);
}

async fn concurrent_writers_share_named_lines(test: TestTracker) {
    let (ana, experiment) = test.owner_with_experiment().await;
    let other = test.another_tracker().await.unwrap();
    let write = async |tracker: &tracker::Tracker| {
        for index in 0..40 {
            let data = Data::from_json(Kind::Line, &json!({"train": index, "val": [index, index]}));
            tracker.log(&ana, experiment, log_name("loss"), data, IfExists::Continue).await.unwrap();
        }
    };
    futures_util::future::join(write(&test.tracker), write(&other)).await;
    let read = test.tracker.find_log(&ana, experiment, &log_name("loss")).await.unwrap();
    let mut lines: Vec<_> = read.named_lines.iter().map(|line| (line.name.as_str(), line.summary.count)).collect();
    lines.sort_unstable();
    assert_eq!(lines, [("train", 80), ("val", 160)]);
    other.close().await;
}

async fn extremes_are_kept_and_completed_for_old_lines(test: TestTracker) {
    let (ana, experiment) = test.owner_with_experiment().await;
    let extreme = |value, step: i32| Some(Extreme { value, step: Step::from(step) });
    let read = line(&test, &ana, experiment, json!([0.5, null, 0.2, 0.9, 0.2])).await;
    let expected = Extremes { min: extreme(0.2, 2), max: extreme(0.9, 3) };
    assert_eq!(read.line.unwrap().extremes, expected);
    // A line from before the columns existed.
    test.execute(
        "UPDATE series SET extremes_known = 0, min_bits = NULL, min_step = NULL, max_bits = NULL, max_step = NULL",
    )
    .await;
    let read = line(&test, &ana, experiment, json!(0.7)).await;
    assert_eq!(read.line.unwrap().extremes, Extremes::default(), "not known without the earlier points");
    test.tracker.complete_line_extremes().await.unwrap();
    let read = line(&test, &ana, experiment, json!(0.1)).await;
    assert_eq!(read.line.unwrap().extremes, Extremes { min: extreme(0.1, 6), ..expected });
}
