//! Tests that need a real connection: protocols, WebSockets and shutdown.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use domain::live::Message as LiveMessage;
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

use crate::test_server::{TestServer, localhost};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A server that listens on a port of localhost.
pub struct ListeningServer {
    pub server: TestServer,
    pub address: SocketAddr,
    stop: oneshot::Sender<()>,
    serve_task: JoinHandle<()>,
}

impl ListeningServer {
    async fn start() -> Self {
        Self::with_limits(Limits::default()).await
    }

    pub async fn with_limits(limits: Limits) -> Self {
        let server = TestServer::with_limits(localhost(), limits).await;
        let router = server.router();
        Self::with_router(server, router).await
    }

    /// Serves this router with the limits of the server.
    pub async fn with_router(server: TestServer, router: Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let state = server.state.clone();
        let serve_task = tokio::spawn(async move {
            listen::serve(listener, router, &state, async { stopped.await.unwrap() }).await;
        });
        Self { server, address, stop, serve_task }
    }

    /// Stops the server and returns the time that took.
    pub async fn stop(self) -> Duration {
        let start = Instant::now();
        self.stop.send(()).unwrap();
        self.serve_task.await.unwrap();
        start.elapsed()
    }

    /// Opens a WebSocket with a session, as a page does.
    async fn open_socket(&self, session: &str, query: &str) -> Result<Socket, StatusCode> {
        let mut request = format!("ws://{}/live?{query}", self.address).into_client_request().unwrap();
        let headers = request.headers_mut();
        headers.insert("cookie", format!("groundglass_session={session}").parse().unwrap());
        headers.insert("origin", format!("http://{}", self.address).parse().unwrap());
        match tokio_tungstenite::connect_async(request).await {
            Ok((socket, _)) => Ok(socket),
            Err(tokio_tungstenite::tungstenite::Error::Http(response)) => Err(response.status()),
            Err(error) => panic!("{error}"),
        }
    }

    /// Returns the query that subscribes to the organization of the session's user.
    async fn topic_query(&self, session: &str) -> String {
        let actor = self.server.tracker().actor_by_session(session).await.unwrap().unwrap();
        let organization = self.server.tracker().organizations(&actor).await.unwrap().remove(0);
        format!("topic=organization:{}", organization.id)
    }
}

async fn next_message(socket: &mut Socket) -> LiveMessage {
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
async fn supports_http1_and_http2_without_tls() {
    let listening = ListeningServer::start().await;
    let request = || Request::get(format!("http://{}/healthz", listening.address)).body(Body::empty()).unwrap();

    let stream = TcpStream::connect(listening.address).await.unwrap();
    let (mut client, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    let connection_task = tokio::spawn(connection);
    let response = client.send_request(request()).await.unwrap();
    assert_eq!((response.status(), response.version()), (StatusCode::OK, Version::HTTP_2));
    assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), "ok\n");
    drop(client);
    connection_task.await.unwrap().unwrap();

    let mut stream = TcpStream::connect(listening.address).await.unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    assert!(response.starts_with("HTTP/1.1 200 OK\r\n") && response.ends_with("ok\n"), "{response}");
    listening.stop().await;
}

