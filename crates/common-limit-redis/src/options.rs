//! Settings of a shared limiter.

use std::{num::NonZeroU32, time::Duration};

use common_transport::{Error, RateClass, limit::Key};

use crate::{Away, address::Address};

/// Settings of [`RedisLimits`](crate::RedisLimits). All processes that share a cap need the same ones.
///
/// ```
/// use std::time::Duration;
/// use common_limit_redis::{Away, RedisLimitsOptions};
/// use common_transport::RateClass;
///
/// let options = RedisLimitsOptions::new("redis://redis.example")?
///     .class(RateClass::DEFAULT, 10)
///     .permit_age(Duration::from_millis(25))
///     .away(Away::Refuse);
/// assert!(RedisLimitsOptions::new("redis.example").is_err());
/// # Ok::<(), common_transport::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct RedisLimitsOptions {
    pub(crate) address: Address,
    pub(crate) caps: Vec<(RateClass, NonZeroU32)>,
    pub(crate) aliases: Vec<(String, String)>,
    pub(crate) prefix: String,
    pub(crate) permit_age: Duration,
    pub(crate) spread: Duration,
    pub(crate) away: Away,
    pub(crate) forget_after: Duration,
    pub(crate) at_most: Option<NonZeroU32>,
}

impl RedisLimitsOptions {
    /// Takes the address of a Redis: `redis://[user:password@]host[:port][/database]`, or `rediss://` for TLS.
    ///
    /// # Errors
    /// The address cannot be read. The message does not show it, because it may hold a password.
    pub fn new(address: &str) -> Result<Self, Error> {
        Ok(Self {
            address: Address::read(address)?,
            caps: Vec::new(),
            aliases: Vec::new(),
            prefix: "shopwire:limit".to_owned(),
            permit_age: Duration::from_millis(10),
            spread: Duration::from_millis(20),
            away: Away::default(),
            forget_after: Duration::from_secs(30),
            at_most: None,
        })
    }

    /// Sets the cap of a class, in starts per second. A class without its own cap counts under
    /// [`RateClass::DEFAULT`]; if that has no cap either, the class is not limited.
    ///
    /// # Panics
    /// `per_second` is 0: nothing would ever be sent.
    #[must_use]
    pub fn class(mut self, class: RateClass, per_second: u32) -> Self {
        let cap = NonZeroU32::new(per_second).expect("a cap of 0 would never let a request pass");
        self.caps.retain(|(known, _)| *known != class);
        self.caps.push((class, cap));
        self
    }

    /// Counts the host `alias` as `host`, so that two names of one account share its caps.
    #[must_use]
    pub fn alias(mut self, alias: &str, host: &str) -> Self {
        let alias = Key::new(alias, RateClass::DEFAULT).counted_host();
        let host = self.counted(Key::new(host, RateClass::DEFAULT));
        self.aliases.retain(|(known, _)| *known != alias);
        // Hosts that count as the alias follow it.
        for (_, of) in self.aliases.iter_mut().filter(|(_, of)| *of == alias) {
            of.clone_from(&host);
        }
        if alias != host {
            self.aliases.push((alias, host));
        }
        self
    }

    /// Returns the host under which a key is counted: its own, or the host of which it is an alias.
    pub(crate) fn counted(&self, key: Key<'_>) -> String {
        let host = key.counted_host();
        let alias = self.aliases.iter().find(|(alias, _)| *alias == host);
        alias.map_or(host, |(_, of)| of.clone())
    }

    /// Sets the beginning of the keys in Redis. Default: `shopwire:limit`. Processes with different prefixes do not count
    /// together.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Sets the age at which a permit goes back unused. Default: 10 ms. Each millisecond costs a thousandth of the pace.
    ///
    /// It has to be longer than the way to Redis and back by 5 ms at least. If it is shorter, nothing ever starts: calls
    /// fail at their deadlines with an error that says so. A runtime whose tasks compute for longer than this age, without
    /// a pause, starts less than its share.
    #[must_use]
    pub fn permit_age(mut self, age: Duration) -> Self {
        self.permit_age = age;
        self
    }

    /// Sets by how much the ways to the service differ: the slowest less the fastest, of all processes. Default: 20 ms.
    /// Each millisecond costs a thousandth of the pace.
    #[must_use]
    pub fn spread(mut self, spread: Duration) -> Self {
        self.spread = spread;
        self
    }

    /// Sets the behaviour of a process that cannot reach Redis. Default: [`Away::Share`].
    #[must_use]
    pub fn away(mut self, away: Away) -> Self {
        self.away = away;
        self
    }

    /// Sets the silence after which a process is forgotten, and its share given to the others. Default: 30 s. At least
    /// 5 s.
    #[must_use]
    pub fn forget_after(mut self, silence: Duration) -> Self {
        self.forget_after = silence.max(Duration::from_secs(5));
        self
    }

    /// Tells how many processes there are at most, so that a process that has never reached Redis can go on with
    /// its share. If more of them run, the cap does not hold while Redis is away.
    #[must_use]
    pub fn at_most(mut self, processes: NonZeroU32) -> Self {
        self.at_most = Some(processes);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // D17, R19: as the limiter of one process does.
    #[test]
    fn r19_names_of_one_host_are_counted_as_one_in_whatever_order_they_are_told() {
        for aliases in [
            vec![("a", "b"), ("b", "c")],
            vec![("b", "c"), ("a", "b")],
            vec![("a", "c"), ("b", "A:443")],
            vec![("a", "b"), ("b", "a"), ("c", "b")],
        ] {
            let options = RedisLimitsOptions::new("redis://127.0.0.1").unwrap();
            let options = aliases
                .iter()
                .fold(options, |options, (alias, host)| options.alias(alias, host));
            let counted = |host| options.counted(Key::new(host, RateClass::DEFAULT));
            assert_eq!(counted("a"), counted("b"), "{aliases:?}");
            assert_eq!(counted("b"), counted("c"), "{aliases:?}");
            assert_ne!(counted("a"), counted("d"), "{aliases:?}");
        }
    }
}
