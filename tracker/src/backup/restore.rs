//! Restores a backup to an empty database.

use std::{
    collections::HashMap,
    fs::File,
    io::{self, Read, Write as _},
    path::Path,
};

use bytes::Bytes;
use futures_util::{Stream, stream};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use super::{
    BackupError, BackupProgress,
    archive::{CHECKSUMS, FORMAT_VERSION, MANIFEST, Manifest, checksum_line, parse_blob_key},
    database::RestoreTarget,
};
use crate::{
    Tracker, TrackerConfig,
    blobs::{self, Blobs},
    db,
};

/// Maximum size of an entry that is read into memory. A line of the checksums has about 110 bytes.
const MAX_BYTES_IN_MEMORY: u64 = 1 << 30;
/// Number of bytes read at once.
const CHUNK_BYTES: usize = 1 << 20;

/// Restores an archive that [`super::backup`] wrote. The database of `config` must not exist yet.
///
/// Verifies the SHA-256 of every entry, and loads the database last.
///
/// # Errors
/// Returns [`BackupError`]; then nothing is restored, unless only the migration of the restored database failed.
pub async fn restore(
    config: TrackerConfig,
    archive: impl Read,
    on_progress: impl FnMut(BackupProgress),
) -> Result<BackupProgress, BackupError> {
    db::prepare_data_dir(&config.data_dir)?;
    let target = RestoreTarget::require_empty(&config).await?;
    let blobs = blobs::open_blobs(&config.data_dir, config.blob_url.as_deref())?;
    let scratch = TempDir::with_prefix_in(".groundglass-restore-", &config.data_dir).map_err(BackupError::Read)?;
    let mut unpacker = Unpacker {
        target: &target,
        blobs: &blobs,
        scratch: scratch.path(),
        manifest: None,
        checksums: HashMap::new(),
        keys: Vec::new(),
        progress: BackupProgress::default(),
    };
    let unpacked = unpacker.unpack(archive, on_progress).await;
    let progress = unpacker.progress;
    let loaded = match unpacked {
        Ok(()) => target.load(&scratch.path().join(target.entry_name())).await,
        Err(error) => Err(error),
    };
    if let Err(error) = loaded {
        for key in &unpacker.keys {
            let _ = blobs.delete(key).await;
        }
        return Err(error);
    }
    // Migrates a database of an older version now, so that a failing migration is reported here.
    Tracker::open(config.clone()).await?.close().await;
    Ok(progress)
}

/// Unpacks an archive: files to the blob storage, the database to `scratch`.
struct Unpacker<'u> {
    target: &'u RestoreTarget<'u>,
    blobs: &'u Blobs,
    scratch: &'u Path,
    /// The first entry.
    manifest: Option<Manifest>,
    /// The expected checksum line of each entry read so far, by name.
    checksums: HashMap<String, String>,
    /// The blob keys written so far.
    keys: Vec<String>,
    progress: BackupProgress,
}

