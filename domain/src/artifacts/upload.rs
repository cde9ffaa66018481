//! Uploads from the page: in parts, so that an interrupted one goes on where it stopped.

use serde::{Deserialize, Serialize};

use super::ArtifactName;
use crate::{
    Instant,
    files::FileName,
    ids::{ExperimentId, UploadId},
};

const MIB: u64 = 1 << 20;
/// The most parts of an upload.
const PARTS: u64 = 10_000;

/// An upload that has begun and has not ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// Its id.
    pub id: UploadId,
    /// The experiment that the file will belong to.
    pub experiment: ExperimentId,
    /// The artifact that it will become.
    pub name: ArtifactName,
    /// What the file is called where it comes from.
    pub filename: FileName,
    /// How many bytes the file has.
    pub size: u64,
    /// How many bytes each part has, save the last, which has the rest.
    pub part_size: u64,
    /// How many bytes have arrived without a gap, from the first on: always whole parts.
    pub received: u64,
    /// What the browser knows the file by when it is picked again: whatever it said at the beginning.
    pub fingerprint: String,
    /// When its last part arrived, or when it began.
    pub changed_at: Instant,
}

/// How large the parts of a file of `size` bytes are: 8 MiB, and more where that would make too many parts. Whole MiB.
#[must_use]
pub fn part_size(size: u64) -> u64 {
    (8 * MIB).max(size.div_ceil(PARTS).next_multiple_of(MIB))
}

/// How many parts a file of `size` bytes has. An empty file has none.
#[must_use]
pub fn parts(size: u64) -> u64 {
    size.div_ceil(part_size(size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_few_and_cover_the_file() {
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
            assert_eq!((part_size(size), parts(size)), (part, count), "{size}");
        }
    }
}
