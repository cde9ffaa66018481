//! Who tells what was committed.

use domain::live::{Change, Location, LogChange};

use super::{Gatherer, Hub};
use crate::db::Db;

/// Tells open pages what was committed: changes at once, what was logged gathered. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Voice {
    hub: Hub,
    gatherer: Gatherer,
}

impl Voice {
    /// Begins a new epoch.
    pub(crate) fn start(db: &Db) -> Self {
        let hub = Hub::new();
        let gatherer = Gatherer::start(db, &hub);
        Self { hub, gatherer }
    }

    pub(crate) fn hub(&self) -> &Hub {
        &self.hub
    }

    /// Tells of a committed change.
    pub(crate) fn changed(&self, change: Change) {
        self.hub.announce(change);
    }

    /// Tells of a committed change of a log.
    pub(crate) fn logged(&self, location: Location, change: LogChange) {
        self.gatherer.logged(location, change);
    }
}
