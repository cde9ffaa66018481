//! Limits of connections and requests.

use std::time::Duration;

use crate::connections::MinimumRate;

/// The server's limits.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Maximum number of concurrent connections. A further one takes the place of an idle one, or is a reserved one.
    pub connections: usize,
    /// Maximum number of further connections for health checks. Other requests on them are rejected.
    pub reserved_connections: usize,
    /// Time limit for a request's head on reserved connections.
    pub reserved_head: Duration,
    /// Whether connections from this machine are exempt from the share of an address. Tests end that.
    pub loopback_exempt: bool,
    /// Time limit for receiving a request's head, on new and idle connections. It also closes idle connections.
    pub head: Duration,
    /// Time limit for receiving a request's body, after its head. Files only have a minimum rate.
    pub body: Duration,
    /// Time limit for receiving the body of a client that is not authenticated.
    pub unauthenticated_body: Duration,
    /// Minimum rate for sending files and for reading responses.
    pub minimum_rate: MinimumRate,
    /// Memory for bodies above 16 KiB, in bytes, from before they are received until the response is sent.
    pub large_bodies: usize,
    /// Memory for handling bodies above 1 MiB, in bytes.
    pub large_body_work: usize,
    /// Time limit for waiting for either memory.
    pub large_body_wait: Duration,
    /// Maximum number of requests that wait for memory for their body.
    pub large_body_waiters: usize,
    /// Memory for complete responses above 1 MiB until they are sent, in bytes.
    pub large_answers: usize,
    /// Time limit for the beginning of a response, after the request.
    pub response: Duration,
    /// Time limit for finishing running requests at shutdown. Requests that take longer are aborted.
    pub finish: Duration,
    /// Time limit for closing the database after that.
    pub close: Duration,
}

impl Limits {
    /// Returns the time after a stop signal in which the process ends, whatever its threads do.
    pub fn grace(&self) -> Duration {
        self.finish + self.close + Duration::from_secs(2)
    }

    /// Returns how often connections are checked: several times within each of their limits.
    pub fn check_interval(&self) -> Duration {
        let shortest = self.head.min(self.reserved_head).min(self.minimum_rate.window);
        (shortest / 8).clamp(Duration::from_millis(5), Duration::from_secs(1))
    }
}

impl Default for Limits {
    /// Returns limits for a small team on a small machine. Connections and other open files fit into the usual limit of 1,024
    /// file descriptors. With large bodies, the server stays below 300 MB.
    fn default() -> Self {
        Self {
            connections: 900,
            reserved_connections: 16,
            reserved_head: Duration::from_secs(2),
            loopback_exempt: true,
            head: Duration::from_secs(20),
            body: Duration::from_secs(30),
            unauthenticated_body: Duration::from_secs(10),
            minimum_rate: MinimumRate { bytes: 8 * 1024, window: Duration::from_secs(30) },
            large_bodies: 128 << 20,
            large_body_work: 64 << 20,
            large_body_wait: Duration::from_secs(30),
            large_body_waiters: 256,
            large_answers: 96 << 20,
            response: Duration::from_secs(30),
            finish: Duration::from_secs(10),
            close: Duration::from_secs(5),
        }
    }
}