impl Unpacker<'_> {
    async fn unpack(
        &mut self,
        archive: impl Read,
        mut on_progress: impl FnMut(BackupProgress),
    ) -> Result<(), BackupError> {
        let mut archive = tar::Archive::new(archive);
        for entry in archive.entries().map_err(BackupError::Read)? {
            let mut entry = entry.map_err(|_| invalid_archive())?;
            let name = entry.path().ok().and_then(|path| path.to_str().map(str::to_owned));
            let name = name.ok_or_else(invalid_archive)?;
            if entry.header().entry_type() != tar::EntryType::Regular {
                return Err(invalid_archive());
            }
            let size = entry.size();
            if self.manifest.is_none() {
                self.read_manifest(&name, &mut entry)?;
            } else if name == CHECKSUMS {
                return self.verify_checksums(&read_into_memory(&mut entry)?);
            } else if name == self.target.entry_name() {
                self.unpack_database(&name, size, &mut entry)?;
            } else if let Some(key) = parse_blob_key(&name) {
                self.unpack_segment(&name, key, size, &mut entry).await?;
            } else {
                return Err(invalid_archive());
            }
            on_progress(self.progress);
        }
        Err(if self.manifest.is_some() { incomplete_archive() } else { invalid_archive() })
    }

    /// Reads the manifest and checks that this version and the target support the archive.
    fn read_manifest(&mut self, name: &str, entry: &mut impl Read) -> Result<(), BackupError> {
        if name != MANIFEST {
            return Err(invalid_archive());
        }
        let content = read_into_memory(entry)?;
        let manifest: Manifest = serde_json::from_slice(&content).map_err(|_| invalid_archive())?;
        if manifest.format_version > FORMAT_VERSION || manifest.migration > db::latest_migration() {
            return Err(BackupError::failed(format!(
                "this backup was written by a newer Groundglass ({}); restore it with that version or a newer one",
                manifest.version
            )));
        }
        if manifest.database != self.target.entry_name() {
            return Err(BackupError::failed(match self.target {
                RestoreTarget::Sqlite(_) => {
                    "this backup contains a PostgreSQL database; name an empty one with --database-url"
                }
                RestoreTarget::Postgres(_) => {
                    "this backup contains a SQLite database; restore it without --database-url"
                }
            }));
        }
        self.progress.total_segments = manifest.segments;
        self.progress.total_bytes = manifest.bytes;
        self.record_checksum(name, &Sha256::digest(&content));
        self.manifest = Some(manifest);
        Ok(())
    }

    fn unpack_database(&mut self, name: &str, size: u64, entry: &mut impl Read) -> Result<(), BackupError> {
        let mut file = File::create(self.scratch.join(name)).map_err(BackupError::Read)?;
        let mut hash = Sha256::new();
        let mut buffer = vec![0; CHUNK_BYTES];
        loop {
            match entry.read(&mut buffer).map_err(BackupError::Read)? {
                0 => break,
                read => {
                    hash.update(&buffer[..read]);
                    file.write_all(&buffer[..read]).map_err(BackupError::Read)?;
                    self.progress.database_bytes += read as u64;
                }
            }
        }
        if self.progress.database_bytes != size {
            return Err(incomplete_archive());
        }
        self.record_checksum(name, &hash.finalize());
        Ok(())
    }

    async fn unpack_segment(
        &mut self,
        name: &str,
        key: &str,
        size: u64,
        entry: &mut impl Read,
    ) -> Result<(), BackupError> {
        let mut hash = Sha256::new();
        self.keys.push(key.to_owned());
        let written = self.blobs.put_stream(key, size, Some(&mut hash), stream_chunks(entry)).await?;
        if written != size {
            return Err(incomplete_archive());
        }
        self.record_checksum(name, &hash.finalize());
        self.progress.segments += 1;
        self.progress.bytes += size;
        Ok(())
    }

    fn record_checksum(&mut self, name: &str, sha256: &[u8]) {
        self.checksums.insert(name.to_owned(), checksum_line(sha256, name));
    }

    /// Compares the checksums in the archive with those of the entries read.
    fn verify_checksums(&self, stored: &[u8]) -> Result<(), BackupError> {
        let expected: Vec<&str> = std::str::from_utf8(stored).map_err(|_| invalid_archive())?.lines().collect();
        for line in &expected {
            let name = line.split_once("  ").map_or("", |(_, name)| name);
            match self.checksums.get(name) {
                Some(found) if found.trim_end() == *line => {}
                Some(_) => {
                    return Err(BackupError::failed(format!(
                        "this backup is damaged: the checksum of {name} does not match; use another copy"
                    )));
                }
                None => return Err(incomplete_archive()),
            }
        }
        let has_database = self.checksums.contains_key(self.target.entry_name());
        let has_all_segments = self.progress.segments == self.progress.total_segments;
        if expected.len() != self.checksums.len() || !has_database || !has_all_segments {
            return Err(incomplete_archive());
        }
        Ok(())
    }
}

fn invalid_archive() -> BackupError {
    BackupError::failed("this is not a Groundglass backup, or it is damaged")
}

fn incomplete_archive() -> BackupError {
    BackupError::failed("this backup is incomplete: its end or some of its files are missing; use another copy")
}

fn read_into_memory(entry: &mut impl Read) -> Result<Vec<u8>, BackupError> {
    let mut content = Vec::new();
    entry.take(MAX_BYTES_IN_MEMORY).read_to_end(&mut content).map_err(BackupError::Read)?;
    Ok(content)
}

/// Streams the bytes of a reader in chunks.
fn stream_chunks(reader: &mut impl Read) -> impl Stream<Item = io::Result<Bytes>> {
    stream::try_unfold(reader, |reader| async move {
        let mut buffer = vec![0; CHUNK_BYTES];
        let read = reader.read(&mut buffer)?;
        buffer.truncate(read);
        Ok((read > 0).then(|| (Bytes::from(buffer), reader)))
    })
}
