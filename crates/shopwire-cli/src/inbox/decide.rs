//! `inbox replay` and `inbox bury`: a person decides about events.

use common_model::{Value as Json, to_json};
use shopwire::durable::{EventId, Inbox};

use super::{Form, object};
use crate::{
    args::{InboxBury, InboxReplay},
    failure::Failure,
    output,
};

/// Number of dead events that are replayed in one commit.
const PORTION: u32 = 100;

pub(super) async fn replay(inbox: &Inbox, args: &InboxReplay, form: Form) -> Result<(), Failure> {
    if let (Some(since), Some(source)) = (args.since, &args.source) {
        return replay_since(inbox, source, since.time(), form).await;
    }
    for event in args.events.iter().copied().map(EventId) {
        let delivered = inbox.replay(event).await;
        let delivered = delivered.map_err(|error| Failure::of_store(&error))?;
        let text = match delivered == event {
            true => format!("{event} is delivered again in its place"),
            false => format!("{event} is delivered again as {delivered}"),
        };
        print(form, [("event", event), ("delivered", delivered)], &text)?;
    }
    Ok(())
}

async fn replay_since(
    inbox: &Inbox,
    source: &str,
    since: shopwire::durable::Timestamp,
    form: Form,
) -> Result<(), Failure> {
    let mut count = 0;
    // A worker may fail at these events as fast as they are replayed. Those that die meanwhile are left.
    let mut left = dead(inbox, source).await?;
    while left > 0 {
        let portion = u32::try_from(left).map_or(PORTION, |left| left.min(PORTION));
        let replayed = inbox.replay_since(source, since, portion).await;
        let replayed = replayed.map_err(|error| Failure::of_store(&error))?;
        for event in &replayed {
            print(
                form,
                [("delivered", *event)],
                &format!("{event} will be delivered"),
            )?;
        }
        count += replayed.len();
        if replayed.len() < portion as usize {
            break;
        }
        left -= u64::from(portion);
    }
    if count == 0 {
        output::hint("no dead event of this source was received since then");
    }
    Ok(())
}

/// Number of dead events of a source.
async fn dead(inbox: &Inbox, source: &str) -> Result<u64, Failure> {
    let totals = inbox.totals().await;
    let totals = totals.map_err(|error| Failure::of_store(&error))?;
    let mut sources = totals.sources.iter();
    let found = sources.find(|totals| totals.source == source);
    Ok(found.map_or(0, |totals| totals.dead))
}

pub(super) async fn bury(inbox: &Inbox, args: &InboxBury, form: Form) -> Result<(), Failure> {
    for event in args.events.iter().copied().map(EventId) {
        let buried = inbox.bury(event, args.reason.as_str()).await;
        buried.map_err(|error| Failure::of_store(&error))?;
        print(form, [("buried", event)], &format!("{event} is buried"))?;
    }
    Ok(())
}

fn print<const N: usize>(
    form: Form,
    members: [(&str, EventId); N],
    text: &str,
) -> Result<(), Failure> {
    let members = members.map(|(name, event)| (name, Json::from(event.0)));
    match form.is_json {
        true => output::json_line(&to_json(&object(members))),
        false => output::line(text),
    }
}
