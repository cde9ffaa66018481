//! The authenticated user of a request.

use domain::{
    Name,
    ids::{SessionId, TokenId, UserId},
    people::{Email, Scope},
};

/// An authenticated user. Created only by [`crate::Tracker::actor_by_session`] and [`crate::Tracker::actor_by_token`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The user's id.
    pub user: UserId,
    /// The name shown to others.
    pub name: Name,
    /// The e-mail address to sign in with.
    pub email: Email,
    /// The credential that authenticated the request.
    pub credential: Credential,
}

impl Actor {
    /// Returns whether the request is authenticated by a token, as those of scripts are.
    pub(crate) fn is_script(&self) -> bool {
        matches!(self.credential, Credential::Token { .. })
    }
}

/// A verified credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// The session cookie of a signed-in browser.
    Session(SessionId),
    /// An API token.
    Token {
        /// The token's id.
        id: TokenId,
        /// What the token may do.
        scope: Scope,
    },
}
