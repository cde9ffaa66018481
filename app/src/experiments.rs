//! Experiments: the table of a project, the layout of the tabs, the header and the settings.

mod create;
mod danger_zone;
mod header;
mod layout;
mod requests;
mod run_times;
mod settings;
mod status_form;
mod table;

pub(crate) use create::CreateExperimentForm;
pub(crate) use header::ExperimentHeader;
pub(crate) use layout::{ExperimentLayout, LogsRedirect, use_experiment};
pub(crate) use run_times::{PageTime, RunState};
pub(crate) use settings::SettingsTab;
pub(crate) use table::ExperimentsTable;
