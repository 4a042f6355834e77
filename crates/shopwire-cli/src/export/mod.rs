//! `shopwire export`: whole lists, or what changed in them, to JSON Lines, CSV and Parquet.

mod changed;
mod checkpoint;
mod feed;
mod job;
mod lists;
mod plan;
mod row;
mod source;
mod summary;
#[cfg(feature = "parquet")]
mod table;
mod target;
mod writer;

pub(crate) use changed::Since;
use plan::Plan;

use crate::{args::Export, config, failure::Failure, output};

/// Shows the lists of a service or the columns and filters of a list, or exports it.
pub(crate) async fn run(args: &Export) -> Result<(), Failure> {
    let Some(name) = &args.list else {
        return output::write(lists::table(args.service).as_bytes());
    };
    let plan = Plan::of(args, lists::find(args.service, name)?)?;
    if args.describe {
        return output::write(plan.description(args.service).as_bytes());
    }
    config::check_flags(&args.settings, args.service)?;
    let done = job::run(args, &plan).await;
    if done.is_err() {
        config::hint_at_unread_file(&args.settings);
    }
    done
}
