//! People: how they are named, what they may do, and what proves who they are.

mod email;
mod password;
mod rights;
mod scope;

pub use email::{Email, EmailError};
pub use password::{Password, PasswordError};
pub use rights::{EffectiveRole, ProjectRole, Right, Role, UnknownRole, allows};
pub use scope::{Scope, UnknownScope};

use serde::{Deserialize, Serialize};

use crate::{
    Instant, Name,
    ids::{SessionId, TokenId, UserId},
};

/// A person who can sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// The address they sign in with.
    pub email: Email,
    /// What others see.
    pub name: Name,
    /// When they were added.
    pub created_at: Instant,
}

/// A signed-in browser, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// When it was signed in.
    pub created_at: Instant,
    /// When it was last used, within a minute.
    pub last_seen_at: Instant,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// An API token as it is listed: everything but the secret, which is nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// The address of whose it is.
    pub email: Email,
    /// What its owner calls it.
    pub name: Option<Name>,
    /// How far it reaches.
    pub scope: Scope,
    /// When it was made.
    pub created_at: Instant,
    /// When it stops working by itself; none is never.
    pub expires_at: Option<Instant>,
    /// When it was last used, within a minute.
    pub last_used_at: Option<Instant>,
    /// When it was revoked.
    pub revoked_at: Option<Instant>,
}

/// A token to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    /// What its owner calls it.
    pub name: Option<Name>,
    /// How far it is to reach.
    pub scope: Scope,
    /// After how many seconds it stops working by itself; none is never.
    pub lifetime_seconds: Option<i64>,
}

impl NewToken {
    /// One without a name.
    #[must_use]
    pub fn unnamed(scope: Scope, lifetime_seconds: Option<i64>) -> Self {
        Self { name: None, scope, lifetime_seconds }
    }
}
