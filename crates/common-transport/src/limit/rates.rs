//! The limiter of one process: caps by host and class.

use std::{
    collections::BTreeMap,
    fmt,
    num::NonZeroU32,
    ptr,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
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
    /// Names of hosts, and what they are counted under.
    aliases: Vec<(Box<str>, Box<str>)>,
    /// The first host that was asked for. Most processes talk to no other.
    first: OnceLock<(Box<str>, Buckets)>,
    /// All hosts, by [`Key::counted_host`].
    hosts: Mutex<BTreeMap<Box<str>, Buckets>>,
}

impl Shared {
    /// What a host is counted under: its name, or the one that it is an alias of.
    fn counted(&self, key: Key<'_>) -> Box<str> {
        let host = key.counted_host();
        let alias = self.aliases.iter().find(|(alias, _)| **alias == *host);
        alias.map_or_else(|| host.into(), |(_, host)| host.clone())
    }

    /// The same settings, and nothing started.
    fn anew(&self) -> Self {
        Self {
            caps: self.caps.clone(),
            aliases: self.aliases.clone(),
            first: OnceLock::new(),
            hosts: Mutex::default(),
        }
    }
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
        self.with(|shared| {
            shared.caps.retain(|(known, _)| *known != class);
            shared.caps.push((class, cap));
        })
    }

    /// Counts the host `alias` as `host`: two names of one account share its caps.
    ///
    /// Both are written as in a URL, with a port that is not the usual one. It gives a new limiter: what was cloned
    /// before keeps its own queues.
    ///
    /// ```
    /// use common_transport::{RateClass, RateLimits};
    ///
    /// let limits = RateLimits::new()
    ///     .class(RateClass::DEFAULT, 10)
    ///     .alias("accounts.nice.chat", "account.nice.chat");
    /// assert_eq!(limits.waiting("accounts.nice.chat", RateClass::DEFAULT), 0);
    /// ```
    #[must_use]
    pub fn alias(self, alias: &str, host: &str) -> Self {
        let counted = |host| Key::new(host, RateClass::DEFAULT).counted_host();
        let alias: Box<str> = counted(alias).into();
        self.with(|shared| {
            let host = shared.counted(Key::new(host, RateClass::DEFAULT));
            let aliases = &mut shared.aliases;
            aliases.retain(|(known, _)| *known != alias);
            // What was counted as the alias follows it.
            for (_, of) in aliases.iter_mut().filter(|(_, of)| *of == alias) {
                of.clone_from(&host);
            }
            if alias != host {
                aliases.push((alias, host));
            }
        })
    }

    /// A limiter with the same caps that counts for itself: what others start does not count.
    #[must_use]
    pub fn unshared(&self) -> Self {
        self.clone().with(|_| {})
    }

    /// A new limiter with changed settings.
    fn with(self, change: impl FnOnce(&mut Shared)) -> Self {
        let mut shared = self.shared.anew();
        change(&mut shared);
        let shared = Arc::new(shared);
        Self { shared }
    }

    /// How many attempts wait for a permit now.
    pub fn waiting(&self, host: &str, class: RateClass) -> usize {
        let Some(index) = self.index(class) else {
            return 0;
        };
        let hosts = self.hosts();
        let buckets = hosts.get(&self.shared.counted(Key::new(host, class)));
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
        // Nearly always it is this one, and written as it is counted.
        if let Some((host, buckets)) = self.shared.first.get()
            && **host == *key.host
        {
            return Some(Arc::clone(&buckets[index]));
        }
        let mut hosts = self.hosts();
        if let Some(buckets) = hosts.get(key.host) {
            return Some(Arc::clone(&buckets[index]));
        }
        let host = self.shared.counted(key);
        let buckets = hosts.entry(host.clone());
        let buckets = buckets.or_insert_with(|| self.buckets()).clone();
        let bucket = Arc::clone(&buckets[index]);
        // An alias is found by its own name the next time.
        hosts.insert(key.counted_host().into(), buckets.clone());
        let _ = self.shared.first.set((host, buckets));
        Some(bucket)
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
            .field("aliases", &self.shared.aliases)
            .finish_non_exhaustive()
    }
}
