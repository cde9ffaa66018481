//! Sessions: browsers that are signed in.

use domain::{
    Instant, Name,
    ids::{SessionId, UserId},
    people::{Email, Session},
};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    Actor, Credential, Error, Secret, Tracker, clock,
    db::{Conn, run, sql},
    secret,
};

/// A session that is not used for this long is over.
const IDLE: i64 = 14 * 24 * 3_600;
/// However much it is used, a session is over after this long.
const LONGEST: i64 = 90 * 24 * 3_600;
/// How exactly the last use is kept: noting each would make a write of every read.
const NOTED_EVERY: i64 = 60;

#[derive(FromRow)]
struct Row {
    id: Uuid,
    user_id: Uuid,
    email: String,
    name: String,
    last_seen_at: i64,
}

#[derive(FromRow)]
struct Listed {
    id: Uuid,
    created_at: i64,
    last_seen_at: i64,
}

/// Begins a session; the secret is for the browser's cookie.
pub(super) async fn begin(conn: &mut Conn<'_>, user: UserId, at: Instant) -> Result<Secret, Error> {
    let secret = Secret::generate("")?;
    run!(
        *conn,
        sqlx::query(
            "INSERT INTO sessions (id, user_id, secret_hash, created_at, last_seen_at) VALUES ($1, $2, $3, $4, $4)"
        )
        .bind(Uuid::now_v7())
        .bind(user.0)
        .bind(secret.hash())
        .bind(at.0)
    )?;
    // A good moment to forget those that are over.
    run!(
        *conn,
        sqlx::query("DELETE FROM sessions WHERE last_seen_at < $1 OR created_at < $2")
            .bind(at.plus_seconds(-IDLE).0)
            .bind(at.plus_seconds(-LONGEST).0)
    )?;
    Ok(secret)
}

/// Ends all sessions of a person.
pub(super) async fn end_all(conn: &mut Conn<'_>, user: UserId) -> Result<(), Error> {
    run!(*conn, sqlx::query("DELETE FROM sessions WHERE user_id = $1").bind(user.0))?;
    Ok(())
}

/// Ends all sessions of a person but this one.
pub(super) async fn end_others(conn: &mut Conn<'_>, user: UserId, but: SessionId) -> Result<(), Error> {
    run!(*conn, sqlx::query("DELETE FROM sessions WHERE user_id = $1 AND id <> $2").bind(user.0).bind(but.0))?;
    Ok(())
}

impl Tracker {
    /// Who holds the cookie with this secret; none when there is no such session or it is over.
    ///
    /// # Errors
    /// [`Error::Unexpected`] when the database fails.
    pub async fn actor_by_session(&self, secret: &str) -> Result<Option<Actor>, Error> {
        let at = clock::now();
        let row: Option<Row> = sql!(self.read().await?.conn(), |c| sqlx::query_as(
            "SELECT s.id, s.user_id, u.email, u.name, s.last_seen_at
             FROM sessions s JOIN users u ON u.id = s.user_id
             WHERE s.secret_hash = $1 AND s.last_seen_at >= $2 AND s.created_at >= $3"
        )
        .bind(secret::hash_secret(secret))
        .bind(at.plus_seconds(-IDLE).0)
        .bind(at.plus_seconds(-LONGEST).0)
        .fetch_optional(c))?;
        let Some(row) = row else { return Ok(None) };
        if row.last_seen_at < at.plus_seconds(-NOTED_EVERY).0 {
            self.note_session(row.id, at).await?;
        }
        Ok(Some(Actor {
            user: UserId(row.user_id),
            name: Name::parse(&row.name).map_err(Error::unexpected)?,
            email: Email::parse(&row.email).map_err(Error::unexpected)?,
            credential: Credential::Session(SessionId(row.id)),
        }))
    }

    async fn note_session(&self, id: Uuid, at: Instant) -> Result<(), Error> {
        let mut write = self.write().await?;
        run!(write.conn(), sqlx::query("UPDATE sessions SET last_seen_at = $2 WHERE id = $1").bind(id).bind(at.0))?;
        write.commit().await
    }

    /// The sessions of `who`, the latest used first; at most 200.
    ///
    /// # Errors
    /// [`Error::Unexpected`] when the database fails.
    pub async fn sessions(&self, who: &Actor) -> Result<Vec<Session>, Error> {
        let rows: Vec<Listed> = sql!(self.read().await?.conn(), |c| sqlx::query_as(
            "SELECT id, created_at, last_seen_at FROM sessions
             WHERE user_id = $1 ORDER BY last_seen_at DESC, id LIMIT 200"
        )
        .bind(who.user.0)
        .fetch_all(c))?;
        let session = |row: Listed| Session {
            id: SessionId(row.id),
            created_at: Instant(row.created_at),
            last_seen_at: Instant(row.last_seen_at),
            current: who.credential == Credential::Session(SessionId(row.id)),
        };
        Ok(rows.into_iter().map(session).collect())
    }

    /// Ends one of the sessions of `who`.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is none of theirs.
    pub async fn end_session(&self, who: &Actor, id: SessionId) -> Result<(), Error> {
        let mut write = self.write().await?;
        let ended = run!(
            write.conn(),
            sqlx::query("DELETE FROM sessions WHERE id = $1 AND user_id = $2").bind(id.0).bind(who.user.0)
        )?;
        if ended == 0 {
            return Err(Error::NotFound("session"));
        }
        write.commit().await
    }
}
