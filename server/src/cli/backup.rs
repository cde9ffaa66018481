//! `groundglass backup` and `groundglass restore`.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use tracker::BackupProgress;

use super::data_args::DataArgs;
use super::progress::ProgressLine;
use crate::cli_error::CliError;
use crate::data_dir;

/// Options of `groundglass backup`.
#[derive(Debug, Args)]
pub struct BackupArgs {
    /// The archive to write, or "-" for standard output. It contains all data, so keep it as safe as the data itself.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    data: DataArgs,
}

/// Options of `groundglass restore`.
#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// The archive to read, written by `groundglass backup`, or "-" for standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    data: DataArgs,
}

impl BackupArgs {
    /// Writes the archive. Removes the incomplete file on failure.
    pub async fn run(self) -> Result<(), CliError> {
        let line = ProgressLine::new("backed up");
        let report = |progress| line.update(progress);
        if is_stdio(&self.file) {
            if io::stdout().is_terminal() {
                return Err(CliError::new(
                    "cannot write an archive to a terminal; name a file, or redirect the output with | or >",
                ));
            }
            let scratch = self.data.data_dir()?;
            let out = BufWriter::with_capacity(1 << 20, io::stdout().lock());
            let done = tracker::backup(self.data.tracker_config(), scratch.path(), out, report).await?;
            eprintln!("Backed up {}.", line.finish(&done));
            return Ok(());
        }
        if self.file.exists() {
            return Err(CliError::new(format!("{} already exists; choose another file name", self.file.display())));
        }
        let done = write_archive(&self.file, self.data.tracker_config(), report).await?;
        println!("Backed up {} to {}.", line.finish(&done), self.file.display());
        Ok(())
    }
}

/// Writes the archive to `{path}.part` and renames it when it is complete: a file named `path` is never partial.
async fn write_archive(
    path: &Path,
    config: tracker::TrackerConfig,
    report: impl FnMut(BackupProgress),
) -> Result<BackupProgress, CliError> {
    let unwritable = |error| CliError::new(format!("cannot write {}: {error}", path.display()));
    let mut name =
        path.file_name().ok_or_else(|| CliError::new("the path of the archive has no file name"))?.to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    // A killed run may have left its file behind.
    let _ = fs::remove_file(&part);
    let file = data_dir::create_private_file(&part).map_err(unwritable)?;
    let mut out = BufWriter::with_capacity(1 << 20, &file);
    let written = match tracker::backup(config, folder, &mut out, report).await {
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

impl RestoreArgs {
    /// Restores the archive. Fails if a server is using the data directory.
    pub async fn run(self) -> Result<(), CliError> {
        let is_new = !self.data.data_dir_exists();
        let data_dir = self.data.data_dir()?;
        let lock = data_dir.lock()?;
        let restored = self.restore().await;
        drop(lock);
        if is_new && restored.is_err() {
            data_dir.remove_unused();
        }
        restored
    }

    async fn restore(self) -> Result<(), CliError> {
        let line = ProgressLine::new("restored");
        let report = |progress| line.update(progress);
        let config = self.data.tracker_config();
        let done = if is_stdio(&self.file) {
            tracker::restore(config, io::stdin().lock(), report).await?
        } else {
            let file = File::open(&self.file)
                .map_err(|error| CliError::new(format!("cannot read {}: {error}", self.file.display())))?;
            tracker::restore(config, BufReader::with_capacity(1 << 20, file), report).await?
        };
        println!("Restored {}. Start `groundglass serve` with the same options.", line.finish(&done));
        Ok(())
    }
}

fn is_stdio(path: &Path) -> bool {
    path == Path::new("-")
}
