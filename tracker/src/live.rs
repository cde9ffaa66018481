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

use domain::live::{Location, Position, Topic};

use crate::{Actor, Error, Tracker, db::Conn, rights};

/// Whether an open page may still receive messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LiveAccess {
    /// The session is valid, and its user may see the resource.
    Granted,
    /// The session has ended.
    SessionEnded,
    /// The resource was deleted, or the user may no longer see it.
    Denied,
}

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
        let location = location_of_topic(&mut self.read().await?.conn(), who, topic).await?;
        Ok(self.hub().subscribe(location, since))
    }

    /// Returns whether a page that subscribed to `topic` may still receive messages. `session` is the secret of its session.
    ///
    /// A subscription does not notice that its user lost access, so the page's server calls this repeatedly. It reads the database,
    /// and therefore also notices changes by other servers.
    ///
    /// # Errors
    /// Returns [`Error::Unexpected`] if the database fails.
    pub async fn live_access(&self, session: &str, topic: Topic) -> Result<LiveAccess, Error> {
        let Some(who) = self.actor_by_session(session).await? else { return Ok(LiveAccess::SessionEnded) };
        match location_of_topic(&mut self.read().await?.conn(), &who, topic).await {
            Ok(_) => Ok(LiveAccess::Granted),
            Err(Error::NotFound(_)) => Ok(LiveAccess::Denied),
            Err(error) => Err(error),
        }
    }
}

/// Returns the location of a topic that `who` may see.
async fn location_of_topic(conn: &mut Conn<'_>, who: &Actor, topic: Topic) -> Result<Location, Error> {
    let access = match topic {
        Topic::Organization(id) => rights::in_organization(conn, who, id).await?,
        Topic::Project(id) => rights::in_project(conn, who, id).await?,
        Topic::Experiment(id) => rights::in_experiment(conn, who, id).await?,
    };
    Ok(access.location)
}
