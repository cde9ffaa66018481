//! API tokens, which authenticate scripts.

use domain::{
    Instant, Name,
    ids::{TokenId, UserId},
    people::{Email, NewToken, Token},
};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    Actor, Credential, Error, Secret, Tracker, clock,
    db::{Conn, Write, run, sql},
    secret,
    ttl_cache::TtlCache,
};

/// Seconds between updates of the time of last use. Recording every use would turn each read into a write.
const LAST_USE_INTERVAL: i64 = 60;

#[derive(FromRow)]
struct TokenRow {
    id: Uuid,
    email: String,
    name: Option<String>,
    scope: String,
    created_at: i64,
    expires_at: Option<i64>,
    last_used_at: Option<i64>,
    revoked_at: Option<i64>,
}

impl TryFrom<TokenRow> for Token {
    type Error = Error;

    fn try_from(row: TokenRow) -> Result<Self, Error> {
        Ok(Self {
            id: TokenId(row.id),
            email: Email::parse(&row.email).map_err(Error::unexpected)?,
            name: row.name.map(Name::from_stored),
            scope: row.scope.parse().map_err(Error::unexpected)?,
            created_at: Instant(row.created_at),
            expires_at: row.expires_at.map(Instant),
            last_used_at: row.last_used_at.map(Instant),
            revoked_at: row.revoked_at.map(Instant),
        })
    }
}

/// Maximum number of valid tokens per user.
const MAX_TOKENS: i64 = 500;

/// Inserts a token and returns its secret, which is stored only as a hash.
pub(super) async fn insert_token(conn: &mut Conn<'_>, user: UserId, new: &NewToken) -> Result<Secret, Error> {
    let (secret, at) = (Secret::generate("groundglass_")?, clock::now());
    let valid: i64 = sql!(*conn, |c| sqlx::query_scalar(
        "SELECT COUNT(*) FROM tokens
         WHERE user_id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)"
    )
    .bind(user.0)
    .bind(at.0)
    .fetch_one(c))?;
    if valid >= MAX_TOKENS {
        return Err(Error::Conflict(format!(
            "a user can have at most {MAX_TOKENS} tokens; revoke one that is not in use"
        )));
    }
    run!(
        *conn,
        sqlx::query(
            "INSERT INTO tokens (id, user_id, name, scope, secret_hash, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)"
        )
        .bind(Uuid::now_v7())
        .bind(user.0)
        .bind(new.name.as_ref().map(Name::as_str))
        .bind(new.scope.as_str())
        .bind(secret.hash())
        .bind(at.0)
        .bind(new.lifetime_seconds.map(|seconds| at.plus_seconds(seconds).0))
    )?;
    Ok(secret)
}

/// Returns all tokens, newest first. Returns at most 10,000.
pub(super) async fn list_all_tokens(conn: &mut Conn<'_>) -> Result<Vec<Token>, Error> {
    let rows: Vec<TokenRow> = sql!(*conn, |c| sqlx::query_as(
        "SELECT t.id, u.email, t.name, t.scope, t.created_at, t.expires_at, t.last_used_at, t.revoked_at
         FROM tokens t JOIN users u ON u.id = t.user_id ORDER BY t.id DESC LIMIT 10000"
    )
    .fetch_all(c))?;
    rows.into_iter().map(Token::try_from).collect()
}

/// Returns the tokens of a user that were not revoked, newest first. Returns at most 500.
pub(super) async fn list_user_tokens(conn: &mut Conn<'_>, user: UserId) -> Result<Vec<Token>, Error> {
    let rows: Vec<TokenRow> = sql!(*conn, |c| sqlx::query_as(
        "SELECT t.id, u.email, t.name, t.scope, t.created_at, t.expires_at, t.last_used_at, t.revoked_at
         FROM tokens t JOIN users u ON u.id = t.user_id
         WHERE t.user_id = $1 AND t.revoked_at IS NULL ORDER BY t.id DESC LIMIT 500"
    )
    .bind(user.0)
    .fetch_all(c))?;
    rows.into_iter().map(Token::try_from).collect()
}

/// Revokes a token, which must belong to `user` if given. Revoking it again changes nothing.
pub(super) async fn revoke_token(write: &mut Write, id: TokenId, user: Option<UserId>) -> Result<(), Error> {
    let found = run!(
        write.conn(),
        sqlx::query(
            "UPDATE tokens SET revoked_at = COALESCE(revoked_at, $2) WHERE id = $1 AND user_id = COALESCE($3, user_id)"
        )
        .bind(id.0)
        .bind(clock::now().0)
        .bind(user.map(|user| user.0))
    )?;
    if found == 0 {
        return Err(Error::NotFound("token"));
    }
    write.record_access_change();
    Ok(())
}

#[derive(FromRow)]
struct TokenActorRow {
    id: Uuid,
    user_id: Uuid,
    scope: String,
    email: String,
    name: String,
    expires_at: Option<i64>,
    last_used_at: Option<i64>,
}

/// Recently authenticated users with the expiry of their token, by the hash of its secret.
pub(crate) type TokenCache = TtlCache<Vec<u8>, (Actor, Option<Instant>)>;

impl Tracker {
    /// Returns the user of the token with this secret, or `None` if the token does not exist, has expired or was revoked.
    /// Expiry takes effect at once, and revocation when [`revoke_token`](Self::revoke_token) returns: on this server, and on
    /// others as soon as PostgreSQL has notified them.
    ///
    /// # Errors
    /// Returns [`Error::Unexpected`] if the database fails.
    pub async fn actor_by_token(&self, secret: &str) -> Result<Option<Actor>, Error> {
        let (at, queried_at, hash) = (clock::now(), std::time::Instant::now(), secret::hash_secret(secret));
        if let Some((actor, expires_at)) = self.token_cache().get(&hash) {
            return Ok(expires_at.is_none_or(|expires_at| expires_at.0 > at.0).then_some(actor));
        }
        let row: Option<TokenActorRow> = sql!(self.read().await?.conn(), |c| sqlx::query_as(
            "SELECT t.id, t.user_id, t.scope, u.email, u.name, t.expires_at, t.last_used_at
             FROM tokens t JOIN users u ON u.id = t.user_id
             WHERE t.secret_hash = $1 AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $2)"
        )
        .bind(hash.as_slice())
        .bind(at.0)
        .fetch_optional(c))?;
        let Some(row) = row else { return Ok(None) };
        if row.last_used_at.is_none_or(|last| last < at.plus_seconds(-LAST_USE_INTERVAL).0) {
            // Informative only: a full disk must not lock users out.
            if let Err(error) = self.record_token_use(row.id, at).await {
                tracing::warn!("cannot record the use of a token: {}", error.with_cause());
            }
        }
        let scope = row.scope.parse().map_err(Error::unexpected)?;
        let actor = Actor {
            user: UserId(row.user_id),
            name: Name::from_stored(row.name),
            email: Email::parse(&row.email).map_err(Error::unexpected)?,
            credential: Credential::Token { id: TokenId(row.id), scope },
        };
        self.token_cache().insert(hash, queried_at, (actor.clone(), row.expires_at.map(Instant)));
        Ok(Some(actor))
    }

    async fn record_token_use(&self, id: Uuid, at: Instant) -> Result<(), Error> {
        let mut write = self.write().await?;
        run!(write.conn(), sqlx::query("UPDATE tokens SET last_used_at = $2 WHERE id = $1").bind(id).bind(at.0))?;
        write.commit().await
    }
}
