//! The host names that this server serves, and the origins whose pages may send changes.
//!
//! A page of another site can make a browser send requests to any address (CSRF), and a host name that resolves to another
//! address on the second lookup (DNS rebinding) lets that page read the responses. Therefore a request must name a host of this
//! server, and a change must come from a page of this server.

use std::net::IpAddr;
use std::str::FromStr;

use http::Uri;
use http::uri::Authority;

/// A host name or IP address with an optional port. The name is in lowercase and without a trailing dot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    name: String,
    port: Option<u16>,
}

impl Host {
    /// Returns whether the name always refers to this machine, independent of DNS.
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
        let invalid = || format!("'{text}' is not a host: write it as name or name:port");
        let authority = Authority::from_str(text).map_err(|_| invalid())?;
        let (host, port) = (authority.host(), authority.port_u16());
        // A text that does not round-trip contains a user name or an invalid port.
        let formatted = port.map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        if host.is_empty() || formatted != text {
            return Err(invalid());
        }
        Ok(Self { name: host.trim_end_matches('.').to_ascii_lowercase(), port })
    }
}

/// The origin of a page: scheme, host and port, as browsers send it in `Origin`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    https: bool,
    host: Host,
}

impl Origin {
    /// Returns the origin of an absolute HTTP or HTTPS URL.
    pub fn of_url(url: &Uri) -> Option<Self> {
        let https = match url.scheme_str()? {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        Some(Self { https, host: url.authority()?.as_str().parse().ok()? })
    }

    /// Returns whether the scheme is `https`.
    pub fn is_https(&self) -> bool {
        self.https
    }

    fn port(&self) -> u16 {
        self.host.port.unwrap_or(if self.https { 443 } else { 80 })
    }

    /// Returns whether both origins have the same port.
    fn is_at_port_of(&self, other: &Self) -> bool {
        self.port() == other.port()
    }

    /// Returns whether the origin has this host and port. A missing port means the default port of the scheme.
    fn is_at(&self, host: &Host) -> bool {
        let default = if self.https { 443 } else { 80 };
        self.host.name == host.name && self.port() == host.port.unwrap_or(default)
    }
}

impl FromStr for Origin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = || format!("'{text}' is not a URL like https://tracker.example.org (without a path)");
        let uri = Uri::from_str(text).map_err(|_| invalid())?;
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err(invalid());
        }
        Self::of_url(&uri).ok_or_else(invalid)
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}://{}", if self.https { "https" } else { "http" }, self.host.name)?;
        self.host.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

/// All host names of this server.
#[derive(Clone, Debug)]
pub struct Hosts {
    /// The public URL, if the server has one.
    pub public: Option<Origin>,
    /// Further host names, from `--allowed-host`.
    pub allowed: Vec<Host>,
    /// The address the server listens on.
    pub bound: IpAddr,
    /// The proxies whose `X-Forwarded-For` is trusted.
    pub proxies: Vec<IpAddr>,
}

impl Hosts {
    /// Returns whether a request may name this host.
    ///
    /// Loopback names, the server's own address, the public name and allowed names without a port match any port, because port
    /// forwarding changes it.
    pub fn serves(&self, host: &Host) -> bool {
        host.is_loopback()
            || host.ip() == Some(self.bound)
            || self.public.as_ref().is_some_and(|public| public.host.name == host.name)
            || self.allowed.iter().any(|ours| ours.name == host.name && (ours.port.is_none() || ours.port == host.port))
    }

    /// Returns whether the public URL is `https`.
    pub fn is_https(&self) -> bool {
        self.public.as_ref().is_some_and(Origin::is_https)
    }

    /// Returns whether connections from an address belong to many clients, so that the share of one address does not apply to
    /// them: trusted proxies and, if `loopback` is exempt, this machine.
    pub fn is_exempt_from_share(&self, peer: IpAddr, loopback: bool) -> bool {
        let peer = peer.to_canonical();
        self.proxies.iter().any(|proxy| proxy.to_canonical() == peer) || (loopback && peer.is_loopback())
    }

    /// Returns the base URL for a client that reached the server as `reached`: the public URL if there is one.
    pub fn url(&self, reached: &Host) -> String {
        self.public.as_ref().map_or_else(|| format!("http://{reached}"), ToString::to_string)
    }

    /// Returns whether pages of `origin` may send changes. `own` is the host that the request names; a page from there belongs to
    /// this server. Behind a proxy that rewrites the host, the public and allowed names are accepted too.
    ///
    /// At the public name, only the scheme of the public URL is accepted. Otherwise, someone between the server and a browser could
    /// answer for `http://…` and send changes to `https://…`.
    pub fn trusts(&self, origin: &Origin, own: &Host) -> bool {
        let public = self.public.as_ref().filter(|public| public.host.name == origin.host.name);
        if public.is_some_and(|public| public.https != origin.https) {
            return false;
        }
        origin.is_at(own)
            || public.is_some_and(|public| origin.is_at_port_of(public))
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
    fn serves_its_own_hosts_only() {
        let check = |host: &str, expected: bool| {
            let served = host.parse().is_ok_and(|host| hosts().serves(&host));
            assert_eq!(served, expected, "{host}");
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
            let trusted = origin.parse().is_ok_and(|origin| hosts().trusts(&origin, &own));
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
        check("https://tracker.example.org", "tracker.example.org", true);
        check("https://tracker.example.org", "tracker.example.org:443", true);
        check("http://tracker.example.org", "tracker.example.org", false);
        check("http://tracker.example.org", "tracker.example.org:80", false);
        check("http://tracker.example.org:3000", "tracker.example.org:3000", false);
        check("http://TRACKER.example.org.", "tracker.example.org", false);
    }

    #[test]
    fn at_the_public_name_only_the_public_scheme_is_trusted() {
        let check = |public: &str, origin: &str, own: &str, expected: bool| {
            let allowed = vec!["box".parse().unwrap()];
            let hosts = Hosts { public: Some(public.parse().unwrap()), allowed, ..hosts() };
            assert_eq!(hosts.trusts(&origin.parse().unwrap(), &own.parse().unwrap()), expected, "{origin} at {own}");
        };
        for own in ["box", "box:80", "box:443", "localhost:3000"] {
            check("http://box", "http://box", own, true);
            check("http://box", "https://box", own, false);
            check("https://box", "https://box", own, true);
            check("https://box", "http://box", own, false);
        }
        check("http://box:8080", "http://box:8080", "localhost:3000", true);
        check("http://box:8080", "https://box:8080", "box:8080", false);
        check("http://box:8080", "http://box:9090", "localhost:3000", false);
        check("https://box", "http://localhost:3000", "localhost:3000", true); // a forwarded port
    }

    #[test]
    fn proxies_and_this_machine_are_exempt_from_shares() {
        let hosts = Hosts { proxies: vec!["10.0.0.2".parse().unwrap()], ..hosts() };
        let check = |peer: &str, loopback, expected| {
            assert_eq!(hosts.is_exempt_from_share(peer.parse().unwrap(), loopback), expected, "{peer} {loopback}");
        };
        check("10.0.0.2", false, true);
        check("::ffff:10.0.0.2", false, true);
        check("10.0.0.3", true, false);
        check("127.0.0.2", true, true);
        check("::1", true, true);
        check("127.0.0.2", false, false);
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
