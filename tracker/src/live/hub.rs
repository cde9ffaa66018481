//! Who is told what, in which order.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::live::{Change, Location, Message, Position};
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast::{self, error::RecvError};
use uuid::Uuid;

use crate::Error;

/// How many changes a page may have missed and still be told each of them.
const REMEMBERED: usize = 4_096;
/// How many changes a reader may lag behind before it is told to read everything again.
const QUEUED: usize = 1_024;

/// The hub of one server. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Hub {
    shared: Arc<Shared>,
}

struct Shared {
    epoch: Uuid,
    history: Mutex<History>,
    sender: broadcast::Sender<Note>,
}

#[derive(Default)]
struct History {
    /// The number of the last note given.
    last: u64,
    recent: VecDeque<Note>,
}

/// A numbered change; without one, something was missed and nobody knows what.
#[derive(Clone)]
struct Note {
    seq: u64,
    change: Option<Arc<Change>>,
}

/// What servers that share a database tell each other.
#[derive(Serialize, Deserialize)]
struct Letter<'a> {
    from: Uuid,
    changes: std::borrow::Cow<'a, [Change]>,
}

impl Hub {
    /// Begins a new epoch.
    pub(crate) fn new() -> Self {
        let shared = Shared {
            epoch: Uuid::now_v7(),
            history: Mutex::new(History::default()),
            sender: broadcast::Sender::new(QUEUED),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Tells everyone whom it concerns of a committed change.
    pub(crate) fn announce(&self, change: Change) {
        self.add(Some(Arc::new(change)));
    }

    /// Tells everyone to read again: changes by other servers may have been missed.
    pub(super) fn lost_track(&self) {
        self.add(None);
    }

    fn add(&self, change: Option<Arc<Change>>) {
        let mut history = self.history();
        history.last += 1;
        let note = Note { seq: history.last, change };
        history.recent.push_back(note.clone());
        if history.recent.len() > REMEMBERED {
            history.recent.pop_front();
        }
        // Sent under the lock, so that notes reach readers in the order of their numbers.
        // Nobody listening is no error.
        let _ = self.shared.sender.send(note);
    }

    /// Hears what concerns `place`, going on after `since` when that is still remembered.
    pub(crate) fn subscribe(&self, location: Location, since: Option<Position>) -> Subscription {
        let history = self.history();
        let receiver = self.shared.sender.subscribe();
        let mut waiting = VecDeque::new();
        match since {
            None => waiting.push_back(Message::Hello { position: self.position(history.last) }),
            Some(since) if self.remembers(&history, since) => {
                waiting.push_back(Message::Hello { position: since });
                let missed = history.recent.iter().filter(|note| note.seq > since.seq);
                waiting.extend(missed.filter_map(|note| self.message(note, &location)));
            }
            Some(_) => waiting.push_back(Message::Resync { position: self.position(history.last) }),
        }
        Subscription { hub: self.clone(), location, waiting, receiver }
    }

    /// Where the sequence stands.
    pub(super) fn now(&self) -> Position {
        self.position(self.history().last)
    }

    fn remembers(&self, history: &History, since: Position) -> bool {
        let oldest = history.recent.front().map_or(history.last + 1, |note| note.seq);
        since.epoch == self.shared.epoch && since.seq <= history.last && since.seq + 1 >= oldest
    }

    fn message(&self, note: &Note, location: &Location) -> Option<Message> {
        let position = self.position(note.seq);
        match &note.change {
            None => Some(Message::Resync { position }),
            Some(change) => {
                change.concerns(location).then(|| Message::Event { position, change: Change::clone(change) })
            }
        }
    }

    fn position(&self, seq: u64) -> Position {
        Position { epoch: self.shared.epoch, seq }
    }

    fn history(&self) -> MutexGuard<'_, History> {
        self.shared.history.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// These changes, as a text for the other servers.
    pub(crate) fn letter(&self, changes: &[Change]) -> Result<String, Error> {
        serde_json::to_string(&Letter { from: self.shared.epoch, changes: changes.into() }).map_err(Error::unexpected)
    }

    /// Announces what another server wrote; our own letters come back to us and are passed over.
    pub(super) fn open_letter(&self, text: &str) {
        match serde_json::from_str::<Letter<'_>>(text) {
            Ok(letter) if letter.from == self.shared.epoch => {}
            Ok(letter) => letter.changes.into_owned().into_iter().for_each(|change| self.announce(change)),
            Err(error) => {
                tracing::warn!("a letter from another server cannot be read, is it of another version? {error}");
                self.lost_track();
            }
        }
    }
}

/// One page's ear at the hub.
pub struct Subscription {
    hub: Hub,
    location: Location,
    waiting: VecDeque<Message>,
    receiver: broadcast::Receiver<Note>,
}

impl Subscription {
    /// The next message; waits until there is one. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Message {
        loop {
            if let Some(message) = self.waiting.pop_front() {
                return message;
            }
            match self.receiver.recv().await {
                Ok(note) => self.waiting.extend(self.hub.message(&note, &self.location)),
                Err(RecvError::Lagged(_)) => return self.start_over(),
                // The hub lives as long as we hold it, so this is not reached; waiting is the safe answer.
                Err(RecvError::Closed) => std::future::pending().await,
            }
        }
    }

