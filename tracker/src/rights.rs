//! Rights checks. Every use case begins with one.
//!
//! A resource that the user may not see is reported as missing. An action that the user may not perform is reported as
//! forbidden, with a message that says who may.

use domain::{
    ids::{ExperimentId, OrganizationId, ProjectId},
    live::Location,
    people::{EffectiveRole, ProjectRole, Right, Role, Scope, allows},
};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    Actor, Credential, Error,
    db::{Conn, sql},
};

/// A user's access to a resource that the user may see.
pub(crate) struct Access {
    pub(crate) location: Location,
    role: EffectiveRole,
    /// Whether the request uses a token with the scope `read`.
    read_only: bool,
}

impl Access {
    /// Returns whether the user has this right.
    pub(crate) fn may(&self, right: Right) -> bool {
        allows(self.role, right) && (right == Right::View || !self.read_only)
    }

    /// Checks that the user has this right.
    ///
    /// # Errors
    /// Returns [`Error::Forbidden`] with a message that says who has it.
    pub(crate) fn require(&self, right: Right) -> Result<(), Error> {
        if self.may(right) {
            return Ok(());
        }
        let reason = if self.read_only && allows(self.role, right) {
            "this token is read-only; use a token with scope 'write'".to_owned()
        } else {
            right.denial().to_owned()
        };
        Err(Error::Forbidden(reason))
    }
}

#[derive(FromRow)]
struct RoleRow {
    organization_id: Uuid,
    project_id: Option<Uuid>,
    role: String,
    project_role: Option<String>,
}

/// Returns the access of `who` to an organization.
///
/// # Errors
/// Returns [`Error::NotFound`] if the organization does not exist or `who` may not see it.
pub(crate) async fn in_organization(conn: &mut Conn<'_>, who: &Actor, id: OrganizationId) -> Result<Access, Error> {
    let row: Option<RoleRow> = sql!(*conn, |c| sqlx::query_as(
        "SELECT organization_id, NULL AS project_id, role, NULL AS project_role
         FROM memberships WHERE user_id = $1 AND organization_id = $2"
    )
    .bind(who.user.0)
    .bind(id.0)
    .fetch_optional(c))?;
    access_from_row(who, row, None, "organization")
}

/// Returns the access of `who` to a project.
///
/// # Errors
/// Returns [`Error::NotFound`] if the project does not exist or `who` may not see it.
pub(crate) async fn in_project(conn: &mut Conn<'_>, who: &Actor, id: ProjectId) -> Result<Access, Error> {
    let row: Option<RoleRow> = sql!(*conn, |c| sqlx::query_as(
        "SELECT p.organization_id, p.id AS project_id, m.role, r.role AS project_role
         FROM projects p
         JOIN memberships m ON m.organization_id = p.organization_id AND m.user_id = $1
         LEFT JOIN project_roles r ON r.project_id = p.id AND r.user_id = $1
         WHERE p.id = $2"
    )
    .bind(who.user.0)
    .bind(id.0)
    .fetch_optional(c))?;
    access_from_row(who, row, None, "project")
}

/// Returns the access of `who` to an experiment.
///
/// # Errors
/// Returns [`Error::NotFound`] if the experiment does not exist or `who` may not see it.
pub(crate) async fn in_experiment(conn: &mut Conn<'_>, who: &Actor, id: ExperimentId) -> Result<Access, Error> {
    let row: Option<RoleRow> = sql!(*conn, |c| sqlx::query_as(
        "SELECT p.organization_id, p.id AS project_id, m.role, r.role AS project_role
         FROM experiments e
         JOIN projects p ON p.id = e.project_id
         JOIN memberships m ON m.organization_id = p.organization_id AND m.user_id = $1
         LEFT JOIN project_roles r ON r.project_id = p.id AND r.user_id = $1
         WHERE e.id = $2"
    )
    .bind(who.user.0)
    .bind(id.0)
    .fetch_optional(c))?;
    access_from_row(who, row, Some(id), "experiment")
}

fn access_from_row(
    who: &Actor,
    row: Option<RoleRow>,
    experiment: Option<ExperimentId>,
    noun: &'static str,
) -> Result<Access, Error> {
    let row = row.ok_or(Error::NotFound(noun))?;
    let role: Role = row.role.parse().map_err(Error::unexpected)?;
    let project_role: Option<ProjectRole> =
        row.project_role.map(|role| role.parse()).transpose().map_err(Error::unexpected)?;
    let location = Location {
        organization: OrganizationId(row.organization_id),
        project: row.project_id.map(ProjectId),
        experiment,
    };
    let role = match location.project {
        Some(_) => EffectiveRole::in_project(role, project_role),
        None => EffectiveRole::in_organization(role),
    };
    let read_only = matches!(who.credential, Credential::Token { scope: Scope::Read, .. });
    let access = Access { location, role, read_only };
    if access.may(Right::View) { Ok(access) } else { Err(Error::NotFound(noun)) }
}
