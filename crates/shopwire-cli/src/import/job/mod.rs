//! An import from its first request to its last.

mod sending;

use std::{collections::BTreeSet, path::Path};

use common_transport::Error;

use super::{
    answer::Fate,
    begin,
    checkpoint::{Checkpoint, Totals},
    dry::there_already,
    kind::{Kind, entry},
    next,
    plan::Plan,
    rejects::{Reject, Rejects},
    request::Row,
    send::Goal,
    summary::{Summary, Verdict},
};
use crate::{
    args::{Import, ImportMode},
    failure::{Failure, INTERRUPTED},
    job::{Counts, Progress, Stop, counted},
};

const RESUME: &str = "the same command with --resume goes on";

/// A row that did not land, and whose reason is not the service's.
const ENDED_UNKNOWN: &str =
    "the request was cut off, and this kind of row cannot be looked for: it may have landed";

struct Job<'j> {
    args: &'j Import,
    kind: &'static Kind,
    goal: Goal,
    plan: Plan,
    checkpoint: Checkpoint,
    rejects: Rejects,
    /// The path of the file of refused rows.
    path: &'j Path,
    progress: Progress,
    stop: Stop,
    /// Rows whose end was known before this run.
    before: u64,
    /// The reason for which the last rows were refused alone, and their number.
    alike: (String, u32),
}

/// Imports the rows of a plan.
pub(super) async fn run(
    args: &Import,
    (kind, mode): (&'static Kind, ImportMode),
    plan: Plan,
    goal: Goal,
    (name, path): (&str, &Path),
    (stop, counts): (Stop, Counts),
) -> Result<(), Failure> {
    let (checkpoint, rejects) = begin::open(args, &plan, &goal, name, path)?;
    let mut job = Job {
        before: checkpoint.state.totals.rows(),
        progress: Progress::new(kind.name, args.quiet, counts.clone()),
        args,
        kind,
        goal,
        plan,
        checkpoint,
        rejects,
        path,
        stop,
        alike: Default::default(),
    };
    let ended = job.all().await;
    job.progress.clear();
    let state = &job.checkpoint.state;
    let totals = state.totals;
    let rejects = (totals.refused + totals.unknown > state.moved).then_some(path);
    let left = job.plan.rows.saturating_sub(totals.rows());
    let verdict = Verdict {
        totals,
        rejects,
        left,
        next: next::command(args, (kind, mode), (left == 0).then_some(path)),
    };
    let summary = Summary {
        kind: kind.name,
        mode,
        rows: job.plan.rows,
        totals,
        before: job.before,
        planned: None,
        rejects,
        left_out: &job.plan.left_out,
        took: job.plan.took(),
        counts: &counts,
    };
    let ended = match ended {
        Ok(()) => job.rejects.finish().and_then(|()| verdict.end()),
        Err(failure) => Err(failure.and_once(RESUME)),
    };
    summary.end(args, ended)
}

impl Job<'_> {
    async fn all(&mut self) -> Result<(), Failure> {
        self.take_up().await?;
        let mut left = self.args.limit.unwrap_or(u64::MAX);
        self.plan.go_to(self.checkpoint.state.next)?;
        loop {
            let rows = self.plan.batch(self.goal.method, left)?;
            let Some(last) = rows.last() else {
                return Ok(());
            };
            left -= rows.len() as u64;
            self.checkpoint.take(last.at + 1)?;
            self.carry(rows).await?;
        }
    }

    /// Finishes the rows that an earlier run took and did not finish.
    async fn take_up(&mut self) -> Result<(), Failure> {
        let open = self.checkpoint.state.open.clone();
        let Some(first) = open.first() else {
            return Ok(());
        };
        self.plan.go_to(*first)?;
        let taken = self.checkpoint.state.next - first;
        let rows = self.plan.batch(self.goal.method, taken)?;
        let rows = rows.into_iter().filter(|row| open.contains(&row.at));
        let sent = self.checkpoint.state.sent.clone();
        let (sent, rest): (Vec<Row>, Vec<Row>) = rows.partition(|row| sent.contains(&row.at));
        let again = self.clear_up(sent, None).await?;
        self.send_all(again).await?;
        self.carry(rest).await
    }

    /// Sends rows whose objects are not there yet.
    async fn carry(&mut self, rows: Vec<Row>) -> Result<(), Failure> {
        self.check_stop()?;
        let found = self.goal.existing(&rows).await;
        let found = found.map_err(|error| self.kept(&error))?;
        let (there, new): (Vec<Row>, Vec<Row>) = rows
            .into_iter()
            .partition(|row| found.contains_key(&row.at));
        let there = there.into_iter().map(|row| {
            let reason = there_already(&found[&row.at]);
            (row, Fate::Refused(reason))
        });
        self.decide(there.collect())?;
        self.send_all(new).await
    }

    /// Brings the ends of rows to disk.
    fn decide(&mut self, ends: Vec<(Row, Fate)>) -> Result<(), Failure> {
        if ends.is_empty() {
            return Ok(());
        }
        let mut totals = Totals::default();
        let mut rejects = Vec::new();
        for (row, fate) in &ends {
            let (reason, is_unknown) = match fate {
                Fate::Landed => {
                    totals.landed += 1;
                    continue;
                }
                Fate::Refused(reason) => (self.goal.mask.text(reason), false),
                Fate::Unclear => (ENDED_UNKNOWN.to_owned(), true),
            };
            match is_unknown {
                true => totals.unknown += 1,
                false => totals.refused += 1,
            }
            rejects.push(Reject {
                row,
                reason,
                is_unknown,
            });
        }
        let lines = self.rejects.lines(&rejects);
        let written = self.rejects.with(&lines);
        if !lines.is_empty() {
            self.checkpoint.adding(written.clone())?;
            self.rejects.add(&lines)?;
        }
        let rows: BTreeSet<u64> = ends.iter().map(|(row, _)| row.at).collect();
        self.checkpoint.decided(&rows, totals, written)?;
        let done = self.checkpoint.state.totals.rows();
        let left = self.plan.rows - done;
        self.progress.update(done - self.before, Some(left));
        Ok(())
    }

    /// # Errors
    /// The user wants the import to end.
    fn check_stop(&self) -> Result<(), Failure> {
        match self.stop.is_set() {
            true => Err(self.interrupted()),
            false => Ok(()),
        }
    }

    fn interrupted(&self) -> Failure {
        let done = self.checkpoint.state.totals.rows();
        let done = counted(done, self.kind.name);
        let text = format!("interrupted after {done}; {RESUME}");
        Failure::interrupted(text, INTERRUPTED)
    }

    /// A failure after which the import can go on.
    fn kept(&self, error: &Error) -> Failure {
        let operation = error.operation().and_then(|name| entry(name).ok());
        let scope =
            operation.and_then(|entry| Some((entry.metadata.name, entry.metadata.scope?.name)));
        let failure = self.goal.failure(error);
        match scope.filter(|_| error.is_access_denied()) {
            Some((name, scope)) => failure.and(&format!(
                "{name} needs a key with the scope {scope}; {RESUME}"
            )),
            None => failure.and(RESUME),
        }
    }
}
