//! Use cases that log data and append to lines.

use domain::{
    ids::{ExperimentId, LogId},
    logs::{Batch, BatchResult, Data, IdempotencyKey, LineSamples, Log, LogName, Samples, Step},
};
use sha2::{Digest as _, Sha256};

use super::{
    IfExists,
    access::as_log_error,
    writer::{AppendRequest, BatchRequest, LineTarget, WriteRequest, WriteResult},
};
use crate::{Actor, Error, Tracker};

impl Tracker {
    /// Logs data under a name. Appends to an existing line and replaces any other log, depending on `if_exists`.
    ///
    /// # Errors
    /// Returns [`Error::Conflict`] if a log with the name has another type, or exists and `if_exists` is [`IfExists::Refuse`];
    /// [`Error::Invalid`] if an image was not uploaded; [`Error::Forbidden`] for viewers.
    pub async fn log(
        &self,
        who: &Actor,
        experiment: ExperimentId,
        name: LogName,
        data: Data,
        if_exists: IfExists,
    ) -> Result<Log, Error> {
        match data {
            Data::Line(samples) => {
                let location = self.require_log_access(who, experiment).await?;
                let target = LineTarget::ByName { experiment, name, if_exists };
                self.append_to(WriteRequest::Append(AppendRequest {
                    location,
                    by_script: who.is_script(),
                    target,
                    samples,
                }))
                .await
            }
            Data::Document(document) => self.put_document(who, experiment, &name, &document, if_exists).await,
        }
    }

    /// Appends to a line.
    ///
    /// # Errors
    /// Returns [`Error::Conflict`] if the log is not a line; [`Error::Forbidden`] for viewers.
    pub async fn append(&self, who: &Actor, log: LogId, samples: impl Into<LineSamples>) -> Result<Log, Error> {
        let samples = samples.into();
        let experiment = self.experiment_of_log(log).await?;
        let location = self.require_log_access(who, experiment).await.map_err(as_log_error)?;
        let target = LineTarget::ById(log);
        let request = AppendRequest { location, by_script: who.is_script(), target, samples };
        self.append_to(WriteRequest::Append(request)).await
    }

    /// Logs to many lines atomically. With an idempotency key, repeating the same batch changes nothing.
    ///
    /// # Errors
    /// Returns [`Error::Conflict`] if a log with one of the names is not a line, or the key was used for another batch;
    /// [`Error::Forbidden`] for viewers.
    pub async fn log_batch(
        &self,
        who: &Actor,
        experiment: ExperimentId,
        batch: Batch,
        key: Option<IdempotencyKey>,
    ) -> Result<BatchResult, Error> {
        let location = self.require_log_access(who, experiment).await?;
        let lines = batch.into_lines();
        if lines.is_empty() {
            return Ok(BatchResult { points: 0, logs: 0, repeated: false });
        }
        let key = key.map(|key| (key, batch_digest(&lines)));
        let request = BatchRequest { location, by_script: who.is_script(), experiment, lines, key };
        match self.log_writer().submit(WriteRequest::Batch(request)).await? {
            WriteResult::Batch(done) => Ok(done),
            WriteResult::Log(_) => Err(Error::unexpected("the log writer returned a log for a batch")),
        }
    }

    async fn append_to(&self, request: WriteRequest) -> Result<Log, Error> {
        match self.log_writer().submit(request).await? {
            WriteResult::Log(log) => Ok(*log),
            WriteResult::Batch(_) => Err(Error::unexpected("the log writer returned a batch for a log")),
        }
    }
}

/// Returns a SHA-256 of a batch, to detect an idempotency key that is used for another batch.
fn batch_digest(lines: &[(LogName, Samples)]) -> Vec<u8> {
    let mut hash = Sha256::new();
    let mut column = |tag: u8, length: usize, numbers: &mut dyn Iterator<Item = [u8; 8]>| {
        hash.update([tag]);
        hash.update((length as u64).to_le_bytes());
        numbers.for_each(|number| hash.update(number));
    };
    for (name, samples) in lines {
        column(0, name.as_str().len(), &mut name.as_str().as_bytes().iter().map(|byte| u64::from(*byte).to_le_bytes()));
        column(1, samples.values.len(), &mut samples.values.iter().map(|value| value.0.to_le_bytes()));
        // Whole steps are hashed as integers, as older versions did: a retry may follow an update of the server.
        if let Some(steps) = &samples.steps {
            let bytes = |step: &Step| {
                if step.is_whole() { step.floor().to_le_bytes() } else { step.get().to_le_bytes() }
            };
            column(2, steps.len(), &mut steps.iter().map(bytes));
        }
        if let Some(times) = &samples.times {
            column(3, times.len(), &mut times.iter().map(|time| time.to_le_bytes()));
        }
    }
    hash.finalize().to_vec()
}
