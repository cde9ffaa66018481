//! What every handler can reach.

use std::sync::Arc;

use tracker::Tracker;

use crate::closing::Closing;
use crate::hosts::Hosts;
use crate::limits::Limits;
use crate::live::Sockets;
use crate::session_cookie::SessionCookie;
use crate::site::Site;

/// The running server's parts. Cheap to clone.
#[derive(Clone)]
pub struct Server {
    /// The use cases, and behind them the database.
    pub tracker: Tracker,
    /// Styles, scripts and the WASM of the pages.
    pub site: Site,
    /// The names the server answers to.
    pub hosts: Arc<Hosts>,
    /// What requests may take.
    pub limits: Limits,
    /// How the session's cookie is called and sent.
    pub cookie: SessionCookie,
    /// The server's end.
    pub closing: Closing,
    /// The open WebSockets.
    pub sockets: Sockets,
}
