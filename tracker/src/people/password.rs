//! Password hashing with argon2id, on blocking threads because it is slow by design.

use std::sync::LazyLock;

use argon2::{
    Argon2, PasswordHasher, PasswordVerifier,
    password_hash::{Error as HashError, phc::PasswordHash},
};
use domain::people::Password;
use tokio::sync::Semaphore;

use crate::Error;

/// Limits concurrent hashing: each hash takes 19 MiB and a core for tens of milliseconds.
static HASH_PERMITS: Semaphore = Semaphore::const_new(2);

/// A hash to verify attempts for unknown users against, so that they take as long as for known users.
static DUMMY_HASH: LazyLock<Option<String>> = LazyLock::new(|| hash_blocking("password of unknown users").ok());

/// Returns the hash of a password to store: algorithm, parameters, salt and hash as a PHC string.
pub(super) async fn hash_password(password: &Password) -> Result<String, Error> {
    let text = password.reveal().to_owned();
    spawn_hashing(move || hash_blocking(&text)).await?.map_err(Error::unexpected)
}

/// Returns whether `attempt` matches the stored hash. Without a hash it returns `false` after the same time.
pub(super) async fn verify_password(attempt: &str, stored_hash: Option<String>) -> Result<bool, Error> {
    let attempt = attempt.to_owned();
    spawn_hashing(move || {
        let (user_exists, stored_hash) = match stored_hash {
            Some(stored_hash) => (true, stored_hash),
            None => (false, DUMMY_HASH.clone().unwrap_or_default()),
        };
        let hash = PasswordHash::new(&stored_hash).map_err(Error::unexpected)?;
        match Argon2::default().verify_password(attempt.as_bytes(), &hash) {
            Ok(()) => Ok(user_exists),
            Err(HashError::PasswordInvalid) => Ok(false),
            Err(error) => Err(Error::unexpected(error)),
        }
    })
    .await?
}

fn hash_blocking(text: &str) -> Result<String, HashError> {
    Ok(Argon2::default().hash_password(text.as_bytes())?.to_string())
}

/// Runs `work` on a blocking thread once a permit is free.
async fn spawn_hashing<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    let _permit = HASH_PERMITS.acquire().await.map_err(Error::unexpected)?;
    tokio::task::spawn_blocking(work).await.map_err(Error::unexpected)
}
