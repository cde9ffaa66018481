//! The accept loop: accepts connections, passes requests to the router, and shuts down gracefully.
//!
//! It replaces `axum::serve`, which lacks `TCP_NODELAY` (without it, a response of head and body waits 40 ms for the delayed
//! acknowledgement of the peer), time limits for request heads, idle connections and clients that do not read, a limit of
//! connections, and a time limit for shutdown. [`crate::connections`] has the rules.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use socket2::SockRef;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{MissedTickBehavior, interval, sleep_until};
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;
use tracing::{debug, info, warn};

use crate::cli_error::CliError;
pub use crate::connections::ConnectionPermit;
use crate::connections::{Connection, Connections, ErrorResponses, MeteredBody, MeteredStream};
use crate::server::Server;

/// Interval and time limit of keep-alive pings on HTTP/2 connections.
const KEEP_ALIVE: Duration = Duration::from_secs(20);
/// Time in which a client may finish an HTTP/2 connection that is about to be closed.
const CLOSE_GRACE: Duration = Duration::from_millis(100);
/// Maximum size of a request's head, in bytes.
const MAX_HEAD_BYTES: usize = 64 * 1024;
/// Data that the kernel takes before the client's side can receive it, in bytes. Without this limit, it takes megabytes, and a
/// slow client looks as if it had stopped reading.
const UNSENT_BYTES: u32 = 128 * 1024;

/// Limits of HTTP/2 connections. Without TLS, only proxies use HTTP/2.
struct Http2Limits {
    /// Maximum number of concurrent requests.
    streams: u32,
    /// Maximum size of a request's head, in bytes.
    head: u32,
    /// Data that the client may send before it is read, in bytes, per request and per connection.
    window: u32,
    /// Data of a response that is kept while the client accepts no more, in bytes.
    send_buffer: usize,
}

/// For connections that belong to many clients.
const PROXY_HTTP2: Http2Limits =
    Http2Limits { streams: 100, head: 64 * 1024, window: 1024 * 1024, send_buffer: 400 * 1024 };
/// For all others. One connection uses little more memory than with HTTP/1.1.
const DIRECT_HTTP2: Http2Limits =
    Http2Limits { streams: 4, head: 16 * 1024, window: 64 * 1024, send_buffer: 64 * 1024 };

/// Binds the address.
///
/// # Errors
/// Returns an error that says what to do, for example if the port is in use.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, CliError> {
    TcpListener::bind(address).await.map_err(|error| {
        let advice = match error.kind() {
            std::io::ErrorKind::AddrInUse => {
                "another program is using it: stop that program, or choose another address with --address"
            }
            std::io::ErrorKind::PermissionDenied => {
                "this user may not use that port: choose one above 1023 with --address"
            }
            _ => "choose another address with --address",
        };
        CliError::new(format!("cannot listen on {address} ({error}); {advice}"))
    })
}

/// Serves until `stop` resolves. Then accepts no new connections, lets running requests finish and tells streams to end, and
/// aborts what exceeds the time limit.
pub async fn serve(listener: TcpListener, router: Router, server: &Server, stop: impl Future<Output = ()>) {
    let limits = server.limits;
    let connections = Connections::new(limits);
    let tasks = TaskTracker::new();
    let mut check = interval(limits.check_interval());
    check.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            _ = check.tick() => {
                connections.check(Instant::now());
                continue;
            }
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let exempt = server.hosts.is_exempt_from_share(peer.ip(), limits.loopback_exempt);
                let connection = connections.add((!exempt).then_some(peer.ip()), Instant::now());
                let http2 = if exempt { PROXY_HTTP2 } else { DIRECT_HTTP2 };
                let serve = ServeConnection { peer, connection, router: router.clone(), server: server.clone(), http2 };
                tasks.spawn(serve.run(stream));
            }
            // Usually there are no free file descriptors, and connections that hold them need time to close.
            Err(error) => {
                warn!("cannot accept a connection: {error}");
                connections.close_longest_idle();
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
    drop(listener);
    info!("shutting down: waiting for running requests");
    server.shutdown.request();
    tasks.close();
    let finished = async { tokio::join!(tasks.wait(), server.shutdown.streams_ended()) };
    if tokio::time::timeout(limits.finish, finished).await.is_err() {
        warn!("aborted requests that did not finish within {:?}", limits.finish);
    }
}

/// What serves one connection.
struct ServeConnection {
    peer: SocketAddr,
    connection: Arc<Connection>,
    router: Router,
    server: Server,
    http2: Http2Limits,
}

impl ServeConnection {
    async fn run(self, stream: TcpStream) {
        let Self { peer, connection, router, server, http2 } = self;
        if let Err(error) = set_socket_options(&stream) {
            debug!("cannot set the options of a socket: {error}");
        }
        let errors = ErrorResponses { https: server.hosts.is_https() };
        let stream = MeteredStream::new(stream, connection.activity().clone(), errors);
        let service = hyper::service::service_fn(|request: Request<Incoming>| {
            let permit = connection.begin_request();
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            request.extensions_mut().insert(permit.clone());
            let response = router.clone().oneshot(request);
            async move { Ok::<_, std::convert::Infallible>(response.await?.map(|body| MeteredBody::new(body, permit))) }
        });
        let builder = connection_builder(server.limits.head, &http2);
        let mut served = std::pin::pin!(builder.serve_connection_with_upgrades(TokioIo::new(stream), service));
        let (mut stopping, mut deadline) = (false, None);
        loop {
            tokio::select! {
                result = served.as_mut() => {
                    if let Err(error) = result {
                        debug!("connection from {peer} ended: {error}");
                    }
                    break;
                }
                () = connection.close_requested(), if deadline.is_none() => {
                    served.as_mut().graceful_shutdown();
                    deadline = Some(tokio::time::Instant::now() + CLOSE_GRACE);
                }
                () = server.shutdown.requested(), if !stopping => {
                    served.as_mut().graceful_shutdown();
                    stopping = true;
                }
                () = sleep_until(deadline.unwrap_or_else(tokio::time::Instant::now)), if deadline.is_some() => {
                    debug!("closed the connection from {peer}");
                    break;
                }
            }
        }
        // A WebSocket outlives this task and holds the permit of its request.
        connection.activity().set_upgraded();
    }
}

fn set_socket_options(stream: &TcpStream) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    #[cfg(target_os = "linux")]
    SockRef::from(stream).set_tcp_notsent_lowat(UNSENT_BYTES)?;
    Ok(())
}

/// Returns a builder for HTTP/1.1 and HTTP/2, including HTTP/2 without TLS (h2c), which proxies may use.
fn connection_builder(head: Duration, http2: &Http2Limits) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(head).max_buf_size(MAX_HEAD_BYTES);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(http2.streams)
        .max_header_list_size(http2.head)
        .initial_stream_window_size(http2.window)
        .initial_connection_window_size(http2.window)
        .max_send_buf_size(http2.send_buffer)
        .keep_alive_interval(KEEP_ALIVE)
        .keep_alive_timeout(KEEP_ALIVE);
    builder
}
