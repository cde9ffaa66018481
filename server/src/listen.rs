//! The accept loop: connections in, requests to the router, and a calm end.
//!
//! Our own loop, and not `axum::serve`, for what that does not offer: `TCP_NODELAY` (without it an
//! answer of a head and a body waits 40 ms for the other side's delayed acknowledgement), a limit
//! on how long a head may take, a limit on connections, and a bound on how long stopping takes.

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

use crate::closing::Closing;
use crate::failure::Failure;
use crate::limits::Limits;

/// A peer of an HTTP/2 connection is asked this often whether it is alive.
const KEEP_ALIVE: Duration = Duration::from_secs(20);
/// Requests under way on one HTTP/2 connection.
const STREAMS: u32 = 100;

/// A connection's place among those that are allowed, in every request's extensions: a WebSocket
/// keeps it, as it outlives the connection that it came by.
#[derive(Clone, Debug)]
pub struct Slot {
    _permit: Arc<OwnedSemaphorePermit>,
}

/// Takes the address, or says who may have it.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        let advice = match error.kind() {
            std::io::ErrorKind::AddrInUse => "another program uses it: stop that one, or choose another with --address",
            std::io::ErrorKind::PermissionDenied => {
                "this user may not use that port: choose one above 1023 with --address"
            }
            _ => "choose another with --address",
        };
        Failure::new(format!("cannot listen on {address} ({error}); {advice}"))
    })
}

/// Serves until `stop` resolves, then ends: no new connections, requests under way finish, streams
/// are told to. What takes longer than it may is cut off.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    closing: Closing,
    stop: impl Future<Output = ()>,
) {
    let graceful = GracefulShutdown::new();
    let free = Arc::new(Semaphore::new(limits.connections));
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = async {
            let permit = free.clone().acquire_owned().await.map_err(std::io::Error::other)?;
            let (stream, peer) = listener.accept().await?;
            Ok::<_, std::io::Error>((stream, peer, Slot { _permit: Arc::new(permit) }))
        };
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = accepted => accepted,
        };
        match accepted {
            Ok((stream, peer, slot)) => {
                tokio::spawn(connection(stream, peer, slot, router.clone(), limits.head, graceful.watcher()));
            }
            // Most often out of file descriptors: the connections that hold them need time to end.
            Err(error) => {
                warn!("could not accept a connection: {error}");
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
    drop(listener);
    info!("stopping: finishing requests under way");
    closing.begin();
    let finished = async { tokio::join!(graceful.shutdown(), closing.finished()) };
    if tokio::time::timeout(limits.finish, finished).await.is_err() {
        warn!("cut off requests that did not finish in {:?}", limits.finish);
    }
}

async fn connection(stream: TcpStream, peer: SocketAddr, slot: Slot, router: Router, head: Duration, watcher: Watcher) {
    if let Err(error) = stream.set_nodelay(true) {
        debug!("could not set TCP_NODELAY: {error}");
    }
    let spoken = Arc::new(AtomicBool::new(false));
    let service = hyper::service::service_fn({
        let spoken = spoken.clone();
        move |request: Request<Incoming>| {
            spoken.store(true, Ordering::Relaxed);
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            request.extensions_mut().insert(slot.clone());
            router.clone().oneshot(request)
        }
    });
    let builder = protocols(head);
    let served = watcher.watch(builder.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned());
    // hyper's own limit begins once it knows the protocol; a peer that never says enough to tell is ended here.
    let silent = async {
        tokio::time::sleep(head).await;
        if spoken.load(Ordering::Relaxed) {
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

/// HTTP/1.1 and HTTP/2, the latter also without TLS (h2c) as a proxy may speak it.
fn protocols(head: Duration) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(head).max_buf_size(64 * 1024);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(64 * 1024)
        .keep_alive_interval(KEEP_ALIVE)
        .keep_alive_timeout(KEEP_ALIVE);
    builder
}
