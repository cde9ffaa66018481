//! The server, asked over HTTP.
