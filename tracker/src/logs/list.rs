//! Lists logs in a requested order.

use std::vec;

use domain::{
    ids::{ExperimentId, LogId},
    logs::{Kind, Log, LogField},
    paging::{ListRange, Order},
};
use tokio::sync::{Semaphore, SemaphorePermit};
use uuid::Uuid;

use super::{
    log_row::{self, LOG_COLUMNS, LogRow},
    read::{into_log_with_details, logs_with_details},
};
use crate::{
    Actor, Error, ListStream, Tracker,
    db::{Conn, Db, bulk_rows, order_by},
    list_stream::{ListSource, LoadingItems, push_ids},
    rights,
};

/// Maximum size of documents that are read in batches, in bytes of JSON. Larger ones are read one at a time.
const BATCHED_DOCUMENT_BYTES: i64 = 16_384;

/// Memory for the large documents of all lists together, in KiB. Each is in memory twice: as it was read and as it is sent.
const LARGE_DOCUMENTS_KIB: u32 = 64 << 10;
/// One permit for each KiB of this memory.
static LARGE_DOCUMENTS: Semaphore = Semaphore::const_new(LARGE_DOCUMENTS_KIB as usize);

/// The logs of a list with their documents. At most one large document is in memory.
pub struct LogStream {
    db: Db,
    list: ListStream<Log>,
    /// The rest of the current batch, without large documents.
    batch: vec::IntoIter<Log>,
    /// The memory of the large document that [`LogStream::next`] returned last.
    memory: Option<SemaphorePermit<'static>>,
}

impl LogStream {
    /// Returns the number of logs of the experiment.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.list.total()
    }

    /// Returns the offset of the logs after the requested range, or `None` if it reaches the end of the list.
    #[must_use]
    pub fn next_offset(&self) -> Option<i64> {
        self.list.next_offset()
    }

    /// Returns the next log, or `None` at the end. Logs that were deleted since the list was opened are omitted.
    ///
    /// # Errors
    /// Returns [`Error::Unexpected`] if the database fails.
    pub async fn next(&mut self) -> Result<Option<Log>, Error> {
        loop {
            let Some(log) = self.batch.next() else {
                let Some(batch) = self.list.next_batch().await? else { return Ok(None) };
                self.batch = batch.into_iter();
                continue;
            };
            if log.kind == Kind::Line || log.document.is_some() {
                return Ok(Some(log));
            }
            // The caller has sent the previous document. Waiting with its memory could wait for ever.
            self.memory = None;
            match self.load_large(log.id).await {
                Err(Error::NotFound(_)) => {}
                loaded => return loaded.map(Some),
            }
        }
    }

    /// Loads a log with its large document as soon as there is memory for it.
    async fn load_large(&mut self, id: LogId) -> Result<Log, Error> {
        let bytes = log_row::find_document_size(&mut self.db.read().await?.conn(), id).await?;
        let kib = u32::try_from(bytes >> 10).unwrap_or(u32::MAX).min(LARGE_DOCUMENTS_KIB);
        self.memory = Some(LARGE_DOCUMENTS.acquire_many(kib).await.map_err(Error::unexpected)?);
        let mut snapshot = self.db.snapshot().await?;
        let mut conn = snapshot.conn();
        let row = log_row::find_log_row(&mut conn, id).await?;
        into_log_with_details(&mut conn, row).await
    }
}

impl Tracker {
    /// Returns an experiment's logs with their documents, in the given order. Ties are ordered oldest first.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the experiment does not exist or `who` may not see it.
    pub async fn list_logs(
        &self,
        who: &Actor,
        experiment: ExperimentId,
        range: ListRange,
        order: &[Order<LogField>],
    ) -> Result<LogStream, Error> {
        let column = |field| match field {
            LogField::Name => "name",
            LogField::Kind => "kind",
            LogField::CreatedAt => "created_at",
            LogField::UpdatedAt => "updated_at",
        };
        let source = ListSource {
            from: "logs WHERE experiment_id = $1 AND parent_id IS NULL",
            id: "id",
            order: order_by(order, column, "created_at, id"),
            load: load_logs_without_large_documents,
        };
        let mut snapshot = self.snapshot().await?;
        rights::in_experiment(&mut snapshot.conn(), who, experiment).await?;
        let list = ListStream::open(self.db(), &mut snapshot, experiment.0, source, range).await?;
        Ok(LogStream { db: self.db().clone(), list, batch: Vec::new().into_iter(), memory: None })
    }
}

fn load_logs_without_large_documents<'c>(conn: &'c mut Conn<'_>, ids: &'c [Uuid]) -> LoadingItems<'c, Log> {
    Box::pin(async move {
        let document =
            format!("CASE WHEN OCTET_LENGTH(document) <= {BATCHED_DOCUMENT_BYTES} THEN document END AS document");
        let select = format!("SELECT {} FROM logs WHERE id IN (", LOG_COLUMNS.replace("document", &document));
        let rows = bulk_rows!(*conn, LogRow, select, |query| push_ids(&mut query, ids))?;
        Ok(logs_with_details(conn, rows).await?.into_iter().map(|log| (log.id.0, log)).collect())
    })
}
