//! Describes what waits for the clock: timers by their times, and the turns of those that an advance has fired.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use jiff::Timestamp;
use tokio::sync::oneshot;

/// The timers of a clock.
#[derive(Clone, Default)]
pub(super) struct Timers {
    waiting: Arc<Mutex<Waiting>>,
}

#[derive(Default)]
struct Waiting {
    /// By time, and then in the order in which they were started.
    timers: BTreeMap<(Timestamp, u64), oneshot::Sender<Turn>>,
    last: u64,
}

/// A timer that an advance has taken.
pub(super) struct Due(oneshot::Sender<Turn>);

/// The place of a timer among the waiting ones; it is given up when the timer is dropped.
pub(super) struct Place {
    timers: Timers,
    key: (Timestamp, u64),
}

/// The right of a timer's work to go before the next timer. An advance of the clock goes on when it is dropped.
#[derive(Debug, Default)]
pub(crate) struct Turn {
    /// Told by its end; `None` when the timer ended without an advance.
    _done: Option<oneshot::Sender<()>>,
}

/// A wait for a time, as a future.
pub(crate) struct Timer(Pin<Box<dyn Future<Output = Turn> + Send>>);

impl Timers {
    /// Adds a timer.
    pub(super) fn enter(&self, due: Timestamp) -> (Place, oneshot::Receiver<Turn>) {
        let (fire, fired) = oneshot::channel();
        let mut waiting = self.lock();
        waiting.last += 1;
        let key = (due, waiting.last);
        waiting.timers.insert(key, fire);
        let timers = self.clone();
        (Place { timers, key }, fired)
    }

    /// Takes the first timer that is due until then, with its time.
    pub(super) fn take_until(&self, to: Timestamp) -> Option<(Timestamp, Due)> {
        let mut waiting = self.lock();
        let first = waiting.timers.first_entry()?;
        let (due, _) = *first.key();
        (due <= to).then(|| (due, Due(first.remove())))
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Due {
    /// Gives the timer its turn, and waits for the end of it. A timer that is dropped ends its turn.
    pub(super) async fn fire(self) {
        let (done, ended) = oneshot::channel();
        let _ = self.0.send(Turn { _done: Some(done) });
        let _ = ended.await;
    }
}

impl Place {
    /// Gives the place up; false when an advance has taken it.
    pub(super) fn leave(&self) -> bool {
        self.timers.lock().timers.remove(&self.key).is_some()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.leave();
    }
}

impl Timer {
    pub(super) fn new(wait: impl Future<Output = Turn> + Send + 'static) -> Self {
        Self(Box::pin(wait))
    }
}

impl Future for Timer {
    type Output = Turn;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Turn> {
        self.0.as_mut().poll(context)
    }
}

impl fmt::Debug for Timer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Timer")
    }
}
