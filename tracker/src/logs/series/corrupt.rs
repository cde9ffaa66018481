//! Stored bytes that cannot be read.

/// Stored points or buckets are not what was written: the database is damaged.
#[derive(Debug, thiserror::Error)]
#[error("stored points cannot be read: {0}")]
pub(crate) struct Corrupt(pub(super) String);

impl Corrupt {
    pub(super) fn new(why: impl ToString) -> Self {
        Self(why.to_string())
    }
}
