//! Making a backup.

use std::{
    fs::File,
    io::{self, Read as _, Write},
    path::Path,
};

use futures_util::TryStreamExt as _;
use tempfile::TempDir;

use super::{
    BackupError, Progress,
    archive::{BLOBS, FORM, MANIFEST, Manifest, Writer},
    database::{self, Copied},
};
use crate::{Tracker, TrackerConfig, blobs::Segment, clock, db};

/// Writes everything that is at `place` to `out`: the database as it is at one instant, and the files that it knows of. Servers
/// go on meanwhile, but for the deletion of bytes. The database's copy lies in the folder `scratch` until the end.
///
/// # Errors
/// [`BackupError`]; what was written to `out` by then is of no use.
pub async fn backup<W: Write>(
    config: TrackerConfig,
    scratch: &Path,
    out: W,
    told: impl FnMut(Progress),
) -> Result<Progress, BackupError> {
    if config.database_url.as_deref().is_none_or(|url| url.starts_with("sqlite:")) {
        require_there(&db::sqlite_file(&config.data_dir, config.database_url.as_deref())?)?;
    }
    let tracker = Tracker::open(config.clone()).await?;
    let done = tracker.with_deletion_lease(copy(&tracker, &config, scratch, out, told)).await;
    tracker.close().await;
    done
}

/// Opening would make a new database, and its backup would be a surprise.
fn require_there(file: &Path) -> Result<(), BackupError> {
    if file.exists() {
        return Ok(());
    }
    Err(BackupError::refused(format!(
        "there is no database {}; say with --data-dir or --database-url where the data is",
        file.display()
    )))
}

async fn copy<W: Write>(
    tracker: &Tracker,
    config: &TrackerConfig,
    scratch: &Path,
    out: W,
    mut told: impl FnMut(Progress),
) -> Result<Progress, BackupError> {
    let scratch = TempDir::with_prefix_in(".groundglass-backup-", scratch).map_err(BackupError::Write)?;
    let copied = database::copy(tracker, config, scratch.path()).await?;
    let mut file = File::open(&copied.file).map_err(BackupError::Write)?;
    let mut progress = Progress {
        database: file.metadata().map_err(BackupError::Write)?.len(),
        all_bytes: copied.pieces.iter().map(|piece| piece.size).sum(),
        all_pieces: copied.pieces.len() as u64,
        ..Progress::default()
    };
    let now = clock::now();
    let mut archive = Writer::new(out, u64::try_from(now.0 / 1_000_000).unwrap_or(0));
    let begun = manifest(&copied, &progress, now.readable());
    archive.small(MANIFEST, &begun).map_err(BackupError::Write)?;
    add_database(&mut archive, &copied, &mut file, progress.database).map_err(BackupError::Write)?;
    told(progress);
    for piece in &copied.pieces {
        add_piece(tracker, &mut archive, piece, |bytes| {
            progress.bytes += bytes;
            told(progress);
        })
        .await?;
        progress.pieces += 1;
    }
    archive.finish().map_err(BackupError::Write)?;
    told(progress);
    Ok(progress)
}

fn manifest(copied: &Copied, all: &Progress, made_at: String) -> Vec<u8> {
    let manifest = Manifest {
        form: FORM,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        step: db::latest_migration(),
        made_at,
        database: copied.name.to_owned(),
        pieces: all.all_pieces,
        bytes: all.all_bytes,
    };
    serde_json::to_vec_pretty(&manifest).unwrap_or_default()
}

fn add_database<W: Write>(archive: &mut Writer<W>, copied: &Copied, file: &mut File, size: u64) -> io::Result<()> {
    let mut entry = archive.begin(copied.name, size)?;
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer)? {
            0 => return entry.end(),
            read => entry.write(&buffer[..read])?,
        }
    }
}

async fn add_piece<W: Write>(
    tracker: &Tracker,
    archive: &mut Writer<W>,
    piece: &Segment,
    mut written: impl FnMut(u64),
) -> Result<(), BackupError> {
    let unreadable = |error| BackupError::refused(format!("cannot read the file's piece {}: {error}", piece.key));
    let mut bytes = tracker.blobs().read_range(std::slice::from_ref(piece), 0..piece.size).await?;
    let mut entry = archive.begin(&format!("{BLOBS}{}", piece.key), piece.size).map_err(BackupError::Write)?;
    while let Some(chunk) = bytes.try_next().await.map_err(unreadable)? {
        entry.write(&chunk).map_err(BackupError::Write)?;
        written(chunk.len() as u64);
    }
    entry.end().map_err(BackupError::Write)
}
