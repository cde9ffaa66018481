//! Reading and adding people and their memberships: the statements that several use cases share.

use domain::{
    Instant, Name,
    ids::{OrganizationId, UserId},
    people::{Email, Role, User},
};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    Error,
    db::{Conn, conflict_if_duplicate, run, sql},
};

#[derive(FromRow)]
struct Row {
    id: Uuid,
    email: String,
    name: String,
    created_at: i64,
    password_hash: String,
}

/// A person and what is kept of their password.
pub(super) struct Known {
    pub(super) user: User,
    pub(super) password_hash: String,
}

impl TryFrom<Row> for Known {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let user = User {
            id: UserId(row.id),
            email: Email::parse(&row.email).map_err(Error::unexpected)?,
            name: Name::parse(&row.name).map_err(Error::unexpected)?,
            created_at: Instant(row.created_at),
        };
        Ok(Self { user, password_hash: row.password_hash })
    }
}

pub(super) async fn by_email(conn: &mut Conn<'_>, email: &Email) -> Result<Option<Known>, Error> {
    let row: Option<Row> = sql!(*conn, |c| sqlx::query_as(
        "SELECT id, email, name, created_at, password_hash FROM users WHERE email = $1"
    )
    .bind(email.as_str())
    .fetch_optional(c))?;
    row.map(Known::try_from).transpose()
}

/// Whether nobody is there yet.
pub(super) async fn none_yet(conn: &mut Conn<'_>) -> Result<bool, Error> {
    let found: Option<i64> =
        sql!(*conn, |c| sqlx::query_scalar("SELECT CAST(1 AS BIGINT) FROM users LIMIT 1").fetch_optional(c))?;
    Ok(found.is_none())
}

pub(super) async fn add(conn: &mut Conn<'_>, user: &User, password_hash: &str) -> Result<(), Error> {
    run!(
        *conn,
        sqlx::query("INSERT INTO users (id, email, name, password_hash, created_at) VALUES ($1, $2, $3, $4, $5)")
            .bind(user.id.0)
            .bind(user.email.as_str())
            .bind(user.name.as_str())
            .bind(password_hash)
            .bind(user.created_at.0)
    )
    .map_err(|error| {
        conflict_if_duplicate(error, || format!("there is already somebody with the address {}", user.email))
    })?;
    Ok(())
}

pub(super) async fn join(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    user: UserId,
    role: Role,
    at: Instant,
) -> Result<(), Error> {
    run!(
        *conn,
        sqlx::query("INSERT INTO memberships (organization_id, user_id, role, created_at) VALUES ($1, $2, $3, $4)")
            .bind(organization.0)
            .bind(user.0)
            .bind(role.as_str())
            .bind(at.0)
    )?;
    Ok(())
}

pub(super) async fn set_password(conn: &mut Conn<'_>, user: UserId, password_hash: &str) -> Result<(), Error> {
    run!(*conn, sqlx::query("UPDATE users SET password_hash = $2 WHERE id = $1").bind(user.0).bind(password_hash))?;
    Ok(())
}
