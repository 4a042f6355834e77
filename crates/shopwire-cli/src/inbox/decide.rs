//! `inbox replay` and `inbox bury`: a person decides about events.

use common_model::{Value as Json, to_json};
use shopwire::durable::{EventId, Inbox, Timestamp};

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
        let mut tell = |event| {
            let text = format!("{event} will be delivered");
            print(form, [("delivered", event)], &text)
        };
        if replay_since(inbox, source, since.time(), &mut tell).await? == 0 {
            output::hint("no dead event of this source was received since then");
        }
        return Ok(());
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

/// Replays the dead events of a source, and returns their number. Each is told.
async fn replay_since(
    inbox: &Inbox,
    source: &str,
    since: Timestamp,
    tell: &mut dyn FnMut(EventId) -> Result<(), Failure>,
) -> Result<usize, Failure> {
    let mut count = 0;
    // A worker may fail at these events as fast as they are replayed. Those that die meanwhile are left.
    let mut left = dead(inbox, source).await?;
    while left > 0 {
        let portion = u32::try_from(left).map_or(PORTION, |left| left.min(PORTION));
        let replayed = inbox.replay_since(source, since, portion).await;
        let replayed = replayed.map_err(|error| Failure::of_store(&error))?;
        for event in &replayed {
            tell(*event)?;
        }
        count += replayed.len();
        if replayed.len() < portion as usize {
            break;
        }
        left -= u64::from(portion);
    }
    Ok(count)
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use shopwire::durable::{
        Answer, Claim, Claimed, Commit, Done, Later, Look, NewEvent, Page, Store,
        sqlite::{Sqlite, SqliteOptions},
    };

    use super::*;

    const SOURCE: &str = "source:1";

    /// A store with a worker that fails at every event as soon as it is there.
    #[derive(Debug, Clone)]
    struct Failing(Sqlite);

    impl Store for Failing {
        fn commit(&self, commit: Commit) -> Answer<Vec<Done>> {
            let store = self.0.clone();
            Box::pin(async move {
                let done = store.commit(commit).await?;
                let claimed = store.claim(Claim::events(SOURCE).at_most(1_000)).await?;
                let dead = claimed.into_iter().fold(Commit::new(), |dead, claimed| {
                    let Claimed::Event(delivery) = claimed else {
                        return dead;
                    };
                    dead.dead(delivery.ticket, "it fails", Later::Pass)
                });
                store.commit(dead).await?;
                Ok(done)
            })
        }

        fn claim(&self, claim: Claim) -> Answer<Vec<Claimed>> {
            self.0.claim(claim)
        }

        fn look(&self, look: Look) -> Answer<Page> {
            self.0.look(look)
        }
    }

    #[test]
    fn d6_a_replay_since_a_time_ends_beside_a_worker_that_fails() {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let store = Sqlite::open(SqliteOptions::memory()).await;
            let store = Failing(store.expect("it opens"));
            let events = (0..250).map(|_| NewEvent::new(SOURCE, "x"));
            let commit = events.fold(Commit::new(), Commit::append);
            store.commit(commit).await.expect("stored");
            let inbox = Inbox::new(Arc::new(store));
            let mut told = 0;
            let mut tell = |_| {
                told += 1;
                assert!(told < 1_000, "it does not end");
                Ok(())
            };
            let replayed = replay_since(&inbox, SOURCE, Timestamp::default(), &mut tell).await;
            assert_eq!(replayed.ok(), Some(250));
        });
    }
}
