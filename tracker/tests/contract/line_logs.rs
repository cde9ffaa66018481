//! LINE logs: compaction preserves all points, and charts agree with the points.

use std::time::Duration;

use domain::{
    ids::{ExperimentId, LogId},
    live::{ChangeKind, LogChangeKind, Message, Topic},
    logs::{Batch, Chart, ChartQuery, Data, Kind, Points, Reading, Samples, Step, XAxis},
};
use serde_json::json;
use tracker::{Actor, LogEdit, Subscription};

use crate::{
    Case, cases,
    logs::{all_points, log, log_name},
    test_tracker::TestTracker,
};

pub fn cases() -> Vec<Case> {
    cases![line_logs:
        compaction_preserves_many_small_appends,
        charts_of_a_long_line_preserve_its_extremes,
        points_with_earlier_steps_are_sorted_in,
        many_points_in_one_request_are_stored_in_pieces,
        open_pages_receive_appended_points;
        only Postgres: pages_on_other_servers_receive_appended_points
    ]
}

/// Waits until the tail of every line has fewer than `max_rows` rows.
async fn wait_for_compaction(test: &TestTracker, max_rows: i64) {
    let query = "SELECT COALESCE(MAX(tail_rows), 0) FROM series";
    for _ in 0..600 {
        let rows: i64 = test.query_scalar(query).await;
        if rows < max_rows {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the tail was not compacted");
}

async fn create_line(test: &TestTracker, ana: &Actor, experiment: ExperimentId, name: &str) -> LogId {
    log(test, ana, experiment, name, Kind::Line, json!([])).await.unwrap().id
}

/// Checks a chart against all points of the line.
fn assert_chart_matches(chart: &Chart, points: &Points, query: &ChartQuery) {
    let within = |index: &usize| {
        let at = if query.x_axis == XAxis::Step { points.steps[*index].floor() } else { points.times[*index] };
        query.from.is_none_or(|from| at >= from) && query.to.is_none_or(|to| at <= to)
    };
    let inside: Vec<usize> = (0..points.len()).filter(within).collect();
    let finite = |index: &usize| Some(points.values[*index].0).filter(|value| value.is_finite());
    let high = inside.iter().filter_map(finite).fold(f64::NEG_INFINITY, f64::max);
    let low = inside.iter().filter_map(finite).fold(f64::INFINITY, f64::min);
    assert_eq!(chart.total, points.len() as u64);
    if chart.exact {
        assert_eq!(chart.within, inside.len() as u64);
        assert_eq!(chart.values, inside.iter().map(|index| points.values[*index]).collect::<Vec<_>>());
        assert!(chart.steps.len() <= 2 * query.buckets as usize);
        return;
    }
    assert!(chart.within >= inside.len() as u64 && chart.steps.len() <= query.buckets as usize);
    let extreme = |column: &[Reading], of: fn(f64, f64) -> f64, from| {
        column.iter().map(|value| value.0).filter(|value| value.is_finite()).fold(from, of)
    };
    let (shown_low, shown_high) =
        (extreme(&chart.low, f64::min, f64::INFINITY), extreme(&chart.high, f64::max, f64::NEG_INFINITY));
    assert!(shown_low <= low && shown_high >= high, "the chart has lost an extreme");
    if query.from.is_none() && query.to.is_none() {
        assert_eq!((shown_low, shown_high, chart.within), (low, high, points.len() as u64));
        assert_eq!(chart.steps.first(), points.steps.first());
    }
}

async fn compaction_preserves_many_small_appends(test: TestTracker) {
    let (ana, experiment) = test.owner_with_experiment().await;
    let id = create_line(&test, &ana, experiment, "loss").await;
    for value in 0..300 {
        test.tracker.append(&ana, id, Samples::single(Reading(f64::from(value)))).await.unwrap();
    }
    wait_for_compaction(&test, 128).await;
    let points = all_points(&test, &ana, id).await;
    assert_eq!(points.steps, (0..300).collect::<Vec<i64>>());
    assert!(points.values.iter().zip(0..300).all(|(value, expected)| value.0 == f64::from(expected)));
    assert!(points.times.is_sorted());
}

/// Logs `count` points in batches of 10,000. `value` returns the value for an index.
async fn log_points(
    test: &TestTracker,
    ana: &Actor,
    experiment: ExperimentId,
    name: &str,
    count: i64,
    value: fn(i64) -> f64,
) {
    for start in (0..count).step_by(10_000) {
        let indices = start..(start + 10_000).min(count);
        let samples = Samples { values: indices.map(|index| Reading(value(index))).collect(), ..Samples::default() };
        let batch = Batch::new(vec![(log_name(name), samples)]).unwrap();
        test.tracker.log_batch(ana, experiment, batch, None).await.unwrap();
    }
}

async fn charts_of_a_long_line_preserve_its_extremes(test: TestTracker) {
    let (ana, experiment) = test.owner_with_experiment().await;
    fn value(index: i64) -> f64 {
        match index {
            123_456 => 1_000.0,
            200_000 => f64::NAN,
            300_001 => -1_000.0,
            index => (index % 1_000) as f64 / 1_000.0,
        }
    }
    log_points(&test, &ana, experiment, "loss", 400_000, value).await;
    wait_for_compaction(&test, 8).await;
    let chunks: i64 = test.query_scalar("SELECT COUNT(*) FROM series_chunks").await;
    assert!(chunks >= 4, "{chunks} chunks");
    let id = test.tracker.find_log(&ana, experiment, &log_name("loss")).await.unwrap().id;
    let points = all_points(&test, &ana, id).await;
    assert_eq!(points.steps, (0..400_000).collect::<Vec<i64>>());
    assert!(points.values.iter().zip(0..).all(|(stored, index)| *stored == Reading(value(index))));
    for (from, to) in [
        (None, None),
        (Some(100_000), Some(150_000)),
        (Some(60_000), Some(399_999)),
        (Some(123_000), Some(123_900)),
        (Some(123_456), Some(123_456)),
        (Some(399_990), None),
        (Some(500_000), None),
        (Some(9), Some(3)),
    ] {
        for buckets in [1, 50, 1_000] {
            let query = ChartQuery { x_axis: XAxis::Step, from, to, buckets };
            assert_chart_matches(&test.tracker.chart(&ana, id, &query).await.unwrap(), &points, &query);
        }
    }
    let middle = points.times[250_000];
    let query = ChartQuery { x_axis: XAxis::Time, from: Some(middle), to: None, buckets: 500 };
    assert_chart_matches(&test.tracker.chart(&ana, id, &query).await.unwrap(), &points, &query);
    let whole = test.tracker.chart(&ana, id, &ChartQuery::whole(1_000)).await.unwrap();
    assert_eq!(whole.non_finite.iter().map(|point| point.value).collect::<Vec<_>>(), [Reading::NAN]);
}

async fn many_points_in_one_request_are_stored_in_pieces(test: TestTracker) {
    let (ana, experiment) = test.owner_with_experiment().await;
    let id = create_line(&test, &ana, experiment, "loss").await;
    let all = |count: i32| (0..count).map(|index| Reading(f64::from(index))).collect::<Vec<_>>();
    let mut samples = Samples { values: all(600_000), ..Samples::default() };
    samples.texts = vec![(99_999, "\"a\"".into()), (100_000, "\"b\"".into()), (599_000, "\"c\"".into())];
    let log = test.tracker.append(&ana, id, samples).await.unwrap();
    let summary = log.line.unwrap();
    assert_eq!((summary.count, summary.last_step, summary.last), (600_000, 599_999, Reading(599_999.0)));
    wait_for_compaction(&test, 2).await;
    let chunks: i64 = test.query_scalar("SELECT COUNT(*) FROM series_chunks").await;
    assert_eq!(chunks, 9, "all full chunks are cut");
    let points = all_points(&test, &ana, id).await;
    assert!(points.steps.iter().map(|step| step.get()).eq((0..600_000).map(f64::from)));
    let texts = [99_999, 100_000, 599_000].map(|index: usize| points.values[index].text_position());
    assert_eq!(texts, [Some(0), Some(1), Some(2)]);
    assert_eq!(points.values[598_999..].iter().filter(|value| !value.is_finite()).count(), 1);

    let steps = (0..200_000).rev().map(Step::whole).collect();
    let samples = Samples { steps: Some(steps), values: all(200_000), ..Samples::default() };
    let edit = LogEdit { name: None, data: Some(Data::Line(samples.into())) };
    assert_eq!(test.tracker.edit_log(&ana, id, edit).await.unwrap().line.unwrap().count, 200_000);
    let points = all_points(&test, &ana, id).await;
    assert!(points.steps.iter().map(|step| step.get()).eq((0..200_000).map(f64::from)));
    assert_eq!(points.values.first(), Some(&Reading(199_999.0)));
}

async fn points_with_earlier_steps_are_sorted_in(test: TestTracker) {
    let (ana, experiment) = test.owner_with_experiment().await;
    let mut expected: Vec<(i64, f64)> = Vec::new();
    // A line of 200,000 points, a training resumed from step 90,000, and a few earlier steps. Points with the same step keep
    // the order of arrival.
    for (round, start, count) in [(0.0, 0, 200_000), (1.0, 90_000, 120_000), (2.0, -5, 10)] {
        for begin in (start..start + count).step_by(10_000) {
            let steps: Vec<i64> = (begin..(begin + 10_000).min(start + count)).collect();
            expected.extend(steps.iter().map(|step| (*step, round)));
            let values = vec![Reading(round); steps.len()];
            let steps = steps.into_iter().map(Step::whole).collect();
            let samples = Samples { steps: Some(steps), values, ..Samples::default() };
            let batch = Batch::new(vec![(log_name("loss"), samples)]).unwrap();
            test.tracker.log_batch(&ana, experiment, batch, None).await.unwrap();
        }
    }
    expected.sort_by_key(|(step, _)| *step);
    wait_for_compaction(&test, 8).await;
    let id = test.tracker.find_log(&ana, experiment, &log_name("loss")).await.unwrap().id;
    let points = all_points(&test, &ana, id).await;
    let stored: Vec<(i64, f64)> =
        points.steps.iter().zip(&points.values).map(|(step, value)| (step.floor(), value.0)).collect();
    assert!(stored == expected, "points are missing or not in the order of (step, arrival)");
    for (from, to) in [(None, None), (Some(-5), Some(5)), (Some(89_000), Some(91_000))] {
        let query = ChartQuery { x_axis: XAxis::Step, from, to, buckets: 1_000 };
        assert_chart_matches(&test.tracker.chart(&ana, id, &query).await.unwrap(), &points, &query);
    }
}

/// Receives live updates until they have `count` points, and returns the values.
async fn receive_points(page: &mut Subscription, count: u64) -> Vec<f64> {
    let mut received = Vec::new();
    while (received.len() as u64) < count {
        let message = tokio::time::timeout(Duration::from_secs(5), page.next()).await.expect("an update arrives");
        let Message::Event { change, .. } = message else { continue };
        let ChangeKind::Logged(changes) = change.kind else { continue };
        for change in changes {
            if let LogChangeKind::Appended { from, points, .. } = change.change {
                assert_eq!(from, received.len() as u64, "updates have no gaps");
                received.extend(points.values.iter().map(|value| value.0));
            }
        }
    }
    received
}

async fn open_pages_receive_appended_points(test: TestTracker) {
    let (ana, experiment) = test.owner_with_experiment().await;
    let id = create_line(&test, &ana, experiment, "loss").await;
    let mut page = test.tracker.subscribe(&ana, Topic::Experiment(experiment), None).await.unwrap();
    for value in 0..40 {
        test.tracker.append(&ana, id, Samples::single(Reading(f64::from(value)))).await.unwrap();
    }
    assert_eq!(receive_points(&mut page, 40).await, (0..40).map(f64::from).collect::<Vec<_>>());
}

async fn pages_on_other_servers_receive_appended_points(test: TestTracker) {
    let (ana, experiment) = test.owner_with_experiment().await;
    let id = create_line(&test, &ana, experiment, "loss").await;
    let other = test.another_tracker().await.unwrap();
    // The servers may not be connected yet, so points are appended until an update arrives.
    let mut page = other.subscribe(&ana, Topic::Experiment(experiment), None).await.unwrap();
    let mut appended = 0;
    loop {
        test.tracker.append(&ana, id, Samples::single(Reading(0.0))).await.unwrap();
        appended += 1;
        let received = tokio::time::timeout(Duration::from_millis(500), async {
            while !matches!(page.next().await, Message::Event { .. }) {}
        });
        if received.await.is_ok() {
            break;
        }
        assert!(appended < 20, "the other server receives no updates");
    }
    other.close().await;
}
