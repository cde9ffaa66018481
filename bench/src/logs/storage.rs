//! What a million points take on the disk, and how fast all of them are out again.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use domain::ids::ExperimentId;

use super::entropy;
use crate::bare::Bare;
use crate::connection::Connection;
use crate::figure::{Figure, Unit};
use crate::place::{Engine, Place};
use crate::program::serve;
use crate::report::{Report, Row};
use crate::script::Script;
use crate::values::Loss;

const POINTS: usize = 1_000_000;
const IN_A_REQUEST: usize = 1_000;

/// What sort of values a line has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Single,
    Full,
}

impl Sort {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Single => ("disk, values that fit 32 bits", "≤ 6 bytes a point"),
            Self::Full => ("disk, values of 64 bits", "≤ 10 bytes a point"),
        }
    }

    fn next(self, loss: &mut Loss) -> f64 {
        match self {
            Self::Single => loss.single(),
            Self::Full => loss.full(),
        }
    }

    /// The values alone; steps and times are not in it.
    fn entropy(self) -> Figure {
        let mut loss = Loss::new();
        #[expect(clippy::cast_possible_truncation, reason = "these fit")]
        let bytes = |value: f64| match self {
            Self::Single => (value as f32).to_be_bytes().to_vec(),
            Self::Full => value.to_be_bytes().to_vec(),
        };
        let values = (0..POINTS).map(|_| bytes(self.next(&mut loss)));
        Figure::new(entropy::bytes_a_value(values), Unit::Room)
    }
}

/// Fills a line of each sort over HTTP, in requests of a thousand points.
pub async fn measure(report: &mut Report, bare: &Bare, engine: &Engine, binary: &Path) -> Result<()> {
    for (sort, name) in [(Sort::Single, "single"), (Sort::Full, "full")] {
        let place = Place::new(engine, name).await?;
        let script = Script::prepare(&place, 1).await?;
        let experiment = script.experiments.first().context("no experiment")?;
        let empty = place.size().await?;

        let program = serve(binary, &place)?;
        let mut connection = Connection::open(program.address).await?;
        let path = format!("/api/experiment/{experiment}/logs/batch");
        let mut loss = Loss::new();
        for _ in 0..POINTS / IN_A_REQUEST {
            let values: Vec<_> = (0..IN_A_REQUEST).map(|_| sort.next(&mut loss).to_string()).collect();
            let body = format!(r#"{{"logs":[{{"name":"loss","values":[{}]}}]}}"#, values.join(","));
            connection.exchange(&script.request("POST", &path, None, &body)).await?;
        }
        if sort == Sort::Single {
            export(report, bare, engine, program.address, &script, experiment).await?;
        }
        program.stop()?;
        let of_a_point = |size: u64| (size - empty) as f64 / POINTS as f64;
        let mut ours = Figure::new(of_a_point(place.size().await?), Unit::Room);
        if place.database_url().is_some() {
            place.tidy().await?;
            ours = ours.beside(format!("{:.2} after VACUUM FULL", of_a_point(place.size().await?)));
        }
        let (words, aim) = sort.words();
        let row = Row::new(format!("{words}, {}", engine.name()), aim, ours);
        report.add(row.limit("entropy of the values' bytes", sort.entropy()));
        place.remove().await?;
    }
    Ok(())
}

/// All points in either form, each the second time: the first warms.
async fn export(
    report: &mut Report,
    bare: &Bare,
    engine: &Engine,
    address: SocketAddr,
    script: &Script,
    experiment: &ExperimentId,
) -> Result<()> {
    let ids = script.get(address, &format!("/api/experiment/{experiment}/logs/ids")).await?;
    let id = ids[0].as_str().context("the list of logs has no id")?;
    for format in ["csv", "json"] {
        let mut connection = Connection::open(address).await?;
        let request = script.request("GET", &format!("/api/log/{id}/points?format={format}"), None, "");
        connection.exchange(&request).await?;
        let begin = Instant::now();
        let answer = connection.exchange(&request).await?;
        let ours = Figure::new(begin.elapsed().as_secs_f64(), Unit::Seconds);
        let begin = Instant::now();
        bare.down(answer.bytes).await?;
        let limit = Figure::new(begin.elapsed().as_secs_f64(), Unit::Seconds);
        let ours = ours.beside(format!("{} MB", answer.bytes / 1_000_000));
        let row = Row::new(format!("all points of a 1 M line as {format}, {}", engine.name()), "≤ 0.5 s", ours);
        report.add(row.limit("bare server, as many bytes", limit));
    }
    Ok(())
}
