//! The status of an experiment.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// The status of an experiment's training. Uppercase in the API and the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Status {
    /// Created, but not started.
    #[default]
    Waiting,
    /// The training is running.
    Running,
    /// The training succeeded.
    Success,
    /// The training ended with an error.
    Failed,
    /// Canceled by a user.
    Canceled,
    /// Ended by something outside the training, such as a scheduler.
    Terminated,
}

/// The text is not a known status.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown status '{0}'; use WAITING, RUNNING, SUCCESS, FAILED, CANCELED or TERMINATED")]
pub struct UnknownStatus(pub String);

impl Status {
    /// All statuses, in the order in which a training passes through them.
    pub const ALL: [Self; 6] =
        [Self::Waiting, Self::Running, Self::Success, Self::Failed, Self::Canceled, Self::Terminated];

    /// Returns the status as written in the API, the database and on pages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "WAITING",
            Self::Running => "RUNNING",
            Self::Success => "SUCCESS",
            Self::Failed => "FAILED",
            Self::Canceled => "CANCELED",
            Self::Terminated => "TERMINATED",
        }
    }

    /// Returns whether the training has ended.
    #[must_use]
    pub fn is_final(self) -> bool {
        !matches!(self, Self::Waiting | Self::Running)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Status {
    type Err = UnknownStatus;

    fn from_str(text: &str) -> Result<Self, UnknownStatus> {
        Self::ALL
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or_else(|| UnknownStatus(text.chars().take(40).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_exactly_the_known_statuses() {
        for status in Status::ALL {
            assert_eq!(status.to_string().parse(), Ok(status));
            assert_eq!(serde_json::to_string(&status).unwrap(), format!("\"{status}\""));
        }
        for wrong in ["", "running", "created", "CANCELLED"] {
            assert!(wrong.parse::<Status>().is_err(), "{wrong}");
        }
    }
}
