//! The open connections: who may open one, what each of them does, and which are closed.
//!
//! A client holds nothing for long that it does not use: idle connections and clients that do not read are closed
//! ([`activity`]), and when most connections are in use, no address has more than its share ([`admission`]).

pub mod activity;
pub mod admission;
mod client_shares;
mod error_responses;
mod metered_body;
mod metered_stream;
mod minimum_rate;

pub use client_shares::{ClientPermit, ClientShares};
pub use error_responses::ErrorResponses;
pub use metered_body::MeteredBody;
pub use metered_stream::MeteredStream;
pub use minimum_rate::{MinimumRate, RateMeter};

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;

use tokio_util::sync::{CancellationToken, WaitForCancellationFuture};
use tracing::debug;

use self::activity::{Activity, CloseReason};
use self::admission::{Admission, OpenConnection, admit, share_address};
use crate::limits::Limits;

/// All open connections of a server. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Connections {
    limits: Limits,
    next_id: Arc<AtomicU64>,
    open: Arc<Mutex<HashMap<u64, ConnectionEntry>>>,
}

#[derive(Clone, Debug)]
struct ConnectionEntry {
    address: Option<IpAddr>,
    opened: Instant,
    reserved: bool,
    activity: Arc<Activity>,
    close: CancellationToken,
}

/// An open connection. It counts until this is dropped, by the connection and the last of its requests.
#[derive(Debug)]
pub struct Connection {
    connections: Connections,
    id: u64,
    entry: ConnectionEntry,
}

/// The permit of a request, in its extensions. A WebSocket holds it, because it outlives the HTTP connection.
#[derive(Clone, Debug)]
pub struct ConnectionPermit(Arc<ActiveRequest>);

#[derive(Debug)]
struct ActiveRequest {
    connection: Arc<Connection>,
    client: OnceLock<ClientPermit>,
}

impl Connections {
    /// Returns an empty table.
    pub fn new(limits: Limits) -> Self {
        Self { limits, next_id: Arc::default(), open: Arc::default() }
    }

    /// Adds a new connection, and closes another one if that has to make room. The address is `None` if the connection is
    /// exempt from shares.
    pub fn add(&self, address: Option<IpAddr>, now: Instant) -> Arc<Connection> {
        let address = address.map(share_address);
        let mut open = self.open();
        let snapshot: Vec<_> = open.iter().map(|(id, entry)| entry.snapshot(*id)).collect();
        let admission = admit(&snapshot, address, self.limits.connections, self.limits.reserved_connections);
        let (replaced, reserved) = match admission {
            Admission::Open => (None, false),
            Admission::Replace(id) => (Some(id), false),
            Admission::Reserved { replace } => (replace, true),
        };
        if let Some(entry) = replaced.and_then(|id| open.remove(&id)) {
            entry.close(CloseReason::Replaced);
        }
        let entry = ConnectionEntry {
            address,
            opened: now,
            reserved,
            activity: Arc::new(Activity::new(now)),
            close: CancellationToken::new(),
        };
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        open.insert(id, entry.clone());
        Arc::new(Connection { connections: self.clone(), id, entry })
    }

    /// Closes idle connections and those of clients that do not read. Called periodically.
    pub fn check(&self, now: Instant) {
        for entry in self.open().values() {
            let idle = if entry.reserved { self.limits.reserved_head.min(self.limits.head) } else { self.limits.head };
            if let Some(reason) = entry.activity.check(now, idle, self.limits.minimum_rate) {
                entry.close(reason);
            }
        }
    }

    /// Closes the connection that has been idle for the longest time, to free its file descriptor.
    pub fn close_longest_idle(&self) {
        let open = self.open();
        let idle = open.values().filter(|entry| entry.activity.is_closable());
        let longest =
            idle.filter_map(|entry| Some((entry.activity.idle_since()?, entry))).min_by_key(|(idle, _)| *idle);
        if let Some((_, entry)) = longest {
            entry.close(CloseReason::Replaced);
        }
    }

    fn open(&self) -> MutexGuard<'_, HashMap<u64, ConnectionEntry>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ConnectionEntry {
    fn snapshot(&self, id: u64) -> OpenConnection {
        OpenConnection {
            id,
            address: self.address,
            opened: self.opened,
            idle_since: self.activity.idle_since(),
            reserved: self.reserved,
            closable: self.activity.is_closable(),
        }
    }

    fn close(&self, reason: CloseReason) {
        debug!("closing a connection of {:?}: {reason:?}", self.address);
        self.activity.set_close_reason(reason);
        self.close.cancel();
    }
}

impl Connection {
    /// Returns the activity.
    pub fn activity(&self) -> &Arc<Activity> {
        &self.entry.activity
    }

    /// Resolves when the connection must be closed.
    pub fn close_requested(&self) -> WaitForCancellationFuture<'_> {
        self.entry.close.cancelled()
    }

    /// Records the beginning of a request and returns its permit.
    pub fn begin_request(self: &Arc<Self>) -> ConnectionPermit {
        self.entry.activity.begin_request();
        ConnectionPermit(Arc::new(ActiveRequest { connection: self.clone(), client: OnceLock::new() }))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.connections.open().remove(&self.id);
    }
}

impl ConnectionPermit {
    /// Returns whether the connection is one of the reserved ones, which only serve health checks.
    pub fn is_reserved(&self) -> bool {
        self.0.connection.entry.reserved
    }

    /// Holds the permit of a proxied client until the request ends.
    pub fn hold_client(&self, client: ClientPermit) {
        let _ = self.0.client.set(client);
    }

    fn activity(&self) -> &Activity {
        &self.0.connection.entry.activity
    }
}

impl Drop for ActiveRequest {
    fn drop(&mut self) {
        self.connection.entry.activity.end_request(Instant::now());
    }
}
