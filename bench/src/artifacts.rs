//! Files up and down through the real program, beside what the machine does at best with the same bytes in the same run.

mod bare;
mod disk;
mod down;
mod house;
mod limits;
mod memory;
mod noise;
mod page;
mod sdk;
mod subject;
mod table;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::Result;

pub use bare::bare_files;

use down::download;
use house::House;
use noise::Noise;
use page::Page;
use sdk::Way;
use subject::Subject;
use table::Table;

/// What to measure, and how large.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The program to measure
    #[arg(long)]
    binary: PathBuf,
    /// How large the files are
    #[arg(long, default_value_t = 1024, value_name = "MIB")]
    size: usize,
    /// How large the file is that is sent to see what memory that takes
    #[arg(long, default_value_t = 5120, value_name = "MIB")]
    large: usize,
    /// How often everything but memory is measured; the table has the medians
    #[arg(long, default_value_t = 3, value_name = "TIMES")]
    rounds: usize,
    /// Measure only these: limits, up (with down), memory
    #[arg(long, value_delimiter = ',', value_name = "PART")]
    only: Vec<String>,
}

/// Measures, round after round, and prints the table.
pub fn run(options: &Options) -> Result<()> {
    // One thread: the other core is for the program.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (noise, mut table) = (Noise::new(), Table::default());
        for round in 1..=options.rounds {
            println!("round {round} of {}", options.rounds);
            if options.wants("limits") {
                limits::measure(&mut table, &noise.file(options.size << 20)).await?;
            }
            if options.wants("up") {
                up_and_down(&mut table, options, &noise).await?;
            }
        }
        if options.wants("memory") {
            memory::measure(&mut table, &options.binary, &noise, (options.size << 20, options.large << 20)).await?;
        }
        println!("\n{table}");
        Ok(())
    })
}

impl Options {
    fn wants(&self, part: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|name| name == part)
    }
}

/// Sends one file in each way and fetches those that scripts sent, all from one program.
async fn up_and_down(table: &mut Table, options: &Options, noise: &Noise) -> Result<()> {
    let house = House::new(&options.binary).await?;
    for (way, up, down) in
        [(Way::Form, Subject::UpForm, Subject::DownWhole), (Way::Parts, Subject::UpParts, Subject::DownParts)]
    {
        let file = noise.file(options.size << 20);
        let begin = Instant::now();
        let object = sdk::upload(&house, way, &file).await?;
        table.add(up, file.size(), begin.elapsed());
        let begin = Instant::now();
        download(&house, &object, file.size()).await?;
        table.add(down, file.size(), begin.elapsed());
    }
    let file = noise.file(options.size << 20);
    let page = Page::new(&house, &file);
    let begin = Instant::now();
    page.upload(&file).await?;
    table.add(Subject::UpPage, file.size(), begin.elapsed());
    house.remove().await
}
