//! Restoring a backup into a place where nothing is.

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
    BackupError, Progress,
    archive::{FORM, MANIFEST, Manifest, SUMS, key, sum_line},
    database::Target,
};
use crate::{
    Tracker, TrackerConfig,
    blobs::{self, Blobs},
    db,
};

/// The most that an entry may have that is read into memory; a line of the sums has about 110 bytes.
const SMALL: u64 = 1 << 30;
/// How much is read at once.
const CHUNK: usize = 1 << 20;

/// Reads an archive that [`super::backup`] wrote and puts all that is in it to `place`, which must have no database yet. Every
/// entry is compared with its SHA-256; the database comes last.
///
/// # Errors
/// [`BackupError`]; nothing is left at `place` then.
pub async fn restore(
    config: TrackerConfig,
    archive: impl Read,
    told: impl FnMut(Progress),
) -> Result<Progress, BackupError> {
    db::prepare_data_dir(&config.data_dir)?;
    let target = Target::empty(&config).await?;
    let blobs = blobs::open_blobs(&config.data_dir, config.blob_url.as_deref())?;
    let scratch = TempDir::with_prefix_in(".groundglass-restore-", &config.data_dir).map_err(BackupError::Read)?;
    let mut unpacking = Unpacking {
        target: &target,
        blobs: &blobs,
        scratch: scratch.path(),
        manifest: None,
        sums: HashMap::new(),
        keys: Vec::new(),
        progress: Progress::default(),
    };
    let unpacked = unpacking.all(archive, told).await;
    let progress = unpacking.progress;
    let loaded = match unpacked {
        Ok(()) => target.load(&scratch.path().join(target.entry())).await,
        Err(error) => Err(error),
    };
    if let Err(error) = loaded {
        for key in &unpacking.keys {
            let _ = blobs.delete(key).await;
        }
        return Err(error);
    }
    // An older one is brought to this version's shape now, so that whatever would go wrong goes wrong here.
    Tracker::open(config.clone()).await?.close().await;
    Ok(progress)
}

/// An archive that is being read.
struct Unpacking<'u> {
    target: &'u Target<'u>,
    blobs: &'u Blobs,
    scratch: &'u Path,
    /// Read first.
    manifest: Option<Manifest>,
    /// Of the entries so far, by name: the lines that the sums should have.
    sums: HashMap<String, String>,
    /// Where bytes were put.
    keys: Vec<String>,
    progress: Progress,
}

