//! The first start: there is no password to guess, but a link that makes the first owner, once.

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
    /// A fresh secret for the first owner's link, while nobody is there; earlier ones stop working.
    /// None as soon as there is somebody.
    ///
    /// # Errors
    /// [`Error::Unexpected`] when the database fails.
    pub async fn first_owner_link(&self) -> Result<Option<Secret>, Error> {
        let mut write = self.write().await?;
        let mut conn = write.conn();
        if !users::none_yet(&mut conn).await? {
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

    /// Whether this is the secret of a first owner's link that still works.
    ///
    /// # Errors
    /// [`Error::Unexpected`] when the database fails.
    pub async fn first_owner_link_works(&self, link: &str) -> Result<bool, Error> {
        let mut reader = self.read().await?;
        works(&mut reader.conn(), link).await
    }

    /// Makes the first owner and their organization, and signs them in. The link works no more.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the link is wrong or was used.
    pub async fn claim_first_owner(
        &self,
        link: &str,
        email: &Email,
        name: &Name,
        new_password: &Password,
    ) -> Result<Secret, Error> {
        if !self.first_owner_link_works(link).await? {
            return Err(Error::NotFound("link"));
        }
        let password_hash = password::hash(new_password).await?;
        let at = clock::now();
        let user = User { id: UserId(Uuid::now_v7()), email: email.clone(), name: name.clone(), created_at: at };
        let organization = OrganizationId(Uuid::now_v7());

        let mut write = self.write().await?;
        let mut conn = write.conn();
        // Once more inside the transaction: two people may have opened the link.
        if !works(&mut conn, link).await? {
            return Err(Error::NotFound("link"));
        }
        users::add(&mut conn, &user, &password_hash).await?;
        organizations::add(&mut conn, organization, self.organization_name(), at).await?;
        users::join(&mut conn, organization, user.id, Role::Owner, at).await?;
        run!(conn, sqlx::query("DELETE FROM first_owner_link"))?;
        let session = sessions::begin(&mut conn, user.id, at).await?;
        write.commit().await?;
        Ok(session)
    }
}

async fn works(conn: &mut Conn<'_>, link: &str) -> Result<bool, Error> {
    let found: Option<i64> =
        sql!(*conn, |c| sqlx::query_scalar("SELECT CAST(1 AS BIGINT) FROM first_owner_link WHERE secret_hash = $1")
            .bind(secret::hash_secret(link))
            .fetch_optional(c))?;
    Ok(found.is_some() && users::none_yet(conn).await?)
}
