//! Statements for users and memberships that several use cases share.

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
    names::{Siblings, require_distinct_name},
};

#[derive(FromRow)]
struct UserRow {
    id: Uuid,
    email: String,
    name: String,
    created_at: i64,
    password_hash: String,
}

/// A user with the hash of their password.
pub(super) struct UserWithPassword {
    pub(super) user: User,
    pub(super) password_hash: String,
}

impl TryFrom<UserRow> for UserWithPassword {
    type Error = Error;

    fn try_from(row: UserRow) -> Result<Self, Error> {
        let user = User {
            id: UserId(row.id),
            email: Email::parse(&row.email).map_err(Error::unexpected)?,
            name: Name::from_stored(row.name),
            created_at: Instant(row.created_at),
        };
        Ok(Self { user, password_hash: row.password_hash })
    }
}

/// Returns the user with this e-mail address, or `None` if there is none.
pub(super) async fn find_user_by_email(conn: &mut Conn<'_>, email: &Email) -> Result<Option<UserWithPassword>, Error> {
    let row: Option<UserRow> = sql!(*conn, |c| sqlx::query_as(
        "SELECT id, email, name, created_at, password_hash FROM users WHERE email = $1"
    )
    .bind(email.as_str())
    .fetch_optional(c))?;
    row.map(UserWithPassword::try_from).transpose()
}

/// Returns whether at least one user exists.
pub(super) async fn any_user_exists(conn: &mut Conn<'_>) -> Result<bool, Error> {
    let found: Option<i64> =
        sql!(*conn, |c| sqlx::query_scalar("SELECT CAST(1 AS BIGINT) FROM users LIMIT 1").fetch_optional(c))?;
    Ok(found.is_some())
}

/// Inserts a user.
///
/// # Errors
/// Returns [`Error::Conflict`] if the e-mail address is taken or the name looks like another.
pub(super) async fn insert_user(conn: &mut Conn<'_>, user: &User, password_hash: &str) -> Result<(), Error> {
    let name_nfkc = require_distinct_name(conn, &Siblings::USERS, &user.name).await?;
    run!(
        *conn,
        sqlx::query(
            "INSERT INTO users (id, email, name, name_nfkc, password_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6)"
        )
        .bind(user.id.0)
        .bind(user.email.as_str())
        .bind(user.name.as_str())
        .bind(name_nfkc)
        .bind(password_hash)
        .bind(user.created_at.0)
    )
    .map_err(|error| {
        conflict_if_duplicate(error, || format!("a user with the e-mail address {} already exists", user.email))
    })?;
    Ok(())
}

pub(super) async fn insert_membership(
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

pub(super) async fn set_password_hash(conn: &mut Conn<'_>, user: UserId, password_hash: &str) -> Result<(), Error> {
    run!(*conn, sqlx::query("UPDATE users SET password_hash = $2 WHERE id = $1").bind(user.0).bind(password_hash))?;
    Ok(())
}
