//! The side of a queue that its task sees.

use std::{sync::Arc, task::Waker, time::Duration};

use common_transport::{Error, ErrorKind, Priority};
use tokio::{runtime::Handle, time::Instant};

use super::Queue;
use crate::{
    driver::{Driver, LONGEST_GOODBYE, drive},
    keeper::Step,
    protocol::Answer,
    terms::{Micros, Terms},
};

impl Queue {
    /// Starts the task on this runtime, unless it runs. A task that ended with its runtime is followed by another one,
    /// for which the process was stopped for a while.
    pub(crate) fn keep_driven(self: &Arc<Self>) -> Result<(), Error> {
        if *self.is_driven.borrow() {
            return Ok(());
        }
        let runtime = Handle::try_current().map_err(|_| {
            let message = "a limiter on Redis needs a tokio runtime";
            Error::new(ErrorKind::InvalidInput, message)
        })?;
        let core = self.lock();
        let has_to_start = !core.is_closed && !self.is_driven.send_replace(true);
        drop(core);
        if has_to_start {
            runtime.spawn(drive(Driver::new(Arc::clone(self))));
        }
        Ok(())
    }

    /// Records that the task has ended. Waiters of other runtimes start it again.
    pub(crate) fn ended(&self) {
        self.is_driven.send_replace(false);
        let all = self.lock().all();
        all.into_iter().for_each(Waker::wake);
    }

    /// Ends the queue: its waiters fail, and the task says goodbye.
    pub(crate) fn close(&self) {
        let mut core = self.lock();
        core.is_closed = true;
        let all = core.all();
        drop(core);
        all.into_iter().for_each(Waker::wake);
        self.changed.notify_one();
    }

    /// Waits for the end of the task.
    pub(crate) async fn closed(&self) {
        let mut is_driven = self.is_driven.subscribe();
        // The sender lives as long as the queue.
        let _ = is_driven.wait_for(|is_driven| !is_driven).await;
    }

    /// Returns the next action of the task; `None` when the queue is closed.
    pub(crate) fn step(&self) -> Option<Step> {
        let mut core = self.lock();
        let now = core.time(Instant::now());
        if core.is_closed {
            return None;
        }
        let woken = match core.refusal(now) {
            Some(_) => core.all(),
            None => core.head(now).into_iter().collect(),
        };
        let waiting =
            [Priority::High, Priority::Low].map(|priority| core.waiters.waiting(priority));
        let step = core.keeper.step(now, waiting);
        drop(core);
        woken.into_iter().for_each(Waker::wake);
        Some(step)
    }

    pub(crate) fn goodbye(&self) -> Option<Step> {
        let mut core = self.lock();
        let now = core.time(Instant::now());
        core.keeper.goodbye(now)
    }

    /// Records the end of an ask.
    pub(crate) fn answered(&self, number: u64, answer: Result<Answer, String>) {
        let mut core = self.lock();
        let now = core.time(Instant::now());
        match answer {
            Ok(answer) => core.keeper.answered(number, now, answer),
            Err(failure) => {
                core.keeper.failed(number, now);
                core.failure = Some(failure);
            }
        }
    }

    /// Waits until something has changed.
    pub(crate) async fn changed(&self) {
        self.changed.notified().await;
    }

    pub(crate) fn instant(&self, time: Micros) -> Instant {
        let since = Duration::from_micros(u64::try_from(time).unwrap_or(0));
        let origin = self.lock().origin;
        origin.checked_add(since).unwrap_or(origin)
    }

    pub(crate) fn terms(&self) -> Terms {
        *self.lock().keeper.terms()
    }

    pub(crate) fn patience(&self) -> Duration {
        let patience = self.terms().patience();
        Duration::from_micros(u64::try_from(patience).unwrap_or(0))
    }

    /// How long the task lives after [`close`](Self::close), on a runtime that is not blocked: one ask is under way, and
    /// one says goodbye.
    pub(crate) fn longest_goodbye(&self) -> Duration {
        2 * self.patience() + 2 * LONGEST_GOODBYE
    }
}
