//! People: how they are named, what they may do, and what proves who they are.

mod email;
mod password;
mod rights;
mod scope;

pub use email::{Email, EmailError};
pub use password::{Password, PasswordError};
pub use rights::{ProjectRole, Right, Role, Standing, UnknownRole, allows};
pub use scope::{Scope, UnknownScope};

use serde::{Deserialize, Serialize};

use crate::{
    Instant, Name,
    ids::{SessionId, UserId},
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
