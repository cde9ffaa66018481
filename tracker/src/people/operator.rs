//! What whoever runs the server does at its command line, beside a running server and without signing in:
//! to reach the database is right enough.

use domain::{
    Instant, Name,
    ids::{OrganizationId, TokenId, UserId},
    people::{Email, NewToken, Password, Role, Token, User},
};
use sqlx::FromRow;
use uuid::Uuid;

use super::{password, sessions, tokens, users};
use crate::{
    Error, Secret, Tracker, clock,
    db::{Conn, run, sql},
    organizations,
};

/// The command line's hand on a tracker.
pub struct Operator<'t>(pub(crate) &'t Tracker);

/// A person to be added.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// What they sign in with.
    pub email: Email,
    /// What others see.
    pub name: Name,
    /// Their role; none is owner for the first person of all, and member for every other.
    pub role: Option<Role>,
    /// Their password.
    pub password: Password,
    /// The organization they join, by name; none is the only one there is. One that is not there yet is made for an owner.
    pub organization: Option<Name>,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    email: String,
    name: String,
    created_at: i64,
    organization: String,
    role: String,
}

impl Tracker {
    /// The command line's use cases.
    #[must_use]
    pub fn operator(&self) -> Operator<'_> {
        Operator(self)
    }
}

impl Operator<'_> {
    /// Adds a person. The first of all makes the organization and must be its owner; a first owner's link that
    /// waits stops working.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the address is taken; [`Error::Invalid`] when the first is to be less than an owner,
    /// or the organization is not there or not clear.
    pub async fn create_user(&self, new: &NewUser) -> Result<User, Error> {
        let password_hash = password::hash(&new.password).await?;
        let at = clock::now();
        let user =
            User { id: UserId(Uuid::now_v7()), email: new.email.clone(), name: new.name.clone(), created_at: at };

        let mut write = self.0.write().await?;
        let mut conn = write.conn();
        let first = users::none_yet(&mut conn).await?;
        let role = new.role.unwrap_or(if first { Role::Owner } else { Role::Member });
        if first && role != Role::Owner {
            return Err(Error::Invalid("the first person must be an owner; leave --role out".to_owned()));
        }
        let organization = match organizations::by_name(&mut conn, new.organization.as_ref()).await? {
            Some(id) => id,
            None if role == Role::Owner => {
                let id = OrganizationId(Uuid::now_v7());
                let name = new.organization.as_ref().unwrap_or(self.0.organization_name());
                organizations::add(&mut conn, id, name, at).await?;
                id
            }
            None => {
                return Err(Error::Invalid("there is no organization of that name; an owner's is made".to_owned()));
            }
        };
        users::add(&mut conn, &user, &password_hash).await?;
        users::join(&mut conn, organization, user.id, role, at).await?;
        run!(conn, sqlx::query("DELETE FROM first_owner_link"))?;
        write.commit().await?;
        Ok(user)
    }

    /// Everybody, by address, each with organization and role; at most 10,000 rows.
    ///
    /// # Errors
    /// [`Error::Unexpected`] when the database fails.
    pub async fn list_users(&self) -> Result<Vec<(User, Name, Role)>, Error> {
        let rows: Vec<Row> = sql!(self.0.read().await?.conn(), |c| sqlx::query_as(
            "SELECT u.id, u.email, u.name, u.created_at, o.name AS organization, m.role
             FROM users u JOIN memberships m ON m.user_id = u.id JOIN organizations o ON o.id = m.organization_id
             ORDER BY u.email, o.name LIMIT 10000"
        )
        .fetch_all(c))?;
        let listed = |row: Row| {
            let user = User {
                id: UserId(row.id),
                email: Email::parse(&row.email).map_err(Error::unexpected)?,
                name: Name::parse(&row.name).map_err(Error::unexpected)?,
                created_at: Instant(row.created_at),
            };
            let organization = Name::parse(&row.organization).map_err(Error::unexpected)?;
            Ok((user, organization, row.role.parse().map_err(Error::unexpected)?))
        };
        rows.into_iter().map(listed).collect()
    }

    /// Gives somebody a new password and ends their sessions.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is nobody with that address.
    pub async fn set_password(&self, email: &Email, new: &Password) -> Result<(), Error> {
        let password_hash = password::hash(new).await?;
        let mut write = self.0.write().await?;
        let mut conn = write.conn();
        let user = somebody(&mut conn, email).await?;
        users::set_password(&mut conn, user, &password_hash).await?;
        sessions::end_all(&mut conn, user).await?;
        write.commit().await
    }

    /// Makes an API token; the secret is shown this once.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is nobody with that address; [`Error::Conflict`] when they have very many already.
    pub async fn create_token(&self, email: &Email, new: &NewToken) -> Result<Secret, Error> {
        let mut write = self.0.write().await?;
        let mut conn = write.conn();
        let user = somebody(&mut conn, email).await?;
        let secret = tokens::add(&mut conn, user, new).await?;
        write.commit().await?;
        Ok(secret)
    }

    /// All tokens, the newest first; at most 10,000.
    ///
    /// # Errors
    /// [`Error::Unexpected`] when the database fails.
    pub async fn list_tokens(&self) -> Result<Vec<Token>, Error> {
        tokens::list(&mut self.0.read().await?.conn()).await
    }

    /// Revokes a token. It stops working at its next use, in every server.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such token.
    pub async fn revoke_token(&self, id: TokenId) -> Result<(), Error> {
        let mut write = self.0.write().await?;
        tokens::revoke(&mut write.conn(), id, None).await?;
        write.commit().await
    }
}

async fn somebody(conn: &mut Conn<'_>, email: &Email) -> Result<UserId, Error> {
    Ok(users::by_email(conn, email).await?.ok_or(Error::NotFound("person"))?.user.id)
}
