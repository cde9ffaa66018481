//! Writes a backup.

use std::{
    fs::File,
    io::{self, Read as _, Write},
    path::Path,
};

use futures_util::TryStreamExt as _;

use super::{
    BackupError, BackupProgress,
    archive::{ArchiveWriter, BLOBS_PREFIX, FORMAT_VERSION, MANIFEST, Manifest},
    database::{self, DatabaseCopy},
    scratch::ScratchDir,
};
use crate::{Tracker, TrackerConfig, blobs::Segment, clock, db};

/// Writes all data of `config` to `out`: a consistent snapshot of the database, and the files that it refers to.
///
/// Servers can keep running; only the deletion of bytes waits. The copy of the database is in `scratch` until the end.
///
/// # Errors
/// Returns [`BackupError`]; the incomplete archive in `out` is then useless.
pub async fn backup<W: Write>(
    config: TrackerConfig,
    scratch: &Path,
    out: W,
    on_progress: impl FnMut(BackupProgress),
) -> Result<BackupProgress, BackupError> {
    if config.database_url.as_deref().is_none_or(|url| url.starts_with("sqlite:")) {
        require_database_file(&db::sqlite_file(&config.data_dir, config.database_url.as_deref())?)?;
    }
    let tracker = Tracker::open(config.clone()).await?;
    let done = tracker.with_deletion_lease(write_archive(&tracker, &config, scratch, out, on_progress)).await;
    tracker.close().await;
    done
}

/// Fails if the file does not exist. Opening the tracker would create an empty database, and the backup would contain nothing.
fn require_database_file(file: &Path) -> Result<(), BackupError> {
    if file.exists() {
        return Ok(());
    }
    Err(BackupError::failed(format!(
        "the database {} does not exist; name the data to back up with --data-dir or --database-url",
        file.display()
    )))
}

async fn write_archive<W: Write>(
    tracker: &Tracker,
    config: &TrackerConfig,
    scratch: &Path,
    out: W,
    mut on_progress: impl FnMut(BackupProgress),
) -> Result<BackupProgress, BackupError> {
    let scratch = ScratchDir::for_backup(scratch).map_err(BackupError::Write)?;
    let copy = database::copy_database(tracker, config, scratch.path()).await?;
    let mut file = File::open(&copy.file).map_err(BackupError::Write)?;
    let mut progress = BackupProgress {
        database_bytes: file.metadata().map_err(BackupError::Write)?.len(),
        total_bytes: copy.segments.iter().map(|segment| segment.size).sum(),
        total_segments: copy.segments.len() as u64,
        ..BackupProgress::default()
    };
    let now = clock::now();
    let mut archive = ArchiveWriter::new(out, u64::try_from(now.0 / 1_000_000).unwrap_or(0));
    let manifest = encode_manifest(&copy, &progress, now.readable());
    archive.write_entry(MANIFEST, &manifest).map_err(BackupError::Write)?;
    add_database(&mut archive, &copy, &mut file, progress.database_bytes).map_err(BackupError::Write)?;
    on_progress(progress);
    for segment in &copy.segments {
        add_segment(tracker, &mut archive, segment, |bytes| {
            progress.bytes += bytes;
            on_progress(progress);
        })
        .await?;
        progress.segments += 1;
    }
    archive.finish().map_err(BackupError::Write)?;
    on_progress(progress);
    Ok(progress)
}

fn encode_manifest(copy: &DatabaseCopy, totals: &BackupProgress, created_at: String) -> Vec<u8> {
    let manifest = Manifest {
        format_version: FORMAT_VERSION,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        migration: db::latest_migration(),
        created_at,
        database: copy.entry_name.to_owned(),
        segments: totals.total_segments,
        bytes: totals.total_bytes,
    };
    serde_json::to_vec_pretty(&manifest).unwrap_or_default()
}

fn add_database<W: Write>(
    archive: &mut ArchiveWriter<W>,
    copy: &DatabaseCopy,
    file: &mut File,
    size: u64,
) -> io::Result<()> {
    let mut entry = archive.begin_entry(copy.entry_name, size)?;
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer)? {
            0 => return entry.finish(),
            read => entry.write(&buffer[..read])?,
        }
    }
}

async fn add_segment<W: Write>(
    tracker: &Tracker,
    archive: &mut ArchiveWriter<W>,
    segment: &Segment,
    mut on_written: impl FnMut(u64),
) -> Result<(), BackupError> {
    let unreadable = |error| BackupError::failed(format!("cannot read the stored bytes {}: {error}", segment.key));
    let mut bytes = tracker.blobs().read_range(std::slice::from_ref(segment), 0..segment.size).await?;
    let name = format!("{BLOBS_PREFIX}{}", segment.key);
    let mut entry = archive.begin_entry(&name, segment.size).map_err(BackupError::Write)?;
    while let Some(chunk) = bytes.try_next().await.map_err(unreadable)? {
        entry.write(&chunk).map_err(BackupError::Write)?;
        on_written(chunk.len() as u64);
    }
    entry.finish().map_err(BackupError::Write)
}
