//! Signing in with a password, and signing out.

use std::net::IpAddr;

use domain::people::Email;

use super::{password, sessions, users};
use crate::{Actor, Credential, Error, Secret, Tracker, clock, db::run};

impl Tracker {
    /// Creates a session and returns its secret.
    ///
    /// An unknown e-mail address and a wrong password return the same error after the same time. `client_ip` is the address
    /// of the request; attempts are limited per address.
    ///
    /// # Errors
    /// Returns [`Error::Invalid`] if the e-mail address or the password is wrong, [`Error::TooMany`] after too many
    /// attempts, and [`Error::Busy`] if too many passwords are being checked.
    pub async fn sign_in(&self, email: &Email, attempt: &str, client_ip: IpAddr) -> Result<Secret, Error> {
        let permit = self.login_throttle().begin_attempt(client_ip, email)?;
        let found = users::find_user_by_email(&mut self.read().await?.conn(), email).await?;
        let (user, password_hash) = found.map(|found| (found.user, found.password_hash)).unzip();
        let correct = password::verify_password(attempt, password_hash, permit).await?;
        let Some(user) = user.filter(|_| correct) else {
            return Err(Error::Invalid("wrong e-mail address or password".to_owned()));
        };
        let mut write = self.write_from_reserve().await?;
        let session = sessions::create_session(&mut write.conn(), user.id, clock::now()).await?;
        write.commit().await?;
        Ok(session)
    }

    /// Ends the session that authenticated `who`. Does nothing if `who` authenticated with a token.
    ///
    /// # Errors
    /// Returns [`Error::Unexpected`] if the database fails.
    pub async fn sign_out(&self, who: &Actor) -> Result<(), Error> {
        let Credential::Session(id) = who.credential else { return Ok(()) };
        let mut write = self.write_from_reserve().await?;
        run!(write.conn(), sqlx::query("DELETE FROM sessions WHERE id = $1").bind(id.0))?;
        write.commit().await
    }
}
