//! Who may do what: one function over one table.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A person's role in an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Answers for the organization itself.
    Owner,
    /// Looks after its people and their tokens.
    Admin,
    /// Creates projects and experiments and fills them.
    Member,
    /// Reads.
    Viewer,
}

/// The text names no role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a role is 'owner', 'admin', 'member' or 'viewer'")]
pub struct UnknownRole;

/// What a project makes of a person there, other than their role says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProjectRole {
    /// Changes settings and deletes. Whoever creates a project is its editor.
    Editor,
    /// Only reads.
    Viewer,
}

/// How a person stands to a thing, once role and project role are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EffectiveRole {
    /// An owner of the organization.
    Owner,
    /// An admin of the organization.
    Admin,
    /// An editor of the project at hand.
    Editor,
    /// A member without more.
    Member,
    /// A reader.
    Viewer,
}

/// What can be done and is not everybody's to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Right {
    /// See the organization, its projects and experiments and all that is in them.
    View,
    /// Make a project.
    CreateProject,
    /// Make an experiment in a project.
    CreateExperiment,
    /// Log to an experiment: its status, metrics, files, console.
    WriteContent,
    /// Change an experiment's name, description and base.
    EditExperiment,
    /// Delete an experiment.
    DeleteExperiment,
    /// Change a project's name and description.
    EditProject,
    /// Delete a project with its experiments.
    DeleteProject,
    /// Add and remove people, change their roles, revoke their tokens.
    ManagePeople,
    /// Rename the organization, make owners.
    ManageOrganization,
}

/// The complete matrix. Columns: owner, admin, editor (of the project), member, viewer.
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

/// Whether someone of this standing may do this.
#[must_use]
pub fn allows(standing: EffectiveRole, right: Right) -> bool {
    let column = match standing {
        EffectiveRole::Owner => 0,
        EffectiveRole::Admin => 1,
        EffectiveRole::Editor => 2,
        EffectiveRole::Member => 3,
        EffectiveRole::Viewer => 4,
    };
    MATRIX.iter().any(|(row, cells)| *row == right && cells[column])
}

impl EffectiveRole {
    /// How someone with this role stands in the organization as a whole.
    #[must_use]
    pub fn in_organization(role: Role) -> Self {
        match role {
            Role::Owner => Self::Owner,
            Role::Admin => Self::Admin,
            Role::Member => Self::Member,
            Role::Viewer => Self::Viewer,
        }
    }

    /// How they stand in a project, which raises or lowers members and viewers, and never owners and admins.
    #[must_use]
    pub fn in_project(role: Role, there: Option<ProjectRole>) -> Self {
        match (role, there) {
            (Role::Owner | Role::Admin, _) | (_, None) => Self::in_organization(role),
            (_, Some(ProjectRole::Editor)) => Self::Editor,
            (_, Some(ProjectRole::Viewer)) => Self::Viewer,
        }
    }
}

macro_rules! words {
    ($type:ident: $($variant:ident = $word:literal),+; $error:ident) => {
        impl $type {
            /// The word for it.
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
words!(Role: Owner = "owner", Admin = "admin", Member = "member", Viewer = "viewer"; UnknownRole);
words!(ProjectRole: Editor = "editor", Viewer = "viewer"; UnknownRole);

#[cfg(test)]
mod tests {
    use super::*;
    use Right::*;

    /// Every cell, written a second time and the other way round: who may do what, by standing.
    #[test]
    fn the_matrix_cell_by_cell() {
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
        fn check(standing: EffectiveRole, granted: &[Right]) {
            for right in RIGHTS {
                assert_eq!(allows(standing, right), granted.contains(&right), "{standing:?} {right:?}");
            }
        }
        check(EffectiveRole::Owner, &RIGHTS);
        check(EffectiveRole::Admin, &RIGHTS[..9]);
        check(EffectiveRole::Editor, &RIGHTS[..8]);
        check(EffectiveRole::Member, &[View, CreateProject, CreateExperiment, WriteContent]);
        check(EffectiveRole::Viewer, &[View]);
    }

    #[test]
    fn a_project_raises_and_lowers_members_only() {
        let (editor, viewer) = (Some(ProjectRole::Editor), Some(ProjectRole::Viewer));
        for (role, there, expected) in [
            (Role::Owner, viewer, EffectiveRole::Owner),
            (Role::Admin, viewer, EffectiveRole::Admin),
            (Role::Member, None, EffectiveRole::Member),
            (Role::Member, editor, EffectiveRole::Editor),
            (Role::Member, viewer, EffectiveRole::Viewer),
            (Role::Viewer, None, EffectiveRole::Viewer),
            (Role::Viewer, editor, EffectiveRole::Editor),
        ] {
            assert_eq!(EffectiveRole::in_project(role, there), expected, "{role} {there:?}");
        }
    }
}
