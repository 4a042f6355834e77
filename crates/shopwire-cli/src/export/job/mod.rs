//! An export from its first request to the end of its file.

mod begin;
mod copy;
mod end;
mod follow;

use std::sync::Arc;

use common_api::Sender;
use shopwire::Shopwire;

use super::{
    feed::Feed,
    plan::Plan,
    summary::Summary,
    target::{Left, Target},
    writer::Writer,
};
use crate::{
    args::Export,
    call::{self, Mask},
    config::{self, Access},
    failure::Failure,
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
    /// Whether an earlier run left a place to go on from.
    is_resumed: bool,
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
    if let Some(mark) = begin::finished(args, plan, &name)? {
        let summary = Summary {
            rows: mark.rows,
            resumed: mark.rows,
            since: mark.latest,
            ..Summary::of(args, plan, &counts)
        };
        summary.tell(args.json, args.quiet);
        return Ok(());
    }
    let (target, left) = begin::open(args, &name)?;
    let stop = Stop::listen()?;
    let mut job = Job {
        feed: begin::feed(plan, args, &sender),
        writer: Writer::new(
            (plan.format, args.style()),
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
        is_resumed: matches!(left, Left::Begun(_)),
        items: 0,
        latest: None,
        follows: false,
    };
    let ended = job.read(left).await;
    job.progress.clear();
    match ended {
        Ok(End::Closed) => Ok(()),
        Ok(End::Done) => job.finish(&counts),
        Err(failure) => {
            job.clear_if_empty();
            Err(failure)
        }
    }
}

impl Job<'_> {
    /// Reads and writes all rows.
    async fn read(&mut self, left: Left) -> Result<End, Failure> {
        match self.begin(left).await? {
            begin::Begun::Whole => Ok(End::Done),
            begin::Begun::Open => self.copy().await,
        }
    }
}
