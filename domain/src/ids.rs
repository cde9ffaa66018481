//! Identifiers, one type per noun, so that a project's id is never taken for an experiment's.
//!
//! All are UUIDs (version 7 where Groundglass makes them), written in the usual lower-case form with hyphens.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The text was not a UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id looks like 01939f3c-7a50-7cc2-b7d4-0a8a5f0c1e2d")]
pub struct NotAnId;

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
            type Err = NotAnId;

            /// Reads the hyphenated form only: one object has one address.
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                if text.len() != 36 {
                    return Err(NotAnId);
                }
                Uuid::try_parse(text).map(Self).map_err(|_| NotAnId)
            }
        }
    )+};
}

ids! {
    /// Names a person.
    UserId;
    /// Names an organization.
    OrganizationId;
    /// Names a project.
    ProjectId;
    /// Names an experiment.
    ExperimentId;
    /// Names a log of an experiment.
    LogId;
    /// Names an artifact of an experiment.
    ArtifactId;
    /// Names an uploaded object.
    ObjectId;
    /// Names an upload that has begun.
    UploadId;
    /// Names a signed-in browser.
    SessionId;
    /// Names an API token.
    TokenId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_hyphenated_form_is_an_id() {
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
            assert_eq!(wrong.parse::<ProjectId>(), Err(NotAnId), "{wrong}");
        }
    }
}
