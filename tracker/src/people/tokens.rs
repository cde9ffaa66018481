//! API tokens: what scripts prove their owner with.

use domain::{
    Instant, Name,
    ids::{TokenId, UserId},
    people::{Email, NewToken, Token},
};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    Actor, Credential, Error, Secret, Tracker, clock,
    db::{Conn, run, sql},
    secret,
    ttl_cache::TtlCache,
};

/// How exactly the last use is kept, in seconds.
const NOTED_EVERY: i64 = 60;

#[derive(FromRow)]
struct Row {
    id: Uuid,
    email: String,
    name: Option<String>,
    scope: String,
    created_at: i64,
    expires_at: Option<i64>,
    last_used_at: Option<i64>,
    revoked_at: Option<i64>,
}

impl TryFrom<Row> for Token {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: TokenId(row.id),
            email: Email::parse(&row.email).map_err(Error::unexpected)?,
            name: row.name.as_deref().map(Name::parse).transpose().map_err(Error::unexpected)?,
            scope: row.scope.parse().map_err(Error::unexpected)?,
            created_at: Instant(row.created_at),
            expires_at: row.expires_at.map(Instant),
            last_used_at: row.last_used_at.map(Instant),
            revoked_at: row.revoked_at.map(Instant),
        })
    }
}

/// How many tokens of one person work at the same time.
const MOST: i64 = 500;

/// Makes a token; the secret is for whoever asked for it, and shown this once.
pub(super) async fn add(conn: &mut Conn<'_>, user: UserId, new: &NewToken) -> Result<Secret, Error> {
    let (secret, at) = (Secret::generate("groundglass_")?, clock::now());
    let working: i64 = sql!(*conn, |c| sqlx::query_scalar(
        "SELECT COUNT(*) FROM tokens
         WHERE user_id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)"
    )
    .bind(user.0)
    .bind(at.0)
    .fetch_one(c))?;
    if working >= MOST {
        return Err(Error::Conflict(format!("{MOST} tokens of this person work already; revoke one that is not used")));
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

/// All tokens, the newest first.
pub(super) async fn list(conn: &mut Conn<'_>) -> Result<Vec<Token>, Error> {
    let rows: Vec<Row> = sql!(*conn, |c| sqlx::query_as(
        "SELECT t.id, u.email, t.name, t.scope, t.created_at, t.expires_at, t.last_used_at, t.revoked_at
         FROM tokens t JOIN users u ON u.id = t.user_id ORDER BY t.id DESC LIMIT 10000"
    )
    .fetch_all(c))?;
    rows.into_iter().map(Token::try_from).collect()
}

/// The tokens of a person that were not revoked, the newest first.
pub(super) async fn of(conn: &mut Conn<'_>, user: UserId) -> Result<Vec<Token>, Error> {
    let rows: Vec<Row> = sql!(*conn, |c| sqlx::query_as(
        "SELECT t.id, u.email, t.name, t.scope, t.created_at, t.expires_at, t.last_used_at, t.revoked_at
         FROM tokens t JOIN users u ON u.id = t.user_id
         WHERE t.user_id = $1 AND t.revoked_at IS NULL ORDER BY t.id DESC LIMIT 500"
    )
    .bind(user.0)
    .fetch_all(c))?;
    rows.into_iter().map(Token::try_from).collect()
}

/// Revokes a token, of `user` where one is given; revoking it again changes nothing.
pub(super) async fn revoke(conn: &mut Conn<'_>, id: TokenId, user: Option<UserId>) -> Result<(), Error> {
    let found = run!(
        *conn,
        sqlx::query(
            "UPDATE tokens SET revoked_at = COALESCE(revoked_at, $2) WHERE id = $1 AND user_id = COALESCE($3, user_id)"
        )
        .bind(id.0)
        .bind(clock::now().0)
        .bind(user.map(|user| user.0))
    )?;
    if found == 0 { Err(Error::NotFound("token")) } else { Ok(()) }
}

#[derive(FromRow)]
struct Holder {
    id: Uuid,
    user_id: Uuid,
    scope: String,
    email: String,
    name: String,
    last_used_at: Option<i64>,
}

/// Whose tokens were asked for a moment ago, by the hash of their secret.
pub(crate) type KnownTokens = TtlCache<Vec<u8>, Actor>;

impl Tracker {
    /// Whose token this is; none when there is no such token, or it has expired or was revoked, half a second ago at the latest.
    ///
    /// # Errors
    /// [`Error::Unexpected`] when the database fails.
    pub async fn actor_by_token(&self, secret: &str) -> Result<Option<Actor>, Error> {
        let (at, asked, hash) = (clock::now(), std::time::Instant::now(), secret::hash_secret(secret));
        if let Some(actor) = self.known_tokens().get(&hash) {
            return Ok(Some(actor));
        }
        let holder: Option<Holder> = sql!(self.read().await?.conn(), |c| sqlx::query_as(
            "SELECT t.id, t.user_id, t.scope, u.email, u.name, t.last_used_at
             FROM tokens t JOIN users u ON u.id = t.user_id
             WHERE t.secret_hash = $1 AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $2)"
        )
        .bind(hash.as_slice())
        .bind(at.0)
        .fetch_optional(c))?;
        let Some(holder) = holder else { return Ok(None) };
        if holder.last_used_at.is_none_or(|last| last < at.plus_seconds(-NOTED_EVERY).0) {
            self.note_token(holder.id, at).await?;
        }
        let scope = holder.scope.parse().map_err(Error::unexpected)?;
        let actor = Actor {
            user: UserId(holder.user_id),
            name: Name::parse(&holder.name).map_err(Error::unexpected)?,
            email: Email::parse(&holder.email).map_err(Error::unexpected)?,
            credential: Credential::Token { id: TokenId(holder.id), scope },
        };
        self.known_tokens().insert(hash, asked, actor.clone());
        Ok(Some(actor))
    }

    async fn note_token(&self, id: Uuid, at: Instant) -> Result<(), Error> {
        let mut write = self.write().await?;
        run!(write.conn(), sqlx::query("UPDATE tokens SET last_used_at = $2 WHERE id = $1").bind(id).bind(at.0))?;
        write.commit().await
    }
}
