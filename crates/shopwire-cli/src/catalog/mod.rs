//! `shopwire catalog`: price lists for the services, written, checked and converted.

mod check;
mod convert;
pub(crate) mod feed;
mod input;
mod prelude;
mod progress;
mod report;
mod rules;
pub(crate) mod source;
mod stop;
mod target;
mod transfer;
mod write;

use std::time::Duration;

use crate::{
    args::{Catalog, CatalogCommand},
    failure::{Failure, INTERRUPTED},
    signals,
};
pub(crate) use source::Mapping;
use stop::Stop;

/// The time in which the work ends after a signal, if it is not waiting for its input.
const PATIENCE: Duration = Duration::from_secs(1);

/// Runs the command. On SIGINT or SIGTERM it ends at a safe point; a second signal ends it at once.
pub(crate) async fn run(args: &Catalog) -> Result<(), Failure> {
    let mut interrupts = signals::listen()?;
    let stop = Stop::default();
    let work = {
        let (command, stop) = (args.command.clone(), stop.clone());
        tokio::task::spawn_blocking(move || match &command {
            CatalogCommand::Check(args) => check::run(args, &stop),
            CatalogCommand::Convert(args) => convert::run(args, &stop),
            CatalogCommand::Write(args) => write::run(args, &stop),
            CatalogCommand::Rules(args) => rules::run(args),
        })
    };
    tokio::pin!(work);
    let first = tokio::select! {
        done = &mut work => return finished(done),
        () = interrupts.next() => tokio::time::Instant::now(),
    };
    stop.set();
    let why = tokio::select! {
        done = &mut work => return finished(done),
        () = interrupts.next_after(first) => "ended by a second signal; run the command again",
        // The work looks for the signal at each offer: it waits for its input.
        () = tokio::time::sleep(PATIENCE) => "interrupted; run the command again",
    };
    stop.clean();
    // No destructor waits for the thread that waits for its input.
    let failure = Failure::interrupted(why, INTERRUPTED);
    failure.report(args.form());
    std::process::exit(i32::from(INTERRUPTED))
}

fn finished(done: Result<Result<(), Failure>, tokio::task::JoinError>) -> Result<(), Failure> {
    done.unwrap_or_else(|error| Err(Failure::new(format_args!("the work ended early: {error}"))))
}
