//! Work that comes by every statement of the hot path, for tests that look at plans and counts.

use std::time::Duration;

use crate::{
    Claim, Claimed, Clock, Commit, Done, EffectTicket, End, EventId, Later, Look, NewEffect,
    NewEvent, Repeat, Retry, Store, Ticket, Timestamp,
};

const SOURCE: &str = "hot";
/// All of it has one key.
const DEEP: &str = "hot deep";
const LAPSING: &str = "hot lapsing";
const LEASE: Duration = Duration::from_secs(60);
const MANY: u32 = 500;

/// Fills a store with events and effects. A half is finished, and the content of those that were finished first is
/// removed. Returns a time before which there is no content of finished events.
///
/// # Panics
/// If the store refuses something.
pub async fn fill(store: &dyn Store, clock: &Clock, rows: u64) -> Timestamp {
    for first in (0..rows).step_by(MANY as usize) {
        let commit = (first..rows.min(first + u64::from(MANY)))
            .fold(Commit::new(), |commit, n| commit.append(event(n)));
        done(store, commit).await;
    }
    for first in (0..rows).step_by(MANY as usize) {
        let commit = (first..rows.min(first + u64::from(MANY))).fold(Commit::new(), |commit, n| {
            commit.append(NewEvent::new(DEEP, format!("body {n}")).key("one for all"))
        });
        done(store, commit).await;
    }
    // Each effect costs PostgreSQL a statement, so there are fewer.
    for first in (0..rows / 4).step_by(MANY as usize) {
        let commit = (first..(rows / 4).min(first + u64::from(MANY)))
            .fold(Commit::new(), |commit, n| commit.intend(effect(n)));
        done(store, commit).await;
    }
    for _ in 0..rows / u64::from(MANY) {
        fail(store).await;
    }
    finish(store).await;
    clock.advance(Duration::from_secs(1));
    let removed = clock.wall();
    done(store, Commit::new().purge(removed, past(), MANY)).await;
    clock.advance(Duration::from_secs(1));
    for _ in 1..rows / 2 / u64::from(MANY) {
        finish(store).await;
    }
    removed
}

async fn fail(store: &dyn Store) {
    let again = Retry::After(Duration::ZERO);
    let tickets = claim(store, SOURCE, MANY).await.into_iter();
    let retry = |commit: Commit, ticket| commit.retry(ticket, again, "not now");
    done(store, tickets.fold(Commit::new(), retry)).await;
}

async fn finish(store: &dyn Store) {
    let tickets = claim(store, SOURCE, MANY).await.into_iter();
    let commit = tickets.fold(Commit::new(), |commit, ticket| commit.finish(ticket));
    done(store, commit).await;
}

/// Appends, claims, ends, renewals, looks by id, purge: once in each way. `removed` is what [`fill`] returned.
///
/// # Panics
/// If the store refuses something.
pub async fn hot_path(store: &dyn Store, clock: &Clock, removed: Timestamp) {
    let new = || NewEvent::new(SOURCE, format!("new at {:?}", clock.wall()));
    let append = Commit::new()
        .append(new().event_id("new").key("new"))
        .append(new().key("k 1"))
        .append(new().erase_by("person new"));
    let appended = done(store, append).await;
    let again = Commit::new().append(new().event_id("new").key("new"));
    done(store, again).await;
    ends(store).await;
    lapses(store, clock).await;
    effects(store, clock).await;
    if let Some(Done::Appended(appended)) = appended.first() {
        look(store, Look::Event(appended.event())).await;
    }
    look(store, Look::Event(EventId(1))).await;
    for (bodies, ids) in [(clock.wall(), past()), (removed, removed)] {
        done(store, Commit::new().purge(bodies, ids, 20)).await;
    }
}

async fn ends(store: &dyn Store) {
    let deep = claim(store, DEEP, 1).await.remove(0);
    done(store, Commit::new().finish(deep)).await;
    let mut tickets = claim(store, SOURCE, 10).await.into_iter();
    let mut next = || tickets.next().expect("ten events are due");
    let again = Retry::After(Duration::from_secs(1));
    let commit = Commit::new()
        .finish(next())
        .renew(next(), LEASE)
        .retry(next(), again, "not now")
        .dead(next(), "never", Later::Pass)
        .dead(next(), "never", Later::Wait);
    done(store, commit).await;
}

/// A lease runs out, the event is claimed again, and dies when it is claimed too often.
async fn lapses(store: &dyn Store, clock: &Clock) {
    let event = NewEvent::new(LAPSING, "body").key("lapsing");
    done(store, Commit::new().append(event)).await;
    let claim = Claim::events(LAPSING).lease(LEASE).most_claims(2);
    for claims in [1, 1, 0] {
        let claimed = store.claim(claim.clone()).await.expect("a claim");
        assert_eq!(claimed.len(), claims, "an event is claimed twice");
        clock.advance(LEASE * 2);
    }
}

async fn effects(store: &dyn Store, clock: &Clock) {
    let intend = Commit::new()
        .intend(effect(1_000_000))
        .finish(claim(store, SOURCE, 1).await.remove(0));
    done(store, intend).await;
    let mut tickets = claim_effects(store).await.into_iter();
    let mut next = || tickets.next().expect("ten effects are due");
    let (landed, unsure, waiting) = (next(), next(), next());
    let within = Duration::from_secs(30);
    let send = Commit::new()
        .send(landed.clone(), within, "note")
        .send(unsure.clone(), within, "note")
        .renew_effect(waiting, LEASE);
    done(store, send).await;
    let settle = Commit::new()
        .settle(landed, End::Landed { object: None })
        .settle(
            unsure,
            End::Ambiguous {
                reason: "the line broke".to_owned(),
            },
        );
    done(store, settle).await;
    clock.advance(LEASE * 10);
    claim_effects(store).await;
}

fn event(n: u64) -> NewEvent {
    let event = NewEvent::new(SOURCE, format!("body {n}")).erase_by(format!("person {n}"));
    match n % 3 {
        0 => event.event_id(format!("event {n}")).key(format!("k {n}")),
        1 => event.key(format!("k {n}")),
        _ => event,
    }
}

fn effect(n: u64) -> NewEffect {
    NewEffect::new(SOURCE, "create", "params", Repeat::Never).key(format!("k {n}"))
}

fn past() -> Timestamp {
    Timestamp::from_millis(0)
}

async fn done(store: &dyn Store, commit: Commit) -> Vec<Done> {
    store.commit(commit).await.expect("a commit")
}

async fn look(store: &dyn Store, look: Look) {
    store.look(look).await.expect("a look");
}

async fn claim(store: &dyn Store, source: &str, at_most: u32) -> Vec<Ticket> {
    let claim = Claim::events(source).at_most(at_most).lease(LEASE);
    let claimed = store.claim(claim).await.expect("a claim").into_iter();
    let tickets = claimed.filter_map(|claimed| match claimed {
        Claimed::Event(delivery) => Some(delivery.ticket),
        Claimed::Effect(_) => None,
    });
    tickets.collect()
}

async fn claim_effects(store: &dyn Store) -> Vec<EffectTicket> {
    let claim = Claim::effects(SOURCE).at_most(10).lease(LEASE);
    let claimed = store.claim(claim).await.expect("a claim").into_iter();
    let tickets = claimed.filter_map(|claimed| match claimed {
        Claimed::Effect(delivery) => Some(delivery.ticket),
        Claimed::Event(_) => None,
    });
    tickets.collect()
}
