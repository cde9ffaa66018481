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

/// An organization with the reader's rights, as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationPage {
    /// The organization.
    pub organization: Organization,
    /// Whether the reader may create projects in it.
    pub may_create_project: bool,
}
