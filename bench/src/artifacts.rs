//! Files up and down through the real program, beside what the machine does at best with the same bytes in the same run.

mod disk;
mod down;
mod figures;
mod house;
mod limits;
mod memory;
mod page;
mod sdk;
mod subject;

use std::path::Path;
use std::time::Instant;

use anyhow::Result;

use crate::Common;
use crate::noise::Noise;
use crate::report::Report;
use down::download;
use figures::Figures;
use house::House;
use page::Page;
use sdk::Way;
use subject::Subject;

/// What to measure, and how large.
#[derive(Debug, Default, clap::Args)]
pub struct Options {
    /// How large the files are [default: 1024]
    #[arg(long, value_name = "MIB")]
    size: Option<usize>,
    /// How large the file is that is sent to see what memory that takes [default: 5120, with --quick 2048]
    #[arg(long, value_name = "MIB")]
    large: Option<usize>,
    /// How often everything but memory is measured; the table has the medians [default: 3, with --quick 1]
    #[arg(long, value_name = "TIMES")]
    rounds: Option<usize>,
    /// Measure only these: limits, up (with down), memory
    #[arg(long, value_delimiter = ',', value_name = "PART")]
    only: Vec<String>,
}

/// Measures, round after round.
pub async fn run(report: &mut Report, common: &Common, options: &Options) -> Result<()> {
    let rounds = options.rounds.unwrap_or(if common.quick { 1 } else { 3 });
    let size = options.size.unwrap_or(1024) << 20;
    let large = options.large.unwrap_or(if common.quick { 2048 } else { 5120 }) << 20;
    let wants = |part: &str| options.only.is_empty() || options.only.iter().any(|name| name == part);
    let (noise, mut figures) = (Noise::new(), Figures::default());
    for round in 1..=rounds {
        println!("round {round} of {rounds}");
        if wants("limits") {
            limits::measure(&mut figures, &noise.file(size)).await?;
        }
        if wants("up") {
            up_and_down(&mut figures, &common.binary, &noise, size).await?;
        }
    }
    figures.report(report);
    if wants("memory") {
        // A quick look sends less at once.
        let each = if common.quick { size / 4 } else { size };
        memory::measure(report, &common.binary, &noise, (each, large)).await?;
    }
    Ok(())
}

/// Sends one file in each way and fetches those that scripts sent, all from one program.
async fn up_and_down(figures: &mut Figures, binary: &Path, noise: &Noise, size: usize) -> Result<()> {
    let house = House::new(binary).await?;
    for (way, up, down) in
        [(Way::Form, Subject::UpForm, Subject::DownWhole), (Way::Parts, Subject::UpParts, Subject::DownParts)]
    {
        let file = noise.file(size);
        let begin = Instant::now();
        let object = sdk::upload(&house, way, &file).await?;
        figures.add(up, file.size(), begin.elapsed());
        let begin = Instant::now();
        download(&house, &object, file.size()).await?;
        figures.add(down, file.size(), begin.elapsed());
    }
    let file = noise.file(size);
    let page = Page::new(&house, &file);
    let begin = Instant::now();
    page.upload(&file).await?;
    figures.add(Subject::UpPage, file.size(), begin.elapsed());
    house.remove().await
}
