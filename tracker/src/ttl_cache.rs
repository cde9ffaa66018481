//! Answers that stay good for a moment.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// How long an answer is taken as still true. A revoked token or a lowered role ends within a second, so it is less than that.
const GOOD_FOR: Duration = Duration::from_millis(500);
/// More answers than this are forgotten together.
const MOST: usize = 10_000;

/// Remembers answers for half a second, so that a script that logs thousands of times a second is looked up twice a second.
pub(crate) struct TtlCache<K, V> {
    answers: Mutex<HashMap<K, (Instant, V)>>,
}

impl<K: Eq + Hash, V: Clone> TtlCache<K, V> {
    pub(crate) fn new() -> Self {
        Self { answers: Mutex::new(HashMap::new()) }
    }

    /// The answer, if it was given a moment ago.
    pub(crate) fn get(&self, question: &K) -> Option<V> {
        let answers = self.answers();
        answers.get(question).filter(|(since, _)| since.elapsed() < GOOD_FOR).map(|(_, answer)| answer.clone())
    }

    /// Remembers an answer. It counts from `asked`, when the question was put.
    pub(crate) fn put(&self, question: K, asked: Instant, answer: V) {
        let mut answers = self.answers();
        if answers.len() >= MOST {
            answers.clear();
        }
        answers.insert(question, (asked, answer));
    }

    fn answers(&self) -> MutexGuard<'_, HashMap<K, (Instant, V)>> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
