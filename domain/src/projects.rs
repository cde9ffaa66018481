//! Projects: where an organization's experiments are gathered.

use serde::{Deserialize, Serialize};

use crate::{
    Description, Instant, Name,
    ids::{OrganizationId, ProjectId},
    paging::Ordered,
};

/// A project. Its name is unique in its organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// Its id.
    pub id: ProjectId,
    /// The organization it belongs to.
    pub organization: OrganizationId,
    /// Its name.
    pub name: Name,
    /// What it is about, in Markdown; may be empty.
    pub description: Description,
    /// When it was made.
    pub created_at: Instant,
    /// When its name or description last changed.
    pub updated_at: Instant,
    /// Who made it; none when that person is gone.
    pub creator: Option<Name>,
}

/// What lists of projects can be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProjectField {
    /// Their names, by bytes.
    Name,
    /// When they were made.
    CreatedAt,
    /// When they last changed.
    UpdatedAt,
}

impl Ordered for ProjectField {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("name", Self::Name),
        ("creation_date", Self::CreatedAt),
        ("created_at", Self::CreatedAt),
        ("update_date", Self::UpdatedAt),
        ("updated_at", Self::UpdatedAt),
    ];
}

/// A project in a list: itself and how much goes on in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectSummary {
    /// The project.
    pub project: Project,
    /// How many experiments it has.
    pub experiments: i64,
    /// How many of them are running.
    pub running: i64,
    /// When it, or one of its experiments, last changed.
    pub active_at: Instant,
}

/// A project as its page shows it: where it is, and what the reader may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectPage {
    /// The project.
    pub project: Project,
    /// The name of its organization.
    pub organization_name: Name,
    /// Whether the reader may change its name and description.
    pub may_edit: bool,
    /// Whether the reader may delete it.
    pub may_delete: bool,
    /// Whether the reader may make experiments in it.
    pub may_create_experiment: bool,
}
