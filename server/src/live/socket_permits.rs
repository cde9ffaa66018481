//! Limits the number of open WebSockets per session.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::ids::SessionId;

/// Maximum number of open sockets per session. More than any user's open pages; stops scripts that leak sockets.
const MAX_PER_SESSION: usize = 64;

/// Counts the open sockets of each session. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct SocketPermits(Arc<Mutex<HashMap<SessionId, usize>>>);

/// The permit of one socket. Released when it is dropped.
#[derive(Debug)]
pub struct SocketPermit {
    sockets: SocketPermits,
    session: SessionId,
}

impl SocketPermits {
    /// Returns a permit for another socket of a session, or `None` if the session has reached the limit.
    pub fn acquire(&self, session: SessionId) -> Option<SocketPermit> {
        let mut counts = self.counts();
        let count = counts.entry(session).or_default();
        if *count >= MAX_PER_SESSION {
            return None;
        }
        *count += 1;
        Some(SocketPermit { sockets: self.clone(), session })
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<SessionId, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for SocketPermit {
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
    fn permits_are_limited_and_released() {
        let sockets = SocketPermits::default();
        let [a, b] = [1, 2].map(|id| SessionId(uuid::Uuid::from_u128(id)));
        let permits: Vec<_> = (0..MAX_PER_SESSION).map(|_| sockets.acquire(a).unwrap()).collect();
        assert!(sockets.acquire(a).is_none());
        assert!(sockets.acquire(b).is_some());
        drop(permits);
        assert!(sockets.acquire(a).is_some());
        assert!(sockets.counts().is_empty());
    }
}
