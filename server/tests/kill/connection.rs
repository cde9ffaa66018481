//! An HTTP connection that breaks when the server is killed.

use std::net::SocketAddr;

use http::{Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// The server is down, or went down before it responded. The request may or may not have taken effect.
pub struct ConnectionLost;

pub struct Connection {
    sender: SendRequest<Full<Bytes>>,
    host: String,
    authorization: String,
}

impl Connection {
    pub async fn open(address: SocketAddr, token: &str) -> Result<Self, ConnectionLost> {
        let stream = TcpStream::connect(address).await.map_err(|_| ConnectionLost)?;
        stream.set_nodelay(true).map_err(|_| ConnectionLost)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(|_| ConnectionLost)?;
        tokio::spawn(connection);
        Ok(Self { sender, host: address.to_string(), authorization: format!("Bearer {token}") })
    }

    /// Posts JSON and waits for the response. Panics if its status is not 200 or 201.
    pub async fn post(&mut self, path: &str, key: Option<&str>, body: String) -> Result<(), ConnectionLost> {
        let mut request = Request::post(path)
            .header(header::HOST, &self.host)
            .header(header::AUTHORIZATION, &self.authorization)
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let request = request.body(Full::new(body.into())).unwrap();
        let response = self.sender.send_request(request).await.map_err(|_| ConnectionLost)?;
        let status = response.status();
        let body = response.into_body().collect().await.map_err(|_| ConnectionLost)?.to_bytes();
        let success = matches!(status, StatusCode::OK | StatusCode::CREATED);
        assert!(success, "{path}: unexpected status {status}: {}", String::from_utf8_lossy(&body));
        Ok(())
    }
}
