//! How far a training is.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// An experiment's status; written in upper case wherever machines read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Status {
    /// Made, but not started.
    #[default]
    Waiting,
    /// Its training runs.
    Running,
    /// Its training ended well.
    Success,
    /// Its training ended with an error.
    Failed,
    /// Called off by a person.
    Canceled,
    /// Ended from outside.
    Terminated,
}

/// The text names no status.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no status; it is one of WAITING, RUNNING, SUCCESS, FAILED, CANCELED, TERMINATED")]
pub struct UnknownStatus(pub String);

impl Status {
    /// All six, in the order a training goes through them.
    pub const ALL: [Self; 6] =
        [Self::Waiting, Self::Running, Self::Success, Self::Failed, Self::Canceled, Self::Terminated];

    /// The word that machines read and people see.
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
    fn every_status_reads_back_and_nothing_else_does() {
        for status in Status::ALL {
            assert_eq!(status.to_string().parse(), Ok(status));
            assert_eq!(serde_json::to_string(&status).unwrap(), format!("\"{status}\""));
        }
        for wrong in ["", "running", "created", "CANCELLED"] {
            assert!(wrong.parse::<Status>().is_err(), "{wrong}");
        }
    }
}
