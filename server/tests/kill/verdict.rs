//! What is there in the end, held against the ledger, and the charts against the points.

use std::collections::HashMap;

use domain::ids::LogId;
use domain::logs::{Chart, ChartQuery, Points, XAxis};
use tracker::{Actor, Tracker};

use crate::house::House;
use crate::ledger::{Batch, Ledger};
use crate::load::STEPPED;

/// A line as it is kept.
struct Line {
    id: LogId,
    points: Points,
    /// How often each value is there.
    counts: HashMap<u64, u32>,
}

/// Fails when something that was acknowledged is missing or doubled, when a batch is there by half, when there is
/// something that was never sent, or when a chart shows other than its points.
pub async fn pronounce(house: &House, ledger: &Ledger) {
    let (tracker, who) = house.enter().await;
    let mut lines = HashMap::new();
    for log in tracker.dashboard(&who, house.experiment).await.unwrap().logs {
        let line = read(&tracker, &who, log.id).await;
        assert_eq!(log.line.unwrap().count, line.points.len() as u64, "{} counts its points wrongly", log.name);
        lines.insert(log.name.as_str().to_owned(), line);
    }
    let there: u64 = lines.values().map(|line| line.points.len() as u64).sum();
    println!("{there} points are there, in {} lines", lines.len());

    let mut explained = 0;
    for batch in &ledger.batches {
        explained += judge_batch(batch, &lines);
    }
    for (value, single) in &ledger.singles {
        let count = lines.get(&single.line).and_then(|line| line.counts.get(value)).copied().unwrap_or(0);
        assert!(count >= single.acknowledged, "the point {value} of {} was acknowledged and is gone", single.line);
        assert!(
            count <= single.sent,
            "the point {value} of {} was sent {} times and is there {count} times",
            single.line,
            single.sent
        );
        explained += u64::from(count);
    }
    assert_eq!(there, explained, "there are points that nobody sent");

    let mut buckets = 0;
    for (name, line) in &lines {
        buckets += judge_charts(&tracker, &who, name, line).await;
    }
    println!("{buckets} buckets of charts were held against their points");
    assert!(buckets > 1_000, "the lines are too short to be reduced");
    tracker.close().await;
}

async fn read(tracker: &Tracker, who: &Actor, id: LogId) -> Line {
    let mut points = Points::default();
    let mut stream = tracker.points(who, id).await.unwrap();
    while let Some(more) = stream.next().await.unwrap() {
        points.append(&more);
    }
    let mut counts = HashMap::new();
    for value in &points.values {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "only whole numbers were sent")]
        let value = value.0 as u64;
        *counts.entry(value).or_insert(0) += 1;
    }
    Line { id, points, counts }
}

/// Tells how many of its points are there: all or none, all when it was acknowledged, none twice.
fn judge_batch(batch: &Batch, lines: &HashMap<String, Line>) -> u64 {
    let expected: u64 = batch.pieces.iter().map(|piece| piece.count).sum();
    let mut found = 0;
    for piece in &batch.pieces {
        let Some(line) = lines.get(&piece.line) else { continue };
        for value in piece.values() {
            let count = line.counts.get(&value).copied().unwrap_or(0);
            assert!(count <= 1, "the point {value} of {} is there {count} times", piece.line);
            found += u64::from(count);
        }
    }
    assert!(found == 0 || found == expected, "{found} of {expected} points of a batch are there: {batch:?}");
    assert!(found == expected || !batch.acknowledged, "a batch was acknowledged and is gone: {batch:?}");
    found
}

/// Charts of the whole line and of parts of it, coarse and fine. Tells how many buckets were compared one by one.
async fn judge_charts(tracker: &Tracker, who: &Actor, name: &str, line: &Line) -> usize {
    let mut compared = 0;
    let (first, last) = (line.points.steps[0], *line.points.steps.last().unwrap());
    let third = (last - first) / 3;
    let ranges = [
        (None, None),
        (Some(first + third), None),
        (Some(first + third), Some(last - third)),
        (Some(last), Some(last)),
    ];
    for (from, to) in ranges {
        for buckets in [7, 100, 1000] {
            let query = ChartQuery { along: XAxis::Step, from, to, buckets };
            let chart = tracker.chart(who, line.id, &query).await.unwrap();
            compared += judge_chart(&format!("the chart {query:?} of {name}"), line, &query, &chart);
        }
    }
    compared
}

fn judge_chart(what: &str, line: &Line, query: &ChartQuery, chart: &Chart) -> usize {
    let Points { steps, values, .. } = &line.points;
    let begin = query.from.map_or(0, |from| steps.partition_point(|step| *step < from));
    let end = query.to.map_or(steps.len(), |to| steps.partition_point(|step| *step <= to));
    assert_eq!(chart.total, steps.len() as u64, "{what}: total");
    assert!(chart.steps.is_sorted(), "{what}: order");
    let inside = (end - begin) as u64;
    if chart.exact {
        assert_eq!(chart.within, inside, "{what}: within");
        assert_eq!(chart.steps, steps[begin..end], "{what}: steps");
        assert_eq!(chart.values, values[begin..end], "{what}: values");
        return 0;
    }
    assert!(chart.steps.len() <= query.buckets as usize, "{what}: {} buckets", chart.steps.len());
    let low = chart.low.iter().map(|low| low.0).fold(f64::INFINITY, f64::min);
    let high = chart.high.iter().map(|high| high.0).fold(f64::NEG_INFINITY, f64::max);
    let part = || values[begin..end].iter().map(|value| value.0);
    let (smallest, largest) = (part().fold(f64::INFINITY, f64::min), part().fold(f64::NEG_INFINITY, f64::max));
    if query.from.is_none() && query.to.is_none() {
        assert_eq!(chart.within, inside, "{what}: within");
        assert_eq!((low, high), (smallest, largest), "{what}: extremes");
    } else {
        // At its borders it may show a bucket's worth more.
        assert!(chart.within >= inside, "{what}: {} points of {inside}", chart.within);
        assert!(low <= smallest && high >= largest, "{what}: {low}..{high} instead of {smallest}..{largest}");
    }
    // Given steps repeat, so only the others tell which points are in which bucket.
    if line.points.steps.windows(2).all(|pair| pair[0] < pair[1]) && !what.contains(STEPPED) {
        judge_buckets(what, line, chart);
        return chart.steps.len() - 1;
    }
    0
}

/// Each bucket but the last shows exactly its points. (Where the last one ends, a chart of a part does not tell.)
fn judge_buckets(what: &str, line: &Line, chart: &Chart) {
    let Points { steps, values, .. } = &line.points;
    for (bucket, borders) in chart.steps.windows(2).enumerate() {
        let [begin, end] = [borders[0], borders[1]].map(|border| steps.partition_point(|step| *step < border));
        let inside = || values[begin..end].iter().map(|value| value.0);
        let count = (end - begin) as f64;
        let (low, high) = (inside().fold(f64::INFINITY, f64::min), inside().fold(f64::NEG_INFINITY, f64::max));
        let mean = inside().sum::<f64>() / count;
        assert_eq!(steps[begin], chart.steps[bucket], "{what}: a bucket begins with a point");
        assert_eq!((chart.low[bucket].0, chart.high[bucket].0), (low, high), "{what}: extremes of bucket {bucket}");
        let shown = chart.values[bucket].0;
        assert!((shown - mean).abs() <= 1e-6 * mean.abs(), "{what}: mean {shown} of bucket {bucket} instead of {mean}");
    }
}
