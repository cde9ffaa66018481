//! The accept loop: accepts connections, passes requests to the router, and shuts down gracefully.
//!
//! It replaces `axum::serve`, which lacks `TCP_NODELAY` (without it, a response of head and body waits 40 ms for the delayed
//! acknowledgement of the peer), a time limit for request heads, a limit of connections, and a time limit for shutdown.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::ServiceExt as _;
use tracing::{debug, info, warn};

use crate::cli_error::CliError;
use crate::limits::Limits;
use crate::shutdown::Shutdown;

/// Interval and time limit of keep-alive pings on HTTP/2 connections.
const KEEP_ALIVE: Duration = Duration::from_secs(20);
/// Maximum number of concurrent requests on an HTTP/2 connection.
const MAX_STREAMS: u32 = 100;

/// The permit of a connection, in the extensions of each of its requests. A WebSocket holds it, because it outlives the HTTP
/// connection.
#[derive(Clone, Debug)]
pub struct ConnectionPermit {
    _permit: Arc<OwnedSemaphorePermit>,
}

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
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    shutdown: Shutdown,
    stop: impl Future<Output = ()>,
) {
    let graceful = GracefulShutdown::new();
    let free = Arc::new(Semaphore::new(limits.connections));
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = async {
            let permit = free.clone().acquire_owned().await.map_err(std::io::Error::other)?;
            let (stream, peer) = listener.accept().await?;
            Ok::<_, std::io::Error>((stream, peer, ConnectionPermit { _permit: Arc::new(permit) }))
        };
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = accepted => accepted,
        };
        match accepted {
            Ok((stream, peer, permit)) => {
                tokio::spawn(serve_connection(stream, peer, permit, router.clone(), limits.head, graceful.watcher()));
            }
            // Usually there are no free file descriptors, and connections that hold them need time to close.
            Err(error) => {
                warn!("cannot accept a connection: {error}");
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
    drop(listener);
    info!("shutting down: waiting for running requests");
    shutdown.request();
    let finished = async { tokio::join!(graceful.shutdown(), shutdown.streams_ended()) };
    if tokio::time::timeout(limits.finish, finished).await.is_err() {
        warn!("aborted requests that did not finish within {:?}", limits.finish);
    }
}

async fn serve_connection(
    stream: TcpStream,
    peer: SocketAddr,
    permit: ConnectionPermit,
    router: Router,
    head: Duration,
    watcher: Watcher,
) {
    if let Err(error) = stream.set_nodelay(true) {
        debug!("cannot set TCP_NODELAY: {error}");
    }
    let has_request = Arc::new(AtomicBool::new(false));
    let service = hyper::service::service_fn({
        let has_request = has_request.clone();
        move |request: Request<Incoming>| {
            has_request.store(true, Ordering::Relaxed);
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            request.extensions_mut().insert(permit.clone());
            router.clone().oneshot(request)
        }
    });
    let builder = connection_builder(head);
    let served = watcher.watch(builder.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned());
    // hyper's own time limit begins once it has detected the protocol. This one closes connections that send too little for that.
    let silent = async {
        tokio::time::sleep(head).await;
        if has_request.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        result = served => if let Err(error) = result {
            debug!("connection from {peer} ended: {error}");
        },
        () = silent => debug!("connection from {peer} ended: no request in {head:?}"),
    }
}

/// Returns a builder for HTTP/1.1 and HTTP/2, including HTTP/2 without TLS (h2c), which proxies may use.
fn connection_builder(head: Duration) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(head).max_buf_size(64 * 1024);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(MAX_STREAMS)
        .max_header_list_size(64 * 1024)
        .keep_alive_interval(KEEP_ALIVE)
        .keep_alive_timeout(KEEP_ALIVE);
    builder
}
