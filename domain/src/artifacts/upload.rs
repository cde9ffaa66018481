//! Uploads from the page. They are sent in parts, so that an interrupted upload resumes where it stopped.

use serde::{Deserialize, Serialize};

use super::{ArtifactName, Fingerprint};
use crate::{
    Instant,
    files::FileName,
    ids::{ExperimentId, UploadId},
};

const MIB: u64 = 1 << 20;
/// Maximum number of parts of an upload.
const PARTS: u64 = 10_000;

/// An upload that was begun and is not finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// The upload's id.
    pub id: UploadId,
    /// The experiment that the file will belong to.
    pub experiment: ExperimentId,
    /// The name of the artifact that the file will become.
    pub name: ArtifactName,
    /// The name of the file on the user's machine.
    pub filename: FileName,
    /// Size of the file, in bytes.
    pub size: u64,
    /// Size of every part but the last, in bytes. The last part holds the rest.
    pub part_size: u64,
    /// Number of bytes received from the start of the file without a gap. Always a whole number of parts.
    pub received: u64,
    /// The text with which the browser recognizes the file when the user selects it again.
    pub fingerprint: Fingerprint,
    /// When the latest part arrived, or, before the first part, when the upload was begun.
    pub changed_at: Instant,
}

/// Returns the part size for a file of `size` bytes, in bytes: 8 MiB, or the next whole number of MiB that keeps the file
/// within 10,000 parts.
#[must_use]
pub fn part_size(size: u64) -> u64 {
    (8 * MIB).max(size.div_ceil(PARTS).next_multiple_of(MIB))
}

/// Returns the number of parts of a file of `size` bytes. An empty file has 0.
#[must_use]
pub fn part_count(size: u64) -> u64 {
    size.div_ceil(part_size(size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cover_the_file_within_the_limit() {
        for (size, part, count) in [
            (0, 8 * MIB, 0),
            (1, 8 * MIB, 1),
            (8 * MIB, 8 * MIB, 1),
            (8 * MIB + 1, 8 * MIB, 2),
            (1 << 30, 8 * MIB, 128),
            (80_000 * MIB, 8 * MIB, 10_000),
            (80_000 * MIB + 1, 9 * MIB, 8_889),
            (1 << 42, 420 * MIB, 9_987),
        ] {
            assert_eq!((part_size(size), part_count(size)), (part, count), "{size}");
        }
    }
}
