//! Compares the stored points with the sent requests, and the charts with the stored points.

use std::collections::HashMap;

use domain::ids::LogId;
use domain::logs::{Chart, ChartQuery, Points, XAxis};
use tracker::{Actor, Tracker};

use crate::seeded_data::SeededData;
use crate::sent_requests::{SentBatch, SentRequests};
use crate::worker::STEPPED_LINE;

/// A stored line.
struct StoredLine {
    id: LogId,
    points: Points,
    /// How often each value is stored.
    counts: HashMap<u64, u32>,
}

/// Panics if an acknowledged point is missing or duplicated, if a batch is stored in part, if a stored point was never sent, or
/// if a chart differs from its points.
pub async fn verify_stored_points(data: &SeededData, requests: &SentRequests) {
    let (tracker, actor) = data.open_tracker().await;
    let mut lines = HashMap::new();
    for log in tracker.dashboard(&actor, data.experiment, 0, "").await.unwrap().logs {
        let line = read_line(&tracker, &actor, log.id).await;
        assert_eq!(log.line.unwrap().count, line.points.len() as u64, "{}: wrong count of points", log.name);
        lines.insert(log.name.as_str().to_owned(), line);
    }
    let stored: u64 = lines.values().map(|line| line.points.len() as u64).sum();
    println!("{stored} points are stored in {} lines", lines.len());

    let mut accounted_for = 0;
    for batch in &requests.batches {
        accounted_for += verify_batch(batch, &lines);
    }
    for (value, point) in &requests.points {
        let count = lines.get(&point.line).and_then(|line| line.counts.get(value)).copied().unwrap_or(0);
        assert!(count >= point.acknowledged, "the point {value} of {} was acknowledged, but is not stored", point.line);
        assert!(
            count <= point.sent,
            "the point {value} of {} was sent {} times, but is stored {count} times",
            point.line,
            point.sent
        );
        accounted_for += u64::from(count);
    }
    assert_eq!(stored, accounted_for, "points are stored that were never sent");

    let mut buckets = 0;
    for (name, line) in &lines {
        buckets += verify_charts(&tracker, &actor, name, line).await;
    }
    println!("{buckets} chart buckets were compared with their points");
    assert!(buckets > 1_000, "the lines are too short: their charts have hardly any buckets");
    tracker.close().await;
}

async fn read_line(tracker: &Tracker, actor: &Actor, id: LogId) -> StoredLine {
    let mut points = Points::default();
    let mut stream = tracker.points(actor, id).await.unwrap();
    while let Some(more) = stream.next().await.unwrap() {
        points.append(&more);
    }
    let mut counts = HashMap::new();
    for value in &points.values {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "all sent values are whole numbers"
        )]
        let value = value.0 as u64;
        *counts.entry(value).or_insert(0) += 1;
    }
    StoredLine { id, points, counts }
}

/// Returns how many points of the batch are stored. Panics unless all or none are stored, all if it was acknowledged, and each
/// at most once.
fn verify_batch(batch: &SentBatch, lines: &HashMap<String, StoredLine>) -> u64 {
    let expected: u64 = batch.lines.iter().map(|line| line.count).sum();
    let mut found = 0;
    for sent in &batch.lines {
        let Some(line) = lines.get(&sent.line) else { continue };
        for value in sent.values() {
            let count = line.counts.get(&value).copied().unwrap_or(0);
            assert!(count <= 1, "the point {value} of {} is stored {count} times", sent.line);
            found += u64::from(count);
        }
    }
    assert!(found == 0 || found == expected, "{found} of {expected} points of a batch are stored: {batch:?}");
    assert!(found == expected || !batch.acknowledged, "a batch was acknowledged, but is not stored: {batch:?}");
    found
}

