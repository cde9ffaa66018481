//! Organizations. Everything else belongs to exactly one.

use serde::{Deserialize, Serialize};

use crate::{Name, ids::OrganizationId, people::Role};

/// An organization with the reader's role in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// The organization's id.
    pub id: OrganizationId,
    /// The name.
    pub name: Name,
    /// The reader's role in it.
    pub role: Role,
}
