//! Live updates: messages that tell an open page what changed, so that it refetches.
//!
//! A message is sent only after its change is committed. A page that missed messages reconnects with the last position it
//! saw; it then receives what followed, or is told to refetch everything.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    ids::{ExperimentId, InvalidId, LogId, OrganizationId, ProjectId},
    logs::{Kind, Points},
};

/// What a page subscribes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Topic {
    /// An organization and everything in it.
    Organization(OrganizationId),
    /// A project and its experiments.
    Project(ProjectId),
    /// An experiment and the project that contains it.
    Experiment(ExperimentId),
}

impl Topic {
    /// Returns the topic as a query parameter: `experiment:01939f3c-…`.
    #[must_use]
    pub fn to_query_param(self) -> String {
        match self {
            Self::Organization(id) => format!("organization:{id}"),
            Self::Project(id) => format!("project:{id}"),
            Self::Experiment(id) => format!("experiment:{id}"),
        }
    }
}

impl FromStr for Topic {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        match text.split_once(':').ok_or(InvalidId)? {
            ("organization", id) => id.parse().map(Self::Organization),
            ("project", id) => id.parse().map(Self::Project),
            ("experiment", id) => id.parse().map(Self::Experiment),
            _ => Err(InvalidId),
        }
    }
}

/// A position in the sequence of events of one server run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Identifies the run. A restart begins a new epoch.
    pub epoch: Uuid,
    /// Sequence number of the event within the run, counted from 1; 0 is before the first event.
    pub seq: u64,
}

/// The path to a resource: its organization and, if it lies deeper, its project and experiment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// The organization.
    pub organization: OrganizationId,
    /// The project; `None` for the organization itself.
    pub project: Option<ProjectId>,
    /// The experiment; `None` for the organization or a project.
    pub experiment: Option<ExperimentId>,
}

impl Location {
    /// Returns whether a change at `other` affects a page about this location.
    ///
    /// It does if `other` lies inside this location or contains it: an experiment's page shows the name of its project.
    #[must_use]
    pub fn is_affected_by(&self, other: &Self) -> bool {
        fn differ<T: PartialEq>(a: Option<T>, b: Option<T>) -> bool {
            matches!((a, b), (Some(a), Some(b)) if a != b)
        }
        self.organization == other.organization
            && !differ(self.project, other.project)
            && !differ(self.experiment, other.experiment)
    }
}

/// What happened to a resource.
///
/// Readers that do not need log changes use [`serde::de::IgnoredAny`] for `L`, which skips them without parsing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind<L = Vec<LogChange>> {
    /// It was created.
    Created,
    /// Its name, description or status changed.
    Updated,
    /// It was deleted.
    Deleted,
    /// Some of its logs changed. In the order of the commits.
    Logged(L),
    /// Its artifacts changed.
    Stored,
}

/// A change of one log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogChange {
    /// The log.
    pub log: LogId,
    /// The type of the log.
    pub kind: Kind,
    /// What happened to it.
    #[serde(rename = "what")]
    pub change: LogChangeKind,
}

/// What happened to a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogChangeKind {
    /// It was created or renamed, or its content was replaced.
    Replaced {
        /// The revision after the change.
        revision: i64,
    },
    /// It was deleted.
    Deleted,
    /// Points were appended to a line. A reader with the first `from` points has all `count` of them after adding `points`.
    Appended {
        /// Number of points before.
        from: u64,
        /// Number of points after.
        count: u64,
        /// The new points in the order of their arrival. Empty if there are too many to include.
        points: Points,
    },
}

/// A committed change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change<L = Vec<LogChange>> {
    /// The resource that changed: the innermost one that the location names.
    #[serde(rename = "place")]
    pub location: Location,
    /// What happened to it.
    #[serde(rename = "what")]
    pub kind: ChangeKind<L>,
}

impl Change {
    /// Returns whether a page about `location` receives this change.
    ///
    /// Changes of logs and artifacts go to the experiment's own pages only. They are frequent, and pages of projects and
    /// organizations do not show them.
    #[must_use]
    pub fn concerns(&self, location: &Location) -> bool {
        let shown = location.experiment.is_some() || !matches!(self.kind, ChangeKind::Logged(_) | ChangeKind::Stored);
        shown && location.is_affected_by(&self.location)
    }
}

