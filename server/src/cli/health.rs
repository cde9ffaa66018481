//! `groundglass health`: readiness check for containers and supervisors.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use clap::Args;

use crate::cli_error::CliError;

/// Time limit for connecting, reading and writing. A slower server counts as not ready.
const TIMEOUT: Duration = Duration::from_secs(5);

#[derive(Debug, Args)]
pub struct HealthArgs {
    /// The address that the server listens on: the same value as for `serve`.
    #[arg(long, env = "GROUNDGLASS_ADDRESS", default_value = "127.0.0.1:3000", value_name = "IP:PORT")]
    address: SocketAddr,
}

impl HealthArgs {
    /// Requests `/readyz`. Fails unless the response is 200.
    pub fn run(self) -> Result<(), CliError> {
        let address = loopback_if_unspecified(self.address);
        let status = request_readiness(address)
            .map_err(|error| CliError::new(format!("no response from {address}: {error}")))?;
        if status.split(' ').nth(1) != Some("200") {
            return Err(CliError::new(format!("the server at {address} is not ready; see its log ({status})")));
        }
        println!("ready");
        Ok(())
    }
}

/// Returns the status line of the response.
fn request_readiness(address: SocketAddr) -> std::io::Result<String> {
    let mut connection = TcpStream::connect_timeout(&address, TIMEOUT)?;
    connection.set_read_timeout(Some(TIMEOUT))?;
    connection.set_write_timeout(Some(TIMEOUT))?;
    write!(connection, "GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut status = String::new();
    BufReader::new(std::io::Read::take(connection, 1024)).read_line(&mut status)?;
    Ok(status.trim().to_owned())
}

/// Replaces 0.0.0.0 and [::] (all addresses) with the loopback address.
fn loopback_if_unspecified(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}
