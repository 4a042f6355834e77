//! Slowing down after refusals, and speeding up after quiet time.

use super::Nanos;

/// Thousandths that a refusal adds to each gap.
const STRETCH_STEP: u64 = 40;

/// Longest stretch of gaps, in thousandths.
const LONGEST_STRETCH: u64 = 3_000;

/// Time that each doubt adds to each second.
const MARGIN_STEP: Nanos = Nanos::from_millis(2);

/// Longest excess that is put down to the network; more is the server's own time. Each doubt doubles it.
const LONGEST_EXCESS: Nanos = Nanos::from_millis(50);

/// The same for a strict server. There, a request that is believed faster than it was leads to a refusal, so even an
/// unusual delay is put down to the network.
const LONGEST_STRICT_EXCESS: Nanos = Nanos::from_millis(200);

/// Most doubts.
const MOST_DOUBTS: u64 = 3;

/// Number of refusals, each less than `CLOSE` after the previous one, that mean a strict server.
const PATIENCE: u32 = 3;
const CLOSE: Nanos = Nanos::from_secs(10);

/// Quiet time after which one step of the stretch, or one doubt, is removed.
const CALM: Nanos = Nanos::from_secs(40);

/// Quiet time before the first trial of the faster pace. It doubles with each trial.
const FIRST_TRIAL: Nanos = Nanos::from_secs(60);
const LONGEST_TRIAL: Nanos = Nanos::from_secs(3600);

/// Most doublings of the pause; it doubles with each refusal in a row.
const MOST_DOUBLINGS: u32 = 5;

/// The state that refusals have led to.
#[derive(Debug)]
pub(super) struct Penalty {
    interval: Nanos,
    strict: bool,
    /// Whether it was strict before: then the next refusal makes it strict again.
    was_strict: bool,
    /// Refusals met at the faster pace, not yet forgiven by quiet time.
    doubts: u64,
    /// Number of refusals that came close together.
    close: u32,
    /// Thousandths that are added to each gap.
    stretch: u64,
    refusals_in_a_row: u32,
    /// Time of the last change.
    changed: Option<Nanos>,
    trial: Nanos,
}

impl Penalty {
    pub(super) fn new(interval: Nanos) -> Self {
        Self {
            interval,
            strict: false,
            was_strict: false,
            doubts: 0,
            close: 0,
            stretch: 0,
            refusals_in_a_row: 0,
            changed: None,
            trial: FIRST_TRIAL,
        }
    }

    /// Whether gaps are kept between arrivals, not just between starts.
    pub(super) fn is_strict(&self) -> bool {
        self.strict
    }

    /// Returns the time that is added to each second.
    pub(super) fn margin(&self) -> Nanos {
        MARGIN_STEP * self.doubts
    }

    /// Returns the longest time that is added for a slow round trip.
    pub(super) fn longest_excess(&self) -> Nanos {
        if self.strict {
            return LONGEST_STRICT_EXCESS;
        }
        LONGEST_EXCESS * (1 << self.doubts)
    }

    pub(super) fn stretched(&self, gap: Nanos) -> Nanos {
        if self.stretch == 0 {
            return gap;
        }
        gap + (gap * self.stretch).part(1_000)
    }

    pub(super) fn answered(&mut self) {
        self.refusals_in_a_row = 0;
    }

    /// Records a refusal of a request that began at `started`; returns the pause before the next start.
    pub(super) fn throttled(&mut self, started: Option<Nanos>, now: Nanos) -> Nanos {
        let doublings = self.refusals_in_a_row.min(MOST_DOUBLINGS);
        self.refusals_in_a_row = self.refusals_in_a_row.saturating_add(1);
        // A request that began before the last change tells nothing about the pace since.
        let is_news = match (started, self.changed) {
            (Some(started), Some(changed)) => started > changed,
            (_, None) => true,
            (None, Some(_)) => false,
        };
        if is_news {
            self.slow_down(now);
            self.changed = Some(now);
        }
        self.interval * (1 << doublings)
    }

    /// Removes a step of slowness after a long quiet time.
    pub(super) fn calm(&mut self, now: Nanos) {
        let Some(quiet) = self.changed.map(|changed| now - changed) else {
            return;
        };
        let is_bare = self.stretch == 0 && self.doubts == 0;
        if !is_bare && quiet >= CALM {
            self.stretch = self.stretch.saturating_sub(STRETCH_STEP);
            self.doubts = self.doubts.saturating_sub(1);
        } else if self.strict && is_bare && quiet >= self.trial {
            self.strict = false;
            self.trial = (self.trial * 2).min(LONGEST_TRIAL);
        } else {
            return;
        }
        self.changed = Some(now);
    }

    fn slow_down(&mut self, now: Nanos) {
        let quiet = self.changed.map(|changed| now - changed);
        let is_close = quiet.is_some_and(|quiet| quiet < CLOSE);
        self.close = if is_close {
            self.close.saturating_add(1)
        } else {
            1
        };
        if self.strict {
            self.stretch = (self.stretch + STRETCH_STEP).min(LONGEST_STRETCH);
        } else if self.was_strict || self.close >= PATIENCE {
            self.strict = true;
            self.was_strict = true;
            self.doubts = 0;
        } else {
            self.doubts = (self.doubts + 1).min(MOST_DOUBTS);
        }
    }
}
