//! SHA-256 hashes that clients send.

/// A SHA-256 hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sha256Hash(pub [u8; 32]);

/// The text is not a SHA-256 hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a SHA-256 hash has 64 hexadecimal digits; send the hash of the whole file")]
pub struct InvalidSha256;

impl Sha256Hash {
    /// Parses 64 hexadecimal digits in any case.
    ///
    /// # Errors
    /// Returns [`InvalidSha256`] for any other text.
    pub fn parse(text: &str) -> Result<Self, InvalidSha256> {
        let digits = text.trim().as_bytes();
        if digits.len() != 64 {
            return Err(InvalidSha256);
        }
        let mut hash = [0; 32];
        for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = hex_digit(pair[0])? << 4 | hex_digit(pair[1])?;
        }
        Ok(Self(hash))
    }
}

fn hex_digit(digit: u8) -> Result<u8, InvalidSha256> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        b'A'..=b'F' => Ok(digit - b'A' + 10),
        _ => Err(InvalidSha256),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_64_hexadecimal_digits() {
        assert_eq!(Sha256Hash::parse(&"0f".repeat(32)), Ok(Sha256Hash([0x0f; 32])));
        assert_eq!(Sha256Hash::parse(&format!(" {}\n", "aB".repeat(32))), Ok(Sha256Hash([0xab; 32])));
        let long = ["0".repeat(63), "0".repeat(65), "g".repeat(64), "é".repeat(32), "+1".repeat(32), "\0".repeat(64)];
        for wrong in long.iter().map(String::as_str).chain(["", "0", "undefined"]) {
            assert_eq!(Sha256Hash::parse(wrong), Err(InvalidSha256), "{wrong:?}");
        }
    }
}
