//! Rows sent until the end of each is known.

use common_transport::Error;

use super::{
    super::{answer::Fate, kind::Unclear, request::Row, send::Sent},
    Job, RESUME,
};
use crate::failure::Failure;

/// Number of times that rows are sent, one after the other, without an answer.
const TRIES: u32 = 3;

/// Number of rows that may be refused alone, one after the other and for one reason. More of them are hardly about the
/// rows.
const ALIKE: u32 = 50;

/// A row that the service took, without a word about it.
const SWALLOWED: &str = "the service took the request, and has no such object afterwards";

impl Job<'_> {
    /// Sends rows until the end of each is known. Rows that are refused together are sent in halves, so that those that
    /// are wrong are found.
    pub(super) async fn send_all(&mut self, rows: Vec<Row>) -> Result<(), Failure> {
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
    pub(super) async fn clear_up(
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
            "the last {} rows were all refused for one reason: {}; {} has them: mend a copy of that file and import it; \
             {RESUME} with the rows that are left",
            self.alike.1,
            self.alike.0,
            self.path.display()
        )))
    }
}
