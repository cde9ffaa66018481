//! The share of each client behind a trusted proxy, whose connections belong to many clients.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::admission::{exceeds_share, share_address};

/// Counts the requests of each forwarded address. Cheap to clone.
#[derive(Clone, Debug)]
pub struct ClientShares {
    counts: Arc<Mutex<RequestCounts>>,
    limit: usize,
}

#[derive(Debug, Default)]
struct RequestCounts {
    total: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// The permit of one request, until it is dropped.
#[derive(Debug)]
pub struct ClientPermit {
    shares: ClientShares,
    address: IpAddr,
}

impl ClientShares {
    /// Returns shares of `limit` simultaneous requests.
    pub fn new(limit: usize) -> Self {
        Self { counts: Arc::default(), limit }
    }

    /// Returns a permit for a request of this address, or `None` if most requests are in use and the address has its share.
    pub fn acquire(&self, address: IpAddr) -> Option<ClientPermit> {
        let address = share_address(address);
        let mut counts = self.counts();
        let own = counts.by_address.get(&address).copied().unwrap_or_default();
        if exceeds_share(counts.total, own, self.limit) {
            return None;
        }
        counts.total += 1;
        *counts.by_address.entry(address).or_default() += 1;
        Some(ClientPermit { shares: self.clone(), address })
    }

    fn counts(&self) -> MutexGuard<'_, RequestCounts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for ClientPermit {
    fn drop(&mut self) {
        let mut counts = self.shares.counts();
        counts.total = counts.total.saturating_sub(1);
        if let Entry::Occupied(mut count) = counts.by_address.entry(self.address) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_client_cannot_use_all_requests() {
        let shares = ClientShares::new(20);
        let [a, b] = [1, 2].map(|last| IpAddr::from([10, 0, 0, last]));
        let of_a: Vec<_> = (0..15).map_while(|_| shares.acquire(a)).collect();
        assert_eq!(of_a.len(), 15);
        assert!(shares.acquire(a).is_none());
        let of_b: Vec<_> = (0..15).map_while(|_| shares.acquire(b)).collect();
        assert_eq!(of_b.len(), 2);
        drop(of_a);
        assert!(shares.acquire(a).is_some());
        drop(of_b);
        assert!(shares.counts().by_address.is_empty());
        assert_eq!(shares.counts().total, 0);
    }
}
