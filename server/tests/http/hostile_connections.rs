//! Clients that hold connections: idle ones, ones that do not read, and more of them than there is place for.

use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::get;
use futures_util::Stream;
use http::{Request, StatusCode};
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use server::connections::MinimumRate;
use server::hosts::Hosts;
use server::limits::Limits;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::timeout;

use crate::connections::ListeningServer;
use crate::test_server::{TestServer, localhost};

const HOSTILE: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
const HONEST: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 3);
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a server may take to stop. Hostile clients never finish.
const FINISH: Duration = Duration::from_millis(100);
/// A request whose body never arrives.
const UNFINISHED: &str = "POST /fn/x HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\ncontent-length: 9\r\n\r\n";

async fn connect_from(client: Ipv4Addr, server: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::from((client, 0))).unwrap();
    socket.connect(server).await.unwrap()
}

/// Opens a connection and sends the beginning of a request.
async fn begin(client: Ipv4Addr, server: SocketAddr, request: &str) -> TcpStream {
    let mut stream = connect_from(client, server).await;
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

/// Sends a request whose body never arrives, and waits until the server asks for it. Returns `None` if it does not.
async fn begin_unfinished(client: Ipv4Addr, server: SocketAddr, request: &str) -> Option<TcpStream> {
    let mut stream = begin(client, server, request).await;
    let mut response = vec![0; "HTTP/1.1 100 Continue\r\n\r\n".len()];
    timeout(PATIENCE, stream.read_exact(&mut response)).await.unwrap().ok()?;
    response.starts_with(b"HTTP/1.1 100 ").then_some(stream)
}

/// Sends a request on a new connection and returns the response.
async fn respond(client: Ipv4Addr, server: SocketAddr, head: &str) -> String {
    let mut stream = begin(client, server, &format!("{head}\r\nhost: localhost\r\nconnection: close\r\n\r\n")).await;
    let mut response = String::new();
    timeout(PATIENCE, stream.read_to_string(&mut response)).await.unwrap().unwrap();
    response
}

/// Whether the server closes the connection within 5 seconds.
async fn is_closed(stream: &mut TcpStream) -> bool {
    matches!(timeout(PATIENCE, stream.read(&mut [0; 64])).await, Ok(Ok(0) | Err(_)))
}

/// An endless response body that tells when it is dropped.
struct EndlessBody(UnboundedSender<()>);

impl Stream for EndlessBody {
    type Item = std::io::Result<Bytes>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(Some(Ok(Bytes::from_static(&[b'x'; 16 * 1024]))))
    }
}

impl Drop for EndlessBody {
    fn drop(&mut self) {
        let _ = self.0.send(());
    }
}

/// Starts a server whose `/endless` never ends, and returns what tells the end of each of its responses.
async fn endless_server(minimum_rate: MinimumRate) -> (ListeningServer, UnboundedReceiver<()>) {
    let limits = Limits { minimum_rate, finish: FINISH, ..Limits::default() };
    let (ended, ends) = unbounded_channel();
    let endless = move || async move { Body::from_stream(EndlessBody(ended)) };
    let server = TestServer::with_limits(localhost(), limits).await;
    (ListeningServer::with_router(server, Router::new().route("/endless", get(endless))).await, ends)
}

#[tokio::test]
async fn closes_idle_http2_connections_that_answer_pings() {
    let limits = Limits { head: Duration::from_millis(200), ..Limits::default() };
    let listening = ListeningServer::with_limits(limits).await;
    let stream = TcpStream::connect(listening.address).await.unwrap();
    let handshake = http2::Builder::new(TokioExecutor::new())
        .timer(hyper_util::rt::TokioTimer::new())
        .keep_alive_interval(Duration::from_millis(20))
        .keep_alive_while_idle(true)
        .handshake(TokioIo::new(stream));
    let (mut client, connection) = handshake.await.unwrap();
    let closed = tokio::spawn(connection);
    let request = Request::get(format!("http://{}/healthz", listening.address)).body(Body::empty()).unwrap();
    assert_eq!(client.send_request(request).await.unwrap().status(), StatusCode::OK);
    timeout(PATIENCE, closed).await.expect("closed in time").unwrap().unwrap();
    listening.stop().await;
}

#[tokio::test]
async fn closes_connections_of_clients_that_do_not_read() {
    let minimum = MinimumRate { bytes: 8 * 1024, window: Duration::from_millis(300) };
    let (listening, mut ends) = endless_server(minimum).await;
    let request = "GET /endless HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let _silent = begin(HOSTILE, listening.address, request).await;
    timeout(PATIENCE, ends.recv()).await.expect("HTTP/1.1");

    let stream = TcpStream::connect(listening.address).await.unwrap();
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder.initial_stream_window_size(1_000);
    let (mut client, connection) = builder.handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let request = Request::get(format!("http://{}/endless", listening.address)).body(Body::empty()).unwrap();
    let _unread = client.send_request(request).await.unwrap();
    timeout(PATIENCE, ends.recv()).await.expect("HTTP/2 without a window");
    listening.stop().await;
}

