//! Organizations: the outermost circle. Everything else belongs to one.

use serde::{Deserialize, Serialize};

use crate::{Name, ids::OrganizationId, people::Role};

/// An organization, as one of its members sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// Its name.
    pub name: Name,
    /// The reader's own role in it.
    pub role: Role,
}
