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

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// The body; of a long one in chunks only the end.
    pub body: Vec<u8>,
    /// How many bytes it took on the wire.
    pub bytes: usize,
}

/// The bytes of a request.
pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len()));
    head.into_bytes()
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
        self.stream.write_all(request).await?;
        self.read.clear();
        let head = loop {
            if let Some(end) = find(&self.read, b"\r\n\r\n") {
                break end + 4;
            }
            self.more().await?;
        };
        let text = String::from_utf8_lossy(self.read.get(..head).unwrap_or_default()).to_ascii_lowercase();
        let length = text.split("\r\ncontent-length:").nth(1).and_then(|rest| rest.split("\r\n").next());
        let bytes = match length {
            Some(length) => {
                let end = head + length.trim().parse::<usize>()?;
                while self.read.len() < end {
                    self.more().await?;
                }
                end
            }
            None => self.chunks(head).await?,
        };
        let body = self.read.split_off(head.min(self.read.len()));
        ensure!(text.starts_with("http/1.1 2"), "{}{}", text, String::from_utf8_lossy(&body));
        Ok(Answer { body, bytes })
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