impl Unpacking<'_> {
    async fn all(&mut self, archive: impl Read, mut told: impl FnMut(Progress)) -> Result<(), BackupError> {
        let mut archive = tar::Archive::new(archive);
        for entry in archive.entries().map_err(BackupError::Read)? {
            let mut entry = entry.map_err(|_| not_ours())?;
            let name = entry.path().ok().and_then(|path| path.to_str().map(str::to_owned)).ok_or_else(not_ours)?;
            if entry.header().entry_type() != tar::EntryType::Regular {
                return Err(not_ours());
            }
            let size = entry.size();
            if self.manifest.is_none() {
                self.begin(&name, &mut entry)?;
            } else if name == SUMS {
                return self.compare(&small(&mut entry)?);
            } else if name == self.target.entry() {
                self.take_database(&name, size, &mut entry)?;
            } else if let Some(key) = key(&name) {
                self.take_piece(&name, key, size, &mut entry).await?;
            } else {
                return Err(not_ours());
            }
            told(self.progress);
        }
        Err(if self.manifest.is_some() { cut_short() } else { not_ours() })
    }

    /// Reads what the archive says of itself, and refuses what does not fit here.
    fn begin(&mut self, name: &str, entry: &mut impl Read) -> Result<(), BackupError> {
        if name != MANIFEST {
            return Err(not_ours());
        }
        let content = small(entry)?;
        let manifest: Manifest = serde_json::from_slice(&content).map_err(|_| not_ours())?;
        if manifest.form > FORM || manifest.step > db::latest_migration() {
            return Err(BackupError::refused(format!(
                "this backup was made by a newer Groundglass, {}; restore it with that version or a newer one",
                manifest.version
            )));
        }
        if manifest.database != self.target.entry() {
            return Err(BackupError::refused(match self.target {
                Target::Sqlite(_) => "this backup is of a PostgreSQL database; name an empty one with --database-url",
                Target::Postgres(_) => "this backup is of a SQLite database; restore it without --database-url",
            }));
        }
        self.progress.all_pieces = manifest.pieces;
        self.progress.all_bytes = manifest.bytes;
        self.note(name, &Sha256::digest(&content));
        self.manifest = Some(manifest);
        Ok(())
    }

    fn take_database(&mut self, name: &str, size: u64, entry: &mut impl Read) -> Result<(), BackupError> {
        let mut file = File::create(self.scratch.join(name)).map_err(BackupError::Read)?;
        let mut hash = Sha256::new();
        let mut buffer = vec![0; CHUNK];
        loop {
            match entry.read(&mut buffer).map_err(BackupError::Read)? {
                0 => break,
                read => {
                    hash.update(&buffer[..read]);
                    file.write_all(&buffer[..read]).map_err(BackupError::Read)?;
                    self.progress.database += read as u64;
                }
            }
        }
        if self.progress.database != size {
            return Err(cut_short());
        }
        self.note(name, &hash.finalize());
        Ok(())
    }

    async fn take_piece(&mut self, name: &str, key: &str, size: u64, entry: &mut impl Read) -> Result<(), BackupError> {
        let mut hash = Sha256::new();
        self.keys.push(key.to_owned());
        let kept = self.blobs.put_stream(key, size, Some(&mut hash), pieces(entry)).await?;
        if kept != size {
            return Err(cut_short());
        }
        self.note(name, &hash.finalize());
        self.progress.pieces += 1;
        self.progress.bytes += size;
        Ok(())
    }

    fn note(&mut self, name: &str, sha256: &[u8]) {
        self.sums.insert(name.to_owned(), sum_line(sha256, name));
    }

    /// Compares what came with what was written.
    fn compare(&self, sums: &[u8]) -> Result<(), BackupError> {
        let expected: Vec<&str> = std::str::from_utf8(sums).map_err(|_| not_ours())?.lines().collect();
        for line in &expected {
            let name = line.split_once("  ").map_or("", |(_, name)| name);
            match self.sums.get(name) {
                Some(found) if found.trim_end() == *line => {}
                Some(_) => return Err(BackupError::refused(format!("this backup is damaged: {name} has other bytes"))),
                None => return Err(cut_short()),
            }
        }
        let has_database = self.sums.contains_key(self.target.entry());
        if expected.len() != self.sums.len() || !has_database || self.progress.pieces != self.progress.all_pieces {
            return Err(cut_short());
        }
        Ok(())
    }
}

fn not_ours() -> BackupError {
    BackupError::refused("this is not a backup of Groundglass, or it is damaged")
}

fn cut_short() -> BackupError {
    BackupError::refused("this backup is not whole; its end or some of its files are missing")
}

/// An entry that is read into memory.
fn small(entry: &mut impl Read) -> Result<Vec<u8>, BackupError> {
    let mut content = Vec::new();
    entry.take(SMALL).read_to_end(&mut content).map_err(BackupError::Read)?;
    Ok(content)
}

/// The bytes that a reader gives.
fn pieces(reader: &mut impl Read) -> impl Stream<Item = io::Result<Bytes>> {
    stream::try_unfold(reader, |reader| async move {
        let mut buffer = vec![0; CHUNK];
        let read = reader.read(&mut buffer)?;
        buffer.truncate(read);
        Ok((read > 0).then(|| (Bytes::from(buffer), reader)))
    })
}
