//! The end: an interrupt, a failure, or the whole file.

use super::{
    super::{summary::Summary, target::Stopped},
    End, Job,
};
use crate::{
    failure::{Failure, INTERRUPTED},
    job::{Counts, counted},
};

/// How an export to a file goes on.
const RESUME: &str = "the same command with --resume goes on";
/// How an export begins anew whose next request is refused.
const RESTART: &str = "the rows so far are kept; --restart drops them";

fn interrupted_after(rows: u64) -> Failure {
    Failure::interrupted(
        format!("interrupted after {}", counted(rows, "rows")),
        INTERRUPTED,
    )
}

impl Job<'_> {
    /// Ends at a safe point.
    pub(super) fn interrupted(&mut self) -> Result<End, Failure> {
        let place = self.place();
        match self.save(place) {
            Ok(()) => Err(self.interruption()),
            Err(Stopped::Closed) => Ok(End::Closed),
            Err(Stopped::Failed(failure)) => Err(failure),
        }
    }

    pub(super) fn interruption(&self) -> Failure {
        self.going_on(interrupted_after(self.rows))
    }

    /// A failure after which the rows so far are kept.
    pub(super) fn kept(&mut self, failure: Failure) -> Failure {
        if self.drop_portion().is_err() {
            return failure;
        }
        let place = self.place();
        match self.save(place) {
            Ok(()) if self.is_empty() => failure,
            Ok(()) => self.going_on(failure),
            Err(_) => failure,
        }
    }

    /// A failure that would come again: to go on is of no use.
    pub(super) fn refused(&mut self, failure: Failure) -> Failure {
        if self.drop_portion().is_err() {
            return failure;
        }
        let place = self.place();
        match self.save(place) {
            Ok(()) if self.args.file().is_some() && !self.is_empty() => failure.and(RESTART),
            _ => failure,
        }
    }

    /// Whether there is nothing to go on from.
    fn is_empty(&self) -> bool {
        !self.is_resumed && self.items == 0 && self.rows == 0
    }

    /// Leaves no files of an export that ended before its first row: a corrected command needs no --restart.
    pub(super) fn clear_if_empty(self) {
        if self.is_empty() {
            self.target.discard();
        }
    }

    fn going_on(&self, failure: Failure) -> Failure {
        match self.args.file() {
            Some(_) => failure.and(RESUME),
            None => failure.and(
                &match self.since().filter(|_| self.plan.list.is_history()) {
                    Some(id) => format!("--since {id} goes on"),
                    None => {
                        "an export to a file, with --output, can go on with --resume".to_owned()
                    }
                },
            ),
        }
    }

    /// Gives the file its name, and tells what was done.
    pub(super) fn finish(self, counts: &Counts) -> Result<(), Failure> {
        let since = self.since();
        let took = self.progress.took();
        #[cfg_attr(
            not(feature = "parquet"),
            expect(unused_mut, reason = "only a Parquet file loses more")
        )]
        let mut lost = self.writer.end().or_else(|error| match error.is_closed() {
            true => Ok(0),
            false => Err(error.failure()),
        })?;
        #[cfg(feature = "parquet")]
        let replaced = if self.plan.format == crate::args::Format::Parquet {
            self.progress.say("writing the Parquet file");
            // The walk and its memory are not needed any more.
            drop((self.feed, self.sender));
            let (rows_so_far, stop) = (self.rows, &self.stop);
            let (columns, flatten) = (&self.plan.columns, self.plan.flatten.as_deref());
            self.target.finish(Some(&mut |rows, made| {
                let made = super::super::table::convert(columns, flatten, rows, made, stop)?;
                lost = made.ok_or_else(|| interrupted_after(rows_so_far).and(RESUME))?;
                Ok(())
            }))?
        } else {
            self.target.finish(None)?
        };
        #[cfg(not(feature = "parquet"))]
        let replaced = self.target.finish(None)?;
        self.progress.clear();
        let summary = Summary {
            rows: self.rows,
            resumed: self.before,
            lost,
            replaced,
            since,
            took,
            ..Summary::of(self.args, self.plan, counts)
        };
        summary.tell(self.args.json, self.args.quiet);
        Ok(())
    }
}
