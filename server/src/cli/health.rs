//! `groundglass health`: whether a server on this machine is ready, for containers and supervisors.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use clap::Args;

use crate::failure::Failure;

/// A server that takes longer is not ready.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Debug, Args)]
pub struct Health {
    /// Where the server listens, as it was told itself.
    #[arg(long, env = "GROUNDGLASS_ADDRESS", default_value = "127.0.0.1:3000", value_name = "IP:PORT")]
    address: SocketAddr,
}

impl Health {
    /// Asks `/readyz`. Fails when the answer is not 200.
    pub fn run(self) -> Result<(), Failure> {
        let address = here(self.address);
        let status = ask(address).map_err(|error| Failure::new(format!("nobody answers at {address}: {error}")))?;
        if status.split(' ').nth(1) != Some("200") {
            return Err(Failure::new(format!("the server at {address} is not ready; see its log ({status})")));
        }
        println!("ready");
        Ok(())
    }
}

/// The answer's first line.
fn ask(address: SocketAddr) -> std::io::Result<String> {
    let mut connection = TcpStream::connect_timeout(&address, PATIENCE)?;
    connection.set_read_timeout(Some(PATIENCE))?;
    connection.set_write_timeout(Some(PATIENCE))?;
    write!(connection, "GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut status = String::new();
    BufReader::new(std::io::Read::take(connection, 1024)).read_line(&mut status)?;
    Ok(status.trim().to_owned())
}

/// Who listens on all addresses is asked on this machine's own.
fn here(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}
