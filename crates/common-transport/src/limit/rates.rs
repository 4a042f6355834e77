//! The limiter of one process, with caps by host and class.

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

/// A limiter with caps per second, and a queue for each host and class. Clones share the queues.
///
/// Calls start in the order of their [priority](crate::Priority), and first come, first served within one priority.
///
/// A class without its own cap counts under [`RateClass::DEFAULT`]; if that has no cap either, the class is not
/// limited. RetailCRM counts per IP address, so all clients of a process should share clones of one limiter.
///
/// ```
/// use common_transport::{RateClass, RateLimits};
///
/// let retailcrm = RateLimits::new()
///     .class(RateClass::DEFAULT, 10)
///     .class(RateClass("telephony"), 40);
/// assert_eq!(retailcrm.waiting("demo.retailcrm.ru", RateClass::DEFAULT), 0);
/// ```
// R17, R18, R19
#[derive(Clone, Default)]
pub struct RateLimits {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    caps: Vec<(RateClass, NonZeroU32)>,
    /// Aliases of hosts, with the host under which each is counted.
    aliases: Vec<(Box<str>, Box<str>)>,
    /// The first host that was used. Most processes use only one.
    first: OnceLock<(Box<str>, Buckets)>,
    /// All hosts, by [`Key::counted_host`].
    hosts: Mutex<BTreeMap<Box<str>, Buckets>>,
}

impl Shared {
    /// Returns the host under which a key is counted: its own, or the host of which it is an alias.
    fn counted(&self, key: Key<'_>) -> Box<str> {
        let host = key.counted_host();
        let alias = self.aliases.iter().find(|(alias, _)| **alias == *host);
        alias.map_or_else(|| host.into(), |(_, host)| host.clone())
    }

    /// Returns the same settings without any starts.
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
    /// Builds a limiter without caps.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the cap of a class, in starts per second.
    ///
    /// Returns a new limiter: earlier clones keep their own queues.
    ///
    /// # Panics
    /// `per_second` is 0: nothing would ever be sent.
    #[must_use]
    pub fn class(self, class: RateClass, per_second: u32) -> Self {
        let cap = NonZeroU32::new(per_second).expect("a cap of 0 would never let a request pass");
        self.with(|shared| {
            shared.caps.retain(|(known, _)| *known != class);
            shared.caps.push((class, cap));
        })
    }

    /// Counts the host `alias` as `host`, so that two names of one account share its caps.
    ///
    /// Both are written as in a URL, with any port that is not the default. Returns a new limiter: earlier clones
    /// keep their own queues.
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
            // Hosts that count as the alias follow it.
            for (_, of) in aliases.iter_mut().filter(|(_, of)| *of == alias) {
                of.clone_from(&host);
            }
            if alias != host {
                aliases.push((alias, host));
            }
        })
    }

    /// Returns a limiter with the same caps that shares no queue: starts by others do not count.
    #[must_use]
    pub fn unshared(&self) -> Self {
        self.clone().with(|_| {})
    }

    /// Returns a new limiter with changed settings.
    fn with(self, change: impl FnOnce(&mut Shared)) -> Self {
        let mut shared = self.shared.anew();
        change(&mut shared);
        let shared = Arc::new(shared);
        Self { shared }
    }

    /// Returns the number of attempts that wait for a permit now.
    pub fn waiting(&self, host: &str, class: RateClass) -> usize {
        let Some(index) = self.index(class) else {
            return 0;
        };
        let hosts = self.hosts();
        let buckets = hosts.get(&self.shared.counted(Key::new(host, class)));
        buckets.map_or(0, |buckets| buckets[index].waiting())
    }

    /// Returns the index of the cap for `class`.
    fn index(&self, class: RateClass) -> Option<usize> {
        let of = |wanted: RateClass| {
            let mut caps = self.shared.caps.iter();
            // Usually both come from one constant.
            caps.position(|(known, _)| ptr::eq(known.0, wanted.0) || *known == wanted)
        };
        of(class).or_else(|| of(RateClass::DEFAULT))
    }

    fn bucket(&self, key: Key<'_>) -> Option<Arc<Bucket>> {
        let index = self.index(key.class)?;
        // Usually it is this host, in its canonical spelling.
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
        // From now on this alias is found by its own name.
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
            Some(bucket) => bucket.acquire(key.priority, deadline),
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
