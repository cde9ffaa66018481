//! A cache whose entries expire.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Default lifetime of an entry. A revoked token or a lowered role must take effect within a second, so it is shorter than that.
const TTL: Duration = Duration::from_millis(500);
/// Maximum number of entries. When it is reached, the whole cache is cleared.
const MAX_ENTRIES: usize = 10_000;

/// Caches values for half a second, so that a script that logs thousands of times per second is looked up twice per second, or
/// for another lifetime.
pub(crate) struct TtlCache<K, V> {
    ttl: Duration,
    entries: Mutex<HashMap<K, (Instant, V)>>,
}

impl<K: Eq + Hash, V: Clone> TtlCache<K, V> {
    pub(crate) fn new() -> Self {
        Self::with_ttl(TTL)
    }

    /// Creates a cache whose entries have this lifetime.
    pub(crate) fn with_ttl(ttl: Duration) -> Self {
        Self { ttl, entries: Mutex::new(HashMap::new()) }
    }

    /// Returns the value for `key`, or `None` if it is missing or expired.
    pub(crate) fn get(&self, key: &K) -> Option<V> {
        let entries = self.lock_entries();
        entries.get(key).filter(|(since, _)| since.elapsed() < self.ttl).map(|(_, value)| value.clone())
    }

    /// Stores a value. Its lifetime counts from `queried_at`, the time before the lookup.
    pub(crate) fn insert(&self, key: K, queried_at: Instant, value: V) {
        let mut entries = self.lock_entries();
        if entries.len() >= MAX_ENTRIES {
            entries.clear();
        }
        entries.insert(key, (queried_at, value));
    }

    fn lock_entries(&self) -> MutexGuard<'_, HashMap<K, (Instant, V)>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
