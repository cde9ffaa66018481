//! The domain types and rules of Groundglass.
//!
//! Performs no I/O, does not read the clock and draws no random numbers: every instant is an argument. The crate compiles
//! for the server and for the browser, so that both share the same types.

pub mod artifacts;
pub mod experiments;
pub mod files;
pub mod format;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
pub mod ids;
pub mod instant;
pub mod live;
pub mod logs;
pub mod organizations;
pub mod paging;
pub mod people;
pub mod projects;
pub mod text;

pub use instant::Instant;
pub use text::{Description, Name, TextError};
