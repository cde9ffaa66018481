//! How many WebSockets each session has open.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::ids::SessionId;

/// More pages than this open nobody; a script that leaks sockets is stopped here.
const PER_SESSION: usize = 64;

/// The open sockets, counted by session. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Sockets(Arc<Mutex<HashMap<SessionId, usize>>>);

/// One socket's place; given back when dropped.
#[derive(Debug)]
pub struct Seat {
    sockets: Sockets,
    session: SessionId,
}

impl Sockets {
    /// A place for one more socket of this session, if it has not too many.
    pub fn take_seat(&self, session: SessionId) -> Option<Seat> {
        let mut counts = self.counts();
        let count = counts.entry(session).or_default();
        if *count >= PER_SESSION {
            return None;
        }
        *count += 1;
        Some(Seat { sockets: self.clone(), session })
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<SessionId, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut counts = self.sockets.counts();
        if let Entry::Occupied(mut count) = counts.entry(self.session) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seats_are_counted_and_given_back() {
        let sockets = Sockets::default();
        let [a, b] = [1, 2].map(|id| SessionId(uuid::Uuid::from_u128(id)));
        let seats: Vec<_> = (0..PER_SESSION).map(|_| sockets.take_seat(a).unwrap()).collect();
        assert!(sockets.take_seat(a).is_none());
        assert!(sockets.take_seat(b).is_some());
        drop(seats);
        assert!(sockets.take_seat(a).is_some());
        assert!(sockets.counts().is_empty());
    }
}
