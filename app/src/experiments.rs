//! Experiments: the table of a project, the layout of the tabs, the header and the settings.

mod create;
mod danger_zone;
mod header;
mod layout;
mod requests;
mod settings;
mod table;

pub(crate) use create::CreateExperimentForm;
pub(crate) use header::ExperimentHeader;
pub(crate) use layout::{ExperimentLayout, LogsRedirect, use_experiment};
pub(crate) use settings::SettingsTab;
pub(crate) use table::ExperimentsTable;
