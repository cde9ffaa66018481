//! Who asks.

use domain::{
    Name,
    ids::{SessionId, TokenId, UserId},
    people::{Email, Scope},
};

/// A person who has proved who they are, and by what. Made only by [`crate::Tracker::actor_by_session`] and
/// [`crate::Tracker::actor_by_token`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub user: UserId,
    /// What others see of them.
    pub name: Name,
    /// What they sign in with.
    pub email: Email,
    /// What proved it.
    pub credential: Credential,
}

/// What proves who somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// The cookie of a signed-in browser.
    Session(SessionId),
    /// An API token.
    Token {
        /// Which.
        id: TokenId,
        /// How far it reaches.
        scope: Scope,
    },
}
