//! The shared state of all handlers.

use std::sync::Arc;

use tracker::Tracker;

use crate::answer_budget::AnswerBudget;
use crate::connections::ClientShares;
use crate::hosts::Hosts;
use crate::limits::Limits;
use crate::live::SocketPermits;
use crate::middleware::LargeBodyBudget;
use crate::session_cookie::SessionCookie;
use crate::shutdown::Shutdown;
use crate::site::Site;

/// The state of the running server. Cheap to clone.
#[derive(Clone)]
pub struct Server {
    /// The use cases and the database.
    pub tracker: Tracker,
    /// Style sheets, scripts and the WASM of the pages.
    pub site: Site,
    /// The host names that the server serves.
    pub hosts: Arc<Hosts>,
    /// Limits of connections and requests.
    pub limits: Limits,
    /// The requests of each client behind a trusted proxy.
    pub client_shares: ClientShares,
    /// Memory for large request bodies.
    pub large_bodies: LargeBodyBudget,
    /// Memory for large responses.
    pub answers: AnswerBudget,
    /// Name and attributes of the session cookie.
    pub cookie: SessionCookie,
    /// The shutdown signal.
    pub shutdown: Shutdown,
    /// The number of open WebSockets per session.
    pub sockets: SocketPermits,
}
