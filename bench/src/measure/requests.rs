//! Logging over HTTP: single points and batches, and what that does to the memory.

use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use anyhow::Result;

use crate::load;
use crate::place::{Engine, Place};
use crate::program::serve;
use crate::report::{Quantity, Report, points, requests as shown};
use crate::script::Script;
use crate::values::{Loss, batch};

/// Connections of the first load; each is a script with an experiment of its own.
const SCRIPTS: usize = 32;
/// Connections that send batches.
const BATCHERS: usize = 4;
/// Bodies that are prepared; after these the first comes again.
const BODIES: usize = 16;

/// All loads on one program, one after the other.
pub async fn requests(report: &mut Report, engine: &Engine, binary: &Path, lasting: Duration) -> Result<()> {
    let place = Place::new(engine, "requests").await?;
    let script = Script::prepare(&place, SCRIPTS + 2 * BATCHERS).await?;
    let program = serve(binary, &place)?;
    let mut memory = vec![program.memory()?.0];

    for (quantity, connections) in [(Quantity::Singles, SCRIPTS), (Quantity::Alone, 1)] {
        let script = script.clone();
        let singles = move |connection: usize, number: usize| -> Rc<[u8]> {
            let path = format!("/api/experiment/{}/logs?raise_on_conflict=False", script.experiments[connection]);
            let body =
                format!(r#"{{"name":"train/metric {}","data":0.{},"type":"LINE"}}"#, number % 4, 100_000 + number);
            script.request("POST", &path, None, &body).into()
        };
        let mut latency = load::run(program.address, connections, lasting, singles).await?;
        report.add(quantity, engine, &shown(&mut latency));
        memory.push(program.memory()?.0);
    }

    for (round, (quantity, lines)) in [(Quantity::OneLine, 1), (Quantity::TwentyLines, 20)].into_iter().enumerate() {
        let mut loss = Loss::new();
        let bodies: Vec<_> = (0..BODIES).map(|_| batch(&mut loss, lines, 1_000 / lines)).collect();
        let script = script.clone();
        let batches = move |connection: usize, number: usize| -> Rc<[u8]> {
            let path =
                format!("/api/experiment/{}/logs/batch", script.experiments[SCRIPTS + round * BATCHERS + connection]);
            let key = format!("{connection}-{number}");
            script.request("POST", &path, Some(&key), &bodies[number % BODIES]).into()
        };
        let latency = load::run(program.address, BATCHERS, lasting, batches).await?;
        report.add(quantity, engine, &points(&latency));
        memory.push(program.memory()?.0);
    }

    memory.push(program.memory()?.1);
    let memory: Vec<_> = memory.iter().map(|bytes| (bytes / (1 << 20)).to_string()).collect();
    report.add(Quantity::Memory, engine, &format!("{} MiB", memory.join(", ")));
    program.stop()?;
    place.remove().await
}
