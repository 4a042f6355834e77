//! The test clock: one time for the three services, which a test moves.

mod hand;
mod moment;
mod timers;

use std::fmt;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use tokio::sync::watch;

use crate::invalid::Invalid;
use hand::Hand;
use timers::Timers;

pub(crate) use hand::later;
#[cfg(any(test, feature = "admin"))]
pub(crate) use hand::rfc3339;
pub(crate) use moment::Moment;
pub(crate) use timers::{Timer, Turn};

/// The clock of a sandbox. Clones are the same clock.
///
/// Everything that waits or expires goes by it: the moderation of cards, imports of feeds, codes of SMS, links of
/// activations, the minute of the statistics, the dates of bonuses, who is online, and the times in answers and
/// histories. The rate limits, the limits of connections and the delays of faults go by the real time, because
/// clients measure them with their own clocks.
///
/// A running clock goes as fast as the real time (or as the paused time of tokio). A frozen clock stands still until
/// it is advanced.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// use shopwire_sandbox::{Options, Sandbox};
/// use std::time::Duration;
///
/// let sandbox = Sandbox::start(Options::default()).await?;
/// let clock = sandbox.clock();
/// clock.freeze();
/// let start = clock.now();
/// clock.advance(Duration::from_secs(3600)).await;
/// assert_eq!(clock.now(), start + Duration::from_secs(3600));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Clock {
    shared: Arc<Shared>,
}

struct Shared {
    hand: Mutex<Hand>,
    timers: Timers,
    /// Counts the changes of the hand, for those who wait.
    changes: watch::Sender<u64>,
    /// One advance at a time.
    advance: tokio::sync::Mutex<()>,
    /// Whether one is under way.
    advances: AtomicBool,
}

/// An advance under way, also one whose caller goes away.
struct Advances<'c>(&'c Clock);

impl<'c> Advances<'c> {
    fn begin(clock: &'c Clock) -> Self {
        clock.shared.advances.store(true, Ordering::SeqCst);
        Self(clock)
    }
}

impl Drop for Advances<'_> {
    fn drop(&mut self) {
        self.0.shared.advances.store(false, Ordering::SeqCst);
        self.0.turn(|_| ());
    }
}

impl Clock {
    pub(crate) fn starting_at(time: Timestamp, is_frozen: bool) -> Self {
        Self {
            shared: Arc::new(Shared {
                hand: Mutex::new(Hand::new(time, is_frozen)),
                timers: Timers::default(),
                changes: watch::Sender::new(0),
                advance: tokio::sync::Mutex::new(()),
                advances: AtomicBool::new(false),
            }),
        }
    }

    /// Returns the time.
    pub fn now(&self) -> SystemTime {
        self.timestamp().into()
    }

    /// Whether the clock stands still.
    pub fn is_frozen(&self) -> bool {
        self.hand().anchor.is_none()
    }

    /// Stops the clock at its time.
    pub fn freeze(&self) {
        self.turn(|hand| *hand = Hand::new(hand.now(), true));
    }

    /// Lets the clock run on from its time.
    pub fn run(&self) {
        self.turn(|hand| *hand = Hand::new(hand.now(), false));
    }

    /// Moves the clock forward and does what becomes due on the way, in the order of its times. Each piece of work
    /// sees its own time. When the call returns, all of it is done: an import whose three states are passed has
    /// fetched its feed. Only the delivery of callbacks and events may go on.
    ///
    /// A clock that runs goes on running, a frozen one stays frozen. The clock stops at the last time that there is.
    pub async fn advance(&self, by: Duration) {
        let alone = self.shared.advance.lock().await;
        let to = later(self.timestamp(), by);
        self.pass(to).await;
        drop(alone);
    }

    /// As [`Clock::advance`], up to a time.
    ///
    /// # Errors
    /// The time is before the clock's time: the clock does not go back.
    pub async fn advance_to(&self, to: SystemTime) -> Result<(), Invalid> {
        let to = Timestamp::try_from(to)
            .map_err(|error| Invalid::new("to", format!("is no time of the clock: {error}")))?;
        let alone = self.shared.advance.lock().await;
        let now = self.timestamp();
        if to < now {
            let text = format!("{to} is before the clock's time, which is {now}");
            return Err(Invalid::new("to", text));
        }
        self.pass(to).await;
        drop(alone);
        Ok(())
    }

