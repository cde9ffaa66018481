//! What an archive looks like: names and order of its entries.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::blobs::hex;

/// The first entry, by which an archive is known.
pub(super) const MANIFEST: &str = "groundglass-backup.json";
/// The last entry: a line for each other one, in the form of `sha256sum`.
pub(super) const SUMS: &str = "SHA256SUMS";
/// The folder of the files' bytes.
pub(super) const BLOBS: &str = "blobs/";
/// The form that is written here and can be read.
pub(super) const FORM: u32 = 1;

/// What an archive says of itself.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// The archive's form; newer ones are refused.
    pub(super) form: u32,
    /// The program that wrote it.
    pub(super) version: String,
    /// The newest migration that the database has; a program that does not know it refuses.
    pub(super) step: i64,
    /// When, for people.
    pub(super) made_at: String,
    /// The name of the database's entry, which tells the engine.
    pub(super) database: String,
    /// How many pieces of files follow.
    pub(super) pieces: u64,
    /// How many bytes those have together.
    pub(super) bytes: u64,
}

/// Writes an archive, entry after entry, and sums up what it writes.
pub(super) struct Writer<W> {
    out: W,
    /// Seconds since 1970, for all entries.
    at: u64,
    sums: String,
}

/// An entry that is being written. Give exactly as many bytes as were announced, then end it.
pub(super) struct Entry<'w, W> {
    writer: &'w mut Writer<W>,
    name: String,
    announced: u64,
    left: u64,
    hash: Sha256,
}

impl<W: Write> Writer<W> {
    pub(super) fn new(out: W, at: u64) -> Self {
        Self { out, at, sums: String::new() }
    }

    pub(super) fn begin(&mut self, name: &str, size: u64) -> io::Result<Entry<'_, W>> {
        self.header(name, size)?;
        Ok(Entry { writer: self, name: name.to_owned(), announced: size, left: size, hash: Sha256::new() })
    }

    /// Writes an entry that is in memory.
    pub(super) fn small(&mut self, name: &str, content: &[u8]) -> io::Result<()> {
        let mut entry = self.begin(name, content.len() as u64)?;
        entry.write(content)?;
        entry.end()
    }

    /// Writes the sums and the archive's end.
    pub(super) fn finish(mut self) -> io::Result<W> {
        let sums = std::mem::take(&mut self.sums);
        self.small(SUMS, sums.as_bytes())?;
        self.out.write_all(&[0; 1024])?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn header(&mut self, name: &str, size: u64) -> io::Result<()> {
        let mut header = tar::Header::new_gnu();
        header.set_path(name)?;
        header.set_size(size);
        header.set_mode(0o600);
        header.set_mtime(self.at);
        header.set_entry_type(tar::EntryType::Regular);
        header.set_cksum();
        self.out.write_all(header.as_bytes())
    }
}

impl<W: Write> Entry<'_, W> {
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.left = self.left.checked_sub(bytes.len() as u64).ok_or_else(|| self.other_size())?;
        self.hash.update(bytes);
        self.writer.out.write_all(bytes)
    }

    pub(super) fn end(self) -> io::Result<()> {
        if self.left > 0 {
            return Err(self.other_size());
        }
        // Entries fill blocks of 512 bytes.
        let over = usize::try_from(self.announced % 512).map_err(io::Error::other)?;
        self.writer.out.write_all(&[0; 512][..(512 - over) % 512])?;
        self.writer.sums += &sum_line(&self.hash.finalize(), &self.name);
        Ok(())
    }

    fn other_size(&self) -> io::Error {
        io::Error::other(format!("{} does not have the {} bytes that it should have", self.name, self.announced))
    }
}

/// A line of [`SUMS`].
pub(super) fn sum_line(sha256: &[u8], name: &str) -> String {
    format!("{}  {name}\n", hex(sha256))
}

/// The key that an entry's name stands for, if it is one: two hexadecimal digits, `/`, and thirty more. No other name from an
/// archive gets near a path.
pub(super) fn key(name: &str) -> Option<&str> {
    let key = name.strip_prefix(BLOBS)?;
    let (folder, file) = key.split_once('/')?;
    let is_hex = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    (folder.len() == 2 && file.len() == 30 && is_hex(folder) && is_hex(file)).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_keys_become_places() {
        let good = "blobs/ab/0123456789abcdef0123456789abcd";
        assert_eq!(key(good), Some("ab/0123456789abcdef0123456789abcd"));
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
            assert_eq!(key(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_entry_has_the_size_that_was_announced() {
        let mut archive = Writer::new(Vec::new(), 0);
        assert!(archive.begin("a", 3).unwrap().end().is_err());
        assert!(archive.begin("a", 3).unwrap().write(b"four").is_err());
    }
}
