//! The server of Groundglass: command line, HTTP server and API.
//!
//! `cli` parses commands, `lifecycle` runs a server, `listen` accepts connections, `middleware` processes every request, and
//! `routes` is the table of all routes. Rules about experiments are in `tracker`.

pub mod access;
mod answer_budget;
mod api;
pub mod cli;
pub mod cli_error;
mod client_ip;
pub mod connections;
pub mod data_dir;
mod files;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod health;
pub mod hosts;
pub mod lifecycle;
pub mod limits;
pub mod listen;
pub mod live;
mod middleware;
mod pages;
pub mod problem;
mod robots;
pub mod routes;
pub mod server;
pub mod session_cookie;
pub mod shutdown;
pub mod site;
mod stop_signal;
mod sweep_job;
