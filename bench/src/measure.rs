//! The measurements, each on a new place.

mod charts;
mod requests;
mod storage;

pub use charts::charts;
pub use requests::requests;
pub use storage::storage;
