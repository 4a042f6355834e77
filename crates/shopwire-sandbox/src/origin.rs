//! Describes what a sandbox starts from, and comes back to in a reset: its seed and its clock.

use jiff::{Timestamp, civil::date, tz::TimeZone};

use crate::clock::Clock;
use crate::options::{ClockStart, Options};
use crate::random::{self, Random};

/// The seed and the clock of a sandbox. Clones have the same clock.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    pub(crate) clock: Clock,
    seed: u64,
    start: Start,
}

#[derive(Clone, Copy, Debug)]
struct Start {
    /// `None` for the real time.
    time: Option<Timestamp>,
    is_frozen: bool,
}

impl Origin {
    pub(crate) fn of(options: &Options) -> Self {
        let start = Start::of(options.clock, options.seed.is_some());
        Self {
            clock: Clock::starting_at(start.now(), start.is_frozen),
            seed: options.seed.unwrap_or_else(random::new_seed),
            start,
        }
    }

    /// The seed, which is random in a sandbox without one.
    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    /// A generator for the keys of a service. They stay the same in a reset, so that clients go on.
    pub(crate) fn keys(&self, service: &str) -> Random {
        Random::new(self.seed, &format!("{service} keys"))
    }

    /// Puts the clock back to its start.
    pub(crate) fn wind_back(&self) {
        self.clock.set(self.start.now(), self.start.is_frozen);
    }

    /// Puts the clock to the fixed start of generated data, where it stands still.
    pub(crate) fn wind_to_epoch(&self) {
        let time = self.start.time.unwrap_or_else(seeded);
        self.clock.set(time, true);
    }
}

impl Start {
    fn of(clock: ClockStart, has_seed: bool) -> Self {
        let (time, is_frozen) = match clock {
            ClockStart::Default if has_seed => (Some(seeded()), true),
            ClockStart::Default | ClockStart::Now => (None, false),
            ClockStart::At(time) => (Some(timestamp(time)), false),
            ClockStart::FrozenAt(time) => (Some(timestamp(time)), true),
        };
        Self { time, is_frozen }
    }

    fn now(self) -> Timestamp {
        self.time.unwrap_or_else(Timestamp::now)
    }
}

/// A time beyond those of the clock becomes its nearest one.
fn timestamp(time: std::time::SystemTime) -> Timestamp {
    Timestamp::try_from(time).unwrap_or_else(|_| {
        if time < std::time::UNIX_EPOCH {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        }
    })
}

/// The time at which a clock with a seed stands: 2026-01-01 00:00:00 UTC.
fn seeded() -> Timestamp {
    let start = date(2026, 1, 1).to_zoned(TimeZone::UTC);
    start.map_or(Timestamp::UNIX_EPOCH, |start| start.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s3_a_seed_stops_the_clock_and_an_option_sets_it() {
        let options = Options::default().seed(1);
        let origin = Origin::of(&options);
        assert!(origin.clock.is_frozen());
        assert_eq!(origin.clock.rfc3339(), "2026-01-01T00:00:00.000Z");
        let origin = Origin::of(&options.clock(ClockStart::Now));
        assert!(!origin.clock.is_frozen());
        assert_ne!(origin.clock.rfc3339(), "2026-01-01T00:00:00.000Z");

        let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(5);
        let origin = Origin::of(&Options::default().clock(ClockStart::FrozenAt(time)));
        assert_eq!(origin.clock.rfc3339(), "1970-01-01T00:00:05.000Z");
        origin.clock.set(Timestamp::now(), false);
        origin.wind_back();
        assert_eq!(origin.clock.now(), time);
        assert!(origin.clock.is_frozen());
    }
}
