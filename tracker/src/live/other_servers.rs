//! Receives the commits of other servers on the same PostgreSQL database through `LISTEN`. Without a connection, no access is
//! cached, because its end would not be reported.

use std::time::Duration;

use sqlx::{PgPool, postgres::PgListener};

use super::{Hub, notification::NOTIFY_CHANNEL};
use crate::db::Db;

/// Starts listening in the background until the database is closed. Does nothing on SQLite, which has one server.
pub(crate) fn listen_to_other_servers(db: &Db, hub: &Hub) {
    if let Db::Postgres(pool) = db {
        hub.access().suspend();
        tokio::spawn(listen_until_closed(pool.clone(), hub.clone()));
    }
}

async fn listen_until_closed(pool: PgPool, hub: Hub) {
    while !pool.is_closed() {
        let listened = listen_once(&pool, &hub).await;
        hub.access().suspend();
        if let Err(error) = listened {
            if pool.is_closed() {
                return;
            }
            tracing::warn!("lost the connection to other servers, reconnecting: {error}");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        hub.broadcast_resync();
    }
}

async fn listen_once(pool: &PgPool, hub: &Hub) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(NOTIFY_CHANNEL).await?;
    hub.access().resume();
    loop {
        tokio::select! {
            () = pool.close_event() => return Ok(()),
            received = listener.try_recv() => match received? {
                Some(notification) => hub.receive_notification(notification.payload()),
                // The driver reconnected. Notifications in between were lost.
                None => {
                    hub.access().invalidate();
                    hub.broadcast_resync();
                }
            },
        }
    }
}
