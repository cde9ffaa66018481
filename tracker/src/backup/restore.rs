//! Restores a backup to an empty database.

use std::{
    collections::HashMap,
    fs, io,
    io::{BufRead as _, BufReader, Read, Write as _},
    path::Path,
};

use bytes::Bytes;
use futures_util::{Stream, stream};
use sha2::{Digest as _, Sha256};

use super::{
    BackupError, BackupProgress,
    archive::{CHECKSUMS, FORMAT_VERSION, MANIFEST, Manifest, checksum_line, parse_blob_key},
    database::RestoreTarget,
    scratch::{self, ScratchDir},
    verify::{ReferencedBytes, UnpackedBytes, verify_bytes},
};
use crate::{
    Tracker, TrackerConfig,
    blobs::{self, Blobs},
    db,
    private_files::create_private_file,
};

/// Maximum size of the manifest, which has a few hundred bytes.
const MAX_MANIFEST_BYTES: u64 = 64 << 10;
/// Maximum length of a line of the checksums, which has about 110 bytes.
const MAX_CHECKSUM_LINE: u64 = 1 << 10;
/// Number of bytes read at once.
const CHUNK_BYTES: usize = 1 << 20;

/// Restores an archive that [`super::backup`] wrote. The database of `config` must not exist yet.
///
/// Verifies the integrity of the database, the SHA-256 of every entry, and that the archive contains exactly the bytes that the
/// database refers to. Loads the database last.
///
/// # Errors
/// Returns [`BackupError`]; then nothing is restored and nothing is left behind, unless only the migration of a restored
/// PostgreSQL database failed.
pub async fn restore(
    config: TrackerConfig,
    archive: impl Read,
    on_progress: impl FnMut(BackupProgress),
) -> Result<BackupProgress, BackupError> {
    let blob_folder = blobs::folder_on_disk(&config.data_dir, config.blob_url.as_deref());
    let folders: Vec<_> = blob_folder.iter().chain([&config.data_dir]).collect();
    let new_folders: Vec<_> = folders.into_iter().filter(|folder| !folder.exists()).cloned().collect();
    let restored = restore_into(&config, archive, on_progress).await;
    if restored.is_err() {
        // Fails for a folder that is not empty.
        new_folders.iter().for_each(|folder| drop(fs::remove_dir(folder)));
    }
    restored
}

async fn restore_into(
    config: &TrackerConfig,
    archive: impl Read,
    on_progress: impl FnMut(BackupProgress),
) -> Result<BackupProgress, BackupError> {
    db::prepare_data_dir(&config.data_dir)?;
    let target = RestoreTarget::require_empty(config).await?;
    let blobs = blobs::open_blobs(&config.data_dir, config.blob_url.as_deref())?;
    delete_bytes(&blobs, &scratch::take_leftovers(&config.data_dir)).await;
    let mut unpacker = Unpacker {
        target: &target,
        blobs: &blobs,
        scratch: ScratchDir::for_restore(&config.data_dir).map_err(unwritable)?,
        manifest: None,
        checksums: HashMap::new(),
        referenced: None,
        bytes: HashMap::new(),
        keys: Vec::new(),
        progress: BackupProgress::default(),
    };
    match unpacker.restore(archive, on_progress).await {
        Ok(()) => {
            // Migrates a PostgreSQL database of an older version now, so that a failing migration is reported here.
            Tracker::open(config.clone()).await?.close().await;
            Ok(unpacker.progress)
        }
        Err(error) => {
            delete_bytes(&blobs, &unpacker.keys).await;
            Err(error)
        }
    }
}

/// Deletes the bytes of a failed restore. What cannot be deleted does no harm.
async fn delete_bytes(blobs: &Blobs, keys: &[String]) {
    for key in keys {
        let _ = blobs.delete(key).await;
        blobs.delete_empty_folder(key);
    }
}

/// Unpacks an archive: files to the blob storage, the database to `scratch`.
struct Unpacker<'u> {
    target: &'u RestoreTarget<'u>,
    blobs: &'u Blobs,
    scratch: ScratchDir,
    /// The first entry.
    manifest: Option<Manifest>,
    /// The SHA-256 of each entry read so far, by name.
    checksums: HashMap<String, [u8; 32]>,
    /// The bytes that the database refers to, once it is unpacked.
    referenced: Option<ReferencedBytes>,
    /// The bytes unpacked so far.
    bytes: UnpackedBytes,
    /// The blob keys written so far, also of incomplete bytes.
    keys: Vec<String>,
    progress: BackupProgress,
}

