//! The server of Groundglass: command line, doors, and the answers behind them.
//!
//! `cli` reads what was asked, `serving` lives a server's life, `listen` takes connections, `door` is
//! what each request passes, `routes` is the table of all addresses. No rule about experiments is in
//! here: those are the tracker's.

pub mod access;
mod api;
pub mod cli;
pub mod closing;
pub mod data_dir;
mod door;
pub mod failure;
mod files;
mod health;
pub mod hosts;
pub mod limits;
pub mod listen;
pub mod live;
mod pages;
mod peer;
pub mod problem;
mod robots;
pub mod routes;
pub mod server;
pub mod serving;
pub mod session_cookie;
pub mod site;
mod stop_signal;
mod sweeping;