    fn start_over(&mut self) -> Message {
        self.receiver = self.receiver.resubscribe();
        let last = self.hub.history().last;
        Message::Resync { position: self.hub.position(last) }
    }
}

#[cfg(test)]
mod tests {
    use domain::{ids::OrganizationId, live::ChangeKind};

    use super::*;

    fn location(organization: u128) -> Location {
        Location { organization: OrganizationId(Uuid::from_u128(organization)), project: None, experiment: None }
    }

    fn change(organization: u128) -> Change {
        Change { location: location(organization), kind: ChangeKind::Updated }
    }

    #[tokio::test]
    async fn a_page_hears_only_what_concerns_it_and_goes_on_where_it_was() {
        let hub = Hub::new();
        let mut page = hub.subscribe(location(1), None);
        let Message::Hello { position } = page.next().await else { panic!("no hello") };
        hub.announce(change(9));
        hub.announce(change(1));
        assert!(matches!(page.next().await, Message::Event { position, .. } if position.seq == 2));

        let mut back = hub.subscribe(location(1), Some(position));
        assert_eq!(back.next().await, Message::Hello { position });
        assert!(matches!(back.next().await, Message::Event { position, .. } if position.seq == 2));
    }

    #[tokio::test]
    async fn who_missed_too_much_reads_everything_again() {
        let hub = Hub::new();
        let start = hub.position(0);
        let mut slow = hub.subscribe(location(1), None);
        slow.next().await;
        for _ in 0..=REMEMBERED {
            hub.announce(change(1));
        }
        let last = hub.position(REMEMBERED as u64 + 1);
        let resync = Message::Resync { position: last };
        assert_eq!(slow.next().await, resync, "a reader that lagged");
        for (since, why) in [
            (start, "forgotten"),
            (Position { epoch: Uuid::from_u128(1), seq: 3 }, "another epoch"),
            (hub.position(u64::MAX), "never given"),
        ] {
            assert_eq!(hub.subscribe(location(1), Some(since)).next().await, resync, "{why}");
        }
        hub.announce(change(1));
        assert!(matches!(slow.next().await, Message::Event { position, .. } if position.seq == last.seq + 1));
    }

    #[tokio::test]
    async fn servers_tell_each_other_but_not_themselves() {
        let (here, there) = (Hub::new(), Hub::new());
        let mut page = there.subscribe(location(1), None);
        page.next().await;
        let letter = here.letter(&[change(1)]).unwrap();
        here.open_letter(&letter);
        assert_eq!(here.history().last, 0);
        there.open_letter(&letter);
        assert!(matches!(page.next().await, Message::Event { .. }));
        there.open_letter("not a letter");
        assert!(matches!(page.next().await, Message::Resync { .. }));
    }
}
