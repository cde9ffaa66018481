//! The server's time for charts of long lines, measured in the tracker in this process.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use domain::ids::ExperimentId;
use domain::logs::{ChartQuery, Data, LogName, Points, Reading, Samples, Step, XAxis};
use tracker::{Actor, IfExists, Tracker, pure};

use super::chart_rows::ChartRowReader;
use crate::latency::Latencies;
use crate::loss_series::LossSeries;
use crate::measurement::{Measurement, Unit};
use crate::report::{Report, ReportRow};
use crate::script_client::ScriptClient;
use crate::temporary_data::{DatabaseEngine, TemporaryData};

const MILLION: u64 = 1_000_000;
/// The number of points per call of the tracker.
const POINTS_PER_CALL: u64 = 100_000;
/// About the largest range, in points, for which the finer level of the pyramid is read.
const FINE_LEVEL_POINTS: u64 = 4_000_000;
/// How often each chart is computed.
const REPETITIONS: usize = 200;

/// Fills a line with a million points and one with `longest` points, and measures charts of both.
pub async fn measure_charts(report: &mut Report, engine: &DatabaseEngine, binary: &Path, longest: u64) -> Result<()> {
    let data = TemporaryData::create(engine, binary, "charts").await?;
    let script = ScriptClient::create(&data, 1).await?;
    let empty = data.size().await?;
    let tracker = data.open_tracker().await?;
    let actor = tracker.actor_by_token(&script.token).await?.context("the token is not valid")?;
    let experiment = *script.experiments.first().context("no experiment")?;
    let mut lengths = vec![MILLION];
    lengths.extend(Some(longest).filter(|longest| *longest > MILLION));
    for points in lengths {
        let name = LogName::parse(&format!("{points} points"))?;
        let rate = points as f64 / fill_line(&tracker, &actor, experiment, &name, points).await?.as_secs_f64();
        if points > MILLION {
            let bytes = (data.size().await? - empty) as f64 / (points + MILLION) as f64;
            let measured =
                Measurement::new(rate, Unit::PointsPerSecond).with_details(format!("{bytes:.2} bytes/point"));
            let label = format!("filling a line with {} M points without HTTP, {}", points / MILLION, engine.name());
            let row = ReportRow::new(label, "", measured);
            report.add(row.with_limit("compressing the same number of points, one thread", measure_compression()?));
        }
        let log = tracker.find_log(&actor, experiment, &name).await?.id;
        let mut rows = ChartRowReader::connect(&data, log.0).await?;
        let third = points / 3;
        let mut ranges = vec![("all", None), ("a third", Some((third, 2 * third)))];
        if points > 2 * FINE_LEVEL_POINTS {
            ranges.push(("4 M points", Some((third, third + FINE_LEVEL_POINTS))));
        }
        for (range_label, range) in ranges {
            let (from, to) = match range {
                Some((from, to)) => (Some(i64::try_from(from)?), Some(i64::try_from(to)?)),
                None => (None, None),
            };
            let query = ChartQuery { x_axis: XAxis::Step, from, to, buckets: 1_000 };
            let (mut charts, mut reads) = (Latencies::default(), Latencies::default());
            for _ in 0..REPETITIONS {
                let start = Instant::now();
                tracker.chart(&actor, log, &query).await?;
                charts.add(start.elapsed());
                let start = Instant::now();
                rows.read_rows(range.unwrap_or((0, points))).await?;
                reads.add(start.elapsed());
            }
            let median = |latencies: &mut Latencies| {
                let p99 = format!("p99 {:.2} ms", latencies.percentile(99));
                Measurement::new(latencies.percentile(50), Unit::Milliseconds).with_details(p99)
            };
            let millions = points / MILLION;
            let label = format!("chart of 1,000 px, {range_label} of {millions} M points, p50, {}", engine.name());
            let row = ReportRow::new(label, "≤ 5 ms", median(&mut charts));
            report.add(row.with_limit("reading the same rows", median(&mut reads)));
        }
        rows.close().await?;
    }
    tracker.close().await;
    data.remove().await
}

async fn fill_line(
    tracker: &Tracker,
    actor: &Actor,
    experiment: ExperimentId,
    name: &LogName,
    points: u64,
) -> Result<Duration> {
    let mut loss = LossSeries::new();
    let start = Instant::now();
    for _ in 0..points.div_ceil(POINTS_PER_CALL) {
        let values = (0..POINTS_PER_CALL).map(|_| Reading(loss.next_f32())).collect();
        let data = Data::Line(Samples { values, ..Samples::default() }.into());
        tracker.log(actor, experiment, name.clone(), data, IfExists::Continue).await?;
    }
    Ok(start.elapsed())
}

/// Measures how fast chunks of such points are compressed.
fn measure_compression() -> Result<Measurement> {
    const CHUNKS: usize = 64;
    let mut loss = LossSeries::new();
    let next_chunk = |loss: &mut LossSeries| {
        let mut points = Points::with_capacity(pure::POINTS_PER_CHUNK);
        (0..)
            .take(pure::POINTS_PER_CHUNK)
            .for_each(|step| points.push(Step::whole(step), 1_700_000_000_000_000, Reading(loss.next_f32())));
        points
    };
    let mut duration = Duration::ZERO;
    for _ in 0..CHUNKS {
        let points = next_chunk(&mut loss);
        let start = Instant::now();
        black_box(pure::encode(&points, true).context("the points do not fit in a chunk")?);
        duration += start.elapsed();
    }
    Ok(Measurement::new((CHUNKS * pure::POINTS_PER_CHUNK) as f64 / duration.as_secs_f64(), Unit::PointsPerSecond))
}
