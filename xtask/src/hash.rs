//! Hashes of contents, short enough for a file name.

use sha2::{Digest, Sha256};

/// Collects pieces; each one counts with its length, so that moving a border changes the hash.
#[derive(Debug, Default)]
pub struct Hash(Sha256);

impl Hash {
    /// Adds a piece.
    pub fn piece(mut self, bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref();
        self.0.update(bytes.len().to_le_bytes());
        self.0.update(bytes);
        self
    }

    /// The first 48 bits in hexadecimal.
    pub fn short(self) -> String {
        self.0.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Hash;

    #[test]
    fn borders_between_pieces_count() {
        let one = Hash::default().piece("ab").piece("c").short();
        let two = Hash::default().piece("a").piece("bc").short();
        assert_ne!(one, two);
        assert_eq!(one.len(), 12);
    }
}
