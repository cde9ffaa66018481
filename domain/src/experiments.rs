//! Experiments. Each tracks one training.

mod lifecycle;
mod status;

use serde::{Deserialize, Serialize};

pub use lifecycle::{Lifecycle, RunTimes};
pub use status::{Status, UnknownStatus};

use crate::{
    Description, Instant, Name,
    ids::{ExperimentId, OrganizationId, ProjectId},
    paging::SortField,
};

/// An experiment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Experiment {
    /// The experiment's id.
    pub id: ExperimentId,
    /// The project that contains it.
    pub project: ProjectId,
    /// The name, unique within the project.
    pub name: Name,
    /// Description in Markdown; may be empty.
    pub description: Description,
    /// Status of the training.
    pub status: Status,
    /// Times of the training.
    pub times: RunTimes,
    /// When the experiment was created.
    pub created_at: Instant,
    /// When the name, description or status last changed.
    pub updated_at: Instant,
    /// The user who created it; `None` if that user was removed.
    pub creator: Option<Name>,
    /// The base experiment; `None` if there is none or it was deleted.
    pub base: Option<ExperimentId>,
    /// Number of changes of the settings. An edit names the version it is based on and fails if another edit came first.
    pub version: i64,
}

/// Sort keys for lists of experiments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExperimentField {
    /// Name, compared bytewise.
    Name,
    /// Status, compared as text.
    Status,
    /// Creation time.
    CreatedAt,
    /// Time of the last change of name, description or status.
    UpdatedAt,
}

impl SortField for ExperimentField {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("name", Self::Name),
        ("status", Self::Status),
        ("creation_date", Self::CreatedAt),
        ("created_at", Self::CreatedAt),
        ("update_date", Self::UpdatedAt),
        ("updated_at", Self::UpdatedAt),
    ];
}

/// An experiment with its place in the hierarchy and the reader's rights, as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExperimentPage {
    /// The experiment.
    pub experiment: Experiment,
    /// The name of the project.
    pub project_name: Name,
    /// The organization that contains the project.
    pub organization: OrganizationId,
    /// The name of the organization.
    pub organization_name: Name,
    /// The name of the base experiment.
    pub base_name: Option<Name>,
    /// Whether the reader may log to the experiment and set its status.
    pub may_write: bool,
    /// Whether the reader may change the settings.
    pub may_edit: bool,
    /// Whether the reader may delete the experiment.
    pub may_delete: bool,
}
