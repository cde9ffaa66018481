//! The client's IP address, also behind trusted proxies.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use http::request::Parts;

/// The header in which a proxy names its client. Each further proxy appends its own client.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// Returns the client's address: the peer of the connection or, if that is a trusted proxy, the client that it names.
///
/// Entries that no trusted proxy has written are ignored. Returns `None` for a request without a connection.
pub fn client_ip(request: &Parts, trusted: &[IpAddr]) -> Option<IpAddr> {
    let ConnectInfo(connected) = request.extensions.get::<ConnectInfo<SocketAddr>>()?;
    let lines = request.headers.get_all(FORWARDED_FOR).iter().filter_map(|line| line.to_str().ok());
    let forwarded: Vec<_> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();

    let mut address = connected.ip().to_canonical();
    for entry in forwarded.into_iter().rev() {
        if !trusted.contains(&address) {
            break;
        }
        match entry.parse::<IpAddr>() {
            Ok(client) => address = client.to_canonical(),
            Err(_) => break,
        }
    }
    Some(address)
}

/// Returns the address of a client behind a trusted proxy. Returns `None` for a request that comes directly, or whose proxy does
/// not name its client.
pub fn forwarded_client_ip(request: &Parts, trusted: &[IpAddr]) -> Option<IpAddr> {
    client_ip(request, trusted).filter(|client| {
        let connected = request.extensions.get::<ConnectInfo<SocketAddr>>();
        connected.is_some_and(|connected| connected.0.ip().to_canonical() != *client)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uses_entries_of_trusted_proxies_only() {
        let trusted = ["127.0.0.1", "10.0.0.2"].map(|address| address.parse().unwrap());
        let check = |connected: &str, forwarded: &[&str], expected: &str| {
            let mut request =
                http::Request::builder().extension(ConnectInfo(SocketAddr::new(connected.parse().unwrap(), 9)));
            for line in forwarded {
                request = request.header(FORWARDED_FOR, *line);
            }
            let (parts, ()) = request.body(()).unwrap().into_parts();
            assert_eq!(client_ip(&parts, &trusted), expected.parse().ok(), "{connected} {forwarded:?}");
        };
        check("192.168.1.9", &[], "192.168.1.9");
        check("192.168.1.9", &["1.1.1.1"], "192.168.1.9");
        check("127.0.0.1", &["1.1.1.1"], "1.1.1.1");
        check("::ffff:127.0.0.1", &["1.1.1.1"], "1.1.1.1");
        check("127.0.0.1", &["6.6.6.6, 1.1.1.1"], "1.1.1.1");
        check("127.0.0.1", &["6.6.6.6, 1.1.1.1, 10.0.0.2"], "1.1.1.1");
        check("127.0.0.1", &["6.6.6.6", "1.1.1.1"], "1.1.1.1");
        check("127.0.0.1", &["10.0.0.2"], "10.0.0.2");
        check("127.0.0.1", &["nonsense"], "127.0.0.1");
        check("127.0.0.1", &["1.1.1.1, nonsense"], "127.0.0.1");
        check("127.0.0.1", &[], "127.0.0.1");
    }
}
