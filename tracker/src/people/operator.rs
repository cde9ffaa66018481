//! Administration from the command line. It needs no sign-in, because access to the database implies all rights, and works
//! while the server is running.

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
    ttl_cache::ACCESS_LIFETIME,
};

/// The use cases of the command line. Returned by [`Tracker::operator`].
pub struct Operator<'t>(pub(crate) &'t Tracker);

/// A user to create.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// The e-mail address to sign in with.
    pub email: Email,
    /// The name shown to others.
    pub name: Name,
    /// The role; `None` means owner for the first user and member for all others.
    pub role: Option<Role>,
    /// The password.
    pub password: Password,
    /// The name of the organization to join; `None` means the only one. A missing organization is created for an owner.
    pub organization: Option<Name>,
}

#[derive(FromRow)]
struct OperatorUserRow {
    id: Uuid,
    email: String,
    name: String,
    created_at: i64,
    organization: String,
    role: String,
}

impl Tracker {
    /// Returns the use cases of the command line.
    #[must_use]
    pub fn operator(&self) -> Operator<'_> {
        Operator(self)
    }
}

impl Operator<'_> {
    /// Creates a user. The first user must be an owner, and creates the organization. Invalidates the first owner's link.
    ///
    /// # Errors
    /// Returns [`Error::Conflict`] if the e-mail address is taken or a name looks like another, and [`Error::Invalid`] if the first user is not to be
    /// an owner, or if the organization does not exist or is ambiguous.
    pub async fn create_user(&self, new: &NewUser) -> Result<User, Error> {
        let password_hash = password::hash_password(&new.password).await?;
        let at = clock::now();
        let user =
            User { id: UserId(Uuid::now_v7()), email: new.email.clone(), name: new.name.clone(), created_at: at };

        let mut write = self.0.write().await?;
        let mut conn = write.conn();
        let is_first = !users::any_user_exists(&mut conn).await?;
        let role = new.role.unwrap_or(if is_first { Role::Owner } else { Role::Member });
        if is_first && role != Role::Owner {
            return Err(Error::Invalid("the first user must be an owner; omit --role".to_owned()));
        }
        let organization = match organizations::find_organization_by_name(&mut conn, new.organization.as_ref()).await? {
            Some(id) => id,
            None if role == Role::Owner => {
                let id = OrganizationId(Uuid::now_v7());
                let name = new.organization.as_ref().unwrap_or(self.0.organization_name());
                organizations::insert_organization(&mut conn, id, name, at).await?;
                id
            }
            None => {
                return Err(Error::Invalid(
                    "there is no such organization; check --org, or use --role owner to create it".to_owned(),
                ));
            }
        };
        users::insert_user(&mut conn, &user, &password_hash).await?;
        users::insert_membership(&mut conn, organization, user.id, role, at).await?;
        run!(conn, sqlx::query("DELETE FROM first_owner_link"))?;
        write.commit().await?;
        Ok(user)
    }

    /// Returns all users with their organizations and roles, by e-mail address. Returns at most 10,000 rows.
    ///
    /// # Errors
    /// Returns [`Error::Unexpected`] if the database fails.
    pub async fn list_users(&self) -> Result<Vec<(User, Name, Role)>, Error> {
        let rows: Vec<OperatorUserRow> = sql!(self.0.read().await?.conn(), |c| sqlx::query_as(
            "SELECT u.id, u.email, u.name, u.created_at, o.name AS organization, m.role
             FROM users u JOIN memberships m ON m.user_id = u.id JOIN organizations o ON o.id = m.organization_id
             ORDER BY u.email, o.name LIMIT 10000"
        )
        .fetch_all(c))?;
        let parse_row = |row: OperatorUserRow| {
            let user = User {
                id: UserId(row.id),
                email: Email::parse(&row.email).map_err(Error::unexpected)?,
                name: Name::from_stored(row.name),
                created_at: Instant(row.created_at),
            };
            let organization = Name::from_stored(row.organization);
            Ok((user, organization, row.role.parse().map_err(Error::unexpected)?))
        };
        rows.into_iter().map(parse_row).collect()
    }

    /// Sets a user's password and ends their sessions.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if no user has this e-mail address.
    pub async fn set_password(&self, email: &Email, new: &Password) -> Result<(), Error> {
        let password_hash = password::hash_password(new).await?;
        let mut write = self.0.write_from_reserve().await?;
        let mut conn = write.conn();
        let user = user_id_by_email(&mut conn, email).await?;
        users::set_password_hash(&mut conn, user, &password_hash).await?;
        sessions::end_all_sessions(&mut conn, user).await?;
        write.commit().await
    }

    /// Creates an API token for a user and returns its secret, which is stored only as a hash.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if no user has this e-mail address, and [`Error::Conflict`] if they already have the
    /// maximum number of tokens.
    pub async fn create_token(&self, email: &Email, new: &NewToken) -> Result<Secret, Error> {
        let mut write = self.0.write().await?;
        let mut conn = write.conn();
        let user = user_id_by_email(&mut conn, email).await?;
        let secret = tokens::insert_token(&mut conn, user, new).await?;
        write.commit().await?;
        Ok(secret)
    }

    /// Returns all tokens, newest first. Returns at most 10,000.
    ///
    /// # Errors
    /// Returns [`Error::Unexpected`] if the database fails.
    pub async fn list_tokens(&self) -> Result<Vec<Token>, Error> {
        tokens::list_all_tokens(&mut self.0.read().await?.conn()).await
    }

    /// Revokes a token. When this returns, all servers reject it.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the token does not exist.
    pub async fn revoke_token(&self, id: TokenId) -> Result<(), Error> {
        let mut write = self.0.write_from_reserve().await?;
        tokens::revoke_token(&mut write, id, None).await?;
        write.commit().await?;
        // A server on SQLite does not learn about the commits of other processes.
        tokio::time::sleep(ACCESS_LIFETIME).await;
        Ok(())
    }
}

async fn user_id_by_email(conn: &mut Conn<'_>, email: &Email) -> Result<UserId, Error> {
    Ok(users::find_user_by_email(conn, email).await?.ok_or(Error::NotFound("user"))?.user.id)
}
