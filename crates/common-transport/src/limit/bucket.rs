//! A queue with its lock, its clock and its timers.

use std::{
    future::Future,
    num::NonZeroU32,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
    time::Duration,
};

use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep, sleep_until};

use super::{
    Acquire, Feedback, Permit, PermitOutcome,
    clock::Clock,
    line::{Join, Line, TooLate, Turn},
    nanos::Nanos,
    pace::UNKNOWN,
    waiters::Ticket,
};
use crate::{Error, ErrorKind, Priority, timer};

/// The queue of one host and class.
///
/// Only the head of the queue has a running timer; the others sleep until they become the head. So a thousand
/// waiters cost as much as one. The head is woken to check again whenever a departure or an answer may have changed
/// its start.
pub(super) struct Bucket {
    queue: Mutex<Queue>,
}

/// The data behind the lock. The clock is read under the lock, so that starts are recorded in their order.
struct Queue {
    clock: Clock,
    line: Line,
}

impl Queue {
    /// Reads the clock.
    #[inline]
    fn now(&mut self, instant: Instant) -> Nanos {
        match self.clock.now(instant) {
            Some(now) => now,
            None => self.restart(instant),
        }
    }

    /// Begins with a new clock. A clock that goes back is another clock, which has not seen the starts by the first
    /// one.
    #[cold]
    fn restart(&mut self, instant: Instant) -> Nanos {
        self.line.restart();
        self.clock.restart(instant)
    }
}

impl Bucket {
    pub(super) fn new(cap: NonZeroU32) -> Self {
        Self {
            queue: Mutex::new(Queue {
                clock: Clock::new(Instant::now()),
                line: Line::new(cap),
            }),
        }
    }

    pub(super) fn waiting(&self) -> usize {
        self.lock().line.len()
    }

    pub(super) fn acquire(
        self: Arc<Self>,
        priority: Priority,
        deadline: Option<Instant>,
    ) -> Acquire {
        let mut queue = self.lock();
        let instant = Instant::now();
        let now = queue.now(instant);
        if deadline.is_none_or(|deadline| instant <= deadline)
            && let Some(number) = queue.line.start(priority, now)
        {
            drop(queue);
            return Acquire::ready(Ok(Permit::new(self, number)));
        }
        let end = deadline.map(|deadline| queue.clock.moment(deadline));
        let joined = queue.line.join(priority, now, end);
        drop(queue);
        match joined {
            Join::TooLate(why) => Acquire::ready(Err(too_late(&why))),
            Join::Wait { ticket } => Acquire::waiting(Wait {
                sleep: sleep_until(instant),
                place: Place {
                    bucket: self,
                    ticket,
                    deadline,
                },
            }),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        // Nothing panics under the lock, and the line stays consistent even if a holder panicked.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Feedback for Bucket {
    fn held(&self, number: u64) {
        let mut queue = self.lock();
        let now = queue.now(Instant::now());
        queue.line.held(number, now);
    }

    fn sent(&self, number: u64) {
        let mut queue = self.lock();
        let now = queue.now(Instant::now());
        let head = queue.line.sent(number, now);
        drop(queue);
        head.into_iter().for_each(Waker::wake);
    }

    fn end(&self, number: u64, outcome: PermitOutcome) {
        let mut queue = self.lock();
        let now = queue.clock.moment(Instant::now());
        let woken = queue.line.end(number, now, outcome);
        if woken > 0 {
            let wakers = queue.line.wakers(woken);
            drop(queue);
            wakers.into_iter().for_each(Waker::wake);
        }
    }
}

pin_project! {
    /// A waiter in the queue.
    struct Wait {
        #[pin]
        sleep: Sleep,
        place: Place,
    }
}

impl Future for Wait {
    type Output = Result<Permit, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            let (turn, clock) = this.place.turn(cx.waker());
            let (result, next) = match turn {
                Turn::Start { number, next } => {
                    let bucket = Arc::clone(&this.place.bucket);
                    (Ok(Permit::new(bucket, number)), next)
                }
                Turn::TooLate { why, next } => (Err(too_late(&why)), next),
                Turn::Behind | Turn::Head { look: UNKNOWN } => return Poll::Pending,
                Turn::Head { look } => {
                    let look = clock.instant(look);
                    if this.sleep.deadline() != look {
                        this.sleep.as_mut().reset(look);
                    }
                    if timer::poll(this.sleep.as_mut(), cx).is_pending() {
                        return Poll::Pending;
                    }
                    continue;
                }
            };
            next.into_iter().for_each(Waker::wake);
            return Poll::Ready(result);
        }
    }
}

struct Place {
    bucket: Arc<Bucket>,
    ticket: Ticket,
    deadline: Option<Instant>,
}

impl Place {
    /// Asks whether it is the waiter's turn, and by which clock.
    fn turn(&self, waker: &Waker) -> (Turn, Clock) {
        let mut queue = self.bucket.lock();
        let now = queue.now(Instant::now());
        let clock = queue.clock;
        let deadline = self.deadline.map(|deadline| clock.moment(deadline));
        let turn = queue.line.turn(self.ticket, now, deadline, waker);
        (turn, clock)
    }
}

/// A cancelled waiter has taken nothing. After its turn it has nothing left to give up.
impl Drop for Place {
    fn drop(&mut self) {
        let next = self.bucket.lock().line.leave(self.ticket);
        next.into_iter().for_each(Waker::wake);
    }
}

fn too_late(why: &TooLate) -> Error {
    let ahead = why.ahead;
    let message = match why.wait {
        Some(wait) => format!(
            "the rate limit asks for {:.1} s of waiting ({ahead} calls ahead), longer than the deadline",
            Duration::from(wait).as_secs_f64()
        ),
        None => format!(
            "the rate limit waits for requests that have not been sent yet ({ahead} calls ahead), longer than \
             the deadline"
        ),
    };
    Error::new(ErrorKind::Timeout, message).with_retryable(false)
}
