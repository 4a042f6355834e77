//! `shopwire inbox`: looks into the store of the receivers, and decides about events.

mod decide;
mod list;
mod remove;
mod show;
mod status;

use common_model::{Map, Value as Json};
use shopwire::durable::{Inbox, Timestamp};

use crate::{
    args::{self, InboxCommand},
    failure::Failure,
    store::{self, Missing},
    terminal::{line, plain},
    time,
};

/// Runs one subcommand on the store.
pub(crate) async fn run(args: &args::Inbox) -> Result<(), Failure> {
    // Input is checked before the store is opened.
    let work = match &args.command {
        InboxCommand::Purge(purge) => Work::Purge(remove::Ages::of(purge)?),
        InboxCommand::Erase(erase) => Work::Erase(remove::keys(erase)?),
        other => Work::Other(other),
    };
    let opened = store::open(&args.store, Missing::Refuse).await?;
    let form = Form { is_json: args.json };
    let is_erasure = matches!(work, Work::Erase(_));
    let mut done = perform(&opened.inbox, work, form).await;
    if is_erasure && done.is_ok() {
        done = remove::forget_copies(&opened).await;
    }
    opened.close().await;
    done
}

enum Work<'a> {
    Purge(remove::Ages),
    Erase(Vec<remove::Line>),
    Other(&'a InboxCommand),
}

async fn perform(inbox: &Inbox, work: Work<'_>, form: Form) -> Result<(), Failure> {
    match work {
        Work::Purge(ages) => remove::purge(inbox, ages, form).await,
        Work::Erase(keys) => remove::erase(inbox, keys, form).await,
        Work::Other(command) => match command {
            InboxCommand::List(args) => list::run(inbox, args, form).await,
            InboxCommand::Show(args) => show::run(inbox, args, form).await,
            InboxCommand::Replay(args) => decide::replay(inbox, args, form).await,
            InboxCommand::Bury(args) => decide::bury(inbox, args, form).await,
            InboxCommand::Status => status::run(inbox, form).await,
            InboxCommand::Purge(_) | InboxCommand::Erase(_) => Ok(()),
        },
    }
}

/// How results are printed.
#[derive(Debug, Clone, Copy)]
struct Form {
    is_json: bool,
}

/// A JSON object of members.
fn object<const N: usize>(members: [(&str, Json); N]) -> Map<Json> {
    members
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn at(time: Timestamp) -> Json {
    Json::from(time::Shown(time).to_string())
}

fn or_null<T>(value: Option<T>, json: impl FnOnce(T) -> Json) -> Json {
    value.map_or(Json::Null, json)
}