/// A message from the server to a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Message<L = Vec<LogChange>> {
    /// The subscription has begun.
    Hello {
        /// The current position.
        position: Position,
    },
    /// Something changed.
    Event {
        /// The position of the event.
        position: Position,
        /// The change.
        change: Change<L>,
    },
    /// The page missed events that are no longer available and must refetch everything.
    Resync {
        /// The current position.
        position: Position,
    },
}

impl<L> Message<L> {
    /// Returns the position of the sequence after this message.
    #[must_use]
    pub fn position(&self) -> Position {
        match self {
            Self::Hello { position } | Self::Event { position, .. } | Self::Resync { position } => *position,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::de::IgnoredAny;

    use super::*;

    #[test]
    fn topics_round_trip_through_query_parameters() {
        let id = Uuid::from_u128(7);
        for topic in [
            Topic::Organization(OrganizationId(id)),
            Topic::Project(ProjectId(id)),
            Topic::Experiment(ExperimentId(id)),
        ] {
            assert_eq!(topic.to_query_param().parse(), Ok(topic));
        }
        for wrong in ["", "experiment", "experiment:", "experiment:*", "user:00000000-0000-0000-0000-000000000007"] {
            assert_eq!(wrong.parse::<Topic>(), Err(InvalidId), "{wrong}");
        }
    }

    #[test]
    fn changes_affect_pages_inside_and_around_them() {
        fn location(organization: u128, project: u128, experiment: u128) -> Location {
            Location {
                organization: OrganizationId(Uuid::from_u128(organization)),
                project: (project > 0).then(|| ProjectId(Uuid::from_u128(project))),
                experiment: (experiment > 0).then(|| ExperimentId(Uuid::from_u128(experiment))),
            }
        }
        for (reader, change, expected) in [
            (location(1, 0, 0), location(1, 2, 3), true), // an organization's page receives everything in it
            (location(1, 0, 0), location(9, 2, 3), false), // but nothing of another organization
            (location(1, 2, 0), location(1, 2, 3), true),
            (location(1, 2, 0), location(1, 9, 3), false),
            (location(1, 2, 3), location(1, 2, 3), true),
            (location(1, 2, 3), location(1, 2, 9), false),
            (location(1, 2, 3), location(1, 2, 0), true), // its project was renamed
            (location(1, 2, 3), location(1, 0, 0), true), // its organization was
        ] {
            assert_eq!(reader.is_affected_by(&change), expected, "{reader:?} {change:?}");
        }
    }

    #[test]
    fn messages_keep_their_wire_format() {
        let position = Position { epoch: Uuid::from_u128(1), seq: 5 };
        let resync: Message = Message::Resync { position };
        assert_eq!(
            serde_json::to_string(&resync).unwrap(),
            r#"{"resync":{"position":{"epoch":"00000000-0000-0000-0000-000000000001","seq":5}}}"#
        );
        let location = Location { organization: OrganizationId(Uuid::from_u128(2)), project: None, experiment: None };
        let change = LogChange {
            log: LogId(Uuid::from_u128(3)),
            kind: Kind::Line,
            change: LogChangeKind::Replaced { revision: 4 },
        };
        let change = Change { location, kind: ChangeKind::Logged(vec![change]) };
        assert_eq!(
            serde_json::to_string(&change).unwrap(),
            concat!(
                r#"{"place":{"organization":"00000000-0000-0000-0000-000000000002","project":null,"experiment":null},"#,
                r#""what":{"logged":[{"log":"00000000-0000-0000-0000-000000000003","kind":"LINE","#,
                r#""what":{"replaced":{"revision":4}}}]}}"#
            )
        );
    }

    #[test]
    fn log_changes_can_be_skipped_when_reading() {
        let position = Position { epoch: Uuid::from_u128(1), seq: 5 };
        let location = Location { organization: OrganizationId(Uuid::from_u128(2)), project: None, experiment: None };
        let change = LogChange {
            log: LogId(Uuid::from_u128(3)),
            kind: Kind::Line,
            change: LogChangeKind::Replaced { revision: 4 },
        };
        let event = Message::Event { position, change: Change { location, kind: ChangeKind::Logged(vec![change]) } };
        let text = serde_json::to_string(&event).unwrap();
        let read: Message<IgnoredAny> = serde_json::from_str(&text).unwrap();
        assert!(matches!(read, Message::Event { change: Change { kind: ChangeKind::Logged(_), .. }, .. }), "{text}");
        assert_eq!(read.position(), position);
        assert_eq!(serde_json::from_str::<Message>(&text).unwrap(), event);
    }
}
