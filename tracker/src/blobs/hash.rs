//! Resumable SHA-256: the state is stored between the parts of an upload, so that the file is hashed in one pass.

use std::fmt::Write as _;

use sha2::{Sha256, digest::common::hazmat::SerializableState as _};

/// Returns the state of an unfinished hash.
pub(crate) fn serialize_hash(hash: &Sha256) -> Vec<u8> {
    hash.serialize().to_vec()
}

/// Restores the state returned by [`serialize_hash`]. Returns `None` if the bytes are invalid.
pub(crate) fn deserialize_hash(state: &[u8]) -> Option<Sha256> {
    Sha256::deserialize(state.try_into().ok()?).ok()
}

/// Returns the bytes as lowercase hexadecimal digits.
pub(crate) fn encode_hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Returns the bytes of hexadecimal digits. Returns `None` for other characters and an odd number of digits.
pub(crate) fn decode_hex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use sha2::Digest as _;

    use super::*;

    #[test]
    fn hexadecimal_digits_are_decoded() {
        assert_eq!(decode_hex(&encode_hex(&[0, 255, 16])), Some(vec![0, 255, 16]));
        for (text, expected) in
            [("", Some(vec![])), ("0aFF", Some(vec![10, 255])), ("0", None), ("+1", None), ("éé", None)]
        {
            assert_eq!(decode_hex(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_restored_hash_continues_at_any_byte() {
        let bytes: Vec<u8> = (0..200u8).collect();
        for cut in [0, 1, 63, 64, 65, 199, 200] {
            let mut first = Sha256::new();
            first.update(&bytes[..cut]);
            let mut second = deserialize_hash(&serialize_hash(&first)).unwrap();
            second.update(&bytes[cut..]);
            assert_eq!(second.finalize(), Sha256::digest(&bytes), "cut at {cut}");
        }
        assert!(deserialize_hash(&[]).is_none());
        assert!(deserialize_hash(&[7; 300]).is_none());
    }
}
