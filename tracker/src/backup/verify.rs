//! Compares the files of an archive with its database, before either is used.

use std::collections::{HashMap, HashSet};

use futures_util::TryStreamExt as _;
use sha2::{Digest as _, Sha256};

use super::BackupError;
use crate::blobs::{Blobs, Segment};

/// The stored bytes that a database refers to.
#[derive(Debug, Default)]
pub(super) struct ReferencedBytes {
    /// SHA-256, key and size of each file.
    pub(super) files: Vec<(Vec<u8>, Segment)>,
    /// The segments of files that were uploaded in parts, with the key of the file and their position in it.
    pub(super) segments: Vec<(String, i64, Segment)>,
    /// The parts of unfinished uploads, whose hash is unknown.
    pub(super) parts: Vec<Segment>,
}

/// SHA-256 and size of the bytes in an archive, by key.
pub(super) type UnpackedBytes = HashMap<String, ([u8; 32], u64)>;

/// Checks that an archive contains exactly the bytes that its database refers to.
///
/// Files in several segments are read again from `blobs`, since only the hash of the whole is known.
///
/// # Errors
/// Returns [`BackupError::Failed`] for missing, different or additional bytes.
pub(super) async fn verify_bytes(
    referenced: ReferencedBytes,
    unpacked: &UnpackedBytes,
    blobs: &Blobs,
) -> Result<(), BackupError> {
    let ReferencedBytes { files, mut segments, parts } = referenced;
    segments.sort_unstable_by(|one, other| (&one.0, one.1).cmp(&(&other.0, other.1)));
    let mut segments_of: HashMap<String, Vec<Segment>> = HashMap::new();
    for (file, _, segment) in segments {
        segments_of.entry(file).or_default().push(segment);
    }
    let mut keys = HashSet::new();
    for part in &parts {
        require_size(unpacked, part)?;
        keys.insert(part.key.clone());
    }
    for (sha256, file) in files {
        let Some(segments) = segments_of.remove(&file.key) else {
            if require_size(unpacked, &file)?.as_slice() != sha256 {
                return Err(different_bytes(&file.key));
            }
            keys.insert(file.key);
            continue;
        };
        for segment in &segments {
            require_size(unpacked, segment)?;
            keys.insert(segment.key.clone());
        }
        if hash_segments(blobs, &segments, file.size).await?.as_slice() != sha256 {
            return Err(different_bytes(&file.key));
        }
    }
    match unpacked.keys().find(|key| !keys.contains(*key)) {
        Some(key) => Err(BackupError::failed(format!(
            "this backup is damaged: its database does not refer to the bytes {key}; use another copy"
        ))),
        None => Ok(()),
    }
}

/// Returns the hash of unpacked bytes of the right size.
fn require_size<'u>(unpacked: &'u UnpackedBytes, expected: &Segment) -> Result<&'u [u8; 32], BackupError> {
    match unpacked.get(&expected.key) {
        Some((sha256, size)) if *size == expected.size => Ok(sha256),
        Some(_) => Err(different_bytes(&expected.key)),
        None => Err(BackupError::failed(format!(
            "this backup is incomplete: the bytes {} are missing; use another copy",
            expected.key
        ))),
    }
}

async fn hash_segments(blobs: &Blobs, segments: &[Segment], size: u64) -> Result<[u8; 32], BackupError> {
    let mut hash = Sha256::new();
    let mut bytes = blobs.read_range(segments, 0..size).await?;
    while let Some(chunk) = bytes.try_next().await.map_err(BackupError::Read)? {
        hash.update(&chunk);
    }
    Ok(hash.finalize().into())
}

fn different_bytes(key: &str) -> BackupError {
    BackupError::failed(format!(
        "this backup is damaged: the bytes {key} differ from the hash in its database; use another copy"
    ))
}
