//! Sessions of signed-in browsers.

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

/// Seconds without use after which a session expires.
const IDLE_TIMEOUT: i64 = 14 * 24 * 3_600;
/// Maximum lifetime of a session in seconds, however much it is used.
const MAX_LIFETIME: i64 = 90 * 24 * 3_600;
/// Seconds between updates of the time of last use. Recording every use would turn each read into a write.
const LAST_USE_INTERVAL: i64 = 60;

#[derive(FromRow)]
struct SessionActorRow {
    id: Uuid,
    user_id: Uuid,
    email: String,
    name: String,
    last_seen_at: i64,
}

#[derive(FromRow)]
struct SessionRow {
    id: Uuid,
    created_at: i64,
    last_seen_at: i64,
}

/// Creates a session and returns the secret for the browser's cookie. Also deletes expired sessions of all users.
pub(super) async fn create_session(conn: &mut Conn<'_>, user: UserId, at: Instant) -> Result<Secret, Error> {
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
    run!(
        *conn,
        sqlx::query("DELETE FROM sessions WHERE last_seen_at < $1 OR created_at < $2")
            .bind(at.plus_seconds(-IDLE_TIMEOUT).0)
            .bind(at.plus_seconds(-MAX_LIFETIME).0)
    )?;
    Ok(secret)
}

/// Ends all sessions of a user.
pub(super) async fn end_all_sessions(conn: &mut Conn<'_>, user: UserId) -> Result<(), Error> {
    run!(*conn, sqlx::query("DELETE FROM sessions WHERE user_id = $1").bind(user.0))?;
    Ok(())
}

/// Ends all sessions of a user except `kept`.
pub(super) async fn end_other_sessions(conn: &mut Conn<'_>, user: UserId, kept: SessionId) -> Result<(), Error> {
    run!(*conn, sqlx::query("DELETE FROM sessions WHERE user_id = $1 AND id <> $2").bind(user.0).bind(kept.0))?;
    Ok(())
}

impl Tracker {
    /// Returns the user of the session with this secret, or `None` if the session does not exist or has expired.
    ///
    /// # Errors
    /// Returns [`Error::Unexpected`] if the database fails.
    pub async fn actor_by_session(&self, secret: &str) -> Result<Option<Actor>, Error> {
        let at = clock::now();
        let row: Option<SessionActorRow> = sql!(self.read().await?.conn(), |c| sqlx::query_as(
            "SELECT s.id, s.user_id, u.email, u.name, s.last_seen_at
             FROM sessions s JOIN users u ON u.id = s.user_id
             WHERE s.secret_hash = $1 AND s.last_seen_at >= $2 AND s.created_at >= $3"
        )
        .bind(secret::hash_secret(secret))
        .bind(at.plus_seconds(-IDLE_TIMEOUT).0)
        .bind(at.plus_seconds(-MAX_LIFETIME).0)
        .fetch_optional(c))?;
        let Some(row) = row else { return Ok(None) };
        if row.last_seen_at < at.plus_seconds(-LAST_USE_INTERVAL).0 {
            // Informative only: a full disk must not lock users out.
            if let Err(error) = self.record_session_use(row.id, at).await {
                tracing::warn!("cannot record the use of a session: {}", error.with_cause());
            }
        }
        Ok(Some(Actor {
            user: UserId(row.user_id),
            name: Name::from_stored(row.name),
            email: Email::parse(&row.email).map_err(Error::unexpected)?,
            credential: Credential::Session(SessionId(row.id)),
        }))
    }

    async fn record_session_use(&self, id: Uuid, at: Instant) -> Result<(), Error> {
        let mut write = self.write().await?;
        run!(write.conn(), sqlx::query("UPDATE sessions SET last_seen_at = $2 WHERE id = $1").bind(id).bind(at.0))?;
        write.commit().await
    }

    /// Returns the sessions of `who`, most recently used first. Returns at most 200.
    ///
    /// # Errors
    /// Returns [`Error::Unexpected`] if the database fails.
    pub async fn sessions(&self, who: &Actor) -> Result<Vec<Session>, Error> {
        let rows: Vec<SessionRow> = sql!(self.read().await?.conn(), |c| sqlx::query_as(
            "SELECT id, created_at, last_seen_at FROM sessions
             WHERE user_id = $1 ORDER BY last_seen_at DESC, id LIMIT 200"
        )
        .bind(who.user.0)
        .fetch_all(c))?;
        let to_session = |row: SessionRow| Session {
            id: SessionId(row.id),
            created_at: Instant(row.created_at),
            last_seen_at: Instant(row.last_seen_at),
            current: who.credential == Credential::Session(SessionId(row.id)),
        };
        Ok(rows.into_iter().map(to_session).collect())
    }

    /// Ends a session of `who`.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if `who` has no such session.
    pub async fn end_session(&self, who: &Actor, id: SessionId) -> Result<(), Error> {
        let mut write = self.write_from_reserve().await?;
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
