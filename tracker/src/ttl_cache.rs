//! A cache whose entries expire, and can be invalidated before.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Lifetime of cached access. A change that no invalidation reports, such as one of a command beside a server on SQLite, takes
/// effect after this time.
pub(crate) const ACCESS_LIFETIME: Duration = Duration::from_millis(500);
/// Maximum number of entries. When it is reached, the whole cache is cleared.
const MAX_ENTRIES: usize = 10_000;

/// Caches values for half a second, so that a script that logs thousands of times per second is looked up twice per second, or
/// for another lifetime.
pub(crate) struct TtlCache<K, V> {
    ttl: Duration,
    invalidation: Invalidation,
    entries: Mutex<HashMap<K, (Instant, V)>>,
}

impl<K: Eq + Hash, V: Clone> TtlCache<K, V> {
    /// Creates a cache of access, whose entries `invalidation` invalidates.
    pub(crate) fn of_access(invalidation: &Invalidation) -> Self {
        Self { ttl: ACCESS_LIFETIME, invalidation: invalidation.clone(), entries: Mutex::new(HashMap::new()) }
    }

    /// Creates a cache whose entries have this lifetime.
    pub(crate) fn with_ttl(ttl: Duration) -> Self {
        Self { ttl, invalidation: Invalidation::default(), entries: Mutex::new(HashMap::new()) }
    }

    /// Returns the value for `key`, or `None` if it is missing, expired or invalid.
    pub(crate) fn get(&self, key: &K) -> Option<V> {
        let entries = self.lock_entries();
        let (queried_at, value) = entries.get(key)?;
        (queried_at.elapsed() < self.ttl && self.invalidation.is_valid(*queried_at)).then(|| value.clone())
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

/// Invalidates everything that was looked up before a time. Cheap to clone; clones share their state.
///
/// A lookup that runs during the invalidation began before it, so its result is invalid, too.
#[derive(Clone, Default)]
pub(crate) struct Invalidation {
    last: Arc<Mutex<LastInvalidation>>,
}

#[derive(Clone, Copy, Default)]
enum LastInvalidation {
    #[default]
    Never,
    At(Instant),
    /// Invalidations may be missed at the moment, so nothing is valid.
    Suspended,
}

impl Invalidation {
    /// Invalidates all entries so far.
    pub(crate) fn invalidate(&self) {
        let mut last = self.lock_last();
        if !matches!(*last, LastInvalidation::Suspended) {
            *last = LastInvalidation::At(Instant::now());
        }
    }

    /// Invalidates all entries, also later ones, until [`resume`](Self::resume).
    pub(crate) fn suspend(&self) {
        *self.lock_last() = LastInvalidation::Suspended;
    }

    /// Permits entries that are looked up from now on.
    pub(crate) fn resume(&self) {
        *self.lock_last() = LastInvalidation::At(Instant::now());
    }

    fn is_valid(&self, queried_at: Instant) -> bool {
        match *self.lock_last() {
            LastInvalidation::Never => true,
            LastInvalidation::At(at) => queried_at > at,
            LastInvalidation::Suspended => false,
        }
    }

    fn lock_last(&self) -> MutexGuard<'_, LastInvalidation> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A lookup that began before an invalidation, and one that began after it.
    #[test]
    fn entries_are_invalid_if_their_lookup_began_before_the_invalidation() {
        let invalidation = Invalidation::default();
        let cache = TtlCache { ttl: Duration::from_secs(3_600), ..TtlCache::of_access(&invalidation) };
        let before = Instant::now();
        cache.insert("old", before, 1);
        assert_eq!(cache.get(&"old"), Some(1));
        invalidation.invalidate();
        cache.insert("running", before, 2);
        cache.insert("new", Instant::now(), 3);
        assert_eq!([cache.get(&"old"), cache.get(&"running"), cache.get(&"new")], [None, None, Some(3)]);

        invalidation.suspend();
        cache.insert("while suspended", Instant::now(), 4);
        invalidation.invalidate();
        assert_eq!([cache.get(&"new"), cache.get(&"while suspended")], [None, None]);
        invalidation.resume();
        assert_eq!(cache.get(&"while suspended"), None);
        cache.insert("new", Instant::now(), 5);
        assert_eq!(cache.get(&"new"), Some(5));
    }
}
