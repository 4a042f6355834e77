//! `shopwire catalog`: price lists for the services, written, checked and converted.

mod check;
mod convert;
pub(crate) mod feed;
mod input;
mod prelude;
mod progress;
mod report;
mod rules;
mod source;
mod stop;
mod target;
mod transfer;
mod write;

use crate::{
    args::{Catalog, CatalogCommand},
    failure::Failure,
    signals,
};
pub(crate) use source::Mapping;
use stop::Stop;

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
    tokio::select! {
        done = &mut work => finished(done),
        () = interrupts.next_after(first) => {
            // The work may be waiting for its input, and no destructor waits for it here.
            Failure::new("ended by a second signal").report(crate::failure::Form::Text);
            std::process::exit(1)
        }
    }
}

fn finished(done: Result<Result<(), Failure>, tokio::task::JoinError>) -> Result<(), Failure> {
    done.unwrap_or_else(|error| Err(Failure::new(format_args!("the work ended early: {error}"))))
}
