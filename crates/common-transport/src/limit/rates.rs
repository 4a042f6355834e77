//! The limiter of one process: caps by host and class.

use std::{
    collections::BTreeMap,
    fmt,
    num::NonZeroU32,
    ptr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::time::Instant;

use super::{Acquire, Key, Limiter, Permit, bucket::Bucket};
use crate::RateClass;

/// Caps per second, one queue for each host and class; clones share the queues.
///
/// A class without a cap of its own counts under [`RateClass::DEFAULT`]; without a cap for that either, it
/// is not limited. The caps are per host and so per IP, as RetailCRM counts (acceptance rows R17 to R19):
/// give every client of the process a clone.
///
/// ```
/// use common_transport::{RateClass, RateLimits};
///
/// let retailcrm = RateLimits::new()
///     .class(RateClass::DEFAULT, 10)
///     .class(RateClass("telephony"), 40);
/// assert_eq!(retailcrm.waiting("demo.retailcrm.ru", RateClass::DEFAULT), 0);
/// ```
#[derive(Clone, Default)]
pub struct RateLimits {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    caps: Vec<(RateClass, NonZeroU32)>,
    /// By [`Key::counted_host`]. A process talks to few hosts: comparing their names is faster than hashing one.
    hosts: Mutex<BTreeMap<Box<str>, Buckets>>,
}

/// The queues of one host, in the order of the caps.
type Buckets = Box<[Arc<Bucket>]>;

impl RateLimits {
    /// No caps.
    pub fn new() -> Self {
        Self::default()
    }

    /// Caps a class at `per_second` starts in every second.
    ///
    /// It gives a new limiter: what was cloned before keeps its own queues.
    ///
    /// # Panics
    /// When `per_second` is 0: nothing would ever be sent.
    #[must_use]
    pub fn class(self, class: RateClass, per_second: u32) -> Self {
        let cap = NonZeroU32::new(per_second).expect("a cap of 0 would never let a request pass");
        let mut caps = self.shared.caps.clone();
        caps.retain(|(known, _)| *known != class);
        caps.push((class, cap));
        Self {
            shared: Arc::new(Shared {
                caps,
                hosts: Mutex::default(),
            }),
        }
    }

    /// How many attempts wait for a permit now.
    pub fn waiting(&self, host: &str, class: RateClass) -> usize {
        let Some(index) = self.index(class) else {
            return 0;
        };
        let hosts = self.hosts();
        let buckets = hosts.get(&*Key::new(host, class).counted_host());
        buckets.map_or(0, |buckets| buckets[index].waiting())
    }

    /// Which of the caps holds for `class`.
    fn index(&self, class: RateClass) -> Option<usize> {
        let of = |wanted: RateClass| {
            let mut caps = self.shared.caps.iter();
            // Nearly always both come from one constant.
            caps.position(|(known, _)| ptr::eq(known.0, wanted.0) || *known == wanted)
        };
        of(class).or_else(|| of(RateClass::DEFAULT))
    }

    fn bucket(&self, key: Key<'_>) -> Option<Arc<Bucket>> {
        let index = self.index(key.class)?;
        let mut hosts = self.hosts();
        // Nearly always it is known, and written as it is counted.
        if let Some(buckets) = hosts.get(key.host) {
            return Some(Arc::clone(&buckets[index]));
        }
        let host = key.counted_host();
        let buckets = hosts.entry(host.into()).or_insert_with(|| self.buckets());
        Some(Arc::clone(&buckets[index]))
    }

    fn buckets(&self) -> Buckets {
        let caps = self.shared.caps.iter();
        caps.map(|(_, cap)| Arc::new(Bucket::new(*cap))).collect()
    }

    fn hosts(&self) -> MutexGuard<'_, BTreeMap<Box<str>, Buckets>> {
        let hosts = self.shared.hosts.lock();
        hosts.unwrap_or_else(PoisonError::into_inner)
    }
}

impl Limiter for RateLimits {
    fn acquire(&self, key: Key<'_>, deadline: Option<Instant>) -> Acquire {
        match self.bucket(key) {
            Some(bucket) => bucket.acquire(deadline),
            None => Acquire::ready(Ok(Permit::unlimited())),
        }
    }
}

impl fmt::Debug for RateLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimits")
            .field("caps", &self.shared.caps)
            .finish_non_exhaustive()
    }
}
