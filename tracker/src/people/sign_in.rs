//! Signing in and out with a password.

use std::net::IpAddr;

use domain::people::Email;

use super::{password, sessions, users};
use crate::{Actor, Credential, Error, Secret, Tracker, clock, db::run};

impl Tracker {
    /// Begins a session for whoever knows the password; `from` is the address that asks, for the brake on guessing.
    /// Unknown address and wrong password look the same and take as long.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is the wrong password or nobody; [`Error::TooMany`] after too many attempts.
    pub async fn sign_in(&self, email: &Email, attempt: &str, from: IpAddr) -> Result<Secret, Error> {
        self.login_throttle().count(from, email)?;
        let known = users::by_email(&mut self.read().await?.conn(), email).await?;
        let (user, kept) = known.map(|known| (known.user, known.password_hash)).unzip();
        let right = password::verify(attempt, kept).await?;
        let Some(user) = user.filter(|_| right) else {
            return Err(Error::Invalid("this e-mail address and password do not belong together".to_owned()));
        };
        let mut write = self.write().await?;
        let session = sessions::begin(&mut write.conn(), user.id, clock::now()).await?;
        write.commit().await?;
        Ok(session)
    }

    /// Ends the session that `who` asks with. A token has none, and nothing happens.
    ///
    /// # Errors
    /// [`Error::Unexpected`] when the database fails.
    pub async fn sign_out(&self, who: &Actor) -> Result<(), Error> {
        let Credential::Session(id) = who.credential else { return Ok(()) };
        let mut write = self.write().await?;
        run!(write.conn(), sqlx::query("DELETE FROM sessions WHERE id = $1").bind(id.0))?;
        write.commit().await
    }
}