/// Verifies charts of the whole line and of parts of it, with few and many buckets. Returns how many buckets were compared
/// individually.
async fn verify_charts(tracker: &Tracker, actor: &Actor, name: &str, line: &StoredLine) -> usize {
    let mut compared = 0;
    let (first, last) = (line.points.steps[0].floor(), line.points.steps.last().unwrap().floor());
    let third = (last - first) / 3;
    let ranges = [
        (None, None),
        (Some(first + third), None),
        (Some(first + third), Some(last - third)),
        (Some(last), Some(last)),
    ];
    for (from, to) in ranges {
        for buckets in [7, 100, 1000] {
            let query = ChartQuery { x_axis: XAxis::Step, from, to, buckets };
            let chart = tracker.chart(actor, line.id, &query).await.unwrap();
            compared += verify_chart(&format!("the chart {query:?} of {name}"), line, &query, &chart);
        }
    }
    compared
}

/// Verifies a chart. Returns how many buckets were compared individually.
fn verify_chart(context: &str, line: &StoredLine, query: &ChartQuery, chart: &Chart) -> usize {
    let Points { steps, values, .. } = &line.points;
    let begin = query.from.map_or(0, |from| steps.partition_point(|step| step.floor() < from));
    let end = query.to.map_or(steps.len(), |to| steps.partition_point(|step| step.floor() <= to));
    assert_eq!(chart.total, steps.len() as u64, "{context}: total");
    assert!(chart.steps.is_sorted(), "{context}: order");
    let inside = (end - begin) as u64;
    if chart.exact {
        assert_eq!(chart.within, inside, "{context}: within");
        assert_eq!(chart.steps, steps[begin..end], "{context}: steps");
        assert_eq!(chart.values, values[begin..end], "{context}: values");
        return 0;
    }
    assert!(chart.steps.len() <= query.buckets as usize, "{context}: {} buckets", chart.steps.len());
    let low = chart.low.iter().map(|low| low.0).fold(f64::INFINITY, f64::min);
    let high = chart.high.iter().map(|high| high.0).fold(f64::NEG_INFINITY, f64::max);
    let part = || values[begin..end].iter().map(|value| value.0);
    let (smallest, largest) = (part().fold(f64::INFINITY, f64::min), part().fold(f64::NEG_INFINITY, f64::max));
    if query.from.is_none() && query.to.is_none() {
        assert_eq!(chart.within, inside, "{context}: within");
        assert_eq!((low, high), (smallest, largest), "{context}: extremes");
    } else {
        // Buckets are not cut at the ends of the range: the chart may include up to a bucket of points beyond each end.
        assert!(chart.within >= inside, "{context}: within {} is less than {inside}", chart.within);
        assert!(
            low <= smallest && high >= largest,
            "{context}: extremes {low}..{high} instead of {smallest}..{largest}"
        );
    }
    // Explicit steps may repeat, so they do not determine bucket membership.
    if line.points.steps.windows(2).all(|pair| pair[0] < pair[1]) && !context.contains(STEPPED_LINE) {
        verify_buckets(context, line, chart);
        return chart.steps.len() - 1;
    }
    0
}

/// Verifies that each bucket except the last summarizes exactly its points. (A chart of a range does not say where its last
/// bucket ends.)
fn verify_buckets(context: &str, line: &StoredLine, chart: &Chart) {
    let Points { steps, values, .. } = &line.points;
    for (bucket, borders) in chart.steps.windows(2).enumerate() {
        let [begin, end] = [borders[0], borders[1]].map(|border| steps.partition_point(|step| *step < border));
        let inside = || values[begin..end].iter().map(|value| value.0);
        let count = (end - begin) as f64;
        let (low, high) = (inside().fold(f64::INFINITY, f64::min), inside().fold(f64::NEG_INFINITY, f64::max));
        let mean = inside().sum::<f64>() / count;
        assert_eq!(steps[begin], chart.steps[bucket], "{context}: the first step of bucket {bucket}");
        assert_eq!((chart.low[bucket].0, chart.high[bucket].0), (low, high), "{context}: extremes of bucket {bucket}");
        let shown = chart.values[bucket].0;
        assert!(
            (shown - mean).abs() <= 1e-6 * mean.abs(),
            "{context}: the mean of bucket {bucket} is {shown} instead of {mean}"
        );
    }
}
