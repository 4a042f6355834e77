//! The steps of a commit, in SQL.

mod append;
mod cursor;
mod effect;
mod end;
mod erase;
mod lane;
mod operate;
mod own;
mod purge;

pub(super) use effect::{lost_while_sending, park, repeat_newest_edit, restored};
pub(super) use lane::{Lane, give_up_head, select_lane};

use super::session::Session;
use crate::{Commit, Done, Error, Step};

/// Carries out all steps in the open transaction.
pub(super) fn commit(session: &mut Session, commit: &Commit) -> Result<Vec<Done>, Error> {
    let mut done = Vec::with_capacity(commit.steps().len());
    for (place, one) in commit.steps().iter().enumerate() {
        done.push(step(session, one).map_err(|error| error.at_step(place))?);
    }
    Ok(done)
}

fn step(session: &mut Session, step: &Step) -> Result<Done, Error> {
    match step {
        Step::Append(event) => append::event(session, event).map(Done::Appended),
        Step::Finish(ticket) => end::finish(session, ticket),
        Step::Retry {
            ticket,
            retry,
            reason,
        } => end::retry(session, ticket, *retry, reason),
        Step::Dead {
            ticket,
            reason,
            later,
        } => end::dead(session, ticket, reason, *later),
        Step::Renew(ticket, lease) => {
            lane::renew(session, ticket.event().0, ticket.lease(), *lease, "event")
        }
        Step::Replay(event) => operate::replay(session, event.0).map(|id| Done::Replayed(vec![id])),
        Step::ReplaySince {
            source,
            since,
            at_most,
        } => operate::replay_since(session, source, *since, *at_most).map(Done::Replayed),
        Step::Bury { event, reason } => operate::bury(session, event.0, reason),
        Step::Purge {
            bodies_before,
            ids_before,
            at_most,
        } => purge::portion(session, *bodies_before, *ids_before, *at_most).map(Done::Purged),
        Step::Erase(key) => erase::key(session, key).map(Done::Erased),
        Step::MoveCursor(step) => cursor::compare_and_move(session, step),
        Step::Intend(effect) => effect::intend(session, effect).map(Done::Intended),
        Step::Send {
            ticket,
            within,
            note,
        } => effect::send(session, ticket, *within, note),
        Step::Settle(ticket, end) => effect::settle(session, ticket, end).map(Done::Settled),
        Step::RenewEffect(ticket, lease) => {
            lane::renew(session, ticket.effect().0, ticket.lease(), *lease, "effect")
        }
        Step::Decide(effect, decision) => effect::decide(session, effect.0, decision)
            .map(|(effect, state)| Done::Decided { effect, state }),
        Step::Restored => effect::restored(session).map(Done::Restored),
        Step::Own(statement) => own::run(session, statement).map(Done::Ran),
    }
}
