//! Charts of long lines: the server's time for one, asked of the tracker in this process.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use domain::ids::ExperimentId;
use domain::logs::{ChartQuery, Data, LogName, Points, Reading, Samples, XAxis};
use tracker::{Actor, IfExists, Tracker, pure};

use super::rows::Rows;
use crate::figure::{Figure, Unit};
use crate::latency::Latency;
use crate::place::{Engine, Place};
use crate::report::{Report, Row};
use crate::script::Script;
use crate::values::Loss;

const MILLION: u64 = 1_000_000;
/// Points that are logged at once.
const AT_ONCE: u64 = 100_000;
/// About as many points are the most for which the finer level of the pyramid is read.
const FINELY: u64 = 4_000_000;
/// How often each chart is asked for.
const TIMES: usize = 200;

/// Fills a line with a million points and the longest, and asks for charts of either.
pub async fn measure(report: &mut Report, engine: &Engine, longest: u64) -> Result<()> {
    let place = Place::new(engine, "charts").await?;
    let script = Script::prepare(&place, 1).await?;
    let empty = place.size().await?;
    let tracker = place.open().await?;
    let who = tracker.actor_by_token(&script.token).await?.context("the token does not work")?;
    let experiment = *script.experiments.first().context("no experiment")?;
    let mut lengths = vec![MILLION];
    lengths.extend(Some(longest).filter(|longest| *longest > MILLION));
    for points in lengths {
        let name = LogName::parse(&format!("{points} points"))?;
        let rate = points as f64 / fill(&tracker, &who, experiment, &name, points).await?.as_secs_f64();
        if points > MILLION {
            let bytes = (place.size().await? - empty) as f64 / (points + MILLION) as f64;
            let ours = Figure::new(rate, Unit::Points).beside(format!("{bytes:.2} bytes a point"));
            let row =
                Row::new(format!("filling a line of {} M without HTTP, {}", points / MILLION, engine.name()), "", ours);
            report.add(row.limit("compressing as many, one thread", compressing()?));
        }
        let log = tracker.find_log(&who, experiment, &name).await?.id;
        let mut rows = Rows::open(&place, log.0).await?;
        let third = points / 3;
        let mut parts = vec![("all", None), ("a third", Some((third, 2 * third)))];
        if points > 2 * FINELY {
            parts.push(("4 M points", Some((third, third + FINELY))));
        }
        for (what, part) in parts {
            let (from, to) = match part {
                Some((from, to)) => (Some(i64::try_from(from)?), Some(i64::try_from(to)?)),
                None => (None, None),
            };
            let query = ChartQuery { along: XAxis::Step, from, to, buckets: 1_000 };
            let (mut ours, mut reading) = (Latency::default(), Latency::default());
            for _ in 0..TIMES {
                let begin = Instant::now();
                tracker.chart(&who, log, &query).await?;
                ours.add(begin.elapsed());
                let begin = Instant::now();
                rows.read(part.unwrap_or((0, points))).await?;
                reading.add(begin.elapsed());
            }
            let figure = |latency: &mut Latency| {
                let p99 = format!("p99 {:.2} ms", latency.percentile(99));
                Figure::new(latency.percentile(50), Unit::Milliseconds).beside(p99)
            };
            let words = format!("chart of 1,000 px, {what} of {} M points, p50, {}", points / MILLION, engine.name());
            let row = Row::new(words, "≤ 5 ms", figure(&mut ours));
            report.add(row.limit("reading the same rows", figure(&mut reading)));
        }
        rows.close().await?;
    }
    tracker.close().await;
    place.remove().await
}

async fn fill(
    tracker: &Tracker,
    who: &Actor,
    experiment: ExperimentId,
    name: &LogName,
    points: u64,
) -> Result<Duration> {
    let mut loss = Loss::new();
    let begin = Instant::now();
    for _ in 0..points.div_ceil(AT_ONCE) {
        let values = (0..AT_ONCE).map(|_| Reading(loss.single())).collect();
        let data = Data::Line(Samples { steps: None, values, times: None });
        tracker.log(who, experiment, name.clone(), data, IfExists::Continue).await?;
    }
    Ok(begin.elapsed())
}

/// How fast chunks of such points are compressed.
fn compressing() -> Result<Figure> {
    const CHUNKS: usize = 64;
    let mut loss = Loss::new();
    let chunk = |loss: &mut Loss| {
        let mut points = Points::with_capacity(pure::FULL);
        (0..).take(pure::FULL).for_each(|step| points.push(step, 1_700_000_000_000_000, Reading(loss.single())));
        points
    };
    let mut took = Duration::ZERO;
    for _ in 0..CHUNKS {
        let points = chunk(&mut loss);
        let begin = Instant::now();
        black_box(pure::encode(&points, true).context("a chunk does not fit")?);
        took += begin.elapsed();
    }
    Ok(Figure::new((CHUNKS * pure::FULL) as f64 / took.as_secs_f64(), Unit::Points))
}
