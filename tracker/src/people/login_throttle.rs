//! Brakes on guessing passwords, without locking out the person whose password is guessed.
//!
//! Counted are attempts from one address for one e-mail, and, more generously, all from one address. Others who
//! sign in from elsewhere notice nothing.

use std::{net::IpAddr, num::NonZeroU32, time::Duration};

use domain::people::Email;
use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    state::keyed::HashMapStateStore,
};

use crate::Error;

type Limiter<K> = RateLimiter<K, HashMapStateStore<K>, DefaultClock>;

/// Ten at once, then one every 30 seconds.
const FOR_ONE_PERSON: (NonZeroU32, Duration) = (NonZeroU32::new(10).unwrap(), Duration::from_secs(30));
/// A hundred at once, then one every 3 seconds: a whole office may share an address.
const FROM_ONE_ADDRESS: (NonZeroU32, Duration) = (NonZeroU32::new(100).unwrap(), Duration::from_secs(3));
/// From this many counters on, those that have run out are dropped.
const TIDY_AT: usize = 10_000;

/// The brakes of one server, kept in memory.
pub(crate) struct LoginThrottle {
    person: Limiter<(IpAddr, Email)>,
    address: Limiter<IpAddr>,
    clock: DefaultClock,
}

impl LoginThrottle {
    pub(crate) fn new() -> Self {
        let quota = |(burst, each): (NonZeroU32, Duration)| {
            Quota::with_period(each).unwrap_or(Quota::per_minute(burst)).allow_burst(burst)
        };
        Self {
            person: RateLimiter::hashmap(quota(FOR_ONE_PERSON)),
            address: RateLimiter::hashmap(quota(FROM_ONE_ADDRESS)),
            clock: DefaultClock::default(),
        }
    }

    /// Counts one attempt to be `email` from `address`; refuses it when there were too many.
    pub(crate) fn count(&self, address: IpAddr, email: &Email) -> Result<(), Error> {
        if self.person.len() + self.address.len() > TIDY_AT {
            self.person.retain_recent();
            self.address.retain_recent();
        }
        let too_many = |not_until: governor::NotUntil<_>| {
            let wait = not_until.wait_time_from(self.clock.now());
            Error::TooMany { after_seconds: wait.as_secs().saturating_add(1) }
        };
        self.person.check_key(&(address, email.clone())).map_err(too_many)?;
        self.address.check_key(&address).map_err(too_many)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_is_slowed_for_the_guesser_only() {
        let attempts = LoginThrottle::new();
        let (guesser, office): (IpAddr, IpAddr) = ([10, 0, 0, 1].into(), [10, 0, 0, 2].into());
        let (ana, bo) = (Email::parse("ana@example.org").unwrap(), Email::parse("bo@example.org").unwrap());
        for _ in 0..10 {
            attempts.count(guesser, &ana).unwrap();
        }
        assert!(matches!(attempts.count(guesser, &ana), Err(Error::TooMany { after_seconds: 1..=31 })));
        attempts.count(office, &ana).unwrap();
        attempts.count(guesser, &bo).unwrap();
    }
}
