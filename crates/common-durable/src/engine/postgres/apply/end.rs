//! Ends of deliveries: finished, again, dead; and renewals.

use super::super::{Work, transaction::Open};
use crate::{
    Done, Error, EventState, Later, Retry, Step, Ticket,
    engine::decide::{AfterFailure, after_failure, given_up},
};

/// Carries out the step if it is an end of a delivery or a renewal.
pub(super) fn step(open: &mut Open, step: &Step) -> Result<Option<Done>, Error> {
    let done = match step {
        Step::Finish(ticket) => finish(open, ticket)?,
        Step::Retry {
            ticket,
            retry: again,
            reason,
        } => retry(open, ticket, *again, reason)?,
        Step::Dead {
            ticket,
            reason,
            later,
        } => dead(open, ticket, reason, *later)?,
        Step::Renew(ticket, length) => {
            let until = open.now.after(*length);
            let lane = open.leased(ticket.event().0, ticket.lease(), "event")?;
            lane.next_at = Some(until);
            Done::Applied
        }
        Step::RenewEffect(ticket, length) => {
            let until = open.now.after(*length);
            let lane = open.leased(ticket.effect().0, ticket.lease(), "effect")?;
            lane.next_at = Some(until);
            Done::Applied
        }
        _ => return Ok(None),
    };
    Ok(Some(done))
}

/// The event was handled.
fn finish(open: &mut Open, ticket: &Ticket) -> Result<Done, Error> {
    end(open, ticket, None, EventState::Finished)?;
    Ok(Done::Applied)
}

/// The event is to be delivered again, unless it is out of claims.
fn retry(open: &mut Open, ticket: &Ticket, retry: Retry, reason: &str) -> Result<Done, Error> {
    let event = ticket.event().0;
    let lease = ticket.lease();
    let wall = open.wall();
    let now = open.now;
    let lane = open.leased(event, lease, "event")?;
    let claims = lane.claims;
    let is_dead = after_failure(claims, lease.most_claims) == AfterFailure::GivenUp;
    if !is_dead {
        lane.postpone(now.after(retry.pause(claims, wall, Open::chance())));
    }
    open.record_failure(Work::Event, event, claims, reason);
    if is_dead {
        open.record_failure(Work::Event, event, claims, &given_up(claims));
        end(open, ticket, Some(lease.later), EventState::Dead)?;
    }
    Ok(Done::Retried { is_dead })
}

/// The event cannot be handled.
fn dead(open: &mut Open, ticket: &Ticket, reason: &str, later: Later) -> Result<Done, Error> {
    let event = ticket.event().0;
    let claims = open.leased(event, ticket.lease(), "event")?.claims;
    open.record_failure(Work::Event, event, claims, reason);
    end(open, ticket, Some(later), EventState::Dead)?;
    Ok(Done::Applied)
}

fn end(
    open: &mut Open,
    ticket: &Ticket,
    gave_up: Option<Later>,
    state: EventState,
) -> Result<(), Error> {
    let event = ticket.event().0;
    let now = open.now.0;
    open.leased(event, ticket.lease(), "event")?
        .end_head(event, gave_up, now);
    open.writes.ended.push((event, state));
    Ok(())
}
