//! One queue with its lock, its clock and its timers.

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
    Acquire, Feedback, Outcome, Permit,
    line::{Join, Line, Turn},
    nanos::Nanos,
};
use crate::{Error, ErrorKind, timer};

/// The queue of one host and class.
///
/// Only the head of the queue has a running timer; the others sleep until they are the head, so a thousand
/// waiters cost what one costs. The head is woken to ask again whenever an answer may have moved its moment.
pub(super) struct Bucket {
    /// [`Line`] counts time from here.
    origin: Instant,
    line: Mutex<Line>,
}

impl Bucket {
    pub(super) fn new(cap: NonZeroU32) -> Self {
        Self {
            origin: Instant::now(),
            line: Mutex::new(Line::new(cap)),
        }
    }

    pub(super) fn waiting(&self) -> usize {
        self.lock().len()
    }

    pub(super) fn acquire(self: Arc<Self>, deadline: Option<Instant>) -> Acquire {
        let mut line = self.lock();
        let instant = Instant::now();
        let now = self.nanos(instant);
        if deadline.is_none_or(|deadline| instant <= deadline)
            && let Some(number) = line.start(now)
        {
            drop(line);
            return Acquire::ready(Ok(Permit::new(self, number)));
        }
        let deadline = deadline.map(|deadline| self.nanos(deadline));
        let joined = line.join(now, deadline);
        drop(line);
        match joined {
            Join::TooLate { begin, ahead } => Acquire::ready(Err(too_late(begin - now, ahead))),
            Join::Wait { ticket, begin } => Acquire::waiting(Wait {
                sleep: sleep_until(self.instant(begin)),
                place: Place {
                    bucket: self,
                    ticket,
                    deadline,
                },
            }),
        }
    }

    /// To be asked under the lock, so that starts are on record in their order.
    fn now(&self) -> Nanos {
        self.nanos(Instant::now())
    }

    fn nanos(&self, instant: Instant) -> Nanos {
        instant.saturating_duration_since(self.origin).into()
    }

    fn instant(&self, nanos: Nanos) -> Instant {
        self.origin + Duration::from(nanos)
    }

    fn lock(&self) -> MutexGuard<'_, Line> {
        // Nothing panics under the lock; the line is sound whoever died holding it.
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Feedback for Bucket {
    fn end(&self, number: u64, outcome: Outcome) {
        let mut line = self.lock();
        let wakers = line.end(number, self.now(), outcome);
        drop(line);
        if !wakers.is_empty() {
            wakers.into_iter().for_each(Waker::wake);
        }
    }
}

pin_project! {
    /// A place in the queue, waiting.
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
        let bucket = &this.place.bucket;
        loop {
            let place = &this.place;
            let mut line = bucket.lock();
            let now = bucket.now();
            let turn = line.turn(place.ticket, now, place.deadline, cx.waker());
            drop(line);
            let (result, next) = match turn {
                Turn::Start { number, next } => (Ok(Permit::new(bucket.clone(), number)), next),
                Turn::TooLate { begin, ahead, next } => (Err(too_late(begin - now, ahead)), next),
                Turn::Behind => return Poll::Pending,
                Turn::Head { begin } => {
                    let begin = bucket.instant(begin);
                    if this.sleep.deadline() != begin {
                        this.sleep.as_mut().reset(begin);
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
    ticket: u64,
    deadline: Option<Nanos>,
}

/// A cancelled waiter has taken nothing; after its turn there is nothing left to give up.
impl Drop for Place {
    fn drop(&mut self) {
        let next = self.bucket.lock().leave(self.ticket);
        next.into_iter().for_each(Waker::wake);
    }
}

fn too_late(wait: Nanos, ahead: usize) -> Error {
    let message = format!(
        "the rate limit asks for {:.1} s of waiting ({ahead} calls ahead), longer than the deadline",
        Duration::from(wait).as_secs_f64()
    );
    Error::new(ErrorKind::Timeout, message).with_retryable(false)
}
