//! How much and how long: the bounds on what connections and requests may take.

use std::time::Duration;

/// The server's bounds.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections served at once; more wait to be accepted.
    pub connections: usize,
    /// A request's head is there within this time, on a new connection and on a kept one, so that
    /// idle connections end, too.
    pub head: Duration,
    /// A request's body is there within this time after its head.
    pub body: Duration,
    /// A page or an answer to a script begins within this time after the request.
    pub answer: Duration,
    /// What is under way when the server is told to stop ends within this time, or is cut off.
    pub finish: Duration,
}

impl Default for Limits {
    /// What suits a small team on a small machine. The connections and what else is open fit into
    /// the 1024 file descriptors that systems allow unless told otherwise.
    fn default() -> Self {
        Self {
            connections: 900,
            head: Duration::from_secs(20),
            body: Duration::from_secs(30),
            answer: Duration::from_secs(30),
            finish: Duration::from_secs(10),
        }
    }
}
