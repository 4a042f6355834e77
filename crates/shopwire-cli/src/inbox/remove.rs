//! `inbox purge` and `inbox erase`: content leaves the store.

use std::time::Duration;

use common_model::{Value as Json, to_json};
use shopwire::{
    durable::{Inbox, Key, Purged, Timestamp},
    inbox::erasure_key,
};
use tokio::time::{Instant, sleep};

use super::{Form, object};
use crate::{
    args::{InboxErase, InboxPurge},
    failure::Failure,
    output,
    store::Opened,
    time,
};

/// Number of events in one commit.
const PORTION: u32 = 20;
/// The least pause between two commits.
const PAUSE: Duration = Duration::from_millis(10);
/// The pause is so many times as long as the commit before it. So receivers keep three quarters of a slow disk.
const PAUSE_TO_COMMIT: u32 = 3;

/// Ids are remembered so many times longer than bodies.
const IDS_LONGER: u32 = 3;

/// The times before which events have ended that are removed.
pub(super) struct Ages {
    bodies_before: Timestamp,
    ids_before: Timestamp,
}

impl Ages {
    pub(super) fn of(args: &InboxPurge) -> Result<Self, Failure> {
        let now = time::now();
        let ids = args
            .ids_older_than
            .unwrap_or(args.older_than.times(IDS_LONGER));
        let ages = Self {
            bodies_before: args.older_than.before(now),
            ids_before: ids.before(now),
        };
        match ages.ids_before > ages.bodies_before {
            true => Err(Failure::usage(
                "--ids-older-than is shorter than --older-than: an id removes repeats, so it is remembered longer",
            )),
            false => Ok(ages),
        }
    }
}

pub(super) async fn purge(inbox: &Inbox, ages: Ages, form: Form) -> Result<(), Failure> {
    let mut all = Purged::default();
    loop {
        let start = Instant::now();
        let purged = inbox
            .purge(ages.bodies_before, ages.ids_before, PORTION)
            .await;
        let purged = purged.map_err(|error| Failure::of_store(&error))?;
        all.bodies += purged.bodies;
        all.ids += purged.ids;
        if !purged.has_more {
            break;
        }
        sleep(PAUSE.max(start.elapsed() * PAUSE_TO_COMMIT)).await;
    }
    match form.is_json {
        true => output::json_line(&to_json(&object([
            ("bodies", Json::from(i64::from(all.bodies))),
            ("ids", Json::from(i64::from(all.ids))),
        ]))),
        false => output::line(&format!(
            "removed the content of {} events, forgot the ids of {}",
            all.bodies, all.ids
        )),
    }
}

/// A key with the number of its line.
pub(super) struct Line {
    number: usize,
    key: Key,
}

/// Reads the keys, one on each line. They are personal data and are not shown again.
pub(super) fn keys(args: &InboxErase) -> Result<Vec<Line>, Failure> {
    let text = args.of.read_text()?;
    let lines = text.lines().zip(1..);
    let keys: Vec<Line> = lines
        .filter(|(line, _)| !line.trim().is_empty())
        .map(|(line, number)| Line {
            number,
            key: erasure_key(line),
        })
        .collect();
    match keys.is_empty() {
        true => Err(Failure::usage(format_args!(
            "{}: it holds no e-mail address, phone or subject",
            args.of
        ))),
        false => Ok(keys),
    }
}

pub(super) async fn erase(inbox: &Inbox, keys: Vec<Line>, form: Form) -> Result<(), Failure> {
    for Line { number, key } in keys {
        let erased = inbox.erase(key).await;
        let erased = erased.map_err(|error| Failure::of_store(&error))?;
        match form.is_json {
            true => output::json_line(&to_json(&object([
                ("line", count(number)),
                ("events", count(erased.events)),
                ("effects", count(erased.effects)),
            ])))?,
            false => output::line(&format!(
                "line {number}: erased {} events and {} effects",
                erased.events, erased.effects
            ))?,
        }
    }
    Ok(())
}

/// Removes what the store keeps beside its tables.
pub(super) async fn forget_copies(opened: &Opened) -> Result<(), Failure> {
    let forgotten = opened.forget_copies().await;
    if !forgotten.map_err(|error| Failure::of_store(&error))? {
        output::warning(
            "it is erased, but a reader with an open snapshot keeps copies in the store's log: end the reader, and run \
             this command once more",
        );
    }
    if opened.is_postgres() {
        output::hint(
            "the server's files hold copies of what was erased until the tables are written anew: vacuum full durable_body, \
             durable_failure, durable_params, durable_effect",
        );
    }
    Ok(())
}

fn count(number: impl TryInto<i64>) -> Json {
    Json::from(number.try_into().unwrap_or(i64::MAX))
}
