//! Live updates: one WebSocket per open page, on which the server sends change messages.
//!
//! `GET /live?topic=experiment:<id>&epoch=<id>&seq=<n>`. `epoch` and `seq` are the position of the last message that the page
//! received. The server sends [`domain::live::Message`] as JSON and ignores what the page sends.

mod socket_permits;

pub use socket_permits::SocketPermits;

use std::time::Duration;

use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{Query, State};
use axum::response::Response;
use domain::live::{Position, Topic};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_util::task::task_tracker::TaskTrackerToken;
use tracing::debug;
use tracker::{Actor, Credential, LiveAccess, Subscription};
use uuid::Uuid;

use crate::access::Access;
use crate::listen::ConnectionPermit;
use crate::problem::Problem;
use crate::routes::Route;
use crate::server::Server;
use socket_permits::SocketPermit;

/// Interval of pings. They keep proxies from closing idle connections after a minute, and detect dead ones.
const PING_INTERVAL: Duration = Duration::from_secs(20);
/// A socket that receives nothing for this long is considered dead.
const MAX_SILENCE: Duration = Duration::from_secs(60);
/// Interval at which the session and the right to see the topic are checked. Sockets that lost either close within this time.
const ACCESS_CHECK_INTERVAL: Duration = Duration::from_secs(1);
/// Time limit for sending a message. A slower page is disconnected; it reconnects and catches up.
const SEND_TIMEOUT: Duration = Duration::from_secs(10);
/// Maximum size of incoming messages, in bytes. Pages send none.
const MAX_INCOMING_BYTES: usize = 1024;

/// Returns the route of the WebSocket.
pub fn routes() -> Vec<Route> {
    vec![Route::get("/live", Access::Session, open_socket)]
}

/// The query parameters: what to subscribe to, and from which position.
#[derive(Debug, Deserialize)]
struct SubscribeParams {
    topic: String,
    epoch: Option<Uuid>,
    seq: Option<u64>,
}

/// The state of an open socket, with the permits that it holds until it closes.
struct LiveSocket {
    server: Server,
    secret: String,
    topic: Topic,
    subscription: Subscription,
    _permit: SocketPermit,
    _connection: Option<Extension<ConnectionPermit>>,
    _tracked: TaskTrackerToken,
}

async fn open_socket(
    State(server): State<Server>,
    Extension(who): Extension<Option<Actor>>,
    connection: Option<Extension<ConnectionPermit>>,
    params: Result<Query<SubscribeParams>, QueryRejection>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let (topic, since) = parse_params(params)?;
    let upgrade = upgrade.map_err(|_| {
        Problem::new(StatusCode::UPGRADE_REQUIRED, "no_websocket", "This endpoint requires a WebSocket connection.")
    })?;
    let signed_out = || Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", "You are not signed in.");
    let who = who.ok_or_else(signed_out)?;
    let Credential::Session(session) = who.credential else { return Err(signed_out()) };
    let secret = server.cookie.secret(&headers).ok_or_else(signed_out)?.to_owned();
    let permit = server.sockets.acquire(session).ok_or_else(|| {
        let message = "Too many pages are open in this session. Close some of them.";
        Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_pages", message)
    })?;
    let subscription = server.tracker.subscribe(&who, topic, since).await?;

    let upgrade = upgrade.max_message_size(MAX_INCOMING_BYTES).max_frame_size(MAX_INCOMING_BYTES);
    let tracked = server.shutdown.track_stream();
    let (_permit, _connection, _tracked) = (permit, connection, tracked);
    let live = LiveSocket { server, secret, topic, subscription, _permit, _connection, _tracked };
    Ok(upgrade.on_upgrade(|socket| serve_socket(socket, live)))
}

fn parse_params(params: Result<Query<SubscribeParams>, QueryRejection>) -> Result<(Topic, Option<Position>), Problem> {
    let invalid = || {
        let message = "The topic must be 'experiment:', 'project:' or 'organization:' followed by an id. 'epoch' and 'seq' come from the last message.";
        Problem::new(StatusCode::BAD_REQUEST, "bad_topic", message)
    };
    let Query(params) = params.map_err(|_| invalid())?;
    let topic = params.topic.parse().map_err(|_| invalid())?;
    Ok((topic, params.epoch.zip(params.seq).map(|(epoch, seq)| Position { epoch, seq })))
}

/// Sends messages until the socket has to be closed, then closes it with the reason.
async fn serve_socket(mut socket: WebSocket, mut live: LiveSocket) {
    let reason = match send_messages(&mut socket, &mut live).await {
        Ok(reason) => reason,
        Err(Disconnected) => return debug!("a page disconnected"),
    };
    let _ = timeout(SEND_TIMEOUT, socket.send(Message::Close(Some(reason)))).await;
}

/// The page has disconnected or no longer reads.
struct Disconnected;

async fn send_messages(socket: &mut WebSocket, live: &mut LiveSocket) -> Result<CloseFrame, Disconnected> {
    let shutdown = live.server.shutdown.clone();
    let mut ping = ticks(PING_INTERVAL);
    let mut check = ticks(ACCESS_CHECK_INTERVAL);
    let mut last_received = tokio::time::Instant::now();
    loop {
        let message = tokio::select! {
            () = shutdown.requested() => return Ok(close_frame(close_code::AWAY, "the server is stopping")),
            message = live.subscription.next() => {
                Message::text(serde_json::to_string(&message).map_err(|_| Disconnected)?)
            }
            _ = check.tick() => match live.server.tracker.live_access(&live.secret, live.topic).await {
                Ok(LiveAccess::SessionEnded) => return Ok(close_frame(close_code::POLICY, "the session has ended")),
                Ok(LiveAccess::Denied) => return Ok(close_frame(close_code::POLICY, "the page is no longer accessible")),
                // A temporary database failure does not close sockets.
                Ok(LiveAccess::Granted) | Err(_) => continue,
            },
            _ = ping.tick() => {
                if last_received.elapsed() > MAX_SILENCE {
                    return Err(Disconnected);
                }
                Message::Ping(Default::default())
            }
            incoming = socket.recv() => match incoming {
                Some(Ok(Message::Close(_))) | Some(Err(_)) | None => return Err(Disconnected),
                Some(Ok(_)) => {
                    last_received = tokio::time::Instant::now();
                    continue;
                }
            },
        };
        timeout(SEND_TIMEOUT, socket.send(message)).await.map_err(|_| Disconnected)?.map_err(|_| Disconnected)?;
    }
}

fn ticks(period: Duration) -> tokio::time::Interval {
    let mut interval = interval(period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

fn close_frame(code: u16, reason: &'static str) -> CloseFrame {
    CloseFrame { code, reason: reason.into() }
}
