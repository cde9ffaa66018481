//! What the machine does at best with the same requests: a bare server that parses them and has them on the disk, one that
//! only parses, and the disk alone.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::Result;

use super::load;
use super::loads::Load;
use crate::bare::Bare;
use crate::connection::request;
use crate::figure::{Figure, Unit};
use crate::latency::Latency;
use crate::report::Row;
use crate::values::{Loss, batch};

/// How long the disk is measured.
const COMMITTING: Duration = Duration::from_secs(2);

/// The limits of each load, the nearest first.
#[derive(Debug, Default)]
pub struct Limits(BTreeMap<Load, Vec<(&'static str, Figure)>>);

impl Limits {
    /// Measures all of them.
    pub async fn measure(bare: &Bare, lasting: Duration) -> Result<Self> {
        let mut limits = Self::default();
        for load in Load::ALL {
            let (kind, body) = match load.lines() {
                None => ("single", r#"{"name":"train/loss","data":0.693147,"type":"LINE"}"#.to_owned()),
                Some(lines) => ("batch", batch(&mut Loss::new(), lines, 1_000 / lines)),
            };
            for (way, what) in [("keep", "bare server that parses and syncs"), ("parse", "bare server that parses")] {
                let path = format!("/logs/{way}/{kind}");
                let request: Rc<[u8]> = request("POST", &path, &[], &body).into();
                let make = move |_, _| request.clone();
                let mut latency = load::run(bare.address(), load.connections(), lasting, make).await?;
                limits.add(load, what, load.figure(&mut latency));
            }
        }
        let p50 = commits()?.percentile(50);
        limits.add(Load::Alone, "4 KiB appended, fdatasync", Figure::new(p50, Unit::Milliseconds));
        Ok(limits)
    }

    /// What the program did under a load, beside its limits.
    pub fn row(&self, load: Load, engine: &str, ours: Figure) -> Row {
        let (words, aim) = load.words();
        let limits = self.0.get(&load).into_iter().flatten();
        limits.fold(Row::new(format!("{words}, {engine}"), aim, ours), |row, (what, limit)| {
            row.limit(*what, limit.clone())
        })
    }

    fn add(&mut self, load: Load, what: &'static str, figure: Figure) {
        println!("limit: {}: {what}: {figure}", load.words().0);
        self.0.entry(load).or_default().push((what, figure));
    }
}

/// One writer that appends a page and waits until the disk has it, again and again.
pub fn commits() -> Result<Latency> {
    let mut file: File = tempfile::tempfile_in(std::env::current_dir()?)?;
    let mut latency = Latency::default();
    let begin = Instant::now();
    while begin.elapsed() < COMMITTING {
        let one = Instant::now();
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        latency.add(one.elapsed());
    }
    Ok(latency)
}
