//! Decides which connection is served when there are too many.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::time::Instant;

/// An address may have this part of the connections once most of them are in use: one of ten.
const SHARES: usize = 10;

/// An open connection, as far as it matters here.
#[derive(Clone, Copy, Debug)]
pub struct OpenConnection {
    /// Identifies the connection.
    pub id: u64,
    /// The address whose share it belongs to; `None` if it is exempt.
    pub address: Option<IpAddr>,
    /// When it was accepted.
    pub opened: Instant,
    /// Since when it has no request.
    pub idle_since: Option<Instant>,
    /// Whether it is one of the reserved connections.
    pub reserved: bool,
    /// Whether the server can close it.
    pub closable: bool,
}

/// How a new connection is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// As any other.
    Open,
    /// As any other, in place of this one.
    Replace(u64),
    /// As one of the reserved connections, which only serve health checks, in place of another of them if necessary.
    Reserved {
        /// The connection that is closed for it.
        replace: Option<u64>,
    },
}

/// Decides how to serve a new connection of an address (`None` if it is exempt).
///
/// Until three quarters of `limit` are in use, every connection is served. Beyond that, an address with more than its share only
/// replaces its own idle connections. At the limit, the longest idle connection makes room, or else the oldest one of an address
/// with more than its share. If there is neither, only a reserved connection is left.
pub fn admit(open: &[OpenConnection], newcomer: Option<IpAddr>, limit: usize, reserved: usize) -> Admission {
    let regular = || open.iter().filter(|connection| !connection.reserved);
    let total = regular().count();
    let mut counts: HashMap<IpAddr, usize> = HashMap::new();
    for address in regular().filter_map(|connection| connection.address) {
        *counts.entry(address).or_default() += 1;
    }
    let count = |address: Option<IpAddr>| address.and_then(|address| counts.get(&address)).copied().unwrap_or_default();

    let closable = || regular().filter(|connection| connection.closable);
    let longest_idle =
        |among: &dyn Fn(&OpenConnection) -> bool| longest_idle(closable().filter(|connection| among(connection)));
    let replace = if exceeds_share(total, count(newcomer), limit) {
        longest_idle(&|connection| connection.address == newcomer)
    } else if total < limit {
        return Admission::Open;
    } else {
        longest_idle(&|_| true).or_else(|| {
            let above_share = closable().filter(|connection| count(connection.address) > share(limit));
            above_share.min_by_key(|connection| connection.opened).map(|connection| connection.id)
        })
    };
    replace.map_or_else(|| admit_reserved(open, reserved), Admission::Replace)
}

/// Returns whether a client with `own` of `total` connections or requests may have no further one.
pub fn exceeds_share(total: usize, own: usize, limit: usize) -> bool {
    4 * total >= 3 * limit && own >= share(limit)
}

/// Returns the address that a share belongs to: an IPv4 address, or the /64 network of an IPv6 address, which is one client.
pub fn share_address(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
        address => address,
    }
}

fn share(limit: usize) -> usize {
    (limit / SHARES).max(1)
}

fn admit_reserved(open: &[OpenConnection], reserved: usize) -> Admission {
    let in_use = || open.iter().filter(|connection| connection.reserved && connection.closable);
    if in_use().count() < reserved {
        return Admission::Reserved { replace: None };
    }
    let oldest = || in_use().min_by_key(|connection| connection.opened).map(|connection| connection.id);
    Admission::Reserved { replace: longest_idle(in_use()).or_else(oldest) }
}

fn longest_idle<'a>(connections: impl Iterator<Item = &'a OpenConnection>) -> Option<u64> {
    let idle = connections.filter_map(|connection| Some((connection.idle_since?, connection.id)));
    idle.min().map(|(_, id)| id)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const LIMIT: usize = 20;

    fn address(last: u8) -> Option<IpAddr> {
        Some(IpAddr::from([10, 0, 0, last]))
    }

    /// Returns connections of (address, number, whether idle), in the order in which they were accepted.
    fn connections(groups: &[(Option<IpAddr>, usize, bool)]) -> Vec<OpenConnection> {
        let start = Instant::now();
        let all = groups.iter().flat_map(|(address, count, idle)| std::iter::repeat_n((*address, *idle), *count));
        all.zip(0..)
            .map(|((address, idle), id)| {
                let opened = start + Duration::from_secs(id);
                let idle_since = idle.then_some(opened);
                OpenConnection { id, address, opened, idle_since, reserved: false, closable: true }
            })
            .collect()
    }

    #[test]
    fn idle_connections_and_large_shares_make_room() {
        let (busy, idle) = (false, true);
        let (a, b, exempt) = (address(1), address(2), None);
        let reserved = Admission::Reserved { replace: None };
        for (open, newcomer, expected) in [
            (vec![], a, Admission::Open),
            (vec![(a, 14, busy)], a, Admission::Open),
            (vec![(a, 15, busy)], a, reserved),
            (vec![(a, 15, idle)], a, Admission::Replace(0)),
            (vec![(a, 10, busy), (a, 5, idle)], a, Admission::Replace(10)),
            (vec![(b, 10, idle), (a, 5, busy)], a, reserved),
            (vec![(b, 14, busy), (a, 1, busy)], a, Admission::Open),
            (vec![(b, 14, busy), (a, 2, busy)], a, reserved),
            (vec![(exempt, 19, busy)], exempt, Admission::Open),
            (vec![(exempt, 20, busy)], exempt, reserved),
            (vec![(exempt, 20, idle)], a, Admission::Replace(0)),
            (vec![(a, 15, busy), (b, 5, busy)], address(3), Admission::Replace(0)),
            (vec![(b, 1, busy), (a, 19, busy)], exempt, Admission::Replace(1)),
            (vec![(a, 19, busy), (b, 1, idle)], exempt, Admission::Replace(19)),
        ] {
            assert_eq!(admit(&connections(&open), newcomer, LIMIT, 2), expected, "{open:?} {newcomer:?}");
        }
        let small_shares: Vec<_> = (0..10).map(|last| (address(last), 2, busy)).collect();
        assert_eq!(admit(&connections(&small_shares), address(99), LIMIT, 2), reserved);
    }

    #[test]
    fn web_sockets_are_not_replaced() {
        let mut open = connections(&[(address(1), 20, false)]);
        open.iter_mut().for_each(|connection| connection.closable = false);
        assert_eq!(admit(&open, address(2), LIMIT, 2), Admission::Reserved { replace: None });
    }

    #[test]
    fn a_reserved_connection_is_always_found() {
        let mut open = connections(&[(None, 20, false), (address(1), 2, false)]);
        open[20..].iter_mut().for_each(|connection| connection.reserved = true);
        assert_eq!(admit(&open, None, LIMIT, 2), Admission::Reserved { replace: Some(20) });
        open[21].idle_since = Some(open[21].opened);
        assert_eq!(admit(&open, None, LIMIT, 2), Admission::Reserved { replace: Some(21) });
        assert_eq!(admit(&open, None, LIMIT, 3), Admission::Reserved { replace: None });
    }

    #[test]
    fn the_network_of_an_ipv6_address_has_one_share() {
        let check = |text: &str, expected: &str| {
            assert_eq!(share_address(text.parse().unwrap()), expected.parse::<IpAddr>().unwrap());
        };
        check("10.1.2.3", "10.1.2.3");
        check("::ffff:10.1.2.3", "10.1.2.3");
        check("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::");
    }
}
