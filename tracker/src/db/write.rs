//! Write transactions. Changes are published only after the commit, and a commit is durable when it returns.

use std::sync::Arc;

use domain::live::{Change, ChangeKind, Location, LogChange};
use sqlx::{Postgres, Sqlite, SqlitePool, Transaction};

use super::{Conn, Db, SqliteFiles, run};
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
    access_changed: bool,
    after_commit: Vec<Box<dyn FnOnce() + Send>>,
    publisher: Publisher,
}

/// The disk space that a write transaction on SQLite may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Space {
    /// Free space, without the reserve.
    Free,
    /// Free space and the reserve, for signing in and for deleting.
    Reserve,
}

enum EngineTransaction {
    Sqlite(Transaction<'static, Sqlite>, SqliteContext),
    Postgres(Transaction<'static, Postgres>),
}

/// What a transaction on SQLite needs for its commit.
struct SqliteContext {
    files: Arc<SqliteFiles>,
    pool: SqlitePool,
    space: Space,
}

impl Write {
    pub(super) async fn begin(db: &Db, publisher: &Publisher, space: Space) -> Result<Self, Error> {
        let transaction = match db {
            Db::Sqlite { write: pool, files, .. } => {
                match space {
                    Space::Free => files.require_space(pool).await?,
                    Space::Reserve => files.make_space().await,
                }
                // Taking the write lock at the beginning queues waiting writers. Upgrading a read lock later would fail.
                let transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
                EngineTransaction::Sqlite(
                    transaction,
                    SqliteContext { files: files.clone(), pool: pool.clone(), space },
                )
            }
            Db::Postgres(pool) => EngineTransaction::Postgres(pool.begin().await?),
        };
        let publisher = publisher.clone();
        Ok(Self {
            transaction,
            changes: Vec::new(),
            log_changes: Vec::new(),
            access_changed: false,
            after_commit: Vec::new(),
            publisher,
        })
    }

    pub(crate) fn conn(&mut self) -> Conn<'_> {
        match &mut self.transaction {
            EngineTransaction::Sqlite(transaction, _) => Conn::Sqlite(transaction),
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

    /// Records that access was taken away, as by revoking a token. Cached access is invalid after the commit, on all servers.
    pub(crate) fn record_access_change(&mut self) {
        self.access_changed = true;
    }

    /// Calls `action` after the commit, before the changes are published.
    pub(crate) fn after_commit(&mut self, action: impl FnOnce() + Send + 'static) {
        self.after_commit.push(Box::new(action));
    }

    /// Commits durably, then publishes the changes.
    ///
    /// # Errors
    /// Returns an error if the commit fails; then nothing was changed, unless the files of a SQLite database were moved or
    /// deleted during the commit. Aborts the process if the disk failed to sync.
    pub(crate) async fn commit(mut self) -> Result<(), Error> {
        self.notify_changes().await?;
        let committed = match self.transaction {
            EngineTransaction::Sqlite(transaction, context) => context.commit(transaction).await,
            EngineTransaction::Postgres(transaction) => transaction.commit().await.map_err(Error::from),
        };
        committed?;
        if self.access_changed {
            self.publisher.hub().access().invalidate();
        }
        self.after_commit.into_iter().for_each(|action| action());
        self.changes.into_iter().for_each(|change| self.publisher.publish_change(change));
        self.log_changes.into_iter().for_each(|(location, change)| self.publisher.publish_log_change(location, change));
        Ok(())
    }

    /// Notifies other servers within the transaction. PostgreSQL delivers notifications at commit; SQLite has one server only.
    async fn notify_changes(&mut self) -> Result<(), Error> {
        if matches!(self.transaction, EngineTransaction::Sqlite(..)) {
            return Ok(());
        }
        let changes = self.changes.clone();
        let mut chunks: Vec<&[Change]> = changes.chunks(MAX_CHANGES_PER_NOTIFICATION).collect();
        if chunks.is_empty() && self.access_changed {
            chunks.push(&[]);
        }
        for changes in chunks {
            let payload = self.publisher.hub().encode_notification(changes, self.access_changed)?;
            run!(self.conn(), sqlx::query("SELECT pg_notify($1, $2)").bind(NOTIFY_CHANNEL).bind(payload.as_str()))?;
        }
        Ok(())
    }
}

impl SqliteContext {
    async fn commit(self, transaction: Transaction<'static, Sqlite>) -> Result<(), Error> {
        self.files.require_unmoved()?;
        if let Err(error) = transaction.commit().await {
            abort_if_sync_failed(&error);
            return Err(error.into());
        }
        // A file may have been deleted during the commit, which must not be acknowledged then.
        self.files.require_unmoved()?;
        if self.space == Space::Reserve {
            tokio::spawn(async move { self.files.restore_reserve(&self.pool).await });
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
