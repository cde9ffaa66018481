//! Users, their roles and rights, and their credentials.

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

/// A user who can sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The user's id.
    pub id: UserId,
    /// The e-mail address to sign in with.
    pub email: Email,
    /// The name shown to others.
    pub name: Name,
    /// When the user was created.
    pub created_at: Instant,
}

/// A session of a signed-in browser, as its user sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The session's id.
    pub id: SessionId,
    /// When the user signed in.
    pub created_at: Instant,
    /// When the session was last used, accurate to a minute.
    pub last_seen_at: Instant,
    /// Whether the current request belongs to this session.
    pub current: bool,
}

/// An API token without its secret, which is stored nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// The token's id.
    pub id: TokenId,
    /// The e-mail address of its owner.
    pub email: Email,
    /// The name that its owner chose.
    pub name: Option<Name>,
    /// What the token may do.
    pub scope: Scope,
    /// When it was created.
    pub created_at: Instant,
    /// When it expires; `None` means never.
    pub expires_at: Option<Instant>,
    /// When it was last used, accurate to a minute; `None` if it never was.
    pub last_used_at: Option<Instant>,
    /// When it was revoked; `None` if it was not.
    pub revoked_at: Option<Instant>,
}

/// The properties of a token to create.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    /// The name that its owner chose.
    pub name: Option<Name>,
    /// What the token may do.
    pub scope: Scope,
    /// Seconds until it expires; `None` means never.
    pub lifetime_seconds: Option<i64>,
}

impl NewToken {
    /// Returns a token without a name.
    #[must_use]
    pub fn unnamed(scope: Scope, lifetime_seconds: Option<i64>) -> Self {
        Self { name: None, scope, lifetime_seconds }
    }
}
