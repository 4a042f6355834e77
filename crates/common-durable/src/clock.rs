//! The clock as an input: tests move it, nothing sleeps.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering::Relaxed},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// A point in time in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// Makes a timestamp of milliseconds since the Unix epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the Unix epoch.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Returns this time plus a duration. It stops at the largest timestamp.
    #[must_use]
    pub fn after(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(millis(duration)))
    }

    /// Returns this time minus a duration. It stops at the smallest timestamp.
    #[must_use]
    pub fn before(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(millis(duration)))
    }

    /// Returns the time that has passed since `earlier`, or zero if `earlier` is later.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        match time.duration_since(UNIX_EPOCH) {
            Ok(since) => Self(millis(since)),
            Err(error) => Self(-millis(error.duration())),
        }
    }
}

impl From<Timestamp> for SystemTime {
    fn from(time: Timestamp) -> Self {
        let distance = Duration::from_millis(time.0.unsigned_abs());
        if time.0 < 0 {
            UNIX_EPOCH - distance
        } else {
            UNIX_EPOCH + distance
        }
    }
}

/// The clock of a store. Clones share one clock.
///
/// A clock has two readings. The wall time stamps events. The steady time measures leases and delays. A step of the
/// wall time does not end a lease early and does not hold back a retry.
///
/// The PostgreSQL engine takes the time from the server and adds what [`advance`](Self::advance) has added to this
/// clock. A stopped clock takes the place of the server's.
///
/// ```
/// use std::time::Duration;
/// use common_durable::{Clock, Timestamp};
///
/// let clock = Clock::stopped_at(Timestamp::from_millis(1_000));
/// clock.advance(Duration::from_secs(2));
/// assert_eq!(clock.wall(), Timestamp::from_millis(3_000));
/// ```
#[derive(Clone)]
pub struct Clock {
    source: Source,
    moved: Arc<Moved>,
}

#[derive(Clone)]
enum Source {
    System,
    Stopped(Timestamp),
}

#[derive(Default)]
struct Moved {
    both: AtomicI64,
    wall: AtomicI64,
}

impl Clock {
    /// Returns the clock of the operating system.
    pub fn system() -> Self {
        Self::of(Source::System)
    }

    /// Returns a clock for tests that moves only by [`advance`](Self::advance) and [`step_wall`](Self::step_wall).
    pub fn stopped_at(time: Timestamp) -> Self {
        Self::of(Source::Stopped(time))
    }

    fn of(source: Source) -> Self {
        Self {
            source,
            moved: Arc::default(),
        }
    }

    /// Lets time pass: moves both readings forward.
    pub fn advance(&self, by: Duration) {
        self.moved.both.fetch_add(millis(by), Relaxed);
    }

    /// Sets the wall time forward or back by milliseconds, as an operator or a time server does.
    pub fn step_wall(&self, millis: i64) {
        self.moved.wall.fetch_add(millis, Relaxed);
    }

    /// The wall time.
    pub fn wall(&self) -> Timestamp {
        let base = match self.source {
            Source::System => system_wall(),
            Source::Stopped(time) => time,
        };
        Timestamp(base.0 + self.advanced() + self.moved.wall.load(Relaxed))
    }

    /// Milliseconds since an arbitrary start that is the same for all processes until the machine is started anew.
    pub fn steady(&self) -> i64 {
        let base = match self.source {
            Source::System => steady::now(),
            Source::Stopped(_) => 0,
        };
        base + self.advanced()
    }

    /// Whether this is the clock of the operating system.
    #[cfg(feature = "sqlite")]
    pub(crate) fn is_system(&self) -> bool {
        matches!(self.source, Source::System)
    }

    /// The time of a stopped clock, without the steps of its wall time.
    #[cfg(feature = "postgres")]
    pub(crate) fn stopped(&self) -> Option<i64> {
        match self.source {
            Source::System => None,
            Source::Stopped(time) => Some(time.0 + self.advanced()),
        }
    }

    /// Milliseconds by which [`advance`](Self::advance) has moved this clock.
    pub fn advanced(&self) -> i64 {
        self.moved.both.load(Relaxed)
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.source {
            Source::System => "Clock::system",
            Source::Stopped(_) => "Clock::stopped",
        })
    }
}

// The one place that reads the wall clock; everything else takes a `Clock`.
#[allow(clippy::disallowed_methods)]
fn system_wall() -> Timestamp {
    SystemTime::now().into()
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(target_os = "linux")]
mod steady {
    use rustix::time::{ClockId, clock_gettime};

    /// Time since the start of the machine, with the time it slept.
    pub(super) fn now() -> i64 {
        let time = clock_gettime(ClockId::Boottime);
        time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
    }

    /// An id of this start of the machine.
    #[cfg(feature = "sqlite")]
    pub(super) fn boot_id() -> String {
        std::fs::read_to_string("/proc/sys/kernel/random/boot_id")
            .map(|id| id.trim().to_owned())
            .unwrap_or_default()
    }
}

#[cfg(not(target_os = "linux"))]
mod steady {
    use std::{sync::OnceLock, time::Instant};

    /// Time since the first reading in this process: there is no common start to read.
    #[allow(clippy::disallowed_methods)]
    pub(super) fn now() -> i64 {
        static START: OnceLock<Instant> = OnceLock::new();
        super::millis(START.get_or_init(Instant::now).elapsed())
    }

    /// Empty: the start is that of the process.
    #[cfg(feature = "sqlite")]
    pub(super) fn boot_id() -> String {
        String::new()
    }
}

/// An id of this start of the machine. It is empty where the steady time starts with the process.
#[cfg(feature = "sqlite")]
pub(crate) fn boot_id() -> String {
    steady::boot_id()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_convert_both_ways() {
        for millis in [-86_400_000, -1, 0, 1, 1_795_000_000_123] {
            let time = Timestamp::from_millis(millis);
            assert_eq!(Timestamp::from(SystemTime::from(time)), time);
        }
    }

    #[test]
    fn a_step_of_the_wall_leaves_the_steady_time() {
        let clock = Clock::stopped_at(Timestamp::from_millis(10_000));
        let steady = clock.steady();
        clock.step_wall(-5_000);
        assert_eq!(clock.wall(), Timestamp::from_millis(5_000));
        assert_eq!(clock.steady(), steady);
        clock.clone().advance(Duration::from_millis(7));
        assert_eq!(clock.wall(), Timestamp::from_millis(5_007));
        assert_eq!(clock.steady(), steady + 7);
    }

    #[test]
    fn the_system_clock_runs() {
        let clock = Clock::system();
        assert!(clock.wall() > Timestamp::from_millis(1_600_000_000_000));
        assert!(clock.steady() >= 0);
    }
}
