//! A user's own account: changing the password, managing API tokens.

use std::net::IpAddr;

use domain::{
    ids::{SessionId, TokenId},
    people::{NewToken, Password, Token},
};

use super::{password, sessions, tokens, users};
use crate::{Actor, Credential, Error, Secret, Tracker};

impl Tracker {
    /// Changes the password of `who` and ends their other sessions. Their tokens stay valid.
    ///
    /// `client_ip` is the address of the request; attempts are limited per address.
    ///
    /// # Errors
    /// Returns [`Error::Invalid`] if `current` is not their password, [`Error::TooMany`] after too many attempts,
    /// [`Error::Busy`] if too many passwords are being checked, and [`Error::Forbidden`] if `who` authenticated with a token.
    pub async fn change_password(
        &self,
        who: &Actor,
        current: &str,
        new: &Password,
        client_ip: IpAddr,
    ) -> Result<(), Error> {
        let session = require_session(who)?;
        let permit = self.login_throttle().begin_attempt(client_ip, &who.email)?;
        let user = users::find_user_by_email(&mut self.read().await?.conn(), &who.email).await?;
        if !password::verify_password(current, user.map(|user| user.password_hash), permit).await? {
            return Err(Error::Invalid("this is not your current password".to_owned()));
        }
        let password_hash = password::hash_password(new).await?;
        let mut write = self.write_from_reserve().await?;
        let mut conn = write.conn();
        users::set_password_hash(&mut conn, who.user, &password_hash).await?;
        sessions::end_other_sessions(&mut conn, who.user, session).await?;
        write.commit().await
    }

    /// Returns the tokens of `who` that were not revoked, newest first. Returns at most 500.
    ///
    /// # Errors
    /// Returns [`Error::Forbidden`] if `who` authenticated with a token.
    pub async fn tokens(&self, who: &Actor) -> Result<Vec<Token>, Error> {
        require_session(who)?;
        tokens::list_user_tokens(&mut self.read().await?.conn(), who.user).await
    }

    /// Creates a token for `who` and returns its secret, which is stored only as a hash.
    ///
    /// # Errors
    /// Returns [`Error::Conflict`] if they already have the maximum number of tokens, and [`Error::Forbidden`] if `who`
    /// authenticated with a token.
    pub async fn create_token(&self, who: &Actor, new: &NewToken) -> Result<Secret, Error> {
        require_session(who)?;
        let mut write = self.write().await?;
        let secret = tokens::insert_token(&mut write.conn(), who.user, new).await?;
        write.commit().await?;
        Ok(secret)
    }

    /// Revokes a token of `who`. When this returns, this server rejects it; others on PostgreSQL do
    /// as soon as they are notified.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if `who` has no such token, and [`Error::Forbidden`] if `who` authenticated with a
    /// token.
    pub async fn revoke_token(&self, who: &Actor, id: TokenId) -> Result<(), Error> {
        require_session(who)?;
        let mut write = self.write_from_reserve().await?;
        tokens::revoke_token(&mut write, id, Some(who.user)).await?;
        write.commit().await
    }
}

/// Returns the session of `who`. Tokens cannot manage the account: a leaked token could create others.
fn require_session(who: &Actor) -> Result<SessionId, Error> {
    match who.credential {
        Credential::Session(id) => Ok(id),
        Credential::Token { .. } => {
            Err(Error::Forbidden("tokens cannot manage an account; sign in with a browser".to_owned()))
        }
    }
}
