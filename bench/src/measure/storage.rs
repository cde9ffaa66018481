//! What a million points take on the disk, and how fast all of them are out again.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use domain::ids::ExperimentId;

use crate::connection::Connection;
use crate::place::{Engine, Place};
use crate::program::serve;
use crate::report::{Quantity, Report};
use crate::script::Script;
use crate::values::Loss;

const POINTS: usize = 1_000_000;
const IN_A_REQUEST: usize = 1_000;

/// Fills a line of each sort over HTTP, in requests of a thousand points.
pub async fn storage(report: &mut Report, engine: &Engine, binary: &Path) -> Result<()> {
    type Next = fn(&mut Loss) -> f64;
    let sorts: [(Quantity, &str, Next); 2] =
        [(Quantity::BytesSingle, "single", Loss::single), (Quantity::BytesFull, "full", Loss::full)];
    for (quantity, name, next) in sorts {
        let place = Place::new(engine, name).await?;
        let script = Script::prepare(&place, 1).await?;
        let experiment = script.experiments.first().context("no experiment")?;
        let empty = place.size().await?;

        let program = serve(binary, &place)?;
        let mut connection = Connection::open(program.address).await?;
        let path = format!("/api/experiment/{experiment}/logs/batch");
        let mut loss = Loss::new();
        for _ in 0..POINTS / IN_A_REQUEST {
            let values: Vec<_> = (0..IN_A_REQUEST).map(|_| next(&mut loss).to_string()).collect();
            let body = format!(r#"{{"logs":[{{"name":"loss","values":[{}]}}]}}"#, values.join(","));
            connection.exchange(&script.request("POST", &path, None, &body)).await?;
        }
        if quantity == Quantity::BytesSingle {
            export(report, engine, program.address, &script, experiment).await?;
        }
        program.stop()?;
        let of_a_point = |size: u64| (size - empty) as f64 / POINTS as f64;
        let mut figure = format!("{:.2} bytes a point", of_a_point(place.size().await?));
        if place.database_url().is_some() {
            place.tidy().await?;
            figure.push_str(&format!(" ({:.2} after VACUUM FULL)", of_a_point(place.size().await?)));
        }
        report.add(quantity, engine, &figure);
        place.remove().await?;
    }
    Ok(())
}

/// All points in either form, each the second time: the first warms.
async fn export(
    report: &mut Report,
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
        let took = begin.elapsed().as_secs_f64();
        report.add(Quantity::Export, engine, &format!("{format} {took:.2} s ({} MB)", answer.bytes / 1_000_000));
    }
    Ok(())
}
