//! 900 hostile connections of each kind, then 10 honest ones beside them.
//!
//! The hostile ones come from 127.0.0.2 and the honest ones from 127.0.0.3, and the server does not exempt loopback addresses.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use domain::people::Email;
use http::Request;
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::{Bytes, Frame};
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use test_instance::TestInstance;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;

use crate::seeded_data::SeededData;

const HOSTILE: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
const HONEST: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 3);
/// Number of hostile and of honest connections.
const HOSTILE_CONNECTIONS: usize = 900;
const HONEST_CONNECTIONS: usize = 10;
/// The resident memory that the server must not exceed, in bytes.
const MAX_RESIDENT: u64 = 250_000_000;
/// How long a health check and a page may take.
const MAX_HEALTH_CHECK: Duration = Duration::from_secs(1);
const MAX_PAGE: Duration = Duration::from_secs(2);
/// How long the hostile connections do their worst before the honest ones come.
const HEAD_START: Duration = Duration::from_millis(1_500);
/// How long a rejected client waits before it connects again. Without a pause, the test would measure how fast one machine
/// opens connections.
const RETRY: Duration = Duration::from_secs(2);

const FORM: &str = "POST /files/upload HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5000000000\r\n\
                    content-type: multipart/form-data; boundary=XX\r\n\r\n";

#[derive(Debug, Clone, Copy)]
enum HostileClient {
    /// Sends nothing.
    Silent,
    /// Sends almost as many headers as a request may have, and never the end.
    EndlessHead,
    /// Sends a form whose boundary never comes, as fast as it can, and connects again.
    EndlessForm,
    /// Sends almost as many header lines of a form's part as are accepted, and never the end.
    UnfinishedForm,
    /// Signs in with a body that never ends.
    SlowBody,
    /// Requests pages and does not read them.
    NeverReads,
    /// Opens an HTTP/2 connection and only answers its pings.
    IdleHttp2,
    /// Sends as many requests with large heads and unfinished bodies as an HTTP/2 connection may have.
    UnfinishedHttp2,
    /// Requests pages on HTTP/2, and never accepts them.
    NoHttp2Window,
}

impl HostileClient {
    const ALL: [Self; 9] = [
        Self::Silent,
        Self::EndlessHead,
        Self::EndlessForm,
        Self::UnfinishedForm,
        Self::SlowBody,
        Self::NeverReads,
        Self::IdleHttp2,
        Self::UnfinishedHttp2,
        Self::NoHttp2Window,
    ];

    /// Connects, does its worst, and then holds the connection until the server closes it. Ends when that fails.
    async fn attack(self, server: SocketAddr) -> Option<()> {
        let mut stream = connect_from(HOSTILE, server, self.receive_buffer()).await?;
        let line = format!("x: {}\r\n", "x".repeat(995));
        match self {
            Self::Silent => (),
            Self::EndlessHead => {
                stream.write_all(format!("GET / HTTP/1.1\r\n{}", line.repeat(60)).as_bytes()).await.ok()?
            }
            Self::EndlessForm => {
                stream.write_all(FORM.as_bytes()).await.ok()?;
                loop {
                    stream.write_all(&[b'x'; 16 * 1024]).await.ok()?;
                }
            }
            Self::UnfinishedForm => {
                stream.write_all(format!("{FORM}--XX\r\n{}", line.repeat(60)).as_bytes()).await.ok()?
            }
            Self::SlowBody => {
                let head = "POST /fn/sign-in HTTP/1.1\r\nhost: localhost\r\ncontent-length: 16000\r\n\r\n";
                stream.write_all(format!("{head}{}", line.repeat(15)).as_bytes()).await.ok()?;
            }
            Self::NeverReads => {
                let request = "GET /sign-in HTTP/1.1\r\nhost: localhost\r\n\r\n";
                stream.write_all(request.repeat(100).as_bytes()).await.ok()?;
                std::future::pending::<()>().await;
            }
            Self::IdleHttp2 | Self::UnfinishedHttp2 | Self::NoHttp2Window => return self.attack_http2(stream).await,
        }
        while stream.read(&mut [0; 1024]).await.ok()? > 0 {}
        Some(())
    }

