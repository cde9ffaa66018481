//! What only shows on a real connection: protocols, WebSockets, stopping.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::body::Body;
use domain::live::Message as Hint;
use futures_util::{SinkExt as _, StreamExt as _};
use http::{Request, StatusCode, Version};
use http_body_util::BodyExt as _;
use hyper_util::rt::{TokioExecutor, TokioIo};
use server::limits::Limits;
use server::listen;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::house::{House, local};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A house that listens.
struct Listening {
    house: House,
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

impl Listening {
    async fn begin() -> Self {
        Self::with(Limits::default()).await
    }

    async fn with(limits: Limits) -> Self {
        let house = House::with(local(), limits).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let serve = listen::serve(listener, house.router(), limits, house.server.shutdown.clone(), async {
            stopped.await.unwrap();
        });
        Self { house, address, stop, ended: tokio::spawn(serve) }
    }

    async fn end(self) -> Duration {
        let began = Instant::now();
        self.stop.send(()).unwrap();
        self.ended.await.unwrap();
        began.elapsed()
    }

    /// Opens a WebSocket as the page of this session.
    async fn live(&self, session: &str, query: &str) -> Result<Socket, StatusCode> {
        let mut request = format!("ws://{}/live?{query}", self.address).into_client_request().unwrap();
        let headers = request.headers_mut();
        headers.insert("cookie", format!("groundglass_session={session}").parse().unwrap());
        headers.insert("origin", format!("http://{}", self.address).parse().unwrap());
        match tokio_tungstenite::connect_async(request).await {
            Ok((socket, _)) => Ok(socket),
            Err(tokio_tungstenite::tungstenite::Error::Http(answer)) => Err(answer.status()),
            Err(error) => panic!("{error}"),
        }
    }

