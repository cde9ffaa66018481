//! A minimal HTTP/1.1 client. It does as little work as possible, because it shares the machine with the measured server.

use std::net::SocketAddr;

use anyhow::{Context, Result, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The end of a chunked response. The responses that the benchmarks read do not contain it elsewhere.
const LAST_CHUNK: &[u8] = b"0\r\n\r\n";

/// How many bytes of a long response are read at once.
const READ_SIZE: usize = 512 << 10;

/// A persistent connection.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// A successful response.
#[derive(Debug)]
pub struct HttpResponse {
    /// The status line and the headers, in lower case.
    pub head: String,
    /// The body. Of a long chunked body, only the end.
    pub body: Vec<u8>,
    /// The size of the response on the wire, in bytes.
    pub bytes: usize,
}

/// Returns the bytes of a request with a JSON body.
pub fn json_request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let headers = [headers, &[("content-type", "application/json")]].concat();
    let mut request = request_head(method, path, &headers, body.len());
    request.extend_from_slice(body.as_bytes());
    request
}

/// Returns the bytes of a request up to its body, which has `length` bytes.
pub fn request_head(method: &str, path: &str, headers: &[(&str, &str)], length: usize) -> Vec<u8> {
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("content-length: {length}\r\n\r\n"));
    head.into_bytes()
}

impl HttpResponse {
    /// Returns the value of a header, in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        find_header(&self.head, name)
    }
}

impl Connection {
    /// Connects to a server.
    pub async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await.with_context(|| format!("cannot connect to {address}"))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(1 << 16) })
    }

    /// Sends a request and reads the response to its end. Fails if the status is not 2xx.
    pub async fn exchange(&mut self, request: &[u8]) -> Result<HttpResponse> {
        self.send(request).await?;
        self.read_response().await
    }

    /// Sends a part of a request.
    pub async fn send(&mut self, bytes: &[u8]) -> Result<()> {
        Ok(self.stream.write_all(bytes).await?)
    }

    /// Reads a response to its end. Fails if the status is not 2xx.
    pub async fn read_response(&mut self) -> Result<HttpResponse> {
        let (start, head) = self.read_head().await?;
        let bytes = match find_header(&head, "content-length") {
            Some(length) => {
                let end = start + length.parse::<usize>()?;
                while self.buffer.len() < end {
                    self.read_more().await?;
                }
                end
            }
            // Without a length and chunks, the response has no body.
            None if find_header(&head, "transfer-encoding").is_none() => start,
            None => self.read_chunks(start).await?,
        };
        let body = self.buffer.split_off(start.min(self.buffer.len()));
        ensure!(head.starts_with("http/1.1 2"), "{}{}", head, String::from_utf8_lossy(&body));
        Ok(HttpResponse { head, body, bytes })
    }

    /// Reads a response, discards its body, and returns the size of the body in bytes.
    pub async fn drain_response(&mut self) -> Result<usize> {
        let (start, head) = self.read_head().await?;
        ensure!(head.starts_with("http/1.1 2"), "{head}");
        let length = find_header(&head, "content-length").context("the response has no content-length")?.parse()?;
        let mut drained = self.buffer.len() - start;
        while drained < length {
            self.buffer.clear();
            self.buffer.reserve(READ_SIZE);
            self.read_more().await?;
            drained += self.buffer.len();
        }
        Ok(drained)
    }

    /// Reads the head of a response. Returns the offset of the body in the buffer, and the head.
    async fn read_head(&mut self) -> Result<(usize, String)> {
        self.buffer.clear();
        let start = loop {
            if let Some(end) = find_bytes(&self.buffer, b"\r\n\r\n") {
                break end + 4;
            }
            self.read_more().await?;
        };
        let head = String::from_utf8_lossy(self.buffer.get(..start).unwrap_or_default()).to_ascii_lowercase();
        Ok((start, head))
    }

    /// Reads to the last chunk, keeps only the end, and returns the size of the response on the wire.
    async fn read_chunks(&mut self, head: usize) -> Result<usize> {
        let mut dropped = 0;
        while !self.buffer.ends_with(LAST_CHUNK) {
            let old = self.buffer.len().saturating_sub(LAST_CHUNK.len());
            if old > head + (1 << 20) {
                self.buffer.drain(head..old);
                dropped += old - head;
            }
            self.read_more().await?;
        }
        Ok(dropped + self.buffer.len())
    }

    async fn read_more(&mut self) -> Result<()> {
        self.buffer.reserve(1 << 16);
        let count = self.stream.read_buf(&mut self.buffer).await?;
        ensure!(count > 0, "the connection was closed in the middle of a response");
        Ok(())
    }
}

fn find_bytes(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn find_header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
}
