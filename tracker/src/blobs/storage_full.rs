//! Telling a full disk from other failures: it is the one that people can mend.

use std::{error::Error as StdError, io};

use crate::Error;

/// What a failed writing means for whoever asked for it.
pub(crate) fn write_error(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Error {
    let error = error.into();
    if is_storage_full(&*error) { Error::Full(out_of_space_message()) } else { Error::Unexpected(error) }
}

/// The sentence for it.
pub(crate) fn out_of_space_message() -> String {
    "the server has no space left for files; delete files you no longer need, or ask the server's administrator for more"
        .to_owned()
}

/// Whether somewhere beneath this error a disk or a quota is full.
pub(crate) fn is_storage_full(error: &(dyn StdError + 'static)) -> bool {
    let mut beneath = Some(error);
    while let Some(error) = beneath {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            if matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
                return true;
            }
            // An error within an `io::Error` is not its source, but itself.
            if error.get_ref().is_some_and(|inner| is_storage_full(inner)) {
                return true;
            }
        }
        beneath = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_from_a_broken_one() {
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
