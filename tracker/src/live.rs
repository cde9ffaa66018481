//! The hub: hears of every committed change and tells the open pages whom it concerns.
//!
//! Readers never hold up writers. Who is too slow, or was away for longer than the hub remembers, is told to
//! read everything again.

mod gather;
mod hub;
mod other_servers;
mod voice;

use gather::Gatherer;
pub(crate) use hub::Hub;
pub use hub::Subscription;
pub(crate) use other_servers::listen_to_other_servers;
pub(crate) use voice::Voice;

use domain::live::{Position, Topic};

use crate::{Actor, Error, Tracker, rights};

impl Tracker {
    /// Where the sequence of events stands. Taken before reading, it is the place to go on from after reading.
    #[must_use]
    pub fn position(&self) -> Position {
        self.hub().now()
    }

    /// Begins to listen to what happens at `topic`, going on after `since` when that is still remembered.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such place or `who` may not see it.
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
