//! Live updates: one WebSocket for each open page, over which the tracker's hints arrive.
//!
//! `GET /live?topic=experiment:<id>&epoch=<id>&seq=<n>`; the last two, from the last message that
//! the page saw, are left out by a page that was just rendered. The server speaks
//! [`domain::live::Message`] as JSON; what a page says is ignored.

mod sockets;

pub use sockets::Sockets;

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
use tracker::{Actor, Credential, Subscription};
use uuid::Uuid;

use crate::access::Access;
use crate::listen::Slot;
use crate::problem::Problem;
use crate::routes::Route;
use crate::server::Server;
use sockets::Seat;

/// Proxies cut connections that are silent for a minute; this keeps them, and finds dead ones.
const PING_EVERY: Duration = Duration::from_secs(20);
/// A socket without any sign from the other side for this long is dead.
const SILENCE: Duration = Duration::from_secs(60);
/// A session that has ended loses its sockets this soon.
const CHECK_EVERY: Duration = Duration::from_secs(1);
/// A page that does not take a message within this time is cut off; it comes back and reads anew.
const TOO_SLOW: Duration = Duration::from_secs(10);
/// Pages have nothing to say.
const INCOMING: usize = 1024;

/// The one address.
pub fn routes() -> Vec<Route> {
    vec![Route::get("/live", Access::Session, open)]
}

/// What a page wants to hear, and from where on.
#[derive(Debug, Deserialize)]
struct Wish {
    topic: String,
    epoch: Option<Uuid>,
    seq: Option<u64>,
}

/// What an open socket needs, and what it holds on to until it ends.
struct Stream {
    server: Server,
    secret: String,
    subscription: Subscription,
    _seat: Seat,
    _slot: Option<Extension<Slot>>,
    _counted: TaskTrackerToken,
}

async fn open(
    State(server): State<Server>,
    Extension(who): Extension<Option<Actor>>,
    slot: Option<Extension<Slot>>,
    wish: Result<Query<Wish>, QueryRejection>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let (topic, since) = understand(wish)?;
    let upgrade = upgrade.map_err(|_| {
        Problem::new(StatusCode::UPGRADE_REQUIRED, "no_websocket", "This address speaks WebSocket only.")
    })?;
    let signed_out = || Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", "You are not signed in.");
    let who = who.ok_or_else(signed_out)?;
    let Credential::Session(session) = who.credential else { return Err(signed_out()) };
    let secret = server.cookie.secret(&headers).ok_or_else(signed_out)?.to_owned();
    let seat = server.sockets.take_seat(session).ok_or_else(|| {
        let message = "Too many pages are open in this session. Close some of them.";
        Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_pages", message)
    })?;
    let subscription = server.tracker.subscribe(&who, topic, since).await?;

    let upgrade = upgrade.max_message_size(INCOMING).max_frame_size(INCOMING);
    let counted = server.closing.counts();
    let stream = Stream { server, secret, subscription, _seat: seat, _slot: slot, _counted: counted };
    Ok(upgrade.on_upgrade(|socket| speak(socket, stream)))
}

fn understand(wish: Result<Query<Wish>, QueryRejection>) -> Result<(Topic, Option<Position>), Problem> {
    let unclear = || {
        let message = "The topic is 'experiment:', 'project:' or 'organization:' and an id; 'epoch' and 'seq' are from the last message.";
        Problem::new(StatusCode::BAD_REQUEST, "bad_topic", message)
    };
    let Query(wish) = wish.map_err(|_| unclear())?;
    let topic = wish.topic.parse().map_err(|_| unclear())?;
    Ok((topic, wish.epoch.zip(wish.seq).map(|(epoch, seq)| Position { epoch, seq })))
}

/// Sends until there is a reason to end, and says that reason.
async fn speak(mut socket: WebSocket, mut stream: Stream) {
    let end = match run(&mut socket, &mut stream).await {
        Ok(end) => end,
        Err(Gone) => return debug!("a page went away"),
    };
    let _ = timeout(TOO_SLOW, socket.send(Message::Close(Some(end)))).await;
}

/// The other side is not there any more, or does not listen.
struct Gone;

async fn run(socket: &mut WebSocket, stream: &mut Stream) -> Result<CloseFrame, Gone> {
    let closing = stream.server.closing.clone();
    let mut ping = every(PING_EVERY);
    let mut check = every(CHECK_EVERY);
    let mut heard = tokio::time::Instant::now();
    loop {
        let message = tokio::select! {
            () = closing.begun() => return Ok(end(close_code::AWAY, "the server is stopping")),
            message = stream.subscription.next() => {
                Message::text(serde_json::to_string(&message).map_err(|_| Gone)?)
            }
            _ = check.tick() => match stream.server.tracker.actor_by_session(&stream.secret).await {
                Ok(None) => return Ok(end(close_code::POLICY, "the session has ended")),
                // A database that cannot be asked for a moment is no reason to send everybody away.
                Ok(Some(_)) | Err(_) => continue,
            },
            _ = ping.tick() => {
                if heard.elapsed() > SILENCE {
                    return Err(Gone);
                }
                Message::Ping(Default::default())
            }
            incoming = socket.recv() => match incoming {
                Some(Ok(Message::Close(_))) | Some(Err(_)) | None => return Err(Gone),
                Some(Ok(_)) => {
                    heard = tokio::time::Instant::now();
                    continue;
                }
            },
        };
        timeout(TOO_SLOW, socket.send(message)).await.map_err(|_| Gone)?.map_err(|_| Gone)?;
    }
}

fn every(period: Duration) -> tokio::time::Interval {
    let mut interval = interval(period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

fn end(code: u16, reason: &'static str) -> CloseFrame {
    CloseFrame { code, reason: reason.into() }
}