    async fn topic(&self, session: &str) -> String {
        let who = self.house.server.tracker.actor_by_session(session).await.unwrap().unwrap();
        let organization = self.house.server.tracker.organizations(&who).await.unwrap().remove(0);
        format!("topic=organization:{}", organization.id)
    }
}

async fn hint(socket: &mut Socket) -> Hint {
    loop {
        match socket.next().await.unwrap().unwrap() {
            Message::Text(text) => return serde_json::from_str(&text).unwrap(),
            Message::Ping(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

async fn close_code(mut socket: Socket) -> CloseCode {
    loop {
        match socket.next().await.unwrap().unwrap() {
            Message::Close(Some(frame)) => return frame.code,
            Message::Close(None) => panic!("closed without a reason"),
            _ => {}
        }
    }
}

#[tokio::test]
async fn both_protocols_are_spoken_without_tls() {
    let listening = Listening::begin().await;
    let request = || Request::get(format!("http://{}/healthz", listening.address)).body(Body::empty()).unwrap();

    let stream = TcpStream::connect(listening.address).await.unwrap();
    let (mut client, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    let driven = tokio::spawn(connection);
    let answer = client.send_request(request()).await.unwrap();
    assert_eq!((answer.status(), answer.version()), (StatusCode::OK, Version::HTTP_2));
    assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), "ok\n");
    drop(client);
    driven.await.unwrap().unwrap();

    let mut stream = TcpStream::connect(listening.address).await.unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("ok\n"), "{answer}");
    listening.end().await;
}

#[tokio::test]
async fn a_client_that_still_sends_sees_why_it_is_refused() {
    let listening = Listening::begin().await;
    let body = vec![b'x'; 8 << 20];
    let stream = TcpStream::connect(listening.address).await.unwrap();
    let (mut read, mut write) = stream.into_split();
    let sending = tokio::spawn(async move {
        let head = format!(
            "POST /fn/x HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        write.write_all(head.as_bytes()).await.unwrap();
        write.write_all(&body).await
    });
    let mut answer = String::new();
    read.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    sending.await.unwrap().unwrap();
    listening.end().await;
}

#[tokio::test]
async fn a_page_hears_of_changes_and_goes_on_where_it_was() {
    let listening = Listening::begin().await;
    let session = listening.house.owner().await;
    let topic = listening.topic(&session).await;
    let mut socket = listening.live(&session, &topic).await.unwrap();
    let Hint::Hello { position } = hint(&mut socket).await else { panic!("no greeting") };

    // What a page says is ignored.
    socket.send(Message::text("hello?")).await.unwrap();
    listening.create_project(&session).await;
    assert!(matches!(hint(&mut socket).await, Hint::Event { .. }));

    let again = format!("{topic}&epoch={}&seq={}", position.epoch, position.seq);
    let mut socket = listening.live(&session, &again).await.unwrap();
    assert!(matches!(hint(&mut socket).await, Hint::Hello { .. }));
    assert!(matches!(hint(&mut socket).await, Hint::Event { .. }));

    let elsewhere = format!("{topic}&epoch={}&seq=0", uuid::Uuid::nil());
    let mut socket = listening.live(&session, &elsewhere).await.unwrap();
    assert!(matches!(hint(&mut socket).await, Hint::Resync { .. }));
    drop(socket);
    listening.end().await;
}

#[tokio::test]
async fn sockets_are_refused_that_make_no_sense() {
    let listening = Listening::begin().await;
    let session = listening.house.owner().await;
    for (query, status) in [
        ("", StatusCode::BAD_REQUEST),
        ("topic=planet:1", StatusCode::BAD_REQUEST),
        ("topic=project:x", StatusCode::BAD_REQUEST),
        ("topic=project:00000000-0000-0000-0000-000000000000&epoch=x&seq=1", StatusCode::BAD_REQUEST),
        ("topic=project:00000000-0000-0000-0000-000000000000", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(listening.live(&session, query).await.err(), Some(status), "{query}");
    }
    let topic = listening.topic(&session).await;
    assert_eq!(listening.live("made-up", &topic).await.err(), Some(StatusCode::UNAUTHORIZED));

    let mut open = Vec::new();
    for _ in 0..64 {
        open.push(listening.live(&session, &topic).await.unwrap());
    }
    assert_eq!(listening.live(&session, &topic).await.err(), Some(StatusCode::TOO_MANY_REQUESTS));
    drop(open);
    listening.end().await;
}

#[tokio::test]
async fn a_socket_ends_with_its_session() {
    let listening = Listening::begin().await;
    let session = listening.house.owner().await;
    let socket = listening.live(&session, &listening.topic(&session).await).await.unwrap();
    let tracker = &listening.house.server.tracker;
    let who = tracker.actor_by_session(&session).await.unwrap().unwrap();
    tracker.sign_out(&who).await.unwrap();
    let began = Instant::now();
    assert_eq!(close_code(socket).await, CloseCode::Policy);
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    listening.end().await;
}

#[tokio::test]
async fn stopping_ends_sockets_and_idle_connections_at_once() {
    let listening = Listening::begin().await;
    let session = listening.house.owner().await;
    let socket = listening.live(&session, &listening.topic(&session).await).await.unwrap();
    let _idle = TcpStream::connect(listening.address).await.unwrap();
    let closed = tokio::spawn(close_code(socket));
    let took = listening.end().await;
    assert_eq!(closed.await.unwrap(), CloseCode::Away);
    assert!(took < Duration::from_secs(2), "{took:?}");
}

#[tokio::test]
async fn connections_that_say_too_little_are_ended() {
    let short = Duration::from_millis(100);
    let listening = Listening::with(Limits { head: short, body: short, ..Limits::default() }).await;
    for (sent, heard) in [
        ("", ""),
        ("P", ""),
        ("GET / HTTP/1.1\r\nhost:", ""),
        ("PRI * HTTP/2.0\r\n", ""),
        ("GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n", "HTTP/1.1 200"),
        ("POST /fn/x HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\nx", "HTTP/1.1 408"),
    ] {
        let mut stream = TcpStream::connect(listening.address).await.unwrap();
        stream.write_all(sent.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.starts_with(heard) && answer.is_empty() == heard.is_empty(), "{sent:?}: {answer}");
    }
    listening.end().await;
}

#[tokio::test]
async fn a_slow_request_is_cut_off_at_the_end_and_others_wait_for_their_turn() {
    let listening =
        Listening::with(Limits { connections: 1, finish: Duration::from_millis(100), ..Limits::default() }).await;
    let mut slow = TcpStream::connect(listening.address).await.unwrap();
    slow.write_all(b"POST /fn/x HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n").await.unwrap();
    let mut waiting = TcpStream::connect(listening.address).await.unwrap();
    waiting.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let heard = tokio::time::timeout(Duration::from_millis(100), waiting.read_u8()).await;
    assert!(heard.is_err(), "one connection at a time");
    assert!(listening.end().await < Duration::from_secs(2));
}

impl Listening {
    async fn create_project(&self, session: &str) {
        let tracker = &self.house.server.tracker;
        let who = tracker.actor_by_session(session).await.unwrap().unwrap();
        let organization = tracker.organizations(&who).await.unwrap().remove(0);
        let name = domain::Name::parse("Lenses").unwrap();
        tracker.create_project(&who, organization.id, &name, &domain::Description::default()).await.unwrap();
    }
}
