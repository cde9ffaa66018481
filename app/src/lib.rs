//! The pages of Groundglass: rendered whole on the server, then hydrated in the browser.
//!
//! A folder for each noun holds its pages and its `requests`, the server functions that they call. `ui` has the parts
//! that pages are made of. Only `door` and `document`, which exist on the server alone, know of HTTP and the tracker.

mod artifacts;
mod chunks;
mod error;
mod error_view;
mod evaluations;
mod experiments;
mod form;
mod layout;
mod live;
mod logs;
mod pager;
mod people;
mod plot;
mod projects;
mod query;
mod query_view;
mod routes;
mod server_fn_client;
mod shortcuts;
mod telemetry;
pub mod ui;
mod uploads;
mod uppercase;
mod url_params;

#[cfg(debug_assertions)]
pub mod design;
#[cfg(feature = "ssr")]
mod document;
#[cfg(feature = "ssr")]
mod markdown;
#[cfg(feature = "ssr")]
mod server_context;

#[cfg(feature = "ssr")]
pub use document::shell;
pub use error::AppError;
#[cfg(feature = "ssr")]
pub use markdown::render as markdown;
pub use routes::App;
#[cfg(feature = "ssr")]
pub use server_context::{Chunks, ClientAddress, SessionCookie, Site};
