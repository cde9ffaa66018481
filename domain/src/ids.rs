//! Typed identifiers, so that a project's id cannot be passed where an experiment's id is expected.
//!
//! All are UUIDs in the lowercase hyphenated form. Groundglass creates version 7.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The text is not a hyphenated UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id looks like 01939f3c-7a50-7cc2-b7d4-0a8a5f0c1e2d")]
pub struct InvalidId;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            /// Parses the hyphenated form only, so that each object has one address.
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                if text.len() != 36 {
                    return Err(InvalidId);
                }
                Uuid::try_parse(text).map(Self).map_err(|_| InvalidId)
            }
        }
    )+};
}

ids! {
    /// Identifies a user.
    UserId;
    /// Identifies an organization.
    OrganizationId;
    /// Identifies a project.
    ProjectId;
    /// Identifies an experiment.
    ExperimentId;
    /// Identifies a log of an experiment.
    LogId;
    /// Identifies an artifact of an experiment.
    ArtifactId;
    /// Identifies an uploaded object.
    ObjectId;
    /// Identifies an unfinished upload.
    UploadId;
    /// Identifies a session of a signed-in browser.
    SessionId;
    /// Identifies an API token.
    TokenId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_the_hyphenated_form_only() {
        let id = "01939f3c-7a50-7cc2-b7d4-0a8a5f0c1e2d";
        assert_eq!(id.parse::<ProjectId>().unwrap().to_string(), id);
        for wrong in [
            "",
            ":id",
            "{id}",
            "*",
            "../etc/passwd",
            "01939f3c7a507cc2b7d40a8a5f0c1e2d",
            "{01939f3c-7a50-7cc2-b7d4-0a8a5f0c1e2d}",
            "zzzzzzzz-7a50-7cc2-b7d4-0a8a5f0c1e2d",
        ] {
            assert_eq!(wrong.parse::<ProjectId>(), Err(InvalidId), "{wrong}");
        }
    }
}
