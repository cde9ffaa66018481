//! The error for stored bytes that cannot be decoded.

/// Stored points or buckets cannot be decoded: the database is damaged.
#[derive(Debug, thiserror::Error)]
#[error("cannot decode stored points: {0}")]
pub(crate) struct Corrupt(pub(super) String);

impl Corrupt {
    pub(super) fn new(why: impl ToString) -> Self {
        Self(why.to_string())
    }
}