    /// Waits until this much time has passed on the clock, by itself or because the clock was advanced.
    pub async fn sleep(&self, duration: Duration) {
        self.wait_until(later(self.timestamp(), duration)).await;
    }

    /// Waits until the clock shows this time.
    pub async fn sleep_until(&self, time: SystemTime) {
        let time = Timestamp::try_from(time).unwrap_or(Timestamp::MAX);
        self.wait_until(time).await;
    }

    pub(crate) fn timestamp(&self) -> Timestamp {
        self.hand().now()
    }

    /// Returns the time as `Y-m-d H:i:s` in UTC.
    pub(crate) fn civil(&self) -> String {
        let time = self.timestamp().to_zoned(TimeZone::UTC).datetime();
        time.strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// Returns the time in RFC 3339 with milliseconds, as the admin API writes times.
    #[cfg(any(test, feature = "admin"))]
    pub(crate) fn rfc3339(&self) -> String {
        rfc3339(self.timestamp())
    }

    /// Keeps others from advancing the clock for a while.
    pub(crate) async fn alone(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.shared.advance.lock().await
    }

    /// Sets time and course at once, as a reset or a restored snapshot does. Work that becomes due by it has no order:
    /// who sets the clock also replaces what waits for it, and keeps others from advancing it.
    pub(crate) fn set(&self, time: Timestamp, is_frozen: bool) {
        self.turn(|hand| *hand = Hand::new(time, is_frozen));
    }

    /// Starts a timer. Its work is part of an [`Clock::advance`] that passes its time: the advance goes on when the
    /// [`Turn`] is dropped. The timer counts from this call, even before it is polled. Poll it: an advance waits.
    pub(crate) fn timer(&self, due: Timestamp) -> Timer {
        let (place, fired) = self.shared.timers.enter(due);
        let clock = self.clone();
        Timer::new(async move {
            let mut fired = fired;
            loop {
                tokio::select! {
                    biased;
                    turn = &mut fired => return turn.unwrap_or_default(),
                    () = clock.reached(due) => {}
                }
                let mut changes = clock.changes();
                // During an advance the timer waits for its turn, which comes in the order of the times.
                if !clock.shared.advances.load(Ordering::SeqCst) && place.leave() {
                    return Turn::default();
                }
                tokio::select! {
                    biased;
                    turn = &mut fired => return turn.unwrap_or_default(),
                    _ = changes.changed() => {}
                }
            }
        })
    }

    /// Tells when the clock was advanced, frozen, set or let run.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.shared.changes.subscribe()
    }

    async fn pass(&self, to: Timestamp) {
        let advances = Advances::begin(self);
        while let Some((due, timer)) = self.shared.timers.take_until(to) {
            self.turn(|hand| hand.jump(due));
            timer.fire().await;
        }
        self.turn(|hand| hand.jump(to));
        drop(advances);
        // Who sleeps without a timer gets to see the new time.
        tokio::task::yield_now().await;
    }

    async fn wait_until(&self, due: Timestamp) {
        self.reached(due).await;
    }

    /// Ends when the clock shows the time, however it came there.
    fn reached(&self, due: Timestamp) -> impl Future<Output = ()> + Send + use<> {
        let clock = self.clone();
        async move {
            let mut changes = clock.changes();
            loop {
                changes.mark_unchanged();
                let hand = *clock.hand();
                let left = due.duration_since(hand.now());
                if left <= SignedDuration::ZERO {
                    return;
                }
                let passes = async {
                    match hand.anchor {
                        Some(_) => tokio::time::sleep(left.unsigned_abs()).await,
                        None => std::future::pending().await,
                    }
                };
                tokio::select! {
                    () = passes => {}
                    // The sender lives as long as this clone of the clock.
                    _ = changes.changed() => {}
                }
            }
        }
    }

    fn turn(&self, change: impl FnOnce(&mut Hand)) {
        change(&mut self.hand());
        self.shared.changes.send_modify(|count| *count += 1);
    }

    fn hand(&self) -> MutexGuard<'_, Hand> {
        let hand = self.shared.hand.lock();
        hand.unwrap_or_else(PoisonError::into_inner)
    }
}

/// The clock of a sandbox without options: the real time.
impl Default for Clock {
    fn default() -> Self {
        Self::starting_at(Timestamp::now(), false)
    }
}

/// Shows the time and whether it stands still.
impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clock")
            .field("now", &self.timestamp())
            .field("frozen", &self.is_frozen())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
