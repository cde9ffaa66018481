//! Rate limits for password attempts that do not lock out the account's owner.
//!
//! Attempts are limited per client address and e-mail address, and more generously per client address. Users who sign in
//! from another address are not affected. An address also has only a few of the places in the queue of password hashes.

use std::{
    collections::HashMap,
    net::IpAddr,
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::people::Email;
use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    state::keyed::HashMapStateStore,
};

use crate::Error;

type Limiter<K> = RateLimiter<K, HashMapStateStore<K>, DefaultClock>;

/// Burst and refill interval per client address and e-mail address: 10 attempts, then one every 30 seconds.
const ACCOUNT_QUOTA: (NonZeroU32, Duration) = (NonZeroU32::new(10).unwrap(), Duration::from_secs(30));
/// Burst and refill interval per client address: 100 attempts, then one every 3 seconds, because an office may share an
/// address.
const CLIENT_QUOTA: (NonZeroU32, Duration) = (NonZeroU32::new(100).unwrap(), Duration::from_secs(3));
/// Maximum number of attempts of a client address that wait or are checked at the same time.
const MAX_CONCURRENT: u32 = 16;
/// Number of counters above which expired ones are dropped.
const PRUNE_THRESHOLD: usize = 10_000;

/// Limits password attempts. The counters of one server, in memory.
pub(crate) struct LoginThrottle {
    by_account: Limiter<(IpAddr, Email)>,
    by_client: Limiter<IpAddr>,
    clock: DefaultClock,
    concurrent: Arc<Mutex<HashMap<IpAddr, u32>>>,
}

/// A password attempt that is being checked. Dropped when its hash is computed, not when its request is gone.
pub(crate) struct AttemptPermit {
    client_ip: IpAddr,
    concurrent: Arc<Mutex<HashMap<IpAddr, u32>>>,
}

impl Drop for AttemptPermit {
    fn drop(&mut self) {
        let mut concurrent = self.concurrent.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = concurrent.get_mut(&self.client_ip) {
            *count -= 1;
            if *count == 0 {
                concurrent.remove(&self.client_ip);
            }
        }
    }
}

impl LoginThrottle {
    pub(crate) fn new() -> Self {
        let quota = |(burst, interval): (NonZeroU32, Duration)| {
            Quota::with_period(interval).unwrap_or(Quota::per_minute(burst)).allow_burst(burst)
        };
        Self {
            by_account: RateLimiter::hashmap(quota(ACCOUNT_QUOTA)),
            by_client: RateLimiter::hashmap(quota(CLIENT_QUOTA)),
            clock: DefaultClock::default(),
            concurrent: Arc::default(),
        }
    }

    /// Counts an attempt and rejects it if a limit is exceeded. Successful attempts count too. Returns a permit to hold until
    /// the attempt is checked.
    ///
    /// # Errors
    /// Returns [`Error::TooMany`] if a limit is exceeded.
    pub(crate) fn begin_attempt(&self, client_ip: IpAddr, email: &Email) -> Result<AttemptPermit, Error> {
        {
            let mut concurrent = self.concurrent.lock().unwrap_or_else(PoisonError::into_inner);
            let count = concurrent.entry(client_ip).or_default();
            if *count >= MAX_CONCURRENT {
                return Err(Error::TooMany { after_seconds: 1 });
            }
            *count += 1;
        }
        let permit = AttemptPermit { client_ip, concurrent: self.concurrent.clone() };
        self.check_rate_limit(client_ip, email).map(|()| permit)
    }

    fn check_rate_limit(&self, client_ip: IpAddr, email: &Email) -> Result<(), Error> {
        if self.by_account.len() + self.by_client.len() > PRUNE_THRESHOLD {
            self.by_account.retain_recent();
            self.by_client.retain_recent();
        }
        let too_many = |not_until: governor::NotUntil<_>| {
            let wait = not_until.wait_time_from(self.clock.now());
            Error::TooMany { after_seconds: wait.as_secs().saturating_add(1) }
        };
        self.by_account.check_key(&(client_ip, email.clone())).map_err(too_many)?;
        self.by_client.check_key(&client_ip).map_err(too_many)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_attempts_per_client_and_account() {
        let throttle = LoginThrottle::new();
        let (attacker, office): (IpAddr, IpAddr) = ([10, 0, 0, 1].into(), [10, 0, 0, 2].into());
        let (ana, bo) = (Email::parse("ana@example.org").unwrap(), Email::parse("bo@example.org").unwrap());
        for _ in 0..10 {
            throttle.check_rate_limit(attacker, &ana).unwrap();
        }
        assert!(matches!(throttle.check_rate_limit(attacker, &ana), Err(Error::TooMany { after_seconds: 1..=31 })));
        throttle.check_rate_limit(office, &ana).unwrap();
        throttle.check_rate_limit(attacker, &bo).unwrap();
    }

    #[test]
    fn limits_concurrent_attempts_per_client() {
        let throttle = LoginThrottle::new();
        let (attacker, office): (IpAddr, IpAddr) = ([10, 0, 0, 1].into(), [10, 0, 0, 2].into());
        let attempt = |client_ip, number| {
            throttle.begin_attempt(client_ip, &Email::parse(&format!("ana{number}@example.org")).unwrap())
        };
        let mut permits: Vec<_> = (0..MAX_CONCURRENT).map(|number| attempt(attacker, number).unwrap()).collect();
        assert!(matches!(attempt(attacker, 90), Err(Error::TooMany { after_seconds: 1 })));
        drop(attempt(office, 91).unwrap());
        permits.pop();
        drop(attempt(attacker, 92).unwrap());
        drop(permits);
        assert!(throttle.concurrent.lock().unwrap().is_empty());
    }
}
