//! The side of a queue that its permits report to.

use common_transport::limit::{Feedback, PermitOutcome};
use tokio::time::Instant;

use super::Queue;
use crate::terms::Micros;

impl Feedback for Queue {
    fn held(&self, number: u64) {
        self.lock().keeper.held(number);
    }

    fn sent(&self, number: u64) {
        let mut core = self.lock();
        let now = core.time(Instant::now());
        core.keeper.sent(number, now);
        let is_urgent = core.keeper.is_urgent();
        drop(core);
        if is_urgent {
            self.changed.notify_one();
        }
    }

    fn end(&self, number: u64, outcome: PermitOutcome) {
        let mut core = self.lock();
        let now = core.time(Instant::now());
        match outcome {
            PermitOutcome::Answered => core.keeper.ended(number, now),
            PermitOutcome::Throttled { retry_after } => {
                let retry_after = retry_after
                    .map(|wait| Micros::try_from(wait.as_micros()).unwrap_or(Micros::MAX));
                core.keeper.throttled(number, now, retry_after);
            }
            PermitOutcome::Unsent => core.keeper.unsent(number),
            _ => core.keeper.given_up(number),
        }
        let is_urgent = core.keeper.is_urgent();
        drop(core);
        if is_urgent {
            self.changed.notify_one();
        }
    }
}
