//! Scopes of API tokens.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// What an API token may do. It never exceeds the rights of its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Reads everything that its owner may see.
    Read,
    /// Reads and changes everything that its owner may read and change in projects and experiments.
    Write,
}

/// The text is not a known scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a token's scope is 'read' or 'write'")]
pub struct UnknownScope;

impl Scope {
    /// Returns the scope as written in the API and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        match text {
            "read" => Ok(Self::Read),
            "write" => Ok(Self::Write),
            _ => Err(UnknownScope),
        }
    }
}
