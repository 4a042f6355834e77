//! The side of a queue that its task sees.

use std::time::Duration;

use common_transport::Priority;
use tokio::time::Instant;

use super::Queue;
use crate::{
    keeper::Step,
    protocol::Answer,
    terms::{Micros, Terms},
};

impl Queue {
    /// Returns true if the task has to be started; it counts as started then.
    pub(crate) fn begin(&self) -> bool {
        let mut core = self.lock();
        if core.is_closed || self.is_driven.send_replace(true) {
            return false;
        }
        core.keeper = (self.new_keeper)();
        core.origin = Instant::now();
        true
    }

    /// Records that the task has ended.
    pub(crate) fn ended(&self) {
        self.is_driven.send_replace(false);
    }

    /// Ends the queue: its waiters fail, and the task says goodbye.
    pub(crate) fn close(&self) {
        let mut core = self.lock();
        core.is_closed = true;
        core.wake_all();
        drop(core);
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
        if core.refusal(now).is_some() {
            core.wake_all();
        } else {
            core.wake_head(now);
        }
        let waiting =
            [Priority::High, Priority::Low].map(|priority| core.waiters.waiting(priority));
        Some(core.keeper.step(now, waiting))
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
}
