//! Projects. Each groups experiments of an organization.

use serde::{Deserialize, Serialize};

use crate::{
    Description, Instant, Name,
    ids::{OrganizationId, ProjectId},
    paging::SortField,
};

/// A project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// The project's id.
    pub id: ProjectId,
    /// The organization that contains it.
    pub organization: OrganizationId,
    /// The name, unique within the organization.
    pub name: Name,
    /// Description in Markdown; may be empty.
    pub description: Description,
    /// When the project was created.
    pub created_at: Instant,
    /// When the name or description last changed.
    pub updated_at: Instant,
    /// The user who created it; `None` if that user was removed.
    pub creator: Option<Name>,
}

/// Sort keys for lists of projects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProjectField {
    /// Name, compared bytewise.
    Name,
    /// Creation time.
    CreatedAt,
    /// Time of the last change.
    UpdatedAt,
}

impl SortField for ProjectField {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("name", Self::Name),
        ("creation_date", Self::CreatedAt),
        ("created_at", Self::CreatedAt),
        ("update_date", Self::UpdatedAt),
        ("updated_at", Self::UpdatedAt),
    ];
}

/// A project with figures about its activity, as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectSummary {
    /// The project.
    pub project: Project,
    /// Number of experiments.
    pub experiments: i64,
    /// Number of running experiments.
    pub running: i64,
    /// When the project or one of its experiments last changed.
    pub active_at: Instant,
}

/// A project with its organization and the reader's rights, as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectPage {
    /// The project.
    pub project: Project,
    /// The name of the organization.
    pub organization_name: Name,
    /// Whether the reader may change name and description.
    pub may_edit: bool,
    /// Whether the reader may delete the project.
    pub may_delete: bool,
    /// Whether the reader may create experiments in it.
    pub may_create_experiment: bool,
}
