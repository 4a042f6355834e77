//! The ask of a process and the answer of the store, as numbers.

use crate::terms::{Micros, Terms};

/// One ask.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Ask {
    /// Calls that wait, with high and with low priority.
    pub(crate) waiting: [i64; 2],
    /// Stamps that go back unused.
    pub(crate) unused: Vec<Micros>,
    /// The version of the members in the last answer.
    pub(crate) version: i64,
    /// The epoch of the last answer; 0 before the first.
    pub(crate) epoch: Micros,
    /// The number of members in the last answer; 0 if the store may have forgotten the process since.
    pub(crate) members: i64,
    /// The share in the last answer; 0 if the process no longer uses it.
    pub(crate) share: i64,
    /// Time of the store after which the ask is given up; 0 if the store's clock is not known.
    pub(crate) void: Micros,
    /// A pause that the service has asked for; 0 for none.
    pub(crate) pause: Micros,
    /// Slots at hand, and requests that a transport holds: what becomes of them is open.
    pub(crate) open: i64,
    /// Requests with a permit that went back, which may still leave.
    pub(crate) late: i64,
    /// Such requests that have left since the last ask.
    pub(crate) late_sent: i64,
    /// The process may be on its own share.
    pub(crate) is_away: bool,
    /// The process starts nothing on a share of its own.
    pub(crate) refuses: bool,
    /// The process says goodbye.
    pub(crate) is_leaving: bool,
    /// The process has seen the store's clock jump.
    pub(crate) has_jumped: bool,
}

impl Ask {
    /// The arguments of the script.
    pub(crate) fn arguments(&self, id: &str, terms: &Terms) -> [String; 4] {
        let numbers = [
            self.waiting[0],
            self.waiting[1],
            self.version,
            self.epoch,
            self.members,
            self.share,
            self.void,
            self.pause,
            self.open,
            self.late,
            self.late_sent,
            i64::from(self.is_away),
            i64::from(self.refuses),
            i64::from(self.is_leaving),
            i64::from(self.has_jumped),
        ];
        [
            id.to_owned(),
            terms.argument(),
            joined(&numbers),
            joined(&self.unused),
        ]
    }
}

fn joined(numbers: &[i64]) -> String {
    let numbers: Vec<_> = numbers.iter().map(i64::to_string).collect();
    numbers.join(" ")
}

/// The answer of the store, with the time at which the ask was executed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The ask was executed after it was given up. It has changed nothing.
    TooLate {
        now: Micros,
    },
    /// Another process uses other terms.
    OtherTerms {
        now: Micros,
    },
    Done(Told),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) now: Micros,
    pub(crate) epoch: Micros,
    pub(crate) version: i64,
    pub(crate) members: i64,
    /// Places that the process may use if it cannot reach the store.
    pub(crate) share: i64,
    /// Time of the store at which to come again.
    pub(crate) come: Micros,
    /// Places in time at which the process may start a request each.
    pub(crate) slots: Vec<Slot>,
}

/// The place of one start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slot {
    /// Time of the store.
    pub(crate) stamp: Micros,
    /// The line in which the process waited for it: 0 for high priority, 1 for low.
    pub(crate) class: usize,
}

impl Answer {
    /// Reads the numbers that the script returns; `None` if they are no answer of it.
    pub(crate) fn read(numbers: &[i64]) -> Option<Self> {
        match *numbers {
            [0, now] => Some(Self::TooLate { now }),
            [2, now] => Some(Self::OtherTerms { now }),
            [1, now, epoch, version, members, share, come, ref slots @ ..] => {
                Some(Self::Done(Told {
                    now,
                    epoch,
                    version,
                    members,
                    share,
                    come,
                    slots: slots.chunks(2).map(slot).collect::<Option<_>>()?,
                }))
            }
            _ => None,
        }
    }

    pub(crate) fn epoch(&self) -> Option<Micros> {
        match self {
            Self::Done(told) => Some(told.epoch),
            _ => None,
        }
    }

    /// Returns the time at which the ask was executed.
    pub(crate) fn now(&self) -> Micros {
        match self {
            Self::TooLate { now } | Self::OtherTerms { now } => *now,
            Self::Done(told) => told.now,
        }
    }
}

fn slot(pair: &[i64]) -> Option<Slot> {
    let [stamp, class @ (1 | 2)] = *pair else {
        return None;
    };
    let class = usize::from(class == 2);
    Some(Slot { stamp, class })
}
