//! Content hashes, short enough for a file name.

use sha2::{Digest, Sha256};

/// A hash of several pieces. The length of each piece is hashed too, so that moving bytes between pieces changes the hash.
#[derive(Debug, Default)]
pub struct ContentHash(Sha256);

impl ContentHash {
    /// Adds a piece.
    pub fn with_piece(mut self, bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref();
        self.0.update(bytes.len().to_le_bytes());
        self.0.update(bytes);
        self
    }

    /// Returns the first 48 bits in hexadecimal.
    pub fn into_short_hex(self) -> String {
        self.0.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::ContentHash;

    #[test]
    fn depends_on_the_boundaries_between_pieces() {
        let one = ContentHash::default().with_piece("ab").with_piece("c").into_short_hex();
        let two = ContentHash::default().with_piece("a").with_piece("bc").into_short_hex();
        assert_ne!(one, two);
        assert_eq!(one.len(), 12);
    }
}
