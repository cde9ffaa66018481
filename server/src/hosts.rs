//! The names this server answers to, and the origins whose pages may change things here.
//!
//! A page of another site can make a browser send requests to any address, and a name whose
//! address changes between two look-ups (DNS rebinding) can make it read the answers. Both end
//! here: a request must name a host that is ours, and a change must come from a page that is ours.

use std::net::IpAddr;
use std::str::FromStr;

use http::Uri;
use http::uri::Authority;

/// A host as browsers and people write it: a name or an address, perhaps with a port.
/// The name is kept in lower case and without a trailing dot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    name: String,
    port: Option<u16>,
}

impl Host {
    /// Whether the name always means this machine, whatever a name server says.
    fn is_loopback(&self) -> bool {
        match self.ip() {
            Some(ip) => ip.is_loopback(),
            None => self.name == "localhost" || self.name.ends_with(".localhost"),
        }
    }

    fn ip(&self) -> Option<IpAddr> {
        self.name.trim_start_matches('[').trim_end_matches(']').parse().ok()
    }
}

impl std::fmt::Display for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)?;
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

impl FromStr for Host {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unclear = || format!("'{text}' is not a host: write it as name or name:port");
        let authority = Authority::from_str(text).map_err(|_| unclear())?;
        let (host, port) = (authority.host(), authority.port_u16());
        // What does not read back the same carried a user name or a port that is none.
        let read_back = port.map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        if host.is_empty() || read_back != text {
            return Err(unclear());
        }
        Ok(Self { name: host.trim_end_matches('.').to_ascii_lowercase(), port })
    }
}

/// Where a page came from: scheme, name and port, as browsers say it in `Origin`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    https: bool,
    host: Host,
}

impl Origin {
    /// Whether pages from here arrive encrypted.
    pub fn is_https(&self) -> bool {
        self.https
    }

    fn port(&self) -> u16 {
        self.host.port.unwrap_or(if self.https { 443 } else { 80 })
    }

    /// Whether the two name the same host and port, a missing port being the scheme's own.
    fn is_at(&self, host: &Host) -> bool {
        let default = if self.https { 443 } else { 80 };
        self.host.name == host.name && self.port() == host.port.unwrap_or(default)
    }
}

impl FromStr for Origin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unclear = || format!("'{text}' is not an address like https://tracker.example.org (without a path)");
        let uri = Uri::from_str(text).map_err(|_| unclear())?;
        let https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(unclear()),
        };
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err(unclear());
        }
        let host = uri.authority().ok_or_else(unclear)?.as_str().parse().map_err(|_| unclear())?;
        Ok(Self { https, host })
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}://{}", if self.https { "https" } else { "http" }, self.host.name)?;
        self.host.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

/// All names that are ours.
#[derive(Clone, Debug)]
pub struct Hosts {
    /// The address people use, when a proxy or a name server gives the server one.
    pub public: Option<Origin>,
    /// Further names, from `--allowed-host`.
    pub allowed: Vec<Host>,
    /// The address the server listens on.
    pub bound: IpAddr,
    /// The proxies that are believed for whom they ask.
    pub proxies: Vec<IpAddr>,
}

impl Hosts {
    /// Whether a request may name this host. Loopback and the server's own address may carry any
    /// port, as port forwarding changes it; so may the public name and allowed names without one.
    pub fn answer_to(&self, host: &Host) -> bool {
        host.is_loopback()
            || host.ip() == Some(self.bound)
            || self.public.as_ref().is_some_and(|public| public.host.name == host.name)
            || self.allowed.iter().any(|ours| ours.name == host.name && (ours.port.is_none() || ours.port == host.port))
    }

    /// How addresses of this server begin for somebody who reached it under that name: with the public address when it
    /// has one.
    pub fn url(&self, reached: &Host) -> String {
        self.public.as_ref().map_or_else(|| format!("http://{reached}"), ToString::to_string)
    }

    /// Whether a page of this origin may change things. `own` is the host the request names: a page
    /// from there is ours. Behind a proxy that renames the host, the public and allowed names count.
    pub fn trust(&self, origin: &Origin, own: &Host) -> bool {
        origin.is_at(own)
            || self.public.as_ref().is_some_and(|public| public.https == origin.https && origin.is_at(&public.host))
            || self.allowed.iter().any(|ours| origin.is_at(ours))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts() -> Hosts {
        Hosts {
            public: Some("https://tracker.example.org".parse().unwrap()),
            allowed: vec!["gpu-box".parse().unwrap(), "lab:8443".parse().unwrap()],
            bound: "192.168.1.5".parse().unwrap(),
            proxies: vec![],
        }
    }

    #[test]
    fn answers_to_its_own_names_only() {
        let check = |host: &str, expected: bool| {
            let answered = host.parse().is_ok_and(|host| hosts().answer_to(&host));
            assert_eq!(answered, expected, "{host}");
        };
        check("localhost", true);
        check("LOCALHOST.:3000", true);
        check("app.localhost:1", true);
        check("127.0.0.1:3000", true);
        check("127.8.8.8", true);
        check("[::1]:3000", true);
        check("192.168.1.5:3000", true);
        check("tracker.example.org", true);
        check("tracker.example.org:3000", true);
        check("gpu-box:9", true);
        check("lab:8443", true);
        check("lab", false);
        check("192.168.1.6:3000", false);
        check("evil.example", false);
        check("localhost.evil.example", false);
        check("evil.example@localhost", false);
        check("localhost:99999", false);
        check("127.0.0.1.evil.example", false);
        check("", false);
        check("a b", false);
    }

    #[test]
    fn trusts_pages_of_its_own_origins_only() {
        let check = |origin: &str, own: &str, expected: bool| {
            let own = own.parse().unwrap();
            let trusted = origin.parse().is_ok_and(|origin| hosts().trust(&origin, &own));
            assert_eq!(trusted, expected, "{origin} at {own:?}");
        };
        check("http://localhost:3000", "localhost:3000", true);
        check("http://localhost", "localhost:80", true);
        check("https://tracker.example.org", "localhost:3000", true);
        check("https://tracker.example.org:443", "10.0.0.1:3000", true);
        check("http://tracker.example.org", "localhost:3000", false);
        check("http://lab:8443", "localhost:3000", true);
        check("http://gpu-box", "localhost:3000", true);
        check("http://gpu-box:81", "localhost:3000", false);
        check("http://localhost:8080", "localhost:3000", false);
        check("http://127.0.0.1:3000", "localhost:3000", false);
        check("https://evil.example", "localhost:3000", false);
        check("null", "localhost:3000", false);
        check("https://", "localhost:3000", false);
    }

    #[test]
    fn a_public_url_has_no_path() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(text.parse::<Origin>().ok().map(|origin| origin.to_string()).as_deref(), expected, "{text}");
        };
        check("https://Tracker.example.org/", Some("https://tracker.example.org"));
        check("http://box:8080", Some("http://box:8080"));
        check("https://box/groundglass", None);
        check("box:8080", None);
        check("ftp://box", None);
    }
}