#[tokio::test]
async fn a_client_that_is_still_sending_receives_the_error() {
    let listening = ListeningServer::start().await;
    let body = vec![b'x'; 8 << 20];
    let stream = TcpStream::connect(listening.address).await.unwrap();
    let (mut read, mut write) = stream.into_split();
    let send_task = tokio::spawn(async move {
        let head = format!(
            "POST /fn/x HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        write.write_all(head.as_bytes()).await.unwrap();
        write.write_all(&body).await
    });
    let mut response = String::new();
    read.read_to_string(&mut response).await.unwrap();
    assert!(response.starts_with("HTTP/1.1 413"), "{response}");
    send_task.await.unwrap().unwrap();
    listening.stop().await;
}

#[tokio::test]
async fn a_socket_receives_events_and_resumes_at_its_position() {
    let listening = ListeningServer::start().await;
    let session = listening.server.owner().await;
    let topic = listening.topic_query(&session).await;
    let mut socket = listening.open_socket(&session, &topic).await.unwrap();
    let LiveMessage::Hello { position } = next_message(&mut socket).await else { panic!("expected a hello") };

    // Messages of the client are ignored.
    socket.send(Message::text("hello?")).await.unwrap();
    listening.create_project(&session).await;
    assert!(matches!(next_message(&mut socket).await, LiveMessage::Event { .. }));

    let resume_query = format!("{topic}&epoch={}&seq={}", position.epoch, position.seq);
    let mut socket = listening.open_socket(&session, &resume_query).await.unwrap();
    assert!(matches!(next_message(&mut socket).await, LiveMessage::Hello { .. }));
    assert!(matches!(next_message(&mut socket).await, LiveMessage::Event { .. }));

    let other_epoch_query = format!("{topic}&epoch={}&seq=0", uuid::Uuid::nil());
    let mut socket = listening.open_socket(&session, &other_epoch_query).await.unwrap();
    assert!(matches!(next_message(&mut socket).await, LiveMessage::Resync { .. }));
    drop(socket);
    listening.stop().await;
}

#[tokio::test]
async fn rejects_invalid_and_too_many_sockets() {
    let listening = ListeningServer::start().await;
    let session = listening.server.owner().await;
    for (query, status) in [
        ("", StatusCode::BAD_REQUEST),
        ("topic=planet:1", StatusCode::BAD_REQUEST),
        ("topic=project:x", StatusCode::BAD_REQUEST),
        ("topic=project:00000000-0000-0000-0000-000000000000&epoch=x&seq=1", StatusCode::BAD_REQUEST),
        ("topic=project:00000000-0000-0000-0000-000000000000", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(listening.open_socket(&session, query).await.err(), Some(status), "{query}");
    }
    let topic = listening.topic_query(&session).await;
    assert_eq!(listening.open_socket("invalid", &topic).await.err(), Some(StatusCode::UNAUTHORIZED));

    let mut open = Vec::new();
    for _ in 0..64 {
        open.push(listening.open_socket(&session, &topic).await.unwrap());
    }
    assert_eq!(listening.open_socket(&session, &topic).await.err(), Some(StatusCode::TOO_MANY_REQUESTS));
    drop(open);
    listening.stop().await;
}

#[tokio::test]
async fn closes_sockets_when_the_session_ends() {
    let listening = ListeningServer::start().await;
    let session = listening.server.owner().await;
    let socket = listening.open_socket(&session, &listening.topic_query(&session).await).await.unwrap();
    let tracker = listening.server.tracker();
    let actor = tracker.actor_by_session(&session).await.unwrap().unwrap();
    tracker.sign_out(&actor).await.unwrap();
    let start = Instant::now();
    assert_eq!(close_code(socket).await, CloseCode::Policy);
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    listening.stop().await;
}

#[tokio::test]
async fn closes_sockets_of_removed_members() {
    let listening = ListeningServer::start().await;
    let owner = listening.server.owner().await;
    let viewer = listening.server.viewer().await;
    let query = listening.topic_query(&viewer).await;
    let mut kept = listening.open_socket(&owner, &query).await.unwrap();
    let removed = listening.open_socket(&viewer, &query).await.unwrap();
    assert!(matches!(next_message(&mut kept).await, LiveMessage::Hello { .. }));
    listening.server.execute("DELETE FROM memberships WHERE role = 'viewer'").await;
    let start = Instant::now();
    assert_eq!(close_code(removed).await, CloseCode::Policy);
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    assert_eq!(listening.open_socket(&viewer, &query).await.unwrap_err(), StatusCode::NOT_FOUND);
    let waited = tokio::time::timeout(Duration::from_millis(1_200), next_message(&mut kept)).await;
    assert!(waited.is_err(), "the socket of a member stays open: {waited:?}");
    listening.stop().await;
}

#[tokio::test]
async fn shutdown_closes_sockets_and_idle_connections_immediately() {
    let listening = ListeningServer::start().await;
    let session = listening.server.owner().await;
    let socket = listening.open_socket(&session, &listening.topic_query(&session).await).await.unwrap();
    let _idle = TcpStream::connect(listening.address).await.unwrap();
    let closed = tokio::spawn(close_code(socket));
    let elapsed = listening.stop().await;
    assert_eq!(closed.await.unwrap(), CloseCode::Away);
    assert!(elapsed < Duration::from_secs(2), "{elapsed:?}");
}

#[tokio::test]
async fn closes_slow_and_silent_connections() {
    let short = Duration::from_millis(100);
    let listening = ListeningServer::with_limits(Limits { head: short, body: short, ..Limits::default() }).await;
    for (sent, expected) in [
        ("", ""),
        ("P", ""),
        ("GET / HTTP/1.1\r\nhost:", ""),
        ("PRI * HTTP/2.0\r\n", ""),
        ("GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n", "HTTP/1.1 200"),
        ("POST /fn/x HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\nx", "HTTP/1.1 408"),
    ] {
        let mut stream = TcpStream::connect(listening.address).await.unwrap();
        stream.write_all(sent.as_bytes()).await.unwrap();
        let mut response = Vec::new();
        stream.read_to_end(&mut response).await.unwrap();
        let response = String::from_utf8_lossy(&response);
        assert!(response.starts_with(expected) && response.is_empty() == expected.is_empty(), "{sent:?}: {response}");
    }
    listening.stop().await;
}

#[tokio::test]
async fn aborts_slow_requests_at_shutdown() {
    let limits = Limits { finish: Duration::from_millis(100), ..Limits::default() };
    let listening = ListeningServer::with_limits(limits).await;
    let mut slow = TcpStream::connect(listening.address).await.unwrap();
    slow.write_all(b"POST /fn/x HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n").await.unwrap();
    assert!(listening.stop().await < Duration::from_secs(2));
}

impl ListeningServer {
    async fn create_project(&self, session: &str) {
        let tracker = self.server.tracker();
        let actor = tracker.actor_by_session(session).await.unwrap().unwrap();
        let organization = tracker.organizations(&actor).await.unwrap().remove(0);
        let name = domain::Name::parse("Lenses").unwrap();
        tracker.create_project(&actor, organization.id, &name, &domain::Description::default()).await.unwrap();
    }
}
