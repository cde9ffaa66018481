//! What someone may do at a place. Every use case asks here first.
//!
//! What one may not see answers as if it did not exist; what one sees but may not change says who may.

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

/// Someone at a place that they may see.
pub(crate) struct Access {
    pub(crate) location: Location,
    standing: EffectiveRole,
    reads_only: bool,
}

impl Access {
    /// Whether they may do this.
    pub(crate) fn may(&self, right: Right) -> bool {
        allows(self.standing, right) && (right == Right::View || !self.reads_only)
    }

    /// Refuses, with a sentence that says who may, unless they may do this.
    pub(crate) fn require(&self, right: Right) -> Result<(), Error> {
        if self.may(right) {
            return Ok(());
        }
        let reason = if self.reads_only && allows(self.standing, right) {
            "this token is read-only; use a token with scope 'write'".to_owned()
        } else {
            right.denial().to_owned()
        };
        Err(Error::Forbidden(reason))
    }
}

#[derive(FromRow)]
struct Row {
    organization_id: Uuid,
    project_id: Option<Uuid>,
    role: String,
    project_role: Option<String>,
}

/// What `who` may do in an organization.
pub(crate) async fn in_organization(conn: &mut Conn<'_>, who: &Actor, id: OrganizationId) -> Result<Access, Error> {
    let row: Option<Row> = sql!(*conn, |c| sqlx::query_as(
        "SELECT organization_id, NULL AS project_id, role, NULL AS project_role
         FROM memberships WHERE user_id = $1 AND organization_id = $2"
    )
    .bind(who.user.0)
    .bind(id.0)
    .fetch_optional(c))?;
    access(who, row, None, "organization")
}

/// What `who` may do in a project.
pub(crate) async fn in_project(conn: &mut Conn<'_>, who: &Actor, id: ProjectId) -> Result<Access, Error> {
    let row: Option<Row> = sql!(*conn, |c| sqlx::query_as(
        "SELECT p.organization_id, p.id AS project_id, m.role, r.role AS project_role
         FROM projects p
         JOIN memberships m ON m.organization_id = p.organization_id AND m.user_id = $1
         LEFT JOIN project_roles r ON r.project_id = p.id AND r.user_id = $1
         WHERE p.id = $2"
    )
    .bind(who.user.0)
    .bind(id.0)
    .fetch_optional(c))?;
    access(who, row, None, "project")
}

/// What `who` may do with an experiment.
pub(crate) async fn in_experiment(conn: &mut Conn<'_>, who: &Actor, id: ExperimentId) -> Result<Access, Error> {
    let row: Option<Row> = sql!(*conn, |c| sqlx::query_as(
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
    access(who, row, Some(id), "experiment")
}

fn access(
    who: &Actor,
    row: Option<Row>,
    experiment: Option<ExperimentId>,
    noun: &'static str,
) -> Result<Access, Error> {
    let row = row.ok_or(Error::NotFound(noun))?;
    let role: Role = row.role.parse().map_err(Error::unexpected)?;
    let there: Option<ProjectRole> =
        row.project_role.map(|word| word.parse()).transpose().map_err(Error::unexpected)?;
    let location = Location {
        organization: OrganizationId(row.organization_id),
        project: row.project_id.map(ProjectId),
        experiment,
    };
    let standing = match location.project {
        Some(_) => EffectiveRole::in_project(role, there),
        None => EffectiveRole::in_organization(role),
    };
    let reads_only = matches!(who.credential, Credential::Token { scope: Scope::Read, .. });
    let access = Access { location, standing, reads_only };
    if access.may(Right::View) { Ok(access) } else { Err(Error::NotFound(noun)) }
}
