//! Distinguishes full storage from other write failures, because users can fix it.

use std::{error::Error as StdError, io};

use crate::Error;

/// Converts a write error to [`Error::Full`] if the storage is full, or to [`Error::Unexpected`].
pub(crate) fn write_error(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Error {
    let error = error.into();
    if is_storage_full(&*error) { Error::Full(out_of_space_message()) } else { Error::Unexpected(error) }
}

/// Returns the message for full storage.
pub(crate) fn out_of_space_message() -> String {
    "the server has no space left for files; delete files you no longer need, or ask the server's administrator for more"
        .to_owned()
}

/// Returns whether this error or one of its sources is a full disk or quota.
pub(crate) fn is_storage_full(error: &(dyn StdError + 'static)) -> bool {
    let mut source = Some(error);
    while let Some(error) = source {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            if matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
                return true;
            }
            // The `source` of an `io::Error` skips the error that it wraps.
            if error.get_ref().is_some_and(|inner| is_storage_full(inner)) {
                return true;
            }
        }
        source = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_storage_is_distinguished_from_other_errors() {
        let full = || io::Error::from(io::ErrorKind::StorageFull);
        let wrapped = object_store::Error::Generic { store: "disk", source: Box::new(io::Error::other(full())) };
        for (error, expected) in [
            (Box::new(full()) as Box<dyn StdError + Send + Sync>, true),
            (Box::new(wrapped), true),
            (Box::new(io::Error::from(io::ErrorKind::QuotaExceeded)), true),
            (Box::new(io::Error::from(io::ErrorKind::PermissionDenied)), false),
        ] {
            assert_eq!(matches!(write_error(error), Error::Full(_)), expected);
        }
    }
}
