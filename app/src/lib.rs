//! The pages of Groundglass: rendered completely on the server, then hydrated in the browser.
//!
//! Each resource has a folder with its pages and its `requests`, the server functions that they call. `ui` contains the
//! shared components. Only `server_context` and `document`, which are compiled for the server only, use HTTP and the
//! tracker directly.

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
#[cfg(all(feature = "ssr", any(test, feature = "fuzzing")))]
#[doc(hidden)]
pub mod fuzzing;
#[cfg(feature = "ssr")]
mod markdown;
#[cfg(feature = "ssr")]
mod rendering;
#[cfg(feature = "ssr")]
mod server_context;

#[cfg(feature = "ssr")]
pub use document::shell;
pub use error::AppError;
#[cfg(feature = "ssr")]
pub use markdown::render_markdown;
pub use routes::App;
#[cfg(feature = "ssr")]
pub use server_context::{Chunks, ClientAddress, SessionCookie, Site};
