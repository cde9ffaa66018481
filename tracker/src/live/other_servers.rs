//! Several servers over one PostgreSQL are one tracker: each hears of the others' commits.

use std::time::Duration;

use sqlx::{PgPool, postgres::PgListener};

use super::Hub;
use crate::db::Db;

/// Listens in the background for as long as the database is open. Does nothing on SQLite, which has one server.
pub(crate) fn listen_to_other_servers(db: &Db, hub: &Hub) {
    if let Db::Postgres(pool) = db {
        tokio::spawn(listen(pool.clone(), hub.clone()));
    }
}

async fn listen(pool: PgPool, hub: Hub) {
    while !pool.is_closed() {
        if let Err(error) = listen_once(&pool, &hub).await {
            if pool.is_closed() {
                return;
            }
            tracing::warn!("lost the line to the other servers, trying again: {error}");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        hub.lost_track();
    }
}

async fn listen_once(pool: &PgPool, hub: &Hub) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen("groundglass").await?;
    loop {
        tokio::select! {
            () = pool.close_event() => return Ok(()),
            received = listener.try_recv() => match received? {
                Some(notification) => hub.open_letter(notification.payload()),
                // The connection was lost and is there again: nobody knows what was said meanwhile.
                None => hub.lost_track(),
            },
        }
    }
}
