//! The rows that change while the export is running.

use std::time::Duration;

use super::{
    super::{changed::Since, target::Stopped},
    Job, begin,
};
use crate::failure::Failure;

impl Job<'_> {
    /// Turns to the rows that change after what was read.
    pub(super) fn follow(&mut self) {
        if self.plan.list.history.is_some() {
            let since = self.latest.map_or(Since::Start, Since::Id);
            self.feed = begin::changed(self.plan, &self.sender, since);
        } else {
            self.feed.again();
        }
        self.follows = true;
    }

    /// Whether rows belong to a portion of changes. A portion has no places in it to go on from: the rows are those of
    /// the moment, and may change again before the export goes on. So it is in the file as a whole, or not at all.
    pub(super) fn is_in_portion(&self) -> bool {
        self.follows && !self.plan.list.is_history()
    }

    /// Takes a portion of changes that was begun out of the file. It is read again the next time.
    pub(super) fn drop_portion(&mut self) -> Result<(), Failure> {
        if self.is_in_portion() {
            self.rows = self.target.take_back()?.unwrap_or(self.rows);
        }
        Ok(())
    }

    /// Waits until the history is to be asked again. Returns whether to go on: an interrupt ends the export.
    pub(super) async fn wait(&mut self) -> Result<bool, Failure> {
        if self.follows {
            self.latest = self.feed.since().or(self.latest);
            self.feed.again();
        } else {
            self.follow();
        }
        let place = self.place();
        if let Err(Stopped::Failed(failure)) = self.save(place) {
            return Err(failure);
        }
        self.progress.say("waiting for changes");
        let interval = self.args.interval.duration().max(Duration::from_secs(1));
        tokio::select! {
            biased;
            () = self.stop.wait() => Ok(false),
            () = tokio::time::sleep(interval) => Ok(true),
        }
    }
}
