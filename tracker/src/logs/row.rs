//! A log's row.

use domain::{
    Instant,
    ids::{ExperimentId, LogId},
    logs::{Document, Kind, Log, LogName},
};
use sqlx::FromRow;
use uuid::Uuid;

use super::series::state::State;
use crate::Error;

/// What a SELECT of a [`LogRow`] asks for.
pub(super) const COLUMNS: &str = "id, experiment_id, name, kind, revision, document, created_at, updated_at";

/// A row of `logs`.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct LogRow {
    pub(crate) id: Uuid,
    pub(super) experiment_id: Uuid,
    pub(super) name: String,
    pub(super) kind: String,
    pub(crate) revision: i64,
    pub(super) document: Option<String>,
    pub(super) created_at: i64,
    pub(super) updated_at: i64,
}

impl LogRow {
    pub(super) fn kind(&self) -> Result<Kind, Error> {
        self.kind.parse().map_err(Error::unexpected)
    }

    /// The log, with the figures of its series when it is a line.
    pub(super) fn into_log(self, series: Option<&State>) -> Result<Log, Error> {
        let kind = self.kind()?;
        let document = self.document.map(|text| read(kind, &text)).transpose()?;
        let line = series.map(State::summary);
        let updated_at = line.map_or(self.updated_at, |line| line.last_at.max(self.updated_at));
        Ok(Log {
            id: LogId(self.id),
            experiment: ExperimentId(self.experiment_id),
            name: LogName::parse(&self.name).map_err(Error::unexpected)?,
            kind,
            revision: self.revision,
            created_at: Instant(self.created_at),
            updated_at: Instant(updated_at),
            document,
            line,
        })
    }
}

fn read(kind: Kind, text: &str) -> Result<Document, Error> {
    let json = serde_json::from_str(text).map_err(Error::unexpected)?;
    Document::parse(kind, &json).map_err(Error::unexpected)
}
