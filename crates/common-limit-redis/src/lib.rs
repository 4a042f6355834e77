//! One rate limit for many processes and machines, on Redis.
//!
//! A service that counts by IP address counts all processes behind that address together. [`RedisLimits`] is a
//! [`Limiter`](common_transport::Limiter) that does the same: give it to the client in place of
//! [`RateLimits`](common_transport::RateLimits), in every process.
//!
//! ```
//! use common_limit_redis::{RedisLimits, RedisLimitsOptions};
//! use common_transport::{Limiter, RateClass};
//! # fn client(_: impl Limiter + 'static) {}
//!
//! let options = RedisLimitsOptions::new("redis://:S3CRET@redis.example:6379/0")?
//!     .class(RateClass::DEFAULT, 10)
//!     .class(RateClass("telephony"), 40);
//! assert!(!format!("{options:?}").contains("S3CRET"));
//!
//! // Nothing is connected before the first call.
//! let limits = RedisLimits::new(options);
//! client(limits.clone());
//! assert_eq!(limits.waiting("demo.retailcrm.example", RateClass::DEFAULT), 0);
//! # Ok::<(), common_transport::Error>(())
//! ```
//!
//! A program that ends calls [`RedisLimits::close`]. Otherwise its share of the cap is missing to the others for
//! [`forget_after`](RedisLimitsOptions::forget_after). The share of a single process is the whole cap: if it is killed and
//! started again, it starts nothing for that time. With [`Away::Refuse`] no share is kept back.
//!
//! # The promise
//! At most `cap` requests arrive at the service in any second, from all processes together, as long as
//! 1. each request is on its way no longer than the fastest one of any process plus the
//!    [`spread`](RedisLimitsOptions::spread),
//! 2. all processes use the same caps, prefix and Redis,
//! 3. the clock of Redis does not jump unseen: every process that asked before notices a jump within half a second, and it
//!    costs two seconds of silence; one that asks for the first time in this half second does not notice it,
//! 4. a process is not stopped between the check of a permit's age and the write,
//! 5. no other program uses the IP address,
//! 6. when Redis loses what it knows (a restart without its data) while some processes are cut off from it, at least one
//!    that is not cut off comes back.
//!
//! This holds whatever the clocks of the processes say, when processes stop, die or join, and when Redis is slow,
//! restarts empty or fails over.
//!
//! When no process can reach Redis, each one that was a member uses `cap / N` places, rounded down. `N` is the number of
//! members that Redis knew of. A process that has never reached Redis starts nothing, unless it was told
//! [how many there are at most](RedisLimitsOptions::at_most). When only some processes cannot reach it, the others
//! leave them their shares for [`forget_after`](RedisLimitsOptions::forget_after). After that a process that is still
//! cut off starts nothing.
//!
//! When Redis comes back without its data, or with old data, the others use only the shares that they had, until those that are
//! missing have come back or are forgotten.
//!
//! It is not promised that no 503 comes: the service may count by something else. Permits are given in the order in which
//! Redis heard of the waiting, and a process has at most two tickets in each line.
//!
//! # How it works
//! All that is known of one host and class is one value under one key, which a script reads and writes. A process asks for
//! slots, each of which is a time by the clock of Redis, at most a tenth of a second ahead. It starts one request at the
//! time of each slot, or gives the slot back. So the clocks of the processes do not matter, and no process holds up
//! another one.
//!
//! - Any second plus a *guard* holds at most `cap` slots. The guard is the
//!   [age](RedisLimitsOptions::permit_age) that a permit can reach before its request leaves, plus the
//!   [spread](RedisLimitsOptions::spread) of the network. With the defaults it is 30 ms, so the pace is 0.971 of the cap.
//! - A request whose connection is slow gives its slot back and counts from the moment at which it leaves, if the
//!   transport reports it as the pool of `common_transport::Client` does.
//! - A 503 or 429 holds all processes for the time that the service asks for, and stretches the gaps.
//! - Calls of high [priority](common_transport::Priority) start before those of low priority, across processes too.
//!   Every fourth start stays with low priority. A call of high priority also waits for the slots that were given before
//!   it asked.
//! - A Redis that restarts, fails over, or whose clock jumps begins a new epoch: nothing starts for about 1.6 seconds, until
//!   all processes have come back.
//!
//! Each process asks at least every 0.4 seconds for each host and class that it has used.
//!
//! A user with an access list needs `~shopwire:limit:* +evalsha +script|load +get +set +time +info`, and `+select` for
//! another database than 0.
//!
//! # Features
//! - `tls`: addresses that begin with `rediss://`, by rustls on ring with the platform's roots.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod address;
mod away;
mod driver;
mod keeper;
mod limits;
mod link;
mod options;
mod protocol;
mod queue;
mod terms;
#[cfg(test)]
mod tests;
#[cfg(feature = "tls")]
mod tls;
mod wait;

pub use away::Away;
pub use limits::RedisLimits;
pub use options::RedisLimitsOptions;
