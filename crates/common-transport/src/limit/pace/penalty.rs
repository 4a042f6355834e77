//! How refusals slow everyone down, and how quiet makes them faster again.

use super::Nanos;

/// What one refusal adds to each gap, in thousandths.
const STRETCH_STEP: u64 = 40;

/// Gaps are never stretched beyond this.
const LONGEST_STRETCH: u64 = 3_000;

/// What each doubt adds to each second.
const MARGIN_STEP: Nanos = Nanos::from_millis(2);

/// More than this is the server thinking, not the request travelling. Each doubt doubles it.
const LONGEST_EXCESS: Nanos = Nanos::from_millis(50);

/// Under a strict server a request believed faster than it was is a refusal: then slowness far from the usual is
/// put down to the way.
const LONGEST_STRICT_EXCESS: Nanos = Nanos::from_millis(200);

/// There are never more doubts than this.
const MOST_DOUBTS: u64 = 3;

/// So many refusals, each less than `CLOSE` after the one before, mean a strict server.
const PATIENCE: u32 = 3;
const CLOSE: Nanos = Nanos::from_secs(10);

/// One step of the stretch, or one doubt, goes after so much quiet.
const CALM: Nanos = Nanos::from_secs(40);

/// The looser way is tried again after this, then after twice that, and so on.
const FIRST_TRIAL: Nanos = Nanos::from_secs(60);
const LONGEST_TRIAL: Nanos = Nanos::from_secs(3600);

/// Pauses double with each refusal in a row, this often.
const MOST_DOUBLINGS: u32 = 5;

/// What the refusals so far have taught.
#[derive(Debug)]
pub(super) struct Penalty {
    interval: Nanos,
    strict: bool,
    /// Whether it ever had to be strict: then the next refusal is enough.
    was_strict: bool,
    /// How many refusals the looser way has met that calm has not made forgotten.
    doubts: u64,
    /// How many refusals came close together.
    close: u32,
    /// Thousandths that are added to each gap.
    stretch: u64,
    refusals_in_a_row: u32,
    /// When it last changed its mind.
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

    /// What is added to each second.
    pub(super) fn margin(&self) -> Nanos {
        MARGIN_STEP * self.doubts
    }

    /// The most that is added for a slow round trip.
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

    /// A refusal of what began at `started`; gives the pause before the next start.
    pub(super) fn throttled(&mut self, started: Option<Nanos>, now: Nanos) -> Nanos {
        let doublings = self.refusals_in_a_row.min(MOST_DOUBLINGS);
        self.refusals_in_a_row = self.refusals_in_a_row.saturating_add(1);
        // What began before the last change says nothing about the pace since.
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

    /// Forgets a little when it was quiet for long.
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
