//! Lanes in memory: when the work of a key is due, and who holds it. A lane is locked as long as it is here.

use std::time::Duration;

use tokio_postgres::Row;

use crate::{
    Error, ErrorKind, Later, Lease, Timestamp, Token,
    engine::decide::{LaneAfter, lane_after},
};

/// Columns that [`Lane::read`] takes.
macro_rules! lane_columns {
    () => {
        "id, queue, key_hash, next_at, token, head, claims, open, passed, held, unsettled_at"
    };
}
pub(super) use lane_columns;

/// A locked lane, as it will be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lane {
    pub(super) id: i64,
    pub(super) queue: i64,
    pub(super) key: Option<[u8; 16]>,
    pub(super) next_at: Option<i64>,
    pub(super) token: Option<Token>,
    pub(super) head: Option<i64>,
    pub(super) claims: u32,
    pub(super) open: i64,
    pub(super) passed: i64,
    pub(super) held: Option<i64>,
    pub(super) unsettled_at: Option<i64>,
    /// It is removed, not written.
    pub(super) is_gone: bool,
}

impl Lane {
    /// A new lane with no work in it.
    pub(super) fn new(id: i64, queue: i64) -> Self {
        Self {
            id,
            queue,
            key: None,
            next_at: None,
            token: None,
            head: None,
            claims: 0,
            open: 0,
            passed: 0,
            held: None,
            unsettled_at: None,
            is_gone: false,
        }
    }

    pub(super) fn read(row: &Row) -> Result<Self, tokio_postgres::Error> {
        Ok(Self {
            id: row.try_get(0)?,
            queue: row.try_get(1)?,
            key: row
                .try_get::<_, Option<&[u8]>>(2)?
                .and_then(|key| key.try_into().ok()),
            next_at: row.try_get(3)?,
            token: row
                .try_get::<_, Option<&[u8]>>(4)?
                .and_then(|token| token.try_into().ok())
                .map(Token::from_bytes),
            head: row.try_get(5)?,
            claims: u32::try_from(row.try_get::<_, i32>(6)?).unwrap_or(0),
            open: row.try_get(7)?,
            passed: row.try_get(8)?,
            held: row.try_get(9)?,
            unsettled_at: row.try_get(10)?,
            is_gone: false,
        })
    }

    /// Whether the ticket's lease was not taken over.
    pub(super) fn check(&self, work: i64, lease: &Lease, what: &str) -> Result<(), Error> {
        if self.token == Some(lease.token) && self.head == Some(work) && !self.is_gone {
            return Ok(());
        }
        Err(lost(work, what))
    }

    /// Number of earlier claims of this work.
    pub(super) fn claims_of(&self, work: i64) -> u32 {
        if self.head == Some(work) {
            self.claims
        } else {
            0
        }
    }

    /// Gives the lease of a claim.
    pub(super) fn lease(&mut self, work: i64, token: Token, until: i64) -> u32 {
        self.claims = self.claims_of(work) + 1;
        self.head = Some(work);
        self.token = Some(token);
        self.next_at = Some(until);
        self.claims
    }

    /// Opens one more work at the end.
    pub(super) fn open_one(&mut self, now: i64) {
        // An idle lane that waits for a late edit is due at once for new work; one with work keeps its time.
        self.next_at = match (self.held, self.next_at) {
            (Some(_), _) => None,
            (None, Some(at)) if self.open > 0 => Some(at),
            _ => Some(now),
        };
        self.open += 1;
        self.is_gone = false;
    }

    /// Ends the first open work. `gave_up` says whether later work waits for it.
    pub(super) fn end_head(&mut self, work: i64, gave_up: Option<Later>, now: i64) {
        self.open -= 1;
        (self.next_at, self.held) = match lane_after(self.open, gave_up) {
            LaneAfter::Due => (Some(now), None),
            LaneAfter::Idle => (self.unsettled_at, None),
            LaneAfter::Held => (None, Some(work)),
        };
        if self.held.is_none() {
            self.passed = self.passed.max(work);
        }
        self.token = None;
        self.head = None;
        self.claims = 0;
        self.drop_if_needless();
    }

    /// Gives the first open work back: it is due again later. The claims are kept.
    pub(super) fn postpone(&mut self, next_at: i64) {
        self.next_at = Some(next_at);
        self.token = None;
    }

    /// Frees a lane that waits for dead or parked work, which was passed by a person's decision.
    pub(super) fn release(&mut self, work: i64, now: i64) {
        self.held = None;
        self.next_at = match self.open {
            0 => self.unsettled_at,
            _ => Some(now),
        };
        self.passed = self.passed.max(work);
        self.drop_if_needless();
    }

