//! Who is at the other end of a request, also when a proxy stands between.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use http::request::Parts;

/// Where a proxy notes for whom it asks; each further one adds its own caller at the end.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The address that a request came from: the connection's, or, as long as that is a trusted proxy,
/// the one for which it says to ask. What others write into the header counts for nothing.
/// `None` for a request that came over no connection.
pub fn address(request: &Parts, trusted: &[IpAddr]) -> Option<IpAddr> {
    let ConnectInfo(connected) = request.extensions.get::<ConnectInfo<SocketAddr>>()?;
    let lines = request.headers.get_all(FORWARDED_FOR).iter().filter_map(|line| line.to_str().ok());
    let noted: Vec<_> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();

    let mut address = connected.ip().to_canonical();
    for noted in noted.into_iter().rev() {
        if !trusted.contains(&address) {
            break;
        }
        match noted.parse::<IpAddr>() {
            Ok(before) => address = before.to_canonical(),
            Err(_) => break,
        }
    }
    Some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let trusted = ["127.0.0.1", "10.0.0.2"].map(|address| address.parse().unwrap());
        let check = |connected: &str, noted: &[&str], expected: &str| {
            let mut request =
                http::Request::builder().extension(ConnectInfo(SocketAddr::new(connected.parse().unwrap(), 9)));
            for line in noted {
                request = request.header(FORWARDED_FOR, *line);
            }
            let (parts, ()) = request.body(()).unwrap().into_parts();
            assert_eq!(address(&parts, &trusted), expected.parse().ok(), "{connected} {noted:?}");
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
