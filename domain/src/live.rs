//! What an open page hears: hints that say what changed, never the change itself.
//!
//! A hint is given only after its change is committed. A page that missed some says the last position it saw
//! and gets what followed, or is told to read everything again.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    ids::{ExperimentId, LogId, NotAnId, OrganizationId, ProjectId},
    logs::{Kind, Points},
};

/// What a page is about, and so what it wants to hear of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Topic {
    /// An organization: everything in it.
    Organization(OrganizationId),
    /// A project: itself and its experiments.
    Project(ProjectId),
    /// An experiment, and the project it is in.
    Experiment(ExperimentId),
}

impl Topic {
    /// As it stands in an address: `experiment:01939f3c-…`.
    #[must_use]
    pub fn to_text(self) -> String {
        match self {
            Self::Organization(id) => format!("organization:{id}"),
            Self::Project(id) => format!("project:{id}"),
            Self::Experiment(id) => format!("experiment:{id}"),
        }
    }
}

impl FromStr for Topic {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        match text.split_once(':').ok_or(NotAnId)? {
            ("organization", id) => id.parse().map(Self::Organization),
            ("project", id) => id.parse().map(Self::Project),
            ("experiment", id) => id.parse().map(Self::Experiment),
            _ => Err(NotAnId),
        }
    }
}

/// A place in one server's sequence of events. A restart begins a new epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// One run of one server.
    pub epoch: Uuid,
    /// Counts that run's events from 1; 0 is "before the first".
    pub seq: u64,
}

/// Where something is: the organization, and as far inside as is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// The organization.
    pub organization: OrganizationId,
    /// The project, when it is in one.
    pub project: Option<ProjectId>,
    /// The experiment, when it is in one.
    pub experiment: Option<ExperimentId>,
}

impl Location {
    /// Whether a change at `other` concerns someone who looks at this place: it happened inside, or to
    /// something that this place is inside of (a renamed project stands in its experiments' paths).
    #[must_use]
    pub fn concerned_by(&self, other: &Self) -> bool {
        fn apart<T: PartialEq>(a: Option<T>, b: Option<T>) -> bool {
            matches!((a, b), (Some(a), Some(b)) if a != b)
        }
        self.organization == other.organization
            && !apart(self.project, other.project)
            && !apart(self.experiment, other.experiment)
    }
}

/// What happened to a thing. Who reads no logs may take [`serde::de::IgnoredAny`] for `L` and passes over what was logged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind<L = Vec<LogChange>> {
    /// It is new.
    Created,
    /// Its name, description or status is another.
    Updated,
    /// It is gone.
    Deleted,
    /// Something was logged to it: what became of each log, in the order of the commits.
    Logged(L),
    /// Its artifacts are others than before.
    Stored,
}

/// What became of one log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogChange {
    /// The log.
    pub log: LogId,
    /// What it is.
    pub kind: Kind,
    /// What happened to it.
    #[serde(rename = "what")]
    pub change: LogChangeKind,
}

/// What happened to a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogChangeKind {
    /// It is new, has another name, or holds something else.
    Replaced {
        /// Its revision now.
        revision: i64,
    },
    /// It is gone.
    Deleted,
    /// It is a line and has more points. Who holds its first `from` points, and gets all others here, holds all of them.
    Appended {
        /// How many points it had before.
        from: u64,
        /// How many it has now.
        count: u64,
        /// The points that came, in the order of their arrival; none when they are too many to send along.
        points: Points,
    },
}

/// One committed change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change<L = Vec<LogChange>> {
    /// The thing that changed: the innermost that its place names.
    #[serde(rename = "place")]
    pub location: Location,
    /// What happened to it.
    #[serde(rename = "what")]
    pub kind: ChangeKind<L>,
}

impl Change {
    /// Whether it concerns someone who looks at `place`. What is logged and stored is for those who look at the experiment
    /// itself: it is much, and projects and organizations show none of it.
    #[must_use]
    pub fn concerns(&self, location: &Location) -> bool {
        let shown = location.experiment.is_some() || !matches!(self.kind, ChangeKind::Logged(_) | ChangeKind::Stored);
        shown && location.concerned_by(&self.location)
    }
}

/// What the server says to a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Message<L = Vec<LogChange>> {
    /// You hear everything from here on.
    Hello {
        /// Where the sequence stands.
        position: Position,
    },
    /// Something changed.
    Event {
        /// Its place in the sequence.
        position: Position,
        /// What changed.
        change: Change<L>,
    },
    /// You missed more than is kept: read everything again.
    Resync {
        /// Where the sequence stands.
        position: Position,
    },
}

impl<L> Message<L> {
    /// Where the sequence stands with this message.
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
    fn topics_read_back() {
        let id = Uuid::from_u128(7);
        for topic in [
            Topic::Organization(OrganizationId(id)),
            Topic::Project(ProjectId(id)),
            Topic::Experiment(ExperimentId(id)),
        ] {
            assert_eq!(topic.to_text().parse(), Ok(topic));
        }
        for wrong in ["", "experiment", "experiment:", "experiment:*", "user:00000000-0000-0000-0000-000000000007"] {
            assert_eq!(wrong.parse::<Topic>(), Err(NotAnId), "{wrong}");
        }
    }

    #[test]
    fn who_is_concerned() {
        fn location(organization: u128, project: u128, experiment: u128) -> Location {
            Location {
                organization: OrganizationId(Uuid::from_u128(organization)),
                project: (project > 0).then(|| ProjectId(Uuid::from_u128(project))),
                experiment: (experiment > 0).then(|| ExperimentId(Uuid::from_u128(experiment))),
            }
        }
        for (reader, change, expected) in [
            (location(1, 0, 0), location(1, 2, 3), true), // the organization's page hears of everything in it
            (location(1, 0, 0), location(9, 2, 3), false), // but not of another's
            (location(1, 2, 0), location(1, 2, 3), true),
            (location(1, 2, 0), location(1, 9, 3), false),
            (location(1, 2, 3), location(1, 2, 3), true),
            (location(1, 2, 3), location(1, 2, 9), false),
            (location(1, 2, 3), location(1, 2, 0), true), // its project was renamed
            (location(1, 2, 3), location(1, 0, 0), true), // its organization was
        ] {
            assert_eq!(reader.concerned_by(&change), expected, "{reader:?} {change:?}");
        }
    }

    #[test]
    fn messages_keep_their_form_on_the_wire() {
        let position = Position { epoch: Uuid::from_u128(1), seq: 5 };
        let resync: Message = Message::Resync { position };
        assert_eq!(
            serde_json::to_string(&resync).unwrap(),
            r#"{"resync":{"position":{"epoch":"00000000-0000-0000-0000-000000000001","seq":5}}}"#
        );
    }

    #[test]
    fn what_was_logged_can_be_passed_over() {
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
