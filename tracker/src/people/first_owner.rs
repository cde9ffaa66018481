//! Initial setup: a one-time link creates the first owner, so that there is no default password to guess.

use domain::{
    Name,
    ids::{OrganizationId, UserId},
    people::{Email, Password, Role, User},
};
use uuid::Uuid;

use super::{password, sessions, users};
use crate::{
    Error, Secret, Tracker, clock,
    db::{Conn, run, sql},
    organizations, secret,
};

impl Tracker {
    /// Generates a secret for the first owner's link. Earlier links stop working. Returns `None` if a user exists.
    ///
    /// # Errors
    /// Returns [`Error::Unexpected`] if the database fails.
    pub async fn create_first_owner_link(&self) -> Result<Option<Secret>, Error> {
        let mut write = self.write_from_reserve().await?;
        let mut conn = write.conn();
        if users::any_user_exists(&mut conn).await? {
            return Ok(None);
        }
        let secret = Secret::generate("")?;
        run!(
            conn,
            sqlx::query(
                "INSERT INTO first_owner_link (id, secret_hash) VALUES (1, $1)
                 ON CONFLICT (id) DO UPDATE SET secret_hash = excluded.secret_hash"
            )
            .bind(secret.hash())
        )?;
        write.commit().await?;
        Ok(Some(secret))
    }

    /// Returns whether `link` is the secret of a valid first owner's link.
    ///
    /// # Errors
    /// Returns [`Error::Unexpected`] if the database fails.
    pub async fn is_first_owner_link_valid(&self, link: &str) -> Result<bool, Error> {
        let mut reader = self.read().await?;
        link_is_valid(&mut reader.conn(), link).await
    }

    /// Creates the first owner and their organization, and signs the owner in. Invalidates the link. Returns the secret
    /// of the session.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the link is wrong or was used.
    pub async fn claim_first_owner(
        &self,
        link: &str,
        email: &Email,
        name: &Name,
        new_password: &Password,
    ) -> Result<Secret, Error> {
        if !self.is_first_owner_link_valid(link).await? {
            return Err(Error::NotFound("link"));
        }
        let password_hash = password::hash_password(new_password).await?;
        let at = clock::now();
        let user = User { id: UserId(Uuid::now_v7()), email: email.clone(), name: name.clone(), created_at: at };
        let organization = OrganizationId(Uuid::now_v7());

        let mut write = self.write().await?;
        let mut conn = write.conn();
        // Check again inside the transaction: the link may have been used since.
        if !link_is_valid(&mut conn, link).await? {
            return Err(Error::NotFound("link"));
        }
        organizations::insert_organization(&mut conn, organization, self.organization_name(), at).await?;
        users::insert_user(&mut conn, &user, &password_hash).await?;
        users::insert_membership(&mut conn, organization, user.id, Role::Owner, at).await?;
        run!(conn, sqlx::query("DELETE FROM first_owner_link"))?;
        let session = sessions::create_session(&mut conn, user.id, at).await?;
        write.commit().await?;
        Ok(session)
    }
}

/// Returns whether `link` is the current link and no user exists yet.
async fn link_is_valid(conn: &mut Conn<'_>, link: &str) -> Result<bool, Error> {
    let found: Option<i64> =
        sql!(*conn, |c| sqlx::query_scalar("SELECT CAST(1 AS BIGINT) FROM first_owner_link WHERE secret_hash = $1")
            .bind(secret::hash_secret(link))
            .fetch_optional(c))?;
    Ok(found.is_some() && !users::any_user_exists(conn).await?)
}
