//! What files cost in memory: they are streamed, so their size should cost none.

use std::path::Path;
use std::rc::Rc;
use std::time::Instant;

use anyhow::Result;
use tokio::task::LocalSet;

use super::house::House;
use super::sdk::{Way, upload};
use crate::figure::{Figure, Unit};
use crate::noise::Noise;
use crate::report::{Report, Row};

/// How many files are sent at once.
const PARALLEL: usize = 8;
/// With less room than this, the parallel files are no larger than [`SMALLER`].
const ROOM: u64 = 20 << 30;
const SMALLER: usize = 512 << 20;

/// Sends a large file, and several at once, in either way; each to a program of its own.
pub async fn measure(report: &mut Report, binary: &Path, noise: &Noise, (size, large): (usize, usize)) -> Result<()> {
    one(report, binary, noise, large).await?;
    let free = fs4::available_space(std::env::current_dir()?)?;
    let each = if free < ROOM { size.min(SMALLER) } else { size };
    if each < size {
        println!("{} GB are free: the parallel files have {} MiB", free / 1_000_000_000, each >> 20);
    }
    for way in [Way::Parts, Way::Form] {
        parallel(report, binary, noise, way, each).await?;
    }
    Ok(())
}

async fn one(report: &mut Report, binary: &Path, noise: &Noise, size: usize) -> Result<()> {
    let house = House::new(binary).await?;
    let start = house.program.memory()?.0;
    let begin = Instant::now();
    upload(&house, Way::Parts, &noise.file(size)).await?;
    let what = format!("a file of {} MiB in parts", size >> 20);
    report.add(row(&what, start, house.program.memory()?.1, size, begin));
    house.remove().await
}

async fn parallel(report: &mut Report, binary: &Path, noise: &Noise, way: Way, size: usize) -> Result<()> {
    let house = Rc::new(House::new(binary).await?);
    let start = house.program.memory()?.0;
    let begin = Instant::now();
    let all = LocalSet::new();
    let tasks: Vec<_> = (0..PARALLEL)
        .map(|_| {
            let (house, file) = (house.clone(), noise.file(size));
            all.spawn_local(async move { upload(&house, way, &file).await })
        })
        .collect();
    all.run_until(async {
        for task in tasks {
            task.await??;
        }
        anyhow::Ok(())
    })
    .await?;
    let what = format!(
        "{PARALLEL} files of {} MiB at once, each in {}",
        size >> 20,
        if way == Way::Form { "a form" } else { "parts" }
    );
    report.add(row(&what, start, house.program.memory()?.1, PARALLEL * size, begin));
    match Rc::into_inner(house) {
        Some(house) => house.remove().await,
        None => Ok(()),
    }
}

fn row(what: &str, start: u64, most: u64, bytes: usize, begin: Instant) -> Row {
    let megabytes = |bytes: u64| Figure::new(bytes as f64 / 1e6, Unit::Memory);
    let speed = Figure::speed(bytes, begin.elapsed().as_secs_f64());
    let row = Row::new(format!("most memory, {what}"), "≤ 100 MB", megabytes(most).beside(speed.to_string()));
    row.limit("the program before", megabytes(start))
}
