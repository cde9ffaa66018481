//! The pages of Groundglass: rendered whole on the server, then hydrated in the browser.
//!
//! A folder for each noun holds its pages and its `requests`, the server functions that they call. `ui` has the parts
//! that pages are made of. Only `door` and `document`, which exist on the server alone, know of HTTP and the tracker.

mod answer;
mod artifacts;
mod ask;
mod capital;
mod chunks;
mod error;
mod evaluations;
mod experiments;
mod form;
mod frame;
mod keys;
mod live;
mod load;
mod logs;
mod pager;
mod path;
mod people;
mod plot;
mod projects;
mod refusal;
mod routes;
mod telemetry;
pub mod ui;
mod uploads;

#[cfg(debug_assertions)]
pub mod design;
#[cfg(feature = "ssr")]
mod document;
#[cfg(feature = "ssr")]
mod door;
#[cfg(feature = "ssr")]
mod markdown;

#[cfg(feature = "ssr")]
pub use document::shell;
#[cfg(feature = "ssr")]
pub use door::{Chunks, ClientAddress, SessionCookie, Site};
pub use error::AppError;
#[cfg(feature = "ssr")]
pub use markdown::render as markdown;
pub use routes::App;
