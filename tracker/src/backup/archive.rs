//! The format of an archive: names and order of its entries.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::blobs::encode_hex;

/// Name of the first entry, which identifies an archive.
pub(super) const MANIFEST: &str = "groundglass-backup.json";
/// Name of the last entry: one line per preceding entry, in the format of `sha256sum`.
pub(super) const CHECKSUMS: &str = "SHA256SUMS";
/// Prefix of the entries with the bytes of files.
pub(super) const BLOBS_PREFIX: &str = "blobs/";
/// The format version that this binary writes, and the newest that it reads.
pub(super) const FORMAT_VERSION: u32 = 1;

/// The first entry, as JSON. Existing archives contain it, so its fields keep their names.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// The format version. Newer ones cannot be restored.
    #[serde(rename = "form")]
    pub(super) format_version: u32,
    /// The version of Groundglass that wrote the archive.
    pub(super) version: String,
    /// The latest migration of the database. A binary that does not have it cannot restore the archive.
    #[serde(rename = "step")]
    pub(super) migration: i64,
    /// When the archive was written, for display.
    #[serde(rename = "made_at")]
    pub(super) created_at: String,
    /// Name of the database's entry, which depends on the engine.
    pub(super) database: String,
    /// Number of segments of files.
    #[serde(rename = "pieces")]
    pub(super) segments: u64,
    /// Total size of the segments in bytes.
    pub(super) bytes: u64,
}

/// Writes the entries of an archive and collects their checksums.
pub(super) struct ArchiveWriter<W> {
    out: W,
    /// Modification time of all entries, in seconds since the Unix epoch.
    mtime: u64,
    checksums: String,
}

/// Writes one entry. Expects exactly the announced number of bytes, followed by [`EntryWriter::finish`].
pub(super) struct EntryWriter<'w, W> {
    archive: &'w mut ArchiveWriter<W>,
    name: String,
    size: u64,
    remaining: u64,
    hash: Sha256,
}

impl<W: Write> ArchiveWriter<W> {
    pub(super) fn new(out: W, mtime: u64) -> Self {
        Self { out, mtime, checksums: String::new() }
    }

    /// Begins an entry of `size` bytes.
    pub(super) fn begin_entry(&mut self, name: &str, size: u64) -> io::Result<EntryWriter<'_, W>> {
        self.write_header(name, size)?;
        Ok(EntryWriter { archive: self, name: name.to_owned(), size, remaining: size, hash: Sha256::new() })
    }

    /// Writes an entry from memory.
    pub(super) fn write_entry(&mut self, name: &str, content: &[u8]) -> io::Result<()> {
        let mut entry = self.begin_entry(name, content.len() as u64)?;
        entry.write(content)?;
        entry.finish()
    }

    /// Writes the checksums and the end of the archive.
    pub(super) fn finish(mut self) -> io::Result<W> {
        let checksums = std::mem::take(&mut self.checksums);
        self.write_entry(CHECKSUMS, checksums.as_bytes())?;
        self.out.write_all(&[0; 1024])?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn write_header(&mut self, name: &str, size: u64) -> io::Result<()> {
        let mut header = tar::Header::new_gnu();
        header.set_path(name)?;
        header.set_size(size);
        header.set_mode(0o600);
        header.set_mtime(self.mtime);
        header.set_entry_type(tar::EntryType::Regular);
        header.set_cksum();
        self.out.write_all(header.as_bytes())
    }
}

impl<W: Write> EntryWriter<'_, W> {
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.remaining = self.remaining.checked_sub(bytes.len() as u64).ok_or_else(|| self.size_mismatch())?;
        self.hash.update(bytes);
        self.archive.out.write_all(bytes)
    }

    pub(super) fn finish(self) -> io::Result<()> {
        if self.remaining > 0 {
            return Err(self.size_mismatch());
        }
        // Entries are padded to blocks of 512 bytes.
        let over = usize::try_from(self.size % 512).map_err(io::Error::other)?;
        self.archive.out.write_all(&[0; 512][..(512 - over) % 512])?;
        self.archive.checksums += &checksum_line(&self.hash.finalize(), &self.name);
        Ok(())
    }

    fn size_mismatch(&self) -> io::Error {
        io::Error::other(format!("{} does not have the expected size of {} bytes", self.name, self.size))
    }
}

/// Returns a line of [`CHECKSUMS`].
pub(super) fn checksum_line(sha256: &[u8], name: &str) -> String {
    format!("{}  {name}\n", encode_hex(sha256))
}

/// Returns the blob key in the name of an entry: two hexadecimal digits, `/`, and thirty more. Returns `None` for any other
/// name, so that no name from an archive can lead to another path.
pub(super) fn parse_blob_key(name: &str) -> Option<&str> {
    let key = name.strip_prefix(BLOBS_PREFIX)?;
    let (folder, file) = key.split_once('/')?;
    let is_hex = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    (folder.len() == 2 && file.len() == 30 && is_hex(folder) && is_hex(file)).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_names_that_are_not_blob_keys() {
        let good = "blobs/ab/0123456789abcdef0123456789abcd";
        assert_eq!(parse_blob_key(good), Some("ab/0123456789abcdef0123456789abcd"));
        for bad in [
            "ab/0123456789abcdef0123456789abcd",
            "blobs/../0123456789abcdef0123456789abcd",
            "blobs/ab/../../../../../../etc/passwd00",
            "blobs/AB/0123456789abcdef0123456789abcd",
            "blobs/ab/0123456789abcdef0123456789abc",
            "blobs//ab/0123456789abcdef0123456789abcd",
            "blobs/ab/0123456789abcdef0123456789abcd/x",
            "blobs/ab",
            "",
        ] {
            assert_eq!(parse_blob_key(bad), None, "{bad}");
        }
    }

    #[test]
    fn entries_must_have_the_announced_size() {
        let mut archive = ArchiveWriter::new(Vec::new(), 0);
        assert!(archive.begin_entry("a", 3).unwrap().finish().is_err());
        assert!(archive.begin_entry("a", 3).unwrap().write(b"four").is_err());
    }

    #[test]
    fn manifest_keeps_its_field_names() {
        let manifest = Manifest {
            format_version: 1,
            version: "1.2.3".to_owned(),
            migration: 4,
            created_at: "now".to_owned(),
            database: "db".to_owned(),
            segments: 5,
            bytes: 6,
        };
        assert_eq!(
            serde_json::to_string(&manifest).unwrap(),
            r#"{"form":1,"version":"1.2.3","step":4,"made_at":"now","database":"db","pieces":5,"bytes":6}"#
        );
    }
}
