//! Roles and rights: which role allows what, in one table.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A user's role in an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// All rights, including those over the organization itself.
    Owner,
    /// Manages users and their tokens, and has all rights over projects.
    Admin,
    /// Creates projects and experiments and writes to them.
    Member,
    /// Reads only.
    Viewer,
}

/// The text is not a known role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a role is 'owner', 'admin', 'member' or 'viewer'")]
pub struct UnknownRole;

/// A user's role within one project, which overrides the role of a member or viewer there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProjectRole {
    /// Changes settings and deletes. The creator of a project becomes its editor.
    Editor,
    /// Reads only.
    Viewer,
}

/// A user's role for a resource, after combining the roles in the organization and in the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EffectiveRole {
    /// Owner of the organization.
    Owner,
    /// Admin of the organization.
    Admin,
    /// Editor of the project.
    Editor,
    /// Member of the organization, without a role in the project.
    Member,
    /// Viewer of the organization or the project.
    Viewer,
}

/// An action that requires permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Right {
    /// See the organization, its projects, its experiments and their content.
    View,
    /// Create a project.
    CreateProject,
    /// Create an experiment in a project.
    CreateExperiment,
    /// Write the content of an experiment: status, logs, artifacts, console output.
    WriteContent,
    /// Change an experiment's name, description and base.
    EditExperiment,
    /// Delete an experiment.
    DeleteExperiment,
    /// Change a project's name and description.
    EditProject,
    /// Delete a project with its experiments.
    DeleteProject,
    /// Add and remove users, change their roles, revoke their tokens.
    ManagePeople,
    /// Rename the organization and appoint owners.
    ManageOrganization,
}

/// The complete matrix of rights. Columns: owner, admin, editor (of the project), member, viewer.
#[rustfmt::skip]
const MATRIX: [(Right, [bool; 5]); 10] = [
    //                          owner  admin  editor member viewer
    (Right::View,               [true, true,  true,  true,  true ]),
    (Right::CreateProject,      [true, true,  true,  true,  false]),
    (Right::CreateExperiment,   [true, true,  true,  true,  false]),
    (Right::WriteContent,       [true, true,  true,  true,  false]),
    (Right::EditExperiment,     [true, true,  true,  false, false]),
    (Right::DeleteExperiment,   [true, true,  true,  false, false]),
    (Right::EditProject,        [true, true,  true,  false, false]),
    (Right::DeleteProject,      [true, true,  true,  false, false]),
    (Right::ManagePeople,       [true, true,  false, false, false]),
    (Right::ManageOrganization, [true, false, false, false, false]),
];

/// Returns whether `role` grants `right`.
#[must_use]
pub fn allows(role: EffectiveRole, right: Right) -> bool {
    let column = match role {
        EffectiveRole::Owner => 0,
        EffectiveRole::Admin => 1,
        EffectiveRole::Editor => 2,
        EffectiveRole::Member => 3,
        EffectiveRole::Viewer => 4,
    };
    MATRIX.iter().any(|(row, cells)| *row == right && cells[column])
}

impl Right {
    /// Returns who has this right, as a message for users without it: a clause in lowercase, without a full stop.
    #[must_use]
    pub fn denial(self) -> &'static str {
        match self {
            Self::View => "you cannot see this",
            Self::CreateProject => "viewers cannot create projects; ask an organization admin for another role",
            Self::CreateExperiment => "viewers cannot create experiments; ask an organization admin for another role",
            Self::WriteContent => "viewers cannot change experiments; ask an organization admin for another role",
            Self::EditExperiment => "only project editors, admins and owners can change an experiment's settings",
            Self::DeleteExperiment => "only project editors, admins and owners can delete experiments",
            Self::EditProject => "only project editors, admins and owners can change a project's settings",
            Self::DeleteProject => "only project editors, admins and owners can delete projects",
            Self::ManagePeople => "only organization admins and owners can manage users",
            Self::ManageOrganization => "only organization owners can change the organization",
        }
    }
}

impl EffectiveRole {
    /// Returns the effective role for the organization as a whole.
    #[must_use]
    pub fn in_organization(role: Role) -> Self {
        match role {
            Role::Owner => Self::Owner,
            Role::Admin => Self::Admin,
            Role::Member => Self::Member,
            Role::Viewer => Self::Viewer,
        }
    }

    /// Returns the effective role for a project. A project role raises or lowers members and viewers, but never owners and
    /// admins.
    #[must_use]
    pub fn in_project(role: Role, project_role: Option<ProjectRole>) -> Self {
        match (role, project_role) {
            (Role::Owner | Role::Admin, _) | (_, None) => Self::in_organization(role),
            (_, Some(ProjectRole::Editor)) => Self::Editor,
            (_, Some(ProjectRole::Viewer)) => Self::Viewer,
        }
    }
}

/// Implements `as_str`, `Display` and `FromStr` for an enum of named roles.
macro_rules! role_names {
    ($type:ident: $($variant:ident = $word:literal),+; $error:ident) => {
        impl $type {
            /// Returns the role as written in the API and the database.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
        impl FromStr for $type {
            type Err = $error;
            fn from_str(text: &str) -> Result<Self, $error> {
                match text { $($word => Ok(Self::$variant),)+ _ => Err($error) }
            }
        }
    };
}
role_names!(Role: Owner = "owner", Admin = "admin", Member = "member", Viewer = "viewer"; UnknownRole);
role_names!(ProjectRole: Editor = "editor", Viewer = "viewer"; UnknownRole);

#[cfg(test)]
mod tests {
    use super::*;
    use Right::*;

    /// Every cell of the matrix, stated a second time by role instead of by right.
    #[test]
    fn each_role_has_exactly_its_rights() {
        const RIGHTS: [Right; 10] = [
            View,
            CreateProject,
            CreateExperiment,
            WriteContent,
            EditExperiment,
            DeleteExperiment,
            EditProject,
            DeleteProject,
            ManagePeople,
            ManageOrganization,
        ];
        fn check(role: EffectiveRole, granted: &[Right]) {
            for right in RIGHTS {
                assert_eq!(allows(role, right), granted.contains(&right), "{role:?} {right:?}");
            }
        }
        check(EffectiveRole::Owner, &RIGHTS);
        check(EffectiveRole::Admin, &RIGHTS[..9]);
        check(EffectiveRole::Editor, &RIGHTS[..8]);
        check(EffectiveRole::Member, &[View, CreateProject, CreateExperiment, WriteContent]);
        check(EffectiveRole::Viewer, &[View]);
    }

    #[test]
    fn denials_are_clauses_in_lowercase() {
        for (right, _) in MATRIX {
            let denial = right.denial();
            assert!(denial.starts_with(char::is_lowercase) && !denial.ends_with('.'), "{denial}");
        }
    }

    #[test]
    fn project_roles_change_members_and_viewers_only() {
        let (editor, viewer) = (Some(ProjectRole::Editor), Some(ProjectRole::Viewer));
        for (role, project_role, expected) in [
            (Role::Owner, viewer, EffectiveRole::Owner),
            (Role::Admin, viewer, EffectiveRole::Admin),
            (Role::Member, None, EffectiveRole::Member),
            (Role::Member, editor, EffectiveRole::Editor),
            (Role::Member, viewer, EffectiveRole::Viewer),
            (Role::Viewer, None, EffectiveRole::Viewer),
            (Role::Viewer, editor, EffectiveRole::Editor),
        ] {
            assert_eq!(EffectiveRole::in_project(role, project_role), expected, "{role} {project_role:?}");
        }
    }
}