impl Unpacker<'_> {
    async fn restore(
        &mut self,
        archive: impl Read,
        on_progress: impl FnMut(BackupProgress),
    ) -> Result<(), BackupError> {
        self.unpack(archive, on_progress).await?;
        let referenced = self.referenced.take().ok_or_else(incomplete_archive)?;
        verify_bytes(referenced, &self.bytes, self.blobs).await?;
        self.target.load(&self.scratch.path().join(self.target.entry_name())).await
    }

    async fn unpack(
        &mut self,
        archive: impl Read,
        mut on_progress: impl FnMut(BackupProgress),
    ) -> Result<(), BackupError> {
        let mut archive = tar::Archive::new(archive);
        // Raw, because the library reads extensions of names into memory, of whatever size.
        for entry in archive.entries().map_err(BackupError::Read)?.raw(true) {
            let mut entry = entry.map_err(|_| invalid_archive())?;
            let name = entry.path().ok().and_then(|path| path.to_str().map(str::to_owned));
            let name = name.ok_or_else(invalid_archive)?;
            if entry.header().entry_type() != tar::EntryType::Regular || self.checksums.contains_key(&name) {
                return Err(invalid_archive());
            }
            let size = entry.size();
            if self.manifest.is_none() {
                self.read_manifest(&name, size, &mut entry)?;
            } else if name == CHECKSUMS {
                return self.verify_checksums(entry);
            } else if name == self.target.entry_name() {
                self.unpack_database(&name, size, &mut entry)?;
                // Checked before the files, which may take hours.
                self.referenced = Some(self.target.check_copy(&self.scratch.path().join(&name)).await?);
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
    fn read_manifest(&mut self, name: &str, size: u64, entry: &mut impl Read) -> Result<(), BackupError> {
        if name != MANIFEST || size > MAX_MANIFEST_BYTES {
            return Err(invalid_archive());
        }
        let mut content = Vec::new();
        entry.take(MAX_MANIFEST_BYTES).read_to_end(&mut content).map_err(BackupError::Read)?;
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
        self.checksums.insert(name.to_owned(), Sha256::digest(&content).into());
        self.manifest = Some(manifest);
        Ok(())
    }

    fn unpack_database(&mut self, name: &str, size: u64, entry: &mut impl Read) -> Result<(), BackupError> {
        let mut file = create_private_file(&self.scratch.path().join(name)).map_err(unwritable)?;
        let mut hash = Sha256::new();
        let mut buffer = vec![0; CHUNK_BYTES];
        loop {
            match entry.read(&mut buffer).map_err(BackupError::Read)? {
                0 => break,
                read => {
                    hash.update(&buffer[..read]);
                    file.write_all(&buffer[..read]).map_err(unwritable)?;
                    self.progress.database_bytes += read as u64;
                }
            }
        }
        if self.progress.database_bytes != size {
            return Err(incomplete_archive());
        }
        self.checksums.insert(name.to_owned(), hash.finalize().into());
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
        self.scratch.record_key(key).map_err(unwritable)?;
        self.keys.push(key.to_owned());
        let written = self.blobs.put_stream(key, size, Some(&mut hash), stream_chunks(entry)).await?;
        if written != size {
            return Err(incomplete_archive());
        }
        let sha256 = hash.finalize().into();
        self.checksums.insert(name.to_owned(), sha256);
        self.bytes.insert(key.to_owned(), (sha256, size));
        self.progress.segments += 1;
        self.progress.bytes += size;
        Ok(())
    }

    /// Compares the checksums in the archive with those of the entries read.
    fn verify_checksums(&self, stored: impl Read) -> Result<(), BackupError> {
        let mut stored = BufReader::new(stored);
        let (mut lines, mut line) = (0, String::new());
        loop {
            line.clear();
            let read = stored.by_ref().take(MAX_CHECKSUM_LINE).read_line(&mut line).map_err(|_| invalid_archive())?;
            if read == 0 {
                break;
            }
            lines += 1;
            let name = line.trim_end().split_once("  ").map_or("", |(_, name)| name);
            match self.checksums.get(name) {
                Some(found) if checksum_line(found, name) == line => {}
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
        if lines != self.checksums.len() || !has_database || !has_all_segments {
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

fn unwritable(error: io::Error) -> BackupError {
    BackupError::failed(format!("cannot write to the data directory: {error}"))
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

/// Deletes what killed backups and restores left in the data directory. The bytes of a killed restore are deleted only if the
/// database is new, since the restore was complete otherwise.
pub(crate) async fn remove_leftovers(data_dir: &Path, blobs: &Blobs, database_is_new: bool) {
    let keys = scratch::take_leftovers(data_dir);
    if database_is_new {
        delete_bytes(blobs, &keys).await;
    }
}
