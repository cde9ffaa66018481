//! `groundglass backup` and `groundglass restore`.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use tracker::Progress;

use super::data_args::DataArgs;
use super::progress::Counter;
use crate::data_dir;
use crate::failure::Failure;

/// Writes everything into one archive.
#[derive(Debug, Args)]
pub struct Backup {
    /// The archive to be written; "-" writes it to standard output. Keep it as safe as the data: it has everything in it.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    data: DataArgs,
}

/// Reads such an archive.
#[derive(Debug, Args)]
pub struct Restore {
    /// The archive that `groundglass backup` wrote; "-" reads it from standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    data: DataArgs,
}

impl Backup {
    /// Does it. What was written so far is removed when it fails.
    pub async fn run(self) -> Result<(), Failure> {
        let counter = Counter::new("backed up");
        let told = |progress| counter.tell(progress);
        if is_standard(&self.file) {
            if io::stdout().is_terminal() {
                return Err(Failure::new(
                    "an archive is nothing for a terminal; name a file, or send it on with | or >",
                ));
            }
            let scratch = self.data.data_dir()?;
            let out = BufWriter::with_capacity(1 << 20, io::stdout().lock());
            let done = tracker::backup(self.data.tracker(), scratch.path(), out, told).await?;
            eprintln!("Backed up {}.", counter.sum(&done));
            return Ok(());
        }
        if self.file.exists() {
            return Err(Failure::new(format!("{} is there already; name another file", self.file.display())));
        }
        let done = write_file(&self.file, self.data.tracker(), told).await?;
        println!("Backed up {} to {}.", counter.sum(&done), self.file.display());
        Ok(())
    }
}

/// Writes under another name first, so that what has the right name is whole.
async fn write_file(
    path: &Path,
    config: tracker::TrackerConfig,
    told: impl FnMut(Progress),
) -> Result<Progress, Failure> {
    let unwritable = |error| Failure::new(format!("cannot write {}: {error}", path.display()));
    let mut name = path.file_name().ok_or_else(|| Failure::new("name the file to be written"))?.to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    // One that was left behind by a run that was killed.
    let _ = fs::remove_file(&part);
    let file = data_dir::create_private_file(&part).map_err(unwritable)?;
    let mut out = BufWriter::with_capacity(1 << 20, &file);
    let written = match tracker::backup(config, folder, &mut out, told).await {
        Ok(done) => {
            let named = out.flush().and_then(|()| file.sync_all()).and_then(|()| fs::rename(&part, path));
            named.map(|()| done).map_err(unwritable)
        }
        Err(error) => Err(error.into()),
    };
    if written.is_err() {
        let _ = fs::remove_file(&part);
    }
    written
}

impl Restore {
    /// Does it, into a data directory that is in use by nobody.
    pub async fn run(self) -> Result<(), Failure> {
        let data_dir = self.data.data_dir()?;
        let _lock = data_dir.lock()?;
        let counter = Counter::new("restored");
        let told = |progress| counter.tell(progress);
        let config = self.data.tracker();
        let done = if is_standard(&self.file) {
            tracker::restore(config, io::stdin().lock(), told).await?
        } else {
            let file = File::open(&self.file)
                .map_err(|error| Failure::new(format!("cannot read {}: {error}", self.file.display())))?;
            tracker::restore(config, BufReader::with_capacity(1 << 20, file), told).await?
        };
        println!("Restored {}. Start `groundglass serve` with the same options.", counter.sum(&done));
        Ok(())
    }
}

fn is_standard(path: &Path) -> bool {
    path == Path::new("-")
}
