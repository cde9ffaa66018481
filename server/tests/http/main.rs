//! The server, asked as browsers, scripts and attackers ask: one house per test, in process and on
//! SQLite in a temporary directory; over a socket where the connection itself matters.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod access;
mod api_docs;
mod artifacts;
mod bodies;
mod connections;
mod files;
mod headers;
mod hosts;
mod house;
mod logging;
mod others;
mod paths;
mod scripts;
mod starting;
