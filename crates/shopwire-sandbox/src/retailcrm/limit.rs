//! The rate limit: requests per address in every sliding second. Telephony has its own.
//!
//! Time is measured by the runtime's clock, which a test may pause.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::time::Duration;

use tokio::time::Instant;

/// The sliding window. It is 25 ms shorter than a second, since requests that leave a well-paced client a second
/// apart may arrive a little closer together.
const WINDOW: Duration = Duration::from_millis(975);

/// The bucket in which a request counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Bucket {
    /// All requests except telephony: 10 a second.
    Common,
    /// Telephony: 40 a second.
    Telephony,
}

impl Bucket {
    /// Returns the bucket of a path. The rules page spells the telephony prefix without a version; both spellings
    /// count.
    pub(crate) fn of(path: &str) -> Self {
        let telephony = ["/api/v5/telephony/", "/api/telephony/"];
        if telephony.iter().any(|prefix| path.starts_with(prefix)) {
            Self::Telephony
        } else {
            Self::Common
        }
    }

    fn per_second(self) -> usize {
        match self {
            Self::Common => 10,
            Self::Telephony => 40,
        }
    }
}

/// The times and ids of the last accepted requests of each address.
#[derive(Debug, Default)]
pub(crate) struct RateLog {
    passed: HashMap<(IpAddr, Bucket), VecDeque<(Instant, u64)>>,
}

/// The window in which there was no place for a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Full {
    pub(crate) allowed: usize,
    /// The ids of the requests in the window.
    pub(crate) requests: Vec<u64>,
}

impl Full {
    /// Returns the length of the window in milliseconds.
    pub(crate) fn window_ms(&self) -> u64 {
        u64::try_from(WINDOW.as_millis()).unwrap_or(u64::MAX)
    }
}

impl RateLog {
    /// Lets the request with this id pass, which then counts. A refused request does not count.
    pub(crate) fn admit(
        &mut self,
        address: IpAddr,
        bucket: Bucket,
        now: Instant,
        id: u64,
    ) -> Result<(), Full> {
        let passed = self.passed.entry((address, bucket)).or_default();
        while passed
            .front()
            .is_some_and(|&(first, _)| now.saturating_duration_since(first) >= WINDOW)
        {
            passed.pop_front();
        }
        let allowed = bucket.per_second();
        if passed.len() >= allowed {
            let requests = passed.iter().map(|(_, id)| *id).collect();
            return Err(Full { allowed, requests });
        }
        passed.push_back((now, id));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    impl RateLog {
        fn admits(&mut self, address: IpAddr, bucket: Bucket, now: Instant) -> bool {
            self.admit(address, bucket, now, 0).is_ok()
        }
    }

    #[test]
    fn s2_a_full_window_names_the_requests_in_it() {
        let (mut log, start) = (RateLog::default(), Instant::now());
        for id in 1..=11 {
            let at = start + Duration::from_millis((id - 1) * 98);
            assert!(log.admit(HERE, Bucket::Common, at, id).is_ok(), "{id}");
        }
        let full = log.admit(HERE, Bucket::Common, start + Duration::from_millis(981), 12);
        let full = full.expect_err("ten requests are in the window");
        assert_eq!((full.allowed, full.window_ms()), (10, 975));
        assert_eq!(full.requests, (2..=11).collect::<Vec<_>>());
    }

    #[test]
    fn r17_the_eleventh_request_of_a_second_is_refused() {
        let (mut log, start) = (RateLog::default(), Instant::now());
        for n in 0..10 {
            let at = start + Duration::from_millis(n * 90);
            assert!(log.admits(HERE, Bucket::Common, at));
        }
        assert!(!log.admits(HERE, Bucket::Common, start + Duration::from_millis(970)));
        // The window slides: after one request has left it, one may pass.
        let later = start + Duration::from_millis(1000);
        assert!(log.admits(HERE, Bucket::Common, later));
        assert!(!log.admits(HERE, Bucket::Common, later));
    }

    #[test]
    fn r18_telephony_has_a_bucket_of_its_own() {
        let (mut log, now) = (RateLog::default(), Instant::now());
        assert!((0..10).all(|_| log.admits(HERE, Bucket::Common, now)));
        assert!((0..40).all(|_| log.admits(HERE, Bucket::of("/api/v5/telephony/manager"), now)));
        assert!(!log.admits(HERE, Bucket::of("/api/telephony/manager"), now));
    }

    #[test]
    fn r19_the_limit_counts_by_address() {
        let (mut log, now) = (RateLog::default(), Instant::now());
        assert!((0..10).all(|_| log.admits(HERE, Bucket::Common, now)));
        assert!(!log.admits(HERE, Bucket::Common, now));
        assert!(log.admits(Ipv4Addr::new(127, 0, 0, 2).into(), Bucket::Common, now));
    }
}
