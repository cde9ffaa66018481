//! HTTP requests, each on a connection of its own.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A response, read to its end.
pub struct Response {
    pub status: u16,
    /// The head, in lowercase.
    pub head: String,
    pub body: Vec<u8>,
    pub took: Duration,
}

/// Opens a connection and sends a request. `headers` are lines that end with `\r\n`.
pub async fn send(address: SocketAddr, method: &str, path: &str, headers: &str, body: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

/// Sends a GET request and reads the response.
pub async fn get(address: SocketAddr, path: &str, headers: &str) -> Response {
    let start = Instant::now();
    let stream = send(address, "GET", path, headers, "").await;
    read_response(stream, start).await
}

/// Reads a response to its end. A connection without a response has the status 0.
pub async fn read_response(mut stream: TcpStream, start: Instant) -> Response {
    let mut bytes = Vec::new();
    // A connection that is aborted at shutdown has no end.
    let _ = stream.read_to_end(&mut bytes).await;
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").map_or(bytes.len(), |position| position + 4);
    let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
    Response { status, head, body: bytes.split_off(end), took: start.elapsed() }
}

/// Requests `/healthz` until `done` returns `true`, at least once, and returns the longest time of a response.
pub async fn slowest_health_check(address: SocketAddr, mut done: impl FnMut() -> bool) -> Duration {
    let mut slowest = Duration::ZERO;
    loop {
        let response = get(address, "/healthz", "").await;
        assert_eq!(response.status, 200);
        slowest = slowest.max(response.took);
        if done() {
            return slowest;
        }
    }
}
