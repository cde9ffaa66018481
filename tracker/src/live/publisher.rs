//! Publishes committed changes to open pages and other servers.

use domain::live::{Change, Location, LogChange};

use super::{Hub, LogCoalescer};
use crate::db::Db;

/// Publishes committed changes: changes of resources at once, changes of logs coalesced. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Publisher {
    hub: Hub,
    coalescer: LogCoalescer,
}

impl Publisher {
    /// Starts a publisher with a new hub, which begins a new epoch.
    pub(crate) fn start(db: &Db) -> Self {
        let hub = Hub::new();
        let coalescer = LogCoalescer::start(db, &hub);
        Self { hub, coalescer }
    }

    pub(crate) fn hub(&self) -> &Hub {
        &self.hub
    }

    /// Publishes a committed change of a resource.
    pub(crate) fn publish_change(&self, change: Change) {
        self.hub.broadcast(change);
    }

    /// Publishes a committed change of a log.
    pub(crate) fn publish_log_change(&self, location: Location, change: LogChange) {
        self.coalescer.add(location, change);
    }
}
