//! Limits of connections and requests.

use std::time::Duration;

/// The server's limits.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Maximum number of concurrent connections. Further ones wait to be accepted.
    pub connections: usize,
    /// Time limit for receiving a request's head, on new and idle connections. It also closes idle connections.
    pub head: Duration,
    /// Time limit for receiving a request's body, after its head.
    pub body: Duration,
    /// Memory for bodies above 1 MiB, in bytes, from before they are received until the response is sent.
    pub large_bodies: usize,
    /// Memory for handling such bodies, in bytes.
    pub large_body_work: usize,
    /// Time limit for waiting for either memory.
    pub large_body_wait: Duration,
    /// Maximum number of requests that wait for memory for their body.
    pub large_body_waiters: usize,
    /// Time limit for the beginning of a response, after the request.
    pub response: Duration,
    /// Time limit for finishing running requests at shutdown. Requests that take longer are aborted.
    pub finish: Duration,
}

impl Default for Limits {
    /// Returns limits for a small team on a small machine. Connections and other open files fit into the usual limit of 1,024
    /// file descriptors. With large bodies, the server stays below 300 MB.
    fn default() -> Self {
        Self {
            connections: 900,
            head: Duration::from_secs(20),
            body: Duration::from_secs(30),
            large_bodies: 128 << 20,
            large_body_work: 64 << 20,
            large_body_wait: Duration::from_secs(30),
            large_body_waiters: 256,
            response: Duration::from_secs(30),
            finish: Duration::from_secs(10),
        }
    }
}
