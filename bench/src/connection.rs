//! HTTP/1.1 with as little work as possible on our side: the program has to share the machine with us.

use std::net::SocketAddr;

use anyhow::{Context, Result, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What ends an answer in chunks; nothing that we read has it inside.
const LAST_CHUNK: &[u8] = b"0\r\n\r\n";

/// A connection that is kept.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

/// How much of a long answer is read at once.
const AT_ONCE: usize = 512 << 10;

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// The status and the headers, in lower case.
    pub head: String,
    /// The body; of a long one in chunks only the end.
    pub body: Vec<u8>,
    /// How many bytes it took on the wire.
    pub bytes: usize,
}

/// The bytes of a request with JSON.
pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut request = head(method, path, &[headers, &[("content-type", "application/json")]].concat(), body.len());
    request.extend_from_slice(body.as_bytes());
    request
}

/// The bytes of a request up to its body, which has so many.
pub fn head(method: &str, path: &str, headers: &[(&str, &str)], length: usize) -> Vec<u8> {
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("content-length: {length}\r\n\r\n"));
    head.into_bytes()
}

impl Answer {
    /// The value of a header, in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.head, name)
    }
}

impl Connection {
    /// Connects.
    pub async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await.with_context(|| format!("cannot connect to {address}"))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, read: Vec::with_capacity(1 << 16) })
    }

    /// Sends a request and reads the answer to its end. An answer that is no success is an error.
    pub async fn exchange(&mut self, request: &[u8]) -> Result<Answer> {
        self.send(request).await?;
        self.answer().await
    }

    /// Sends some of a request.
    pub async fn send(&mut self, bytes: &[u8]) -> Result<()> {
        Ok(self.stream.write_all(bytes).await?)
    }

    /// Reads an answer to its end. One that is no success is an error.
    pub async fn answer(&mut self) -> Result<Answer> {
        let (start, head) = self.head().await?;
        let bytes = match header(&head, "content-length") {
            Some(length) => {
                let end = start + length.parse::<usize>()?;
                while self.read.len() < end {
                    self.more().await?;
                }
                end
            }
            // What has neither a length nor chunks has no body.
            None if header(&head, "transfer-encoding").is_none() => start,
            None => self.chunks(start).await?,
        };
        let body = self.read.split_off(start.min(self.read.len()));
        ensure!(head.starts_with("http/1.1 2"), "{}{}", head, String::from_utf8_lossy(&body));
        Ok(Answer { head, body, bytes })
    }

    /// Reads an answer and throws its body away; gives how many bytes that had.
    pub async fn drain(&mut self) -> Result<usize> {
        let (start, head) = self.head().await?;
        ensure!(head.starts_with("http/1.1 2"), "{head}");
        let length = header(&head, "content-length").context("the answer does not say how long it is")?.parse()?;
        let mut drained = self.read.len() - start;
        while drained < length {
            self.read.clear();
            self.read.reserve(AT_ONCE);
            self.more().await?;
            drained += self.read.len();
        }
        Ok(drained)
    }

    /// Reads to where the body starts.
    async fn head(&mut self) -> Result<(usize, String)> {
        self.read.clear();
        let start = loop {
            if let Some(end) = find(&self.read, b"\r\n\r\n") {
                break end + 4;
            }
            self.more().await?;
        };
        let head = String::from_utf8_lossy(self.read.get(..start).unwrap_or_default()).to_ascii_lowercase();
        Ok((start, head))
    }

    /// Reads to the last chunk and keeps only the end.
    async fn chunks(&mut self, head: usize) -> Result<usize> {
        let mut dropped = 0;
        while !self.read.ends_with(LAST_CHUNK) {
            let old = self.read.len().saturating_sub(LAST_CHUNK.len());
            if old > head + (1 << 20) {
                self.read.drain(head..old);
                dropped += old - head;
            }
            self.more().await?;
        }
        Ok(dropped + self.read.len())
    }

    async fn more(&mut self) -> Result<()> {
        self.read.reserve(1 << 16);
        let count = self.stream.read_buf(&mut self.read).await?;
        ensure!(count > 0, "the connection was closed in the middle of an answer");
        Ok(())
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
}
