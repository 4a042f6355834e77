//! An export from its first request to the end of its file.

use std::{sync::Arc, time::Duration};

use common_api::Sender;
use shopwire::Shopwire;

use super::{
    changed::{Changed, Since},
    checkpoint::Mark,
    feed::{Batch, Feed},
    plan::Plan,
    row,
    source::{self, Place, Source},
    summary::Summary,
    target::{self, Left, Stopped, Target},
    writer::{NotWritten, Writer},
};
use crate::{
    args::Export,
    call::{self, Mask},
    config::{self, Access},
    failure::{Failure, INTERRUPTED},
    job::{Counts, Progress, Stop},
};

struct Job<'j> {
    args: &'j Export,
    plan: &'j Plan,
    sender: Arc<dyn Sender>,
    mask: Mask,
    feed: Feed,
    writer: Writer,
    target: Target,
    progress: Progress,
    stop: Stop,
    /// Rows in the file.
    rows: u64,
    /// Rows that an earlier run wrote.
    before: u64,
    /// Items that were read in this run.
    items: u64,
    /// The change from which the next export goes on.
    latest: Option<i64>,
    /// Whether the rows that change now are read.
    follows: bool,
}

/// How the reading of rows ended.
enum End {
    Done,
    /// The reader of standard output has gone, and wants no more.
    Closed,
}

/// Exports a list.
pub(super) async fn run(args: &Export, plan: &Plan) -> Result<(), Failure> {
    let counts = Counts::default();
    let config = config::load(&args.settings, args.service, Access::Identified)?;
    let mut mask = Mask::default();
    mask.add(&config);
    let name = plan.name(args, &config);
    let config = config.client(|client| client.observer(counts.clone()));
    let shopwire = Shopwire::new(&config)?;
    let sender = call::sender(args.service, &shopwire)?;
    if let Some(mark) = finished(args, plan, &name)? {
        let summary = Summary {
            rows: mark.rows,
            resumed: mark.rows,
            since: mark.latest,
            ..Summary::of(args, plan, &counts)
        };
        summary.tell(args.json, args.quiet);
        return Ok(());
    }
    let (target, left) = open(args, &name)?;
    let stop = Stop::listen()?;
    let mut job = Job {
        feed: feed(plan, args, &sender),
        writer: Writer::new(
            plan.format,
            &plan.columns,
            plan.flatten.as_deref(),
            args.file().is_some(),
        )?,
        progress: Progress::new(&plan.list.name, args.quiet, counts.clone()),
        sender,
        mask,
        target,
        stop,
        args,
        plan,
        rows: 0,
        before: 0,
        items: 0,
        latest: None,
        follows: false,
    };
    let ended = job.read(left).await;
    job.progress.clear();
    match ended? {
        (End::Closed, _) => Ok(()),
        (End::Done, resumed) => job.finish(&counts, resumed),
    }
}

/// The last mark of an earlier run that was killed when its file had its name already.
fn finished(args: &Export, plan: &Plan, name: &str) -> Result<Option<Mark>, Failure> {
    match args.file().filter(|_| args.resume && !args.follow) {
        Some(file) => target::clear_finished(file, name, plan.parts.len()),
        None => Ok(None),
    }
}

/// The place of the rows. The files of an earlier run are dropped only on demand.
fn open(args: &Export, name: &str) -> Result<(Target, Left), Failure> {
    let Some(file) = args.file() else {
        return match args.resume {
            true => Err(Failure::usage(
                "--resume goes on with a file: name it with --output",
            )),
            false => Ok((Target::stdout(), Left::Nothing)),
        };
    };
    match (args.resume, args.restart, target::is_begun(file)) {
        (true, ..) => Target::resume(file, name),
        (false, false, true) => Err(Failure::usage(format_args!(
            "{} is there: an export of this file was interrupted; --resume goes on with it, --restart drops it",
            target::journal_of(file).display()
        ))),
        _ => Ok((Target::create(file, name)?, Left::Nothing)),
    }
}

