//! The priority of a call in the queue of a rate limit.

/// The priority of a call that waits for the rate limiter. It changes the order of the waiting calls, not the limit:
/// both priorities count under one cap.
///
/// A client gives it to all its calls by [`ClientBuilder::priority`](crate::ClientBuilder::priority), and one call has
/// its own by [`CallOptions::priority`](crate::CallOptions::priority). Retries of a call keep its priority.
///
/// A call is [`High`](Self::High) by default, so nothing needs to be set for an urgent call. Lower the work that can
/// wait: exports, mirrors, nightly jobs. The names and the default are those of Cloud Spanner's request priority; the
/// rate limiter of RocksDB has the same two classes, and a share for the lower one.
///
/// # Order
/// 1. Within one priority the order is first come, first served.
/// 2. A waiting call of high priority starts before those of low priority.
/// 3. Every fourth start is left to low priority: when three calls of high priority have started while a call of low
///    priority waited, the next start belongs to the call of low priority that has waited longest. These three are
///    counted since the last start with low priority, and starts count only while a call of low priority waits.
///
/// So while calls of low priority wait, they get at least every fourth start. A call of high priority waits for the `n`
/// calls of its priority that came before it, and for at most `n / 3 + 1` calls of low priority. A call that gives up
/// its place uses up no start, and its turn passes to the next call by these rules.
///
/// ```
/// use common_transport::{Error, Limiter, Priority, RateClass, RateLimits, limit::Key};
/// use tokio::time::{Duration, Instant};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), Error> {
/// let limits = RateLimits::new().class(RateClass::DEFAULT, 10);
/// let urgent = Key::new("demo.example", RateClass::DEFAULT);
/// let export = urgent.with_priority(Priority::Low);
///
/// let begin = Instant::now();
/// limits.acquire(export, None).await?;
/// // Two calls of the export wait. The urgent call comes last, and starts next.
/// let waiting = [limits.acquire(export, None), limits.acquire(export, None)];
/// limits.acquire(urgent, None).await?;
/// assert_eq!(begin.elapsed(), Duration::from_millis(100));
/// for permit in waiting {
///     permit.await?;
/// }
/// assert_eq!(begin.elapsed(), Duration::from_millis(300));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Priority {
    /// Starts before waiting calls of low priority: somebody waits for the answer.
    #[default]
    High,
    /// Starts when no call of high priority waits, and with every fourth start.
    Low,
}
