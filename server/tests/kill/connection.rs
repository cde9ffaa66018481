//! One connection of a script, which breaks when the program is killed.

use std::net::SocketAddr;

use http::{Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// The program is not there, or went away before it answered: what was sent may have been done, or not.
pub struct Lost;

pub struct Connection {
    sender: SendRequest<Full<Bytes>>,
    host: String,
    authorization: String,
}

impl Connection {
    pub async fn open(address: SocketAddr, token: &str) -> Result<Self, Lost> {
        let stream = TcpStream::connect(address).await.map_err(|_| Lost)?;
        stream.set_nodelay(true).map_err(|_| Lost)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(|_| Lost)?;
        tokio::spawn(connection);
        Ok(Self { sender, host: address.to_string(), authorization: format!("Bearer {token}") })
    }

    /// Sends JSON and waits for the answer, which has to be a good one.
    pub async fn post(&mut self, path: &str, key: Option<&str>, body: String) -> Result<(), Lost> {
        let mut request = Request::post(path)
            .header(header::HOST, &self.host)
            .header(header::AUTHORIZATION, &self.authorization)
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let request = request.body(Full::new(body.into())).unwrap();
        let answer = self.sender.send_request(request).await.map_err(|_| Lost)?;
        let status = answer.status();
        let body = answer.into_body().collect().await.map_err(|_| Lost)?.to_bytes();
        let good = matches!(status, StatusCode::OK | StatusCode::CREATED);
        assert!(good, "{path} answered {status}: {}", String::from_utf8_lossy(&body));
        Ok(())
    }
}