#[tokio::test]
async fn a_slow_steady_download_is_not_cut() {
    let window = Duration::from_millis(500);
    let (listening, mut ends) = endless_server(MinimumRate { bytes: 8 * 1024, window }).await;
    let mut slow = begin(HONEST, listening.address, "GET /endless HTTP/1.1\r\nhost: localhost\r\n\r\n").await;
    let start = Instant::now();
    let mut buffer = vec![0; 32 * 1024];
    while start.elapsed() < 4 * window {
        assert_ne!(slow.read(&mut buffer).await.unwrap(), 0);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(ends.try_recv().is_err());
    drop(slow);
    timeout(PATIENCE, ends.recv()).await.unwrap();
    listening.stop().await;
}

#[tokio::test]
async fn an_idle_connection_makes_room_and_health_checks_always_have_some() {
    let limits = Limits { connections: 2, reserved_connections: 2, finish: FINISH, ..Limits::default() };
    let listening = ListeningServer::with_limits(limits).await;
    let mut oldest = connect_from(HOSTILE, listening.address).await;
    let _busy = begin_unfinished(HOSTILE, listening.address, UNFINISHED).await.unwrap();
    assert!(respond(HONEST, listening.address, "GET /robots.txt HTTP/1.1").await.starts_with("HTTP/1.1 200"));
    assert!(is_closed(&mut oldest).await);

    let _busy_too = begin_unfinished(HOSTILE, listening.address, UNFINISHED).await.unwrap();
    // Connections that take the reserved places make room, too.
    let mut silent = Vec::new();
    for _ in 0..4 {
        silent.push(connect_from(HOSTILE, listening.address).await);
    }
    assert!(respond(HONEST, listening.address, "GET /healthz HTTP/1.1").await.starts_with("HTTP/1.1 200"));
    let rejected = respond(HONEST, listening.address, "GET /robots.txt HTTP/1.1").await;
    assert!(rejected.starts_with("HTTP/1.1 503") && rejected.contains("\r\nretry-after: 5\r\n"), "{rejected}");
    assert!(rejected.contains("\r\ncontent-security-policy: "), "{rejected}");
    listening.stop().await;
}

#[tokio::test]
async fn one_address_has_a_share_of_the_connections() {
    let limits = Limits { connections: 20, loopback_exempt: false, finish: FINISH, ..Limits::default() };
    let listening = ListeningServer::with_limits(limits).await;
    let mut hostile = Vec::new();
    for _ in 0..30 {
        hostile.extend(begin_unfinished(HOSTILE, listening.address, UNFINISHED).await);
    }
    assert_eq!(hostile.len(), 15, "three quarters");
    for _ in 0..3 {
        assert!(respond(HONEST, listening.address, "GET /robots.txt HTTP/1.1").await.starts_with("HTTP/1.1 200"));
    }
    assert!(respond(HOSTILE, listening.address, "GET /robots.txt HTTP/1.1").await.starts_with("HTTP/1.1 503"));
    assert!(respond(HOSTILE, listening.address, "GET /healthz HTTP/1.1").await.starts_with("HTTP/1.1 200"));
    listening.stop().await;
}

#[tokio::test]
async fn a_client_behind_a_proxy_has_a_share_of_the_requests() {
    let limits = Limits { connections: 20, finish: FINISH, ..Limits::default() };
    let hosts = Hosts { proxies: vec![HONEST.into()], ..localhost() };
    let server = TestServer::with_limits(hosts, limits).await;
    let router = server.router();
    let listening = ListeningServer::with_router(server, router).await;
    let mut hostile = Vec::new();
    for _ in 0..15 {
        let request = UNFINISHED.replace("\r\n\r\n", "\r\nx-forwarded-for: 10.0.0.1\r\n\r\n");
        hostile.push(begin_unfinished(HONEST, listening.address, &request).await.unwrap());
    }
    let get = |client: &str| format!("GET /robots.txt HTTP/1.1\r\nx-forwarded-for: {client}");
    let rejected = respond(HONEST, listening.address, &get("10.0.0.1")).await;
    assert!(rejected.starts_with("HTTP/1.1 429") && rejected.contains("\r\nretry-after: 5\r\n"), "{rejected}");
    assert!(respond(HONEST, listening.address, &get("10.0.0.2")).await.starts_with("HTTP/1.1 200"));
    let health_check = "GET /healthz HTTP/1.1\r\nx-forwarded-for: 10.0.0.1";
    assert!(respond(HONEST, listening.address, health_check).await.starts_with("HTTP/1.1 200"));
    drop(hostile);
    listening.stop().await;
}

#[tokio::test]
async fn responses_to_malformed_requests_have_security_headers() {
    let listening = ListeningServer::with_limits(Limits::default()).await;
    let large = "x".repeat(70 * 1024);
    for (request, status) in [
        ("GET / HTTP/1.1\r\nhost: localhost\r\nbad header\r\n\r\n".to_owned(), "400 Bad Request"),
        ("GET /\u{1} HTTP/1.1\r\n\r\n".to_owned(), "400 Bad Request"),
        ("nonsense\r\n\r\n".to_owned(), "400 Bad Request"),
        ("GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\nnonsense\r\n\r\n".to_owned(), "400 Bad Request"),
        (format!("GET / HTTP/1.1\r\nx: {large}"), "431 Request Header Fields Too Large"),
        (format!("GET /{large} HTTP/1.1\r\n\r\n"), "431 Request Header Fields Too Large"),
    ] {
        let mut stream = TcpStream::connect(listening.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut response = Vec::new();
        // The server may close the connection before it has read everything.
        let _ = timeout(PATIENCE, stream.read_to_end(&mut response)).await.expect("closed in time");
        let response = String::from_utf8(response).unwrap();
        let response = response.split_inclusive("\r\n\r\nok\n").last().unwrap();
        let summary = request.chars().take(60).collect::<String>();
        assert!(response.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{summary:?}: {response}");
        for header in [
            "x-content-type-options: nosniff",
            "x-frame-options: DENY",
            "content-security-policy: default-src 'none'",
            "cache-control: no-store",
            "connection: close",
            "content-type: text/plain",
        ] {
            assert!(response.contains(&format!("\r\n{header}")), "{header} of {summary:?}: {response}");
        }
    }
    listening.stop().await;
}