fn feed(plan: &Plan, args: &Export, sender: &Arc<dyn Sender>) -> Feed {
    match plan.since {
        Some(since) => changed(plan, sender, since),
        None => Feed::Lists(Source::new(
            args.service,
            Arc::clone(sender),
            plan.parts.clone(),
        )),
    }
}

/// The rows of the plan's list that changed.
fn changed(plan: &Plan, sender: &Arc<dyn Sender>, since: Since) -> Feed {
    let (part, history) = (&plan.parts[0], plan.list.history);
    let history = history.expect("the plan has checked it");
    let list = (part.list, part.params.clone());
    Feed::Changed(Box::new(Changed::new(
        Arc::clone(sender),
        list,
        history,
        since,
    )))
}

impl Job<'_> {
    /// Reads and writes all rows. Returns how many of them were there before.
    async fn read(&mut self, left: Left) -> Result<(End, u64), Failure> {
        match self.begin(left).await? {
            (true, resumed) => Ok((End::Done, resumed)),
            (false, resumed) => self.copy().await.map(|end| (end, resumed)),
        }
    }

    /// Goes to where an earlier run stood. Returns whether it had all rows, and how many.
    async fn begin(&mut self, left: Left) -> Result<(bool, u64), Failure> {
        let Left::Begun(mark) = left else {
            self.latest = self.newest_change().await?;
            self.writer.begin(self.target.out());
            return Ok((false, 0));
        };
        (self.rows, self.before, self.latest) = (mark.rows, mark.rows, mark.latest);
        let is_whole = mark.place.part >= self.plan.parts.len();
        let known = self.target.identities(mark.place.part)?;
        if is_whole && self.args.follow {
            self.follow();
        } else if !is_whole {
            let gone = self.feed.go_to(mark.place, known.into_iter().flatten());
            gone.map_err(|error| call::failure(&error, &self.mask))?;
        }
        Ok((is_whole && !self.args.follow, mark.rows))
    }

    /// The newest change before the rows are read, so that an export from there on misses nothing. `None` where the
    /// list has no history, or the key has no right to it.
    async fn newest_change(&self) -> Result<Option<i64>, Failure> {
        let history = match self.plan.list.history {
            Some((history, _)) => history,
            None => return Ok(None),
        };
        match source::latest(Arc::clone(&self.sender), history).await {
            Ok(latest) => Ok(latest),
            Err(error)
                if error.status() == Some(http::StatusCode::FORBIDDEN) && !self.args.follow =>
            {
                Ok(None)
            }
            Err(error) => Err(call::failure(&error, &self.mask)),
        }
    }

    async fn copy(&mut self) -> Result<End, Failure> {
        while !self.is_enough() {
            let next = tokio::select! {
                biased;
                // All rows of the list are there. A portion of changes that was begun is read again the next time.
                () = self.stop.wait(), if self.follows => break,
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
                    return Err(self.kept(failure));
                }
            };
            match stopped {
                Ok(()) => {}
                Err(Stopped::Closed) => return Ok(End::Closed),
                Err(Stopped::Failed(failure)) => return Err(self.kept(failure)),
            }
        }
        let end = Place {
            part: self.plan.parts.len(),
            position: None,
        };
        match self
            .target
            .flush()
            .and_then(|()| self.target.checkpoint(self.rows, end, self.since()))
        {
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
        let part = super::lists::part_name(self.plan.parts[batch.part].list);
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
            // A history goes on from an id, so its rows need not be known.
            if !self.plan.list.is_history() {
                self.target.note(item.identity());
            }
            self.items += 1;
        }
        for id in &batch.gone {
            let row = format!(r#"{{"id":{id},"deleted":true}}"#);
            let written = self.writer.row(&row, self.target.out());
            written.or_else(|error| stopped(error, None))?;
            self.rows += 1;
        }
        self.target.flush()?;
        if self.target.is_due() {
            let place = self.place();
            self.target.checkpoint(self.rows, place, self.since())?;
        }
        let total = batch
            .page
            .total_count
            .filter(|_| self.plan.parts.len() == 1);
        // A history counts what is left of it.
        let read = match self.plan.list.is_history() {
            true => batch.page.items.len() as u64,
            false => self.before + self.items,
        };
        let left = total.map(|total| total.saturating_sub(read));
        self.progress
            .update(self.items, left.map(|left| left.min(limit)));
        Ok(())
    }

    fn place(&self) -> Place {
        match self.follows {
            // All rows of the lists are written, and those of whole portions of changes.
            true => Place {
                part: self.plan.parts.len(),
                position: None,
            },
            false => self.feed.place(),
        }
    }

    /// The change from which an export goes on after the rows so far.
    fn since(&self) -> Option<i64> {
        match (self.plan.list.is_history(), self.plan.list.parts.len()) {
            (true, 1) => self.feed.since(),
            _ => self.latest,
        }
    }

    /// Turns to the rows that change after what was read.
    fn follow(&mut self) {
        if self.plan.list.history.is_some() {
            let since = self.latest.map_or(Since::Start, Since::Id);
            self.feed = changed(self.plan, &self.sender, since);
        }
        self.follows = true;
    }

    /// Waits until the history is to be asked again. Returns whether to go on: an interrupt ends the export.
    async fn wait(&mut self) -> Result<bool, Failure> {
        if self.follows {
            self.latest = self.feed.since().or(self.latest);
            self.feed.again();
        } else {
            self.follow();
        }
        let place = self.place();
        let written = self
            .target
            .flush()
            .and_then(|()| self.target.checkpoint(self.rows, place, self.since()));
        if let Err(Stopped::Failed(failure)) = written {
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

    /// Ends at a safe point.
    fn interrupted(&mut self) -> Result<End, Failure> {
        let place = self.place();
        match self
            .target
            .flush()
            .and_then(|()| self.target.checkpoint(self.rows, place, self.since()))
        {
            Ok(()) => {}
            Err(Stopped::Closed) => return Ok(End::Closed),
            Err(Stopped::Failed(failure)) => return Err(failure),
        }
        let text = format!("interrupted after {} rows", self.rows);
        Err(self.going_on(Failure::interrupted(text, INTERRUPTED)))
    }

    /// A failure after which the rows so far are kept.
    fn kept(&mut self, failure: Failure) -> Failure {
        let place = self.place();
        let kept = self
            .target
            .flush()
            .and_then(|()| self.target.checkpoint(self.rows, place, self.since()));
        match kept {
            Ok(()) => self.going_on(failure),
            Err(_) => failure,
        }
    }

    fn going_on(&self, failure: Failure) -> Failure {
        match self.args.file() {
            Some(_) => failure.and("the same command with --resume goes on"),
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
    fn finish(self, counts: &Counts, resumed: u64) -> Result<(), Failure> {
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
        if self.plan.format == crate::args::Format::Parquet {
            self.progress.say("writing the Parquet file");
            // The walk and its memory are not needed any more.
            drop((self.feed, self.sender));
            let (columns, flatten) = (&self.plan.columns, self.plan.flatten.as_deref());
            self.target.finish(Some(&mut |rows, made| {
                lost = super::table::convert(columns, flatten, rows, made)?;
                Ok(())
            }))?;
        } else {
            self.target.finish(None)?;
        }
        #[cfg(not(feature = "parquet"))]
        self.target.finish(None)?;
        self.progress.clear();
        let summary = Summary {
            rows: self.rows,
            resumed,
            lost,
            since,
            took,
            ..Summary::of(self.args, self.plan, counts)
        };
        summary.tell(self.args.json, self.args.quiet);
        Ok(())
    }
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
