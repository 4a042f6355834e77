//! SIGINT and SIGTERM: the first one ends the job at a safe point, a second one ends it at once.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio::{sync::Notify, time::Instant};

use crate::{
    failure::{Failure, INTERRUPTED},
    signals,
};

#[derive(Debug, Clone, Default)]
pub(crate) struct Stop(Arc<State>);

#[derive(Debug, Default)]
struct State {
    told: Notify,
    is_set: AtomicBool,
}

impl Stop {
    /// Sets the handlers of the signals.
    pub(crate) fn listen() -> Result<Self, Failure> {
        let mut interrupts = signals::listen()?;
        let stop = Self::default();
        let told = stop.clone();
        tokio::spawn(async move {
            interrupts.next().await;
            told.0.is_set.store(true, Ordering::Relaxed);
            told.0.told.notify_one();
            interrupts.next_after(Instant::now()).await;
            // The checkpoint on disk holds, whatever is being written.
            std::process::exit(i32::from(INTERRUPTED));
        });
        Ok(stop)
    }

    /// Waits for the first signal.
    pub(crate) async fn wait(&self) {
        self.0.told.notified().await;
    }

    /// Whether the first signal has come.
    pub(crate) fn is_set(&self) -> bool {
        self.0.is_set.load(Ordering::Relaxed)
    }
}
