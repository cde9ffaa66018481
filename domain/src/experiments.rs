//! Experiments: one training each, tracked and structured.

mod status;

use serde::{Deserialize, Serialize};

pub use status::{Status, UnknownStatus};

use crate::{
    Description, Instant, Name,
    ids::{ExperimentId, OrganizationId, ProjectId},
    paging::Ordered,
};

/// An experiment. Its name is unique in its project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Experiment {
    /// Its id.
    pub id: ExperimentId,
    /// The project it belongs to.
    pub project: ProjectId,
    /// Its name.
    pub name: Name,
    /// What it is about, in Markdown; may be empty.
    pub description: Description,
    /// How far its training is.
    pub status: Status,
    /// When it was made.
    pub created_at: Instant,
    /// When its name, description or status last changed.
    pub updated_at: Instant,
    /// Who made it; none when that person is gone.
    pub creator: Option<Name>,
    /// The experiment that it started from, if it did and that one still exists.
    pub base: Option<ExperimentId>,
    /// Counts the changes of its settings. Whoever edits says which one was read,
    /// so that nobody overwrites what they have not seen.
    pub version: i64,
}

/// What lists of experiments can be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExperimentField {
    /// Their names, by bytes.
    Name,
    /// The words of their statuses.
    Status,
    /// When they were made.
    CreatedAt,
    /// When their name, description or status last changed.
    UpdatedAt,
}

impl Ordered for ExperimentField {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("name", Self::Name),
        ("status", Self::Status),
        ("creation_date", Self::CreatedAt),
        ("created_at", Self::CreatedAt),
        ("update_date", Self::UpdatedAt),
        ("updated_at", Self::UpdatedAt),
    ];
}

/// An experiment as its page shows it: where it is, and what the reader may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExperimentPage {
    /// The experiment.
    pub experiment: Experiment,
    /// The name of its project.
    pub project_name: Name,
    /// The organization it belongs to.
    pub organization: OrganizationId,
    /// That organization's name.
    pub organization_name: Name,
    /// The name of the experiment that it started from.
    pub base_name: Option<Name>,
    /// Whether the reader may log to it and set its status.
    pub may_write: bool,
    /// Whether the reader may change its settings.
    pub may_edit: bool,
    /// Whether the reader may delete it.
    pub may_delete: bool,
}
