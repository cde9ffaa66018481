//! The hub of one server: numbers changes, keeps a history, and delivers them to subscriptions.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::live::{Change, Location, Message, Position};
use tokio::sync::broadcast::{self, error::RecvError};
use uuid::Uuid;

use super::notification::Notification;
use crate::{Error, ttl_cache::Invalidation};

/// Number of changes in the history. A page that missed more must refetch everything.
const HISTORY_LEN: usize = 4_096;
/// Number of changes that a reader may lag behind before it must refetch everything.
const MAX_LAG: usize = 1_024;

/// The hub of one server. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Hub {
    shared: Arc<Shared>,
}

struct Shared {
    epoch: Uuid,
    access: Invalidation,
    history: Mutex<History>,
    sender: broadcast::Sender<ChangeEvent>,
}

#[derive(Default)]
struct History {
    /// Sequence number of the last event.
    last: u64,
    recent: VecDeque<ChangeEvent>,
}

/// A numbered change. `None` means that unknown changes were missed.
#[derive(Clone)]
struct ChangeEvent {
    seq: u64,
    change: Option<Arc<Change>>,
}

impl Hub {
    /// Returns a hub with a new epoch.
    pub(crate) fn new() -> Self {
        let shared = Shared {
            epoch: Uuid::now_v7(),
            access: Invalidation::default(),
            history: Mutex::new(History::default()),
            sender: broadcast::Sender::new(MAX_LAG),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Delivers a committed change to all subscriptions that it affects.
    pub(crate) fn broadcast(&self, change: Change) {
        self.append_event(Some(Arc::new(change)));
    }

    /// Tells all subscriptions to refetch everything, because changes of other servers may have been missed.
    pub(super) fn broadcast_resync(&self) {
        self.append_event(None);
    }

    fn append_event(&self, change: Option<Arc<Change>>) {
        let mut history = self.lock_history();
        history.last += 1;
        let event = ChangeEvent { seq: history.last, change };
        history.recent.push_back(event.clone());
        if history.recent.len() > HISTORY_LEN {
            history.recent.pop_front();
        }
        // Sent under the lock, so that readers receive events in the order of their numbers. Fails only without receivers.
        let _ = self.shared.sender.send(event);
    }

    /// Subscribes to changes that affect `location`, beginning after `since` if the history reaches back that far.
    pub(crate) fn subscribe(&self, location: Location, since: Option<Position>) -> Subscription {
        let history = self.lock_history();
        let receiver = self.shared.sender.subscribe();
        let mut pending = VecDeque::new();
        match since {
            None => pending.push_back(Message::Hello { position: self.position(history.last) }),
            Some(since) if self.reaches_back_to(&history, since) => {
                pending.push_back(Message::Hello { position: since });
                let missed = history.recent.iter().filter(|event| event.seq > since.seq);
                pending.extend(missed.filter_map(|event| self.message_for(event, &location)));
            }
            Some(_) => pending.push_back(Message::Resync { position: self.position(history.last) }),
        }
        Subscription { hub: self.clone(), location, pending, receiver }
    }

    /// Returns the current position of the sequence.
    pub(super) fn current_position(&self) -> Position {
        self.position(self.lock_history().last)
    }

    fn reaches_back_to(&self, history: &History, since: Position) -> bool {
        let oldest = history.recent.front().map_or(history.last + 1, |event| event.seq);
        since.epoch == self.shared.epoch && since.seq <= history.last && since.seq + 1 >= oldest
    }

    fn message_for(&self, event: &ChangeEvent, location: &Location) -> Option<Message> {
        let position = self.position(event.seq);
        match &event.change {
            None => Some(Message::Resync { position }),
            Some(change) => {
                change.concerns(location).then(|| Message::Event { position, change: Change::clone(change) })
            }
        }
    }

    fn position(&self, seq: u64) -> Position {
        Position { epoch: self.shared.epoch, seq }
    }

    fn lock_history(&self) -> MutexGuard<'_, History> {
        self.shared.history.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the invalidation of cached access.
    pub(crate) fn access(&self) -> &Invalidation {
        &self.shared.access
    }

    /// Encodes changes as the payload of a notification for other servers. `access` invalidates their cached access.
    pub(crate) fn encode_notification(&self, changes: &[Change], access: bool) -> Result<String, Error> {
        Notification { from: self.shared.epoch, changes: changes.into(), access }.encode()
    }

    /// Broadcasts the changes in a notification from another server. Ignores the hub's own notifications, which come back.
    ///
    /// A payload that cannot be decoded comes from another version of the server; then pages refetch everything.
    pub(super) fn receive_notification(&self, payload: &str) {
        match Notification::decode(payload) {
            Ok(notification) if notification.from == self.shared.epoch => {}
            Ok(notification) => {
                if notification.access {
                    self.shared.access.invalidate();
                }
                notification.changes.into_owned().into_iter().for_each(|change| self.broadcast(change));
            }
            Err(error) => {
                self.shared.access.invalidate();
                tracing::warn!("cannot decode a notification from another server (another version?): {error}");
                self.broadcast_resync();
            }
        }
    }
}

/// The subscription of one page.
pub struct Subscription {
    hub: Hub,
    location: Location,
    pending: VecDeque<Message>,
    receiver: broadcast::Receiver<ChangeEvent>,
}

impl Subscription {
    /// Waits for the next message. Dropping the future loses no message.
    pub async fn next(&mut self) -> Message {
        loop {
            if let Some(message) = self.pending.pop_front() {
                return message;
            }
            match self.receiver.recv().await {
                Ok(event) => self.pending.extend(self.hub.message_for(&event, &self.location)),
                Err(RecvError::Lagged(_)) => return self.restart(),
                // Unreachable, because the subscription keeps the hub alive. Waiting forever is safe.
                Err(RecvError::Closed) => std::future::pending().await,
            }
        }
    }

    fn restart(&mut self) -> Message {
        self.receiver = self.receiver.resubscribe();
        let last = self.hub.lock_history().last;
        Message::Resync { position: self.hub.position(last) }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use domain::{ids::OrganizationId, live::ChangeKind};

    use super::*;
    use crate::ttl_cache::TtlCache;

    fn location(organization: u128) -> Location {
        Location { organization: OrganizationId(Uuid::from_u128(organization)), project: None, experiment: None }
    }

    fn change(organization: u128) -> Change {
        Change { location: location(organization), kind: ChangeKind::Updated }
    }

    #[tokio::test]
    async fn a_page_receives_only_relevant_changes_and_resumes_after_reconnecting() {
        let hub = Hub::new();
        let mut page = hub.subscribe(location(1), None);
        let Message::Hello { position } = page.next().await else { panic!("no hello") };
        hub.broadcast(change(9));
        hub.broadcast(change(1));
        assert!(matches!(page.next().await, Message::Event { position, .. } if position.seq == 2));

        let mut back = hub.subscribe(location(1), Some(position));
        assert_eq!(back.next().await, Message::Hello { position });
        assert!(matches!(back.next().await, Message::Event { position, .. } if position.seq == 2));
    }

    #[tokio::test]
    async fn a_page_that_missed_too_much_is_told_to_resync() {
        let hub = Hub::new();
        let start = hub.position(0);
        let mut slow = hub.subscribe(location(1), None);
        slow.next().await;
        for _ in 0..=HISTORY_LEN {
            hub.broadcast(change(1));
        }
        let last = hub.position(HISTORY_LEN as u64 + 1);
        let resync = Message::Resync { position: last };
        assert_eq!(slow.next().await, resync, "a reader that lagged");
        for (since, why) in [
            (start, "older than the history"),
            (Position { epoch: Uuid::from_u128(1), seq: 3 }, "another epoch"),
            (hub.position(u64::MAX), "in the future"),
        ] {
            assert_eq!(hub.subscribe(location(1), Some(since)).next().await, resync, "{why}");
        }
        hub.broadcast(change(1));
        assert!(matches!(slow.next().await, Message::Event { position, .. } if position.seq == last.seq + 1));
    }

    #[tokio::test]
    async fn notifications_reach_other_servers_only() {
        let (here, there) = (Hub::new(), Hub::new());
        let mut page = there.subscribe(location(1), None);
        page.next().await;
        let payload = here.encode_notification(&[change(1)], false).unwrap();
        here.receive_notification(&payload);
        assert_eq!(here.lock_history().last, 0);
        there.receive_notification(&payload);
        assert!(matches!(page.next().await, Message::Event { .. }));
        let cache = TtlCache::of_access(there.access());
        cache.insert(1, Instant::now(), "cached");
        assert_eq!(cache.get(&1), Some("cached"));
        there.receive_notification(&here.encode_notification(&[], true).unwrap());
        assert_eq!(cache.get(&1), None, "a changed access invalidates caches of other servers");
        there.receive_notification("not a notification");
        assert!(matches!(page.next().await, Message::Resync { .. }));
    }
}
