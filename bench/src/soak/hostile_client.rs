//! Clients that hang up, and clients that send what no browser and no SDK sends. Their requests may fail.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::Result;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::sleep;

use super::regular_client::RegularTarget;
use crate::connection::{Connection, request_head};

/// How long a client holds a connection on which it sends nothing.
const HOLD: Duration = Duration::from_secs(2);

/// A kind of client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostileClient {
    /// Sends a point or requests a page, and closes the connection before the response.
    CutRequests,
    /// Begins to read a page and closes the connection.
    CutPages,
    /// Sends half of an upload.
    CutUploads,
    /// Opens the socket of a page, and closes it at once or after two seconds.
    DroppedSockets,
    /// Signs in with a wrong password and closes the connection after 2 ms.
    DroppedSignIns,
    /// Sends a form without a signature whose first part does not end.
    EndlessForms,
    /// Sends random bytes, half of a request head, or a broken HTTP/2 connection.
    Garbage,
}

impl HostileClient {
    /// All kinds.
    pub const ALL: [Self; 7] = [
        Self::CutRequests,
        Self::CutPages,
        Self::CutUploads,
        Self::DroppedSockets,
        Self::DroppedSignIns,
        Self::EndlessForms,
        Self::Garbage,
    ];

    /// The name in the report.
    pub fn name(self) -> &'static str {
        match self {
            Self::CutRequests => "requests without a reader",
            Self::CutPages => "pages that are not read",
            Self::CutUploads => "cut uploads",
            Self::DroppedSockets => "dropped sockets",
            Self::DroppedSignIns => "sign-ins dropped after 2 ms",
            Self::EndlessForms => "endless forms",
            Self::Garbage => "garbage",
        }
    }

    /// The number of clients at the same time.
    pub fn count(self) -> usize {
        match self {
            Self::DroppedSignIns => 1,
            Self::CutRequests | Self::CutPages | Self::CutUploads => 2,
            Self::EndlessForms | Self::DroppedSockets => 4,
            Self::Garbage => 8,
        }
    }

    /// The time between two attempts of a client.
    pub fn pause(self) -> Duration {
        Duration::from_millis(match self {
            Self::CutRequests => 50,
            Self::DroppedSockets => 100,
            Self::CutPages | Self::Garbage => 200,
            Self::CutUploads | Self::EndlessForms | Self::DroppedSignIns => 500,
        })
    }

    /// Connects, sends something, and closes the connection.
    pub async fn run(self, target: &RegularTarget, index: usize, number: usize) -> Result<()> {
        match self {
            Self::CutRequests => {
                let requests = [target.log_request("LINE", "cut", "0.5"), target.page_request("/account")];
                connect(target, 0).await?.write_all(&requests[number % 2]).await?;
            }
            Self::CutPages => {
                let mut stream = connect(target, 0).await?;
                stream.write_all(&target.logs_page_request()).await?;
                stream.read_exact(&mut [0; 100]).await?;
            }
            Self::CutUploads => {
                let mut connection = Connection::open(target.address).await?;
                let form = target.begin_upload(&mut connection, number, 512 << 10).await?;
                connection.send(&form[..form.len() / 2]).await?;
                sleep(Duration::from_millis(20)).await;
            }
            Self::DroppedSockets => {
                let mut stream = connect(target, 0).await?;
                stream.write_all(&target.socket_request()).await?;
                stream.read_exact(&mut [0; 100]).await?;
                sleep(HOLD * u32::from(number.is_multiple_of(4))).await;
            }
            Self::DroppedSignIns => {
                // From many addresses, because attempts are limited for each of them.
                let mut stream = connect(target, index * 1_000_000 + number).await?;
                let form = format!("email=user{number}%40example.org&password=wrong+{number}");
                let headers = [("content-type", "application/x-www-form-urlencoded"), ("accept", "application/json")];
                stream.write_all(&request_head("POST", "/fn/sign-in", &headers, form.len())).await?;
                stream.write_all(form.as_bytes()).await?;
                sleep(Duration::from_millis(2)).await;
            }
            Self::EndlessForms => {
                let mut stream = connect(target, number).await?;
                let headers = [("content-type", "multipart/form-data; boundary=x")];
                stream.write_all(&request_head("POST", "/files/upload", &headers, 1 << 30)).await?;
                stream.write_all(b"--x\r\ncontent-disposition: form-data; name=\"key\"\r\n\r\n").await?;
                loop {
                    stream.write_all(&[b'-'; 16 << 10]).await?;
                }
            }
            Self::Garbage => {
                let mut stream = connect(target, number).await?;
                match number % 4 {
                    0 => stream.write_all(&random_bytes(number, 4 << 10)).await?,
                    1 => {
                        stream.write_all(b"GET /sign-in HTTP/1.1\r\nhost: localhost\r\nx-half: ").await?;
                        sleep(HOLD).await;
                    }
                    2 => {
                        stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await?;
                        stream.write_all(&random_bytes(number, 200)).await?;
                    }
                    _ => {
                        let header = "x".repeat(100 << 10);
                        stream.write_all(&request_head("GET", "/", &[("x-long", &header)], 0)).await?;
                    }
                }
                // Until the server closes the connection.
                stream.read_to_end(&mut Vec::new()).await?;
            }
        }
        Ok(())
    }
}

/// Connects from an address of the loopback network.
async fn connect(target: &RegularTarget, from: usize) -> Result<TcpStream> {
    let [.., high, low] = from.to_be_bytes();
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from((Ipv4Addr::new(127, 1, high, low.max(1)), 0)))?;
    Ok(socket.connect(target.address).await?)
}

/// Returns bytes that are the same for the same seed.
fn random_bytes(seed: usize, length: usize) -> Vec<u8> {
    let mut state = (seed as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let words = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    });
    words.flatten().take(length).collect()
}
