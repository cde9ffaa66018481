//! Organizations and the memberships of users.

use domain::{
    Instant, Name,
    ids::OrganizationId,
    organizations::{Organization, OrganizationPage},
    people::Right,
};
use sha2::{Digest, Sha256};
use sqlx::FromRow;
use uuid::{Builder, Uuid};

use crate::{
    Actor, Error, Tracker,
    db::{Conn, conflict_if_duplicate, run, sql},
    names::{Siblings, require_distinct_name},
    rights,
};

#[derive(FromRow)]
struct OrganizationRow {
    id: Uuid,
    name: String,
    role: String,
}

impl TryFrom<OrganizationRow> for Organization {
    type Error = Error;

    fn try_from(row: OrganizationRow) -> Result<Self, Error> {
        Ok(Self {
            id: OrganizationId(row.id),
            name: Name::from_stored(row.name),
            role: row.role.parse().map_err(Error::unexpected)?,
        })
    }
}

impl Tracker {
    /// Returns the organizations that `who` belongs to, in the order of joining. Returns at most 1,000.
    ///
    /// # Errors
    /// Returns [`Error::Unexpected`] if the database fails.
    pub async fn organizations(&self, who: &Actor) -> Result<Vec<Organization>, Error> {
        let rows: Vec<OrganizationRow> = sql!(self.read().await?.conn(), |c| sqlx::query_as(
            "SELECT o.id, o.name, m.role FROM memberships m JOIN organizations o ON o.id = m.organization_id
             WHERE m.user_id = $1 ORDER BY m.created_at, o.id LIMIT 1000"
        )
        .bind(who.user.0)
        .fetch_all(c))?;
        rows.into_iter().map(Organization::try_from).collect()
    }

    /// Returns an organization that `who` belongs to.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the organization does not exist or `who` does not belong to it.
    pub async fn organization(&self, who: &Actor, id: OrganizationId) -> Result<Organization, Error> {
        let row: Option<OrganizationRow> = sql!(self.read().await?.conn(), |c| sqlx::query_as(
            "SELECT o.id, o.name, m.role FROM memberships m JOIN organizations o ON o.id = m.organization_id
             WHERE m.user_id = $1 AND o.id = $2"
        )
        .bind(who.user.0)
        .bind(id.0)
        .fetch_optional(c))?;
        row.ok_or(Error::NotFound("organization"))?.try_into()
    }

    /// Returns an organization that `who` belongs to, with their rights in it.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the organization does not exist or `who` does not belong to it.
    pub async fn organization_page(&self, who: &Actor, id: OrganizationId) -> Result<OrganizationPage, Error> {
        let organization = self.organization(who, id).await?;
        let mut reader = self.read().await?;
        let access = rights::in_organization(&mut reader.conn(), who, id).await?;
        Ok(OrganizationPage { organization, may_create_project: access.may(Right::CreateProject) })
    }
}

/// Returns the id of an organization's storage connector, as the script API reports it. Derived from the organization's id,
/// so that it never changes.
#[must_use]
pub fn files_connector(organization: OrganizationId) -> Uuid {
    let digest: [u8; 32] =
        Sha256::new_with_prefix(b"files of ").chain_update(organization.0.as_bytes()).finalize().into();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Builder::from_custom_bytes(bytes).into_uuid()
}

/// Inserts an organization.
///
/// # Errors
/// Returns [`Error::Conflict`] if the name is taken or looks like another.
pub(crate) async fn insert_organization(
    conn: &mut Conn<'_>,
    id: OrganizationId,
    name: &Name,
    at: Instant,
) -> Result<(), Error> {
    let name_nfkc = require_distinct_name(conn, &Siblings::ORGANIZATIONS, name).await?;
    run!(
        *conn,
        sqlx::query("INSERT INTO organizations (id, name, name_nfkc, created_at) VALUES ($1, $2, $3, $4)")
            .bind(id.0)
            .bind(name.as_str())
            .bind(name_nfkc)
            .bind(at.0)
    )
    .map_err(|error| conflict_if_duplicate(error, || format!("an organization named '{name}' already exists")))?;
    Ok(())
}

/// Returns the organization with this name, or the only organization if `name` is `None`. Returns `None` if there is none.
///
/// # Errors
/// Returns [`Error::Invalid`] if `name` is `None` and there are several organizations.
pub(crate) async fn find_organization_by_name(
    conn: &mut Conn<'_>,
    name: Option<&Name>,
) -> Result<Option<OrganizationId>, Error> {
    let ids: Vec<Uuid> = match name {
        Some(name) => sql!(*conn, |c| sqlx::query_scalar("SELECT id FROM organizations WHERE name = $1")
            .bind(name.as_str())
            .fetch_all(c))?,
        None => sql!(*conn, |c| sqlx::query_scalar("SELECT id FROM organizations LIMIT 2").fetch_all(c))?,
    };
    match ids.as_slice() {
        [] => Ok(None),
        [id] => Ok(Some(OrganizationId(*id))),
        _ => Err(Error::Invalid("there are several organizations; choose one with --org".to_owned())),
    }
}
