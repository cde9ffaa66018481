//! Hashing passwords, slowly on purpose (argon2id), off the threads that serve requests.

use std::sync::LazyLock;

use argon2::{
    Argon2, PasswordHasher, PasswordVerifier,
    password_hash::{Error as HashError, phc::PasswordHash},
};
use domain::people::Password;
use tokio::sync::Semaphore;

use crate::Error;

/// Each hash takes 19 MiB and a core for tens of milliseconds: a burst of sign-ins waits here, in line.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// What stands for the password of somebody who does not exist, so that the answer takes as long as for one who does.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| hash_now("nobody has this password").ok());

/// The text to keep of a password: algorithm, salt and hash in PHC form.
pub(super) async fn hash(password: &Password) -> Result<String, Error> {
    let text = password.reveal().to_owned();
    blocking(move || hash_now(&text)).await?.map_err(Error::unexpected)
}

/// Whether `attempt` is the password of which `kept` was kept. Without `kept`, it takes as long and is false.
pub(super) async fn verify(attempt: &str, kept: Option<String>) -> Result<bool, Error> {
    let attempt = attempt.to_owned();
    blocking(move || {
        let (known, kept) = match kept {
            Some(kept) => (true, kept),
            None => (false, NOBODY.clone().unwrap_or_default()),
        };
        let hash = PasswordHash::new(&kept).map_err(Error::unexpected)?;
        match Argon2::default().verify_password(attempt.as_bytes(), &hash) {
            Ok(()) => Ok(known),
            Err(HashError::PasswordInvalid) => Ok(false),
            Err(error) => Err(Error::unexpected(error)),
        }
    })
    .await?
}

fn hash_now(text: &str) -> Result<String, HashError> {
    Ok(Argon2::default().hash_password(text.as_bytes())?.to_string())
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    let _permit = AT_ONCE.acquire().await.map_err(Error::unexpected)?;
    tokio::task::spawn_blocking(work).await.map_err(Error::unexpected)
}
