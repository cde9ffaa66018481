//! Live updates: the hub receives every committed change and sends it to the open pages that it affects.
//!
//! Readers never block writers. A reader that is too slow, or was disconnected for longer than the hub's history, is told to
//! refetch everything.

mod coalesce;
mod hub;
mod notification;
mod other_servers;
mod publisher;

use coalesce::LogCoalescer;
pub(crate) use hub::Hub;
pub use hub::Subscription;
pub(crate) use notification::NOTIFY_CHANNEL;
pub(crate) use other_servers::listen_to_other_servers;
pub(crate) use publisher::Publisher;

use domain::live::{Position, Topic};

use crate::{Actor, Error, Tracker, rights};

impl Tracker {
    /// Returns the current position in the sequence of events. Take it before reading data, and subscribe from it afterwards.
    #[must_use]
    pub fn position(&self) -> Position {
        self.hub().current_position()
    }

    /// Subscribes to changes of `topic`, beginning after `since` if the hub's history reaches back that far.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the resource does not exist or `who` may not see it.
    pub async fn subscribe(&self, who: &Actor, topic: Topic, since: Option<Position>) -> Result<Subscription, Error> {
        let mut reader = self.read().await?;
        let mut conn = reader.conn();
        let location = match topic {
            Topic::Organization(id) => rights::in_organization(&mut conn, who, id).await?.location,
            Topic::Project(id) => rights::in_project(&mut conn, who, id).await?.location,
            Topic::Experiment(id) => rights::in_experiment(&mut conn, who, id).await?.location,
        };
        Ok(self.hub().subscribe(location, since))
    }
}
