//! The beginning: a new file, or the place where an earlier run stood.

use std::sync::Arc;

use common_api::Sender;

use super::{
    super::{
        changed::{Changed, Since},
        checkpoint::Mark,
        feed::Feed,
        plan::Plan,
        source::{self, Source},
        target::{self, Left, Target},
    },
    Job,
};
use crate::{args::Export, call, failure::Failure};

/// Whether rows are left to read.
pub(super) enum Begun {
    Open,
    /// An earlier run wrote all rows.
    Whole,
}

/// The last mark of an earlier run that was killed when its file had its name already.
pub(super) fn finished(args: &Export, plan: &Plan, name: &str) -> Result<Option<Mark>, Failure> {
    match args.file().filter(|_| args.resume && !args.follow) {
        Some(file) => target::clear_finished(file, name, plan.parts.len()),
        None => Ok(None),
    }
}

/// The place of the rows. The files of an earlier run are dropped only on demand.
pub(super) fn open(args: &Export, name: &str) -> Result<(Target, Left), Failure> {
    let Some(file) = args.file() else {
        return match args.resume {
            true => Err(Failure::usage(
                "--resume goes on with a file: name it with --output",
            )),
            false => Ok((Target::stdout(), Left::Nothing)),
        };
    };
    target::check(file)?;
    match (args.resume, args.restart, target::is_begun(file)) {
        (true, ..) => Target::resume(file, name),
        (false, false, true) => Err(Failure::usage(format_args!(
            "{} is there: an export of this file was interrupted; --resume goes on with it, --restart drops it",
            target::journal_of(file).display()
        ))),
        _ => Ok((Target::create(file, name)?, Left::Nothing)),
    }
}

pub(super) fn feed(plan: &Plan, args: &Export, sender: &Arc<dyn Sender>) -> Feed {
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
pub(super) fn changed(plan: &Plan, sender: &Arc<dyn Sender>, since: Since) -> Feed {
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
    /// Goes to where an earlier run stood.
    pub(super) async fn begin(&mut self, left: Left) -> Result<Begun, Failure> {
        let Left::Begun(mark) = left else {
            self.latest = self.newest_change().await?;
            self.writer.begin(self.target.out());
            return Ok(Begun::Open);
        };
        (self.rows, self.before, self.latest) = (mark.rows, mark.rows, mark.latest);
        let is_whole = mark.place.part >= self.plan.parts.len();
        if is_whole && self.args.follow {
            self.follow();
        } else if !is_whole {
            let known = self.target.identities(mark.place.part)?;
            let gone = self.feed.go_to(mark.place, known.into_iter().flatten());
            gone.map_err(|error| call::failure(&error, &self.mask))?;
        }
        Ok(match is_whole && !self.args.follow {
            true => Begun::Whole,
            false => Begun::Open,
        })
    }

    /// The newest change before the rows are read, so that an export from there on misses nothing. `None` where the
    /// list has no history, or the key has no right to it.
    async fn newest_change(&mut self) -> Result<Option<i64>, Failure> {
        let history = match self.plan.list.history {
            Some((history, _)) => history,
            None => return Ok(None),
        };
        let latest = tokio::select! {
            biased;
            () = self.stop.wait() => return Err(self.interruption()),
            latest = source::latest(Arc::clone(&self.sender), history) => latest,
        };
        match latest {
            Ok(latest) => Ok(latest),
            Err(error)
                if error.status() == Some(http::StatusCode::FORBIDDEN) && !self.args.follow =>
            {
                Ok(None)
            }
            Err(error) => Err(call::failure(&error, &self.mask)),
        }
    }
}
