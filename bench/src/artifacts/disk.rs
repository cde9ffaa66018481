//! Writing a file as durably as the program does, and nothing else.

use std::fs::{self, File as OnDisk};
use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::noise::File;

/// What is read at once; the program reads as much.
const AT_ONCE: usize = 512 << 10;

/// Writes a file where the program has its data, in parts of `part` bytes, each on the disk under its name before the next one
/// begins. Then reads it, mostly from the system's cache, as the program does when a file is downloaded that was just
/// uploaded. Gives how long either took.
pub fn write_and_read(file: &File, part: usize) -> Result<(Duration, Duration)> {
    let dir = tempfile::Builder::new().prefix("groundglass-bench-").tempdir_in(std::env::current_dir()?)?;
    let mut names = Vec::new();
    let begin = Instant::now();
    for from in (0..file.size()).step_by(part) {
        let name = dir.path().join(from.to_string());
        let unfinished = name.with_extension("unfinished");
        let mut out = OnDisk::create(&unfinished)?;
        for piece in file.pieces(from..from + part) {
            out.write_all(piece)?;
        }
        out.sync_all()?;
        fs::rename(&unfinished, &name)?;
        OnDisk::open(dir.path())?.sync_all()?;
        names.push(name);
    }
    let written = begin.elapsed();

    let mut buffer = vec![0; AT_ONCE];
    let begin = Instant::now();
    for name in &names {
        let mut from = OnDisk::open(name)?;
        while from.read(&mut buffer)? > 0 {}
    }
    let read = begin.elapsed();
    dir.close()?;
    Ok((written, read))
}
