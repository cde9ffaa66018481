//! HTTP tests of the server with requests of browsers, scripts and attackers. Each test has its own server, which runs in
//! process with SQLite in a temporary directory. Tests of connections use a socket.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

mod api;
mod api_docs;
mod artifact_files;
mod authentication;
mod command_line;
mod connections;
mod form_limits;
mod headers;
mod hostile_connections;
mod hosts_and_origins;
mod isolation;
mod list_memory;
mod lists;
mod log_data;
mod logs;
mod outages;
mod request_bodies;
mod routing;
mod signed_files;
#[path = "../../../tracker/tests/contract/small_disk.rs"]
mod small_disk;
mod test_server;
mod text_inputs;
