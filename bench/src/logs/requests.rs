//! Logging over HTTP: single points and batches, and what that does to the memory.

use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use anyhow::Result;

use super::limits::Limits;
use super::load;
use super::loads::Load;
use crate::figure::{Figure, Unit};
use crate::place::{Engine, Place};
use crate::program::serve;
use crate::report::{Report, Row};
use crate::script::Script;
use crate::values::{Loss, batch};

/// Bodies that are prepared; after these the first comes again.
const BODIES: usize = 16;

/// All loads on one program, one after the other. Each connection is a script with an experiment of its own.
pub async fn measure(
    report: &mut Report,
    limits: &Limits,
    engine: &Engine,
    binary: &Path,
    lasting: Duration,
) -> Result<()> {
    let place = Place::new(engine, "requests").await?;
    let script = Script::prepare(&place, Load::ALL.iter().map(|load| load.connections()).sum()).await?;
    let program = serve(binary, &place)?;
    let start = program.memory()?.0;
    let (mut first, mut after) = (0, Vec::new());
    for load in Load::ALL {
        let make = requests(load, script.clone(), first);
        let mut latency = load::run(program.address, load.connections(), lasting, make).await?;
        report.add(limits.row(load, engine.name(), load.figure(&mut latency)));
        after.push((program.memory()?.0 / 1_000_000).to_string());
        first += load.connections();
    }
    let megabytes = |bytes: u64| Figure::new(bytes as f64 / 1e6, Unit::Memory);
    let most = megabytes(program.memory()?.1).beside(format!("after each load {}", after.join(", ")));
    let row = Row::new(format!("most memory under these loads, {}", engine.name()), "flat", most);
    report.add(row.limit("the program before them", megabytes(start)));
    program.stop()?;
    place.remove().await
}

/// Makes a load's requests, to the experiments from `first` on.
fn requests(load: Load, script: Script, first: usize) -> impl Fn(usize, usize) -> Rc<[u8]> {
    let mut loss = Loss::new();
    let lines = load.lines().unwrap_or(1);
    let bodies: Vec<_> = (0..BODIES).map(|_| batch(&mut loss, lines, 1_000 / lines)).collect();
    move |connection, number| {
        let experiment = script.experiments[first + connection];
        if load.lines().is_none() {
            let path = format!("/api/experiment/{experiment}/logs?raise_on_conflict=False");
            let body =
                format!(r#"{{"name":"train/metric {}","data":0.{},"type":"LINE"}}"#, number % 4, 100_000 + number);
            return script.request("POST", &path, None, &body).into();
        }
        let path = format!("/api/experiment/{experiment}/logs/batch");
        let key = format!("{connection}-{number}");
        script.request("POST", &path, Some(&key), &bodies[number % BODIES]).into()
    }
}
