//! An import from its first request to its last.

use std::{collections::BTreeSet, path::Path};

use common_transport::Error;

use super::{
    answer::Fate,
    begin,
    checkpoint::{Checkpoint, Totals},
    kind::{Kind, Unclear, entry},
    plan::Plan,
    rejects::{Reject, Rejects},
    request::Row,
    send::{Goal, Sent},
    summary::{self, Summary},
};
use crate::{
    args::{Import, ImportMode},
    failure::{Failure, INTERRUPTED},
    job::{Counts, Progress, Stop},
};

/// Number of times that rows are sent, one after the other, without an answer.
const TRIES: u32 = 3;

/// Number of rows that may be refused alone, one after the other and for one reason. More of them are hardly about the
/// rows.
const ALIKE: u32 = 50;

const RESUME: &str = "the same command with --resume goes on";

/// A row that did not land, and whose reason is not the service's.
const ENDED_UNKNOWN: &str =
    "the request was cut off, and this kind of row cannot be looked for: it may have landed";

/// A row that the service took, without a word about it.
const SWALLOWED: &str = "the service took the request, and has no such object afterwards";

struct Job<'j> {
    args: &'j Import,
    kind: &'static Kind,
    goal: Goal,
    plan: Plan,
    checkpoint: Checkpoint,
    rejects: Rejects,
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
        stop,
        alike: Default::default(),
    };
    let ended = job.all().await;
    job.progress.clear();
    let totals = job.checkpoint.state.totals;
    let summary = Summary {
        kind: kind.name,
        mode,
        rows: job.plan.rows,
        totals,
        before: job.before,
        planned: None,
        rejects: path,
        left_out: &job.plan.left_out,
        took: job.plan.took(),
        counts: &counts,
    };
    let ended = match ended {
        Ok(()) => job
            .rejects
            .finish()
            .and_then(|()| summary::verdict(totals, path)),
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
            let id = &found[&row.at];
            let reason = format!("the service has an object with this externalId already, id {id}");
            (row, Fate::Refused(reason))
        });
        self.decide(there.collect())?;
        self.send_all(new).await
    }

    /// Sends rows until the end of each is known. Rows that are refused together are sent in halves, so that those that
    /// are wrong are found.
    async fn send_all(&mut self, rows: Vec<Row>) -> Result<(), Failure> {
        let mut groups = vec![rows];
        let mut tries = 0;
        while let Some(mut group) = groups.pop() {
            if group.is_empty() {
                continue;
            }
            self.check_stop()?;
            self.checkpoint.sending(group.iter().map(|row| row.at))?;
            match self.goal.send(&group).await {
                Sent::Answered(fates) => {
                    let is_told = fates.iter().any(|fate| *fate != Fate::Unclear);
                    tries = if is_told { 0 } else { tries + 1 };
                    if fates.contains(&Fate::Landed) {
                        self.alike.1 = 0;
                    }
                    let again = self.answered(group, fates).await?;
                    match tries < TRIES {
                        true => groups.push(again),
                        false => self.give_up(again)?,
                    }
                }
                Sent::Refused(reason) if group.len() == 1 => {
                    let row = group.remove(0);
                    self.decide(vec![(row, Fate::Refused(reason.clone()))])?;
                    self.check_alike(reason, 1)?;
                }
                Sent::Refused(_) => {
                    self.checkpoint.unsent()?;
                    let second = group.split_off(group.len() / 2);
                    groups.extend([second, group]);
                }
                Sent::Unclear(error) => {
                    tries += 1;
                    let last = (tries >= TRIES).then_some(&error);
                    let again = self.clear_up(group, last).await?;
                    groups.push(again);
                }
                Sent::Failed(error) => {
                    self.checkpoint.unsent()?;
                    return Err(self.kept(&error));
                }
            }
        }
        Ok(())
    }

    /// Notes the ends of the rows of a request that was answered. Returns the rows that are to be sent again.
    async fn answered(&mut self, rows: Vec<Row>, fates: Vec<Fate>) -> Result<Vec<Row>, Failure> {
        let ends = rows.into_iter().zip(fates);
        let (unclear, clear): (Vec<_>, Vec<_>) = ends.partition(|(_, fate)| *fate == Fate::Unclear);
        self.decide(clear)?;
        let unclear = unclear.into_iter().map(|(row, _)| row).collect();
        self.clear_up(unclear, None).await
    }

    /// Ends with rows that the service takes each time, without a word about them.
    fn give_up(&mut self, rows: Vec<Row>) -> Result<(), Failure> {
        match (rows.first(), self.goal.method.unclear) {
            (None, _) => Ok(()),
            (_, Unclear::Look(_)) => {
                let count = u32::try_from(rows.len()).unwrap_or(ALIKE);
                let ends = rows.into_iter();
                let ends = ends.map(|row| (row, Fate::Refused(SWALLOWED.to_owned())));
                self.decide(ends.collect())?;
                self.check_alike(SWALLOWED.to_owned(), count)
            }
            _ => Err(Failure::new(format_args!(
                "the service answered {TRIES} times without a word about what became of the {}",
                self.kind.name
            ))),
        }
    }

    /// Finds out what became of rows that were sent. Returns those that are to be sent again.
    ///
    /// # Errors
    /// `last` is the error after which they are not sent again.
    async fn clear_up(
        &mut self,
        rows: Vec<Row>,
        last: Option<&Error>,
    ) -> Result<Vec<Row>, Failure> {
        if rows.is_empty() {
            return Ok(rows);
        }
        let again = match self.goal.method.unclear {
            Unclear::Repeat => rows,
            Unclear::Ask => {
                let unknown = rows.into_iter().map(|row| (row, Fate::Unclear));
                self.decide(unknown.collect())?;
                Vec::new()
            }
            Unclear::Look(look) => {
                self.progress
                    .say("looking for rows whose request was cut off");
                let looked = tokio::select! {
                    biased;
                    () = self.stop.wait() => return Err(self.interrupted()),
                    looked = self.goal.look(look, &rows, self.args.wait) => looked,
                };
                let found = looked.map_err(|error| self.kept(&error))?;
                let (landed, again): (Vec<Row>, Vec<Row>) = rows
                    .into_iter()
                    .partition(|row| found.contains_key(&row.at));
                self.decide(landed.into_iter().map(|row| (row, Fate::Landed)).collect())?;
                again
            }
        };
        if !again.is_empty() {
            self.checkpoint.unsent()?;
        }
        match last.filter(|_| !again.is_empty()) {
            Some(error) => Err(self.kept(error)),
            None => Ok(again),
        }
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
        self.rejects.add(&rejects)?;
        let rows: BTreeSet<u64> = ends.iter().map(|(row, _)| row.at).collect();
        self.checkpoint.decided(&rows, totals, self.rejects.bytes)?;
        let done = self.checkpoint.state.totals.rows();
        let left = self.plan.rows - done;
        self.progress.update(done - self.before, Some(left));
        Ok(())
    }

    /// # Errors
    /// So many rows were refused for this reason that it is probably about something else.
    fn check_alike(&mut self, reason: String, rows: u32) -> Result<(), Failure> {
        if self.alike.0 != reason {
            self.alike = (reason, 0);
        }
        self.alike.1 += rows;
        if self.alike.1 < ALIKE {
            return Ok(());
        }
        Err(Failure::new(format_args!(
            "the last {} rows were all refused for one reason: {}; if it is about each of them, {RESUME}",
            self.alike.1, self.alike.0
        )))
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
        let text = format!("interrupted after {done} {}; {RESUME}", self.kind.name);
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
