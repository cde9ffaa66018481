//! Experiments: their table, the frame around the tabs of one, its settings.

mod about;
mod create;
mod danger;
mod frame;
mod requests;
mod settings;
mod table;

pub(crate) use about::About;
pub(crate) use create::CreateExperimentForm;
pub(crate) use frame::{ExperimentFrame, ToLogs, use_experiment};
pub(crate) use settings::SettingsTab;
pub(crate) use table::ExperimentsTable;
