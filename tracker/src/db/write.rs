//! Transactions: what is announced is committed, what is acknowledged is durable.

use domain::live::{Change, ChangeKind, Location, LogChange};
use sqlx::{Postgres, Sqlite, Transaction};

use super::{Conn, Db, run};
use crate::{Error, live::Voice};

/// PostgreSQL takes 8,000 bytes in a notification, and a change has about 200.
const CHANGES_IN_A_LETTER: usize = 30;

/// One transaction and the changes it will announce. Dropped without [`Write::commit`], it leaves no trace.
pub(crate) struct Write {
    transaction: Engine,
    changes: Vec<Change>,
    logged: Vec<(Location, LogChange)>,
    voice: Voice,
}

enum Engine {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Write {
    pub(super) async fn begin(db: &Db, voice: &Voice) -> Result<Self, Error> {
        let transaction = match db {
            // Taking the write lock at once makes waiters queue, where a later upgrade would fail.
            Db::Sqlite { write, .. } => Engine::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Db::Postgres(pool) => Engine::Postgres(pool.begin().await?),
        };
        Ok(Self { transaction, changes: Vec::new(), logged: Vec::new(), voice: voice.clone() })
    }

    pub(crate) fn conn(&mut self) -> Conn<'_> {
        match &mut self.transaction {
            Engine::Sqlite(transaction) => Conn::Sqlite(transaction),
            Engine::Postgres(transaction) => Conn::Postgres(transaction),
        }
    }

    /// Remembers a change, to be announced once it is durable.
    pub(crate) fn changed(&mut self, location: Location, kind: ChangeKind) {
        self.changes.push(Change { location, kind });
    }

    /// Remembers a change of a log, to be told once it is durable.
    pub(crate) fn logged(&mut self, location: Location, change: LogChange) {
        self.logged.push((location, change));
    }

    /// Makes everything durable, then announces the changes.
    pub(crate) async fn commit(mut self) -> Result<(), Error> {
        self.tell_other_servers().await?;
        let committed = match self.transaction {
            Engine::Sqlite(transaction) => transaction.commit().await,
            Engine::Postgres(transaction) => transaction.commit().await,
        };
        if let Err(error) = committed {
            end_if_sync_failed(&error);
            return Err(error.into());
        }
        self.changes.into_iter().for_each(|change| self.voice.changed(change));
        self.logged.into_iter().for_each(|(location, change)| self.voice.logged(location, change));
        Ok(())
    }

    /// PostgreSQL delivers a notification at commit, to every server that listens; SQLite has one server only.
    async fn tell_other_servers(&mut self) -> Result<(), Error> {
        if self.changes.is_empty() || matches!(self.transaction, Engine::Sqlite(_)) {
            return Ok(());
        }
        for changes in self.changes.clone().chunks(CHANGES_IN_A_LETTER) {
            let letter = self.voice.hub().letter(changes)?;
            run!(self.conn(), sqlx::query("SELECT pg_notify('groundglass', $1)").bind(letter.as_str()))?;
        }
        Ok(())
    }
}

/// After a failed sync nobody knows what the disk holds, and asking again would answer "fine". So the process ends,
/// and the next start recovers from what is really there.
fn end_if_sync_failed(error: &sqlx::Error) {
    const SQLITE_IOERR_FSYNC: &str = "1034";
    const SQLITE_IOERR_DIR_FSYNC: &str = "1290";
    let code = error.as_database_error().and_then(|e| e.code());
    if matches!(code.as_deref(), Some(SQLITE_IOERR_FSYNC | SQLITE_IOERR_DIR_FSYNC)) {
        tracing::error!("the disk refused to sync; stopping, because what was written may be lost: {error}");
        std::process::abort();
    }
}
