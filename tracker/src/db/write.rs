//! Write transactions. Changes are published only after the commit, and a commit is durable when it returns.

use domain::live::{Change, ChangeKind, Location, LogChange};
use sqlx::{Postgres, Sqlite, Transaction};

use super::{Conn, Db, run};
use crate::{
    Error,
    live::{NOTIFY_CHANNEL, Publisher},
};

/// Maximum number of changes in a notification: PostgreSQL accepts 8,000 bytes, and a change has about 200.
const MAX_CHANGES_PER_NOTIFICATION: usize = 30;

/// A write transaction with the changes to publish. Rolls back if it is dropped without [`Write::commit`].
pub(crate) struct Write {
    transaction: EngineTransaction,
    changes: Vec<Change>,
    log_changes: Vec<(Location, LogChange)>,
    after_commit: Vec<Box<dyn FnOnce() + Send>>,
    publisher: Publisher,
}

enum EngineTransaction {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Write {
    pub(super) async fn begin(db: &Db, publisher: &Publisher) -> Result<Self, Error> {
        let transaction = match db {
            // Taking the write lock at the beginning queues waiting writers. Upgrading a read lock later would fail.
            Db::Sqlite { write, .. } => EngineTransaction::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Db::Postgres(pool) => EngineTransaction::Postgres(pool.begin().await?),
        };
        let publisher = publisher.clone();
        Ok(Self { transaction, changes: Vec::new(), log_changes: Vec::new(), after_commit: Vec::new(), publisher })
    }

    pub(crate) fn conn(&mut self) -> Conn<'_> {
        match &mut self.transaction {
            EngineTransaction::Sqlite(transaction) => Conn::Sqlite(transaction),
            EngineTransaction::Postgres(transaction) => Conn::Postgres(transaction),
        }
    }

    /// Records a change to publish after the commit.
    pub(crate) fn record_change(&mut self, location: Location, kind: ChangeKind) {
        self.changes.push(Change { location, kind });
    }

    /// Records a change of a log to publish after the commit.
    pub(crate) fn record_log_change(&mut self, location: Location, change: LogChange) {
        self.log_changes.push((location, change));
    }

    /// Calls `action` after the commit, before the changes are published.
    pub(crate) fn after_commit(&mut self, action: impl FnOnce() + Send + 'static) {
        self.after_commit.push(Box::new(action));
    }

    /// Commits durably, then publishes the changes.
    ///
    /// # Errors
    /// Returns an error if the commit fails; then nothing was changed. Aborts the process if the disk failed to sync.
    pub(crate) async fn commit(mut self) -> Result<(), Error> {
        self.notify_changes().await?;
        let committed = match self.transaction {
            EngineTransaction::Sqlite(transaction) => transaction.commit().await,
            EngineTransaction::Postgres(transaction) => transaction.commit().await,
        };
        if let Err(error) = committed {
            abort_if_sync_failed(&error);
            return Err(error.into());
        }
        self.after_commit.into_iter().for_each(|action| action());
        self.changes.into_iter().for_each(|change| self.publisher.publish_change(change));
        self.log_changes.into_iter().for_each(|(location, change)| self.publisher.publish_log_change(location, change));
        Ok(())
    }

    /// Notifies other servers within the transaction. PostgreSQL delivers notifications at commit; SQLite has one server only.
    async fn notify_changes(&mut self) -> Result<(), Error> {
        if self.changes.is_empty() || matches!(self.transaction, EngineTransaction::Sqlite(_)) {
            return Ok(());
        }
        for changes in self.changes.clone().chunks(MAX_CHANGES_PER_NOTIFICATION) {
            let payload = self.publisher.hub().encode_notification(changes)?;
            run!(self.conn(), sqlx::query("SELECT pg_notify($1, $2)").bind(NOTIFY_CHANNEL).bind(payload.as_str()))?;
        }
        Ok(())
    }
}

/// Aborts the process after a failed sync. The state of the disk is then unknown, and a repeated sync would report success.
/// The next start recovers from what the disk really contains.
fn abort_if_sync_failed(error: &sqlx::Error) {
    const SQLITE_IOERR_FSYNC: &str = "1034";
    const SQLITE_IOERR_DIR_FSYNC: &str = "1290";
    let code = error.as_database_error().and_then(|e| e.code());
    if matches!(code.as_deref(), Some(SQLITE_IOERR_FSYNC | SQLITE_IOERR_DIR_FSYNC)) {
        tracing::error!("the disk failed to sync; aborting, because recent writes may be lost: {error}");
        std::process::abort();
    }
}
