//! Password hashing with argon2id, on blocking threads because it is slow by design.

use std::{sync::LazyLock, time::Duration};

use argon2::{
    ARGON2ID_IDENT, Algorithm, Argon2, Block, Params, PasswordHash, Version,
    password_hash::{
        Error as HashError,
        phc::{Output, ParamsString, Salt},
    },
};
use domain::people::Password;

use crate::{
    Error,
    blocking::{BlockingPool, PoolLimits},
};

/// Each hash takes 19 MiB and a core for tens of milliseconds. A full queue is done in about two seconds.
static HASHING: BlockingPool =
    BlockingPool::new(PoolLimits { workers: 2, queue: 64, deadline: Duration::from_secs(20) });

/// Minimum allocation for a hash, in bytes. The allocator of glibc maps allocations above 32 MiB and returns them to the
/// system when they are freed. Smaller ones stay with the thread that made them: up to 38 MB for each blocking thread. Only
/// the part that a hash uses is ever in memory.
const MIN_ALLOCATION: usize = 33 << 20;

/// A hash to verify attempts for unknown users against, so that they take as long as for known users.
static DUMMY_HASH: LazyLock<Option<String>> = LazyLock::new(|| hash_blocking("password of unknown users").ok());

/// Returns the hash of a password to store: algorithm, parameters, salt and hash as a PHC string.
///
/// # Errors
/// Returns [`Error::Busy`] if too many hashes are waiting.
pub(super) async fn hash_password(password: &Password) -> Result<String, Error> {
    let text = password.reveal().to_owned();
    HASHING.run(move |_| hash_blocking(&text)).await?.map_err(Error::unexpected)
}

/// Returns whether `attempt` matches the stored hash. Without a hash it returns `false` after the same time. `permit` is
/// dropped when the hash is computed, also if the caller is gone earlier.
///
/// # Errors
/// Returns [`Error::Busy`] if too many hashes are waiting.
pub(super) async fn verify_password(
    attempt: &str,
    stored_hash: Option<String>,
    permit: impl Send + 'static,
) -> Result<bool, Error> {
    let attempt = attempt.to_owned();
    let verified = HASHING.run(move |_| {
        let _permit = permit;
        let (user_exists, stored_hash) = match stored_hash {
            Some(stored_hash) => (true, stored_hash),
            None => (false, DUMMY_HASH.clone().unwrap_or_default()),
        };
        Ok(matches_hash(&attempt, &stored_hash)? && user_exists)
    });
    verified.await?.map_err(|error: HashError| Error::unexpected(error))
}

fn hash_blocking(text: &str) -> Result<String, HashError> {
    let mut salt = [0; Salt::RECOMMENDED_LENGTH];
    getrandom::fill(&mut salt).map_err(|_| HashError::RngFailure)?;
    let argon2 = Argon2::default();
    let hash = PasswordHash {
        algorithm: ARGON2ID_IDENT,
        version: Some(Version::default().into()),
        params: ParamsString::try_from(argon2.params())?,
        salt: Some(Salt::new(&salt)?),
        hash: Some(compute_hash(&argon2, text, &salt, Params::DEFAULT_OUTPUT_LEN)?),
    };
    Ok(hash.to_string())
}

/// Returns whether a password has this hash, with the algorithm and the parameters of the hash. Compares in constant time.
fn matches_hash(password: &str, hash: &str) -> Result<bool, HashError> {
    let hash = PasswordHash::new(hash)?;
    let (Some(salt), Some(expected)) = (&hash.salt, &hash.hash) else { return Err(HashError::PasswordInvalid) };
    let version = hash.version.map(Version::try_from).transpose()?.unwrap_or_default();
    let argon2 = Argon2::new(Algorithm::try_from(hash.algorithm.as_str())?, version, Params::try_from(&hash)?);
    Ok(compute_hash(&argon2, password, salt, expected.len())? == *expected)
}

fn compute_hash(argon2: &Argon2<'_>, password: &str, salt: &[u8], length: usize) -> Result<Output, HashError> {
    let blocks = argon2.params().block_count();
    let mut memory: Vec<Block> = Vec::new();
    memory.try_reserve_exact(blocks.max(MIN_ALLOCATION / Block::SIZE)).map_err(|_| HashError::OutOfMemory)?;
    memory.resize(blocks, Block::default());
    let mut output = [0; Output::MAX_LENGTH];
    let output = output.get_mut(..length).ok_or(HashError::OutputSize)?;
    argon2.hash_password_into_with_memory(password.as_bytes(), salt, output, &mut memory)?;
    Ok(Output::new(output)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verifies_hashes_of_this_and_of_other_parameters() {
        let stored = hash_blocking("tripod-lens-17").unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_ne!(stored, hash_blocking("tripod-lens-17").unwrap());
        // "password" with the salt "somesalt", from the reference implementation's tests.
        let other = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
        for (password, hash, expected) in [
            ("tripod-lens-17", stored.as_str(), true),
            ("tripod-lens-18", &stored, false),
            ("password", other, true),
            ("passwore", other, false),
        ] {
            assert_eq!(matches_hash(password, hash), Ok(expected), "{password}");
        }
        matches_hash("password", "").unwrap_err();
    }
}
