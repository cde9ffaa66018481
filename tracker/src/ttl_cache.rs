//! A cache whose entries expire after half a second.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Lifetime of an entry. A revoked token or a lowered role must take effect within a second, so it is shorter than that.
const TTL: Duration = Duration::from_millis(500);
/// Maximum number of entries. When it is reached, the whole cache is cleared.
const MAX_ENTRIES: usize = 10_000;

/// Caches values for half a second, so that a script that logs thousands of times per second is looked up twice per second.
pub(crate) struct TtlCache<K, V> {
    entries: Mutex<HashMap<K, (Instant, V)>>,
}

impl<K: Eq + Hash, V: Clone> TtlCache<K, V> {
    pub(crate) fn new() -> Self {
        Self { entries: Mutex::new(HashMap::new()) }
    }

    /// Returns the value for `key`, or `None` if it is missing or expired.
    pub(crate) fn get(&self, key: &K) -> Option<V> {
        let entries = self.lock_entries();
        entries.get(key).filter(|(since, _)| since.elapsed() < TTL).map(|(_, value)| value.clone())
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
