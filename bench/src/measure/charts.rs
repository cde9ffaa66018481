//! Charts of long lines: the server's time for one, asked of the tracker in this process.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use domain::ids::ExperimentId;
use domain::logs::{Along, ChartQuery, Data, LogName, Reading, Samples};
use tracker::{Actor, IfExists, Tracker};

use crate::latency::Latency;
use crate::place::{Engine, Place};
use crate::report::{Quantity, Report, thousands};
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
pub async fn charts(report: &mut Report, engine: &Engine, longest: u64) -> Result<()> {
    let place = Place::new(engine, "charts").await?;
    let script = Script::prepare(&place, 1).await?;
    let empty = place.size().await?;
    let tracker = place.open().await?;
    let who = tracker.actor_by_token(&script.token).await?.context("the token does not work")?;
    let experiment = *script.experiments.first().context("no experiment")?;
    for (quantity, points) in [(Quantity::ChartOfMillion, MILLION), (Quantity::ChartOfLongest, longest)] {
        let name = LogName::parse(&format!("{points} points"))?;
        let took = fill(&tracker, &who, experiment, &name, points).await?;
        if quantity == Quantity::ChartOfLongest {
            let rate = thousands(points as f64 / took.as_secs_f64());
            let bytes = (place.size().await? - empty) as f64 / (points + MILLION) as f64;
            let points = thousands(points as f64);
            report.add(Quantity::Fill, engine, &format!("{points} points, {rate} points/s, {bytes:.2} bytes a point"));
        }
        let log = tracker.find_log(&who, experiment, &name).await?.id;
        let third = i64::try_from(points / 3)?;
        let mut parts = vec![("all", None, None), ("a third", Some(third), Some(2 * third))];
        if points > 2 * FINELY {
            parts.push(("4 M of them", Some(third), Some(third + i64::try_from(FINELY)?)));
        }
        for (what, from, to) in parts {
            let query = ChartQuery { along: Along::Step, from, to, buckets: 1_000 };
            let mut latency = Latency::default();
            for _ in 0..TIMES {
                let begin = Instant::now();
                tracker.chart(&who, log, &query).await?;
                latency.add(begin.elapsed());
            }
            let (p50, p99) = (latency.percentile(50), latency.percentile(99));
            report.add(quantity, engine, &format!("{what} p50 {p50:.2} ms, p99 {p99:.2} ms"));
        }
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