    /// Opens the held work again, in its own place.
    pub(super) fn revive(&mut self, now: i64) {
        self.held = None;
        self.open += 1;
        self.next_at = Some(now);
        self.token = None;
        self.head = None;
        self.claims = 0;
    }

    /// Ends open work by a person's decision, wherever it stands. A worker that holds it loses its lease.
    pub(super) fn end_any(&mut self, work: i64, now: i64) {
        if self.head == Some(work) {
            return self.end_head(work, None, now);
        }
        self.open -= 1;
        if self.open == 0 && self.held.is_none() {
            self.next_at = self.unsettled_at;
        }
        self.drop_if_needless();
    }

    /// A lane that is due without work goes to sleep until its edits are settled.
    pub(super) fn sleep(&mut self) {
        self.next_at = self.unsettled_at;
        self.token = None;
        self.open = 0;
        self.drop_if_needless();
    }

    pub(super) fn is_needless(&self) -> bool {
        self.open <= 0
            && self.next_at.is_none()
            && self.held.is_none()
            && self.unsettled_at.is_none()
    }

    fn drop_if_needless(&mut self) {
        // A lane of a key stays for the key's next work; purge removes it.
        self.is_gone = self.key.is_none() && self.is_needless();
    }
}

/// The lease of a ticket is gone.
pub(super) fn lost(work: i64, what: &str) -> Error {
    Error::new(
        ErrorKind::LeaseLost,
        format!(
            "{what} {work}: it was ended before, or another worker or a person has taken it over"
        ),
    )
}

/// One reading of the server's clock, in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Now(pub(super) i64);

impl Now {
    pub(super) fn after(self, pause: Duration) -> i64 {
        Timestamp::from_millis(self.0).after(pause).as_millis()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keyed() -> Lane {
        Lane {
            key: Some([1; 16]),
            ..Lane::new(1, 1)
        }
    }

    #[test]
    fn d5_a_lane_goes_from_work_to_work() {
        let mut lane = keyed();
        lane.open_one(10);
        lane.open_one(11);
        assert_eq!((lane.open, lane.next_at), (2, Some(10)));
        assert_eq!(lane.lease(7, Token::random(), 100), 1);
        lane.end_head(7, None, 20);
        assert_eq!((lane.open, lane.next_at, lane.passed), (1, Some(20), 7));
        lane.end_head(8, None, 30);
        assert_eq!((lane.open, lane.next_at, lane.passed), (0, None, 8));
        assert!(!lane.is_gone);
    }

    #[test]
    fn d5_an_append_does_not_shorten_a_lease() {
        let mut lane = keyed();
        lane.open_one(10);
        lane.lease(7, Token::random(), 100);
        lane.open_one(20);
        assert_eq!(lane.next_at, Some(100));
    }

    #[test]
    fn d5_a_held_lane_waits_whatever_comes() {
        let mut lane = keyed();
        lane.open_one(10);
        lane.lease(7, Token::random(), 100);
        lane.end_head(7, Some(Later::Wait), 20);
        lane.open_one(30);
        assert_eq!((lane.held, lane.next_at, lane.passed), (Some(7), None, 0));
        lane.end_any(9, 40);
        assert_eq!(lane.next_at, None);
        lane.release(7, 50);
        assert_eq!((lane.held, lane.next_at, lane.passed), (None, None, 7));
    }

    #[test]
    fn d5_a_lane_without_a_key_goes_with_its_work() {
        let mut lane = Lane::new(1, 1);
        lane.open_one(10);
        lane.lease(7, Token::random(), 100);
        lane.end_head(7, None, 20);
        assert!(lane.is_gone);
    }

    #[test]
    fn d4_a_ticket_is_checked_by_token_and_work() {
        let mut lane = keyed();
        lane.open_one(10);
        let token = Token::random();
        lane.lease(7, token, 100);
        let lease = |token| Lease {
            lane: 1,
            token,
            claims: 1,
            most_claims: 3,
            later: Later::Pass,
        };
        assert!(lane.check(7, &lease(token), "event").is_ok());
        assert!(lane.check(8, &lease(token), "event").is_err());
        let error = lane.check(7, &lease(Token::random()), "event").unwrap_err();
        assert!(error.is_lease_lost());
        lane.postpone(200);
        assert!(lane.check(7, &lease(token), "event").is_err());
    }
}
