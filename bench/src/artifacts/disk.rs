//! Writes and reads a file as durably as the server does, and nothing else.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::random_file::RandomFile;
use crate::temporary_data::create_temporary_dir;

/// How many bytes are read at once; the server reads the same number.
const READ_SIZE: usize = 512 << 10;

/// Writes a file to the file system of the server's data in parts of `part_size` bytes, each synced and renamed before the next
/// one is written. Then reads it, mostly from the page cache, like the server does when a file is downloaded soon after its
/// upload. Returns both durations.
pub fn write_and_read_parts(file: &RandomFile, part_size: usize) -> Result<(Duration, Duration)> {
    let dir = create_temporary_dir()?;
    let mut names = Vec::new();
    let start = Instant::now();
    for offset in (0..file.size()).step_by(part_size) {
        let name = dir.path().join(offset.to_string());
        let unfinished = name.with_extension("unfinished");
        let mut out = File::create(&unfinished)?;
        for piece in file.pieces(offset..offset + part_size) {
            out.write_all(piece)?;
        }
        out.sync_all()?;
        fs::rename(&unfinished, &name)?;
        File::open(dir.path())?.sync_all()?;
        names.push(name);
    }
    let written = start.elapsed();

    let mut buffer = vec![0; READ_SIZE];
    let start = Instant::now();
    for name in &names {
        let mut part = File::open(name)?;
        while part.read(&mut buffer)? > 0 {}
    }
    let read = start.elapsed();
    dir.close()?;
    Ok((written, read))
}