    async fn attack_http2(self, stream: TcpStream) -> Option<()> {
        let mut builder = http2::Builder::new(TokioExecutor::new());
        if matches!(self, Self::NoHttp2Window) {
            builder.initial_stream_window_size(1);
        }
        let (mut client, connection) = builder.handshake(TokioIo::new(stream)).await.ok()?;
        let connection = tokio::spawn(connection);
        let mut responses = Vec::new();
        for _ in 0..4 {
            let body = futures_util::StreamExt::chain(
                futures_util::stream::iter([Bytes::from(vec![b'x'; 15_000])]),
                futures_util::stream::pending(),
            );
            let body = futures_util::StreamExt::map(body, |data| Ok::<_, std::io::Error>(Frame::data(data)));
            let request = match self {
                Self::UnfinishedHttp2 => Request::post("http://localhost/fn/sign-in")
                    .header("x", "x".repeat(15_000))
                    .body(StreamBody::new(body).boxed()),
                Self::NoHttp2Window => Request::get("http://localhost/sign-in")
                    .body(http_body_util::Empty::new().map_err(|e| match e {}).boxed()),
                _ => break,
            };
            client.ready().await.ok()?;
            responses.push(tokio::spawn(client.send_request(request.unwrap())));
        }
        let _ = connection.await;
        drop(responses);
        Some(())
    }

    /// Returns the size of the receive buffer, in bytes, if it is not the usual one.
    fn receive_buffer(self) -> Option<u32> {
        matches!(self, Self::NeverReads | Self::NoHttp2Window).then_some(4 * 1024)
    }
}

async fn connect_from(client: Ipv4Addr, server: SocketAddr, receive_buffer: Option<u32>) -> Option<TcpStream> {
    let socket = TcpSocket::new_v4().ok()?;
    socket.bind(SocketAddr::from((client, 0))).ok()?;
    if let Some(bytes) = receive_buffer {
        socket.set_recv_buffer_size(bytes).ok()?;
    }
    socket.connect(server).await.ok()
}

/// Requests a path on a new connection and returns the time until the response is complete. Returns `None` unless it is 200.
async fn get(server: SocketAddr, path: &str, cookie: &str) -> Option<Duration> {
    let start = Instant::now();
    let mut stream = connect_from(HONEST, server, None).await?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut response = Vec::new();
    stream.read_to_end(&mut response).await.ok()?;
    response.starts_with(b"HTTP/1.1 200 ").then(|| start.elapsed())
}

/// Signs the owner in and returns their cookie.
async fn sign_in(data: &SeededData) -> String {
    let (tracker, _) = data.open_tracker().await;
    let email = Email::parse("owner@example.org").unwrap();
    let session = tracker.sign_in(&email, "tripod-lens-17", IpAddr::from(HONEST)).await.unwrap();
    tracker.close().await;
    format!("groundglass_session={}", session.reveal())
}

/// Connects hostile clients of a kind, then honest ones, and returns whether the server kept its limits.
async fn measure(instance: &TestInstance, kind: HostileClient, page: &str, cookie: &str) -> bool {
    let server = instance.address();
    let before = instance.memory().unwrap().current;
    let mut hostile = JoinSet::new();
    for _ in 0..HOSTILE_CONNECTIONS {
        hostile.spawn(async move {
            // A client that is rejected tries again.
            loop {
                kind.attack(server).await;
                tokio::time::sleep(RETRY).await;
            }
        });
    }
    tokio::time::sleep(HEAD_START).await;
    let honest = (0..HONEST_CONNECTIONS).map(|_| async {
        let health_check = get(server, "/healthz", cookie).await;
        (health_check, get(server, page, cookie).await)
    });
    let (health_checks, pages): (Vec<_>, Vec<_>) = futures_util::future::join_all(honest).await.into_iter().unzip();
    // `None` if one of them failed.
    let slowest = |times: Vec<Option<Duration>>| times.into_iter().collect::<Option<Vec<_>>>()?.into_iter().max();
    let (health_check, page) = (slowest(health_checks), slowest(pages));
    let memory = instance.memory().unwrap();
    hostile.abort_all();
    println!(
        "{kind:?}: /healthz in {health_check:?}, a page in {page:?}, {} MB before, {} MB at most",
        before / 1_000_000,
        memory.peak / 1_000_000
    );
    health_check.is_some_and(|time| time <= MAX_HEALTH_CHECK)
        && page.is_some_and(|time| time <= MAX_PAGE)
        && memory.peak <= MAX_RESIDENT
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes, and the time limits need an idle machine and a release build as GROUNDGLASS_BINARY"]
async fn honest_clients_are_served_beside_900_hostile_connections() {
    let data = SeededData::create().await;
    let cookie = sign_in(&data).await;
    let page = format!("/experiment/{}/logs", data.experiment);
    let mut exceeded = Vec::new();
    for kind in HostileClient::ALL {
        let instance = data.config.clone().with_serve_arguments(&["--limit-loopback"]).start().unwrap();
        // The first page of a process initializes what all others share.
        get(instance.address(), &page, &cookie).await.unwrap();
        if !measure(&instance, kind, &page, &cookie).await {
            exceeded.push(kind);
        }
        instance.stop().unwrap();
    }
    assert!(exceeded.is_empty(), "{exceeded:?}");
}
