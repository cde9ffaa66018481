//! What people do with their own account: its password and its tokens.

use std::net::IpAddr;

use domain::{
    ids::{SessionId, TokenId},
    people::{NewToken, Password, Token},
};

use super::{password, sessions, tokens, users};
use crate::{Actor, Credential, Error, Secret, Tracker};

impl Tracker {
    /// Gives `who` a new password and ends their sessions in other browsers. Their tokens go on working. `from` is the
    /// address that asks, for the brake on guessing.
    ///
    /// # Errors
    /// [`Error::Invalid`] when `current` is not their password; [`Error::TooMany`] after too many attempts;
    /// [`Error::Forbidden`] for a token.
    pub async fn change_password(&self, who: &Actor, current: &str, new: &Password, from: IpAddr) -> Result<(), Error> {
        let session = signed_in(who)?;
        self.login_throttle().count(from, &who.email)?;
        let kept = users::by_email(&mut self.read().await?.conn(), &who.email).await?.map(|known| known.password_hash);
        if !password::verify(current, kept).await? {
            return Err(Error::Invalid("this is not your current password".to_owned()));
        }
        let password_hash = password::hash(new).await?;
        let mut write = self.write().await?;
        let mut conn = write.conn();
        users::set_password(&mut conn, who.user, &password_hash).await?;
        sessions::end_others(&mut conn, who.user, session).await?;
        write.commit().await
    }

    /// The tokens of `who` that were not revoked, the newest first; at most 500.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for a token.
    pub async fn tokens(&self, who: &Actor) -> Result<Vec<Token>, Error> {
        signed_in(who)?;
        tokens::of(&mut self.read().await?.conn(), who.user).await
    }

    /// Makes a token for `who`; the secret is shown this once.
    ///
    /// # Errors
    /// [`Error::Conflict`] when they have very many already; [`Error::Forbidden`] for a token.
    pub async fn create_token(&self, who: &Actor, new: &NewToken) -> Result<Secret, Error> {
        signed_in(who)?;
        let mut write = self.write().await?;
        let secret = tokens::add(&mut write.conn(), who.user, new).await?;
        write.commit().await?;
        Ok(secret)
    }

    /// Revokes a token of `who`. It stops working within half a second, in every server.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is none of theirs; [`Error::Forbidden`] for a token.
    pub async fn revoke_token(&self, who: &Actor, id: TokenId) -> Result<(), Error> {
        signed_in(who)?;
        let mut write = self.write().await?;
        tokens::revoke(&mut write.conn(), id, Some(who.user)).await?;
        write.commit().await
    }
}

/// The session that `who` asks with. A token opens no account: whoever found one would make others of it.
fn signed_in(who: &Actor) -> Result<SessionId, Error> {
    match who.credential {
        Credential::Session(id) => Ok(id),
        Credential::Token { .. } => Err(Error::Forbidden("a token cannot do this; sign in".to_owned())),
    }
}
