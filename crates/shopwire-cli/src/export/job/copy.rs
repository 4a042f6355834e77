//! The rows: read, written, and marked at checkpoints.

use common_transport::{Error, ErrorKind};
use http::StatusCode;

use super::{
    super::{feed::Batch, lists, row, source::Place, target::Stopped, writer::NotWritten},
    End, Job,
};
use crate::{call, failure::Failure};

impl Job<'_> {
    pub(super) async fn copy(&mut self) -> Result<End, Failure> {
        while !self.is_enough() {
            let next = tokio::select! {
                biased;
                // All rows of the list are there.
                () = self.stop.wait(), if self.follows => {
                    self.drop_portion()?;
                    break;
                }
                () = self.stop.wait() => return self.interrupted(),
                next = self.feed.next() => next,
            };
            let stopped = match next {
                Ok(Some(batch)) => self.write(&batch),
                Ok(None) if self.args.follow => match self.wait().await? {
                    true => continue,
                    false => break,
                },
                Ok(None) => break,
                Err(error) => {
                    let failure = call::failure(&error, &self.mask);
                    return Err(match is_refused(&error) {
                        true => self.refused(failure),
                        false => self.kept(failure),
                    });
                }
            };
            match stopped {
                Ok(()) => {}
                Err(Stopped::Closed) => return Ok(End::Closed),
                Err(Stopped::Failed(failure)) => return Err(self.kept(failure)),
            }
        }
        match self.save(self.end_of_lists()) {
            Ok(()) => Ok(End::Done),
            Err(Stopped::Closed) => Ok(End::Closed),
            Err(Stopped::Failed(failure)) => Err(failure),
        }
    }

    fn is_enough(&self) -> bool {
        self.args.limit.is_some_and(|limit| self.rows >= limit)
    }

    /// Writes the rows of a batch, and a checkpoint when it is time.
    fn write(&mut self, batch: &Batch) -> Result<(), Stopped> {
        self.write_items(batch)?;
        for id in &batch.gone {
            let row = format!(r#"{{"id":{id},"deleted":true}}"#);
            let written = self.writer.row(&row, self.target.out());
            written.or_else(|error| stopped(error, None))?;
            self.rows += 1;
        }
        self.target.flush()?;
        if self.target.is_due() && !self.is_in_portion() {
            let place = self.place();
            self.target.checkpoint(self.rows, place, self.since())?;
        }
        self.tell(batch);
        Ok(())
    }

    fn write_items(&mut self, batch: &Batch) -> Result<(), Stopped> {
        let part = lists::part_name(self.plan.parts[batch.part].list);
        let limit = self.args.limit.unwrap_or(u64::MAX);
        for item in &batch.page.items {
            let (writer, out, rows) = (&mut self.writer, self.target.out(), &mut self.rows);
            let mut written = Ok(());
            let read = row::each(item, self.plan.list.shape, part, &mut |row| {
                if *rows < limit && written.is_ok() {
                    written = writer.row(row, out);
                    *rows += 1;
                }
            });
            written.or_else(|error| stopped(error, item.identity()))?;
            read.or_else(|error| stopped(error.into(), item.identity()))?;
            // A history goes on from an id, and a portion of changes is read again as a whole.
            if !self.plan.list.is_history() && !self.is_in_portion() {
                self.target.note(item.identity());
            }
            self.items += 1;
        }
        Ok(())
    }

    /// Shows the progress.
    fn tell(&mut self, batch: &Batch) {
        let total = batch
            .page
            .total_count
            .filter(|_| self.plan.parts.len() == 1);
        // A history counts what is left of it.
        let read = match self.plan.list.is_history() {
            true => batch.page.items.len() as u64,
            false => self.before + self.items,
        };
        let limit = self.args.limit.unwrap_or(u64::MAX);
        let left = total.map(|total| total.saturating_sub(read).min(limit));
        self.progress.update(self.items, left);
    }

    /// Writes all rows so far, and a checkpoint with this place after them.
    pub(super) fn save(&mut self, place: Place) -> Result<(), Stopped> {
        self.target.flush()?;
        self.target.checkpoint(self.rows, place, self.since())
    }

    /// The place after the rows so far.
    pub(super) fn place(&self) -> Place {
        match self.is_in_portion() {
            // All rows of the list are written, and those of whole portions of changes.
            true => self.end_of_lists(),
            false => self.feed.place(),
        }
    }

    fn end_of_lists(&self) -> Place {
        Place {
            part: self.plan.parts.len(),
            position: None,
        }
    }

    /// The change from which an export goes on after the rows so far.
    pub(super) fn since(&self) -> Option<i64> {
        match (self.plan.list.is_history(), self.plan.list.parts.len()) {
            (true, 1) => self.feed.since(),
            _ => self.latest,
        }
    }
}

/// Whether the service would refuse the same request again.
fn is_refused(error: &Error) -> bool {
    let status = error.status();
    status.is_some_and(|status| [StatusCode::BAD_REQUEST, StatusCode::NOT_FOUND].contains(&status))
        || matches!(error.kind(), ErrorKind::Validation | ErrorKind::NotFound)
}

/// The end of the export at a row that is not written.
fn stopped(error: NotWritten, identity: Option<&str>) -> Result<(), Stopped> {
    match error.is_closed() {
        true => Err(Stopped::Closed),
        false => {
            let failure = error.failure();
            Err(Stopped::Failed(match identity {
                Some(identity) => failure.about(identity),
                None => failure,
            }))
        }
    }
}
