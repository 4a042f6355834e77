//! Ends of deliveries: finished, again, dead.

use super::{
    super::session::{Session, Work},
    lane,
};
use crate::{
    Done, Error, EventState, Later, Retry, Ticket,
    engine::decide::{AfterFailure, after_failure, given_up},
};

/// The event was handled.
pub(super) fn finish(session: &Session, ticket: &Ticket) -> Result<Done, Error> {
    let event = ticket.event().0;
    let lane = lane::leased(session, event, ticket.lease(), "event")?;
    lane::end_head(session, &lane, event, None)?;
    set_state(session, event, EventState::Finished)?;
    Ok(Done::Applied)
}

/// The event is to be delivered again, unless it is out of claims.
pub(super) fn retry(
    session: &Session,
    ticket: &Ticket,
    retry: Retry,
    reason: &str,
) -> Result<Done, Error> {
    let event = ticket.event().0;
    let lease = ticket.lease();
    let lane = lane::leased(session, event, lease, "event")?;
    session.record_failure(Work::Event, event, lane.claims, reason)?;
    let is_dead = after_failure(lane.claims, lease.most_claims) == AfterFailure::GivenUp;
    if is_dead {
        session.record_failure(Work::Event, event, lane.claims, &given_up(lane.claims))?;
        lane::end_head(session, &lane, event, Some(lease.later))?;
        set_state(session, event, EventState::Dead)?;
    } else {
        let pause = retry.pause(lane.claims, session.now.wall(), Session::chance());
        lane::postpone(session, &lane, session.now.after(pause))?;
    }
    Ok(Done::Retried { is_dead })
}

/// The event cannot be handled.
pub(super) fn dead(
    session: &Session,
    ticket: &Ticket,
    reason: &str,
    later: Later,
) -> Result<Done, Error> {
    let event = ticket.event().0;
    let lane = lane::leased(session, event, ticket.lease(), "event")?;
    session.record_failure(Work::Event, event, lane.claims, reason)?;
    lane::end_head(session, &lane, event, Some(later))?;
    set_state(session, event, EventState::Dead)?;
    Ok(Done::Applied)
}

/// Writes the state of an event that has ended.
pub(super) fn set_state(session: &Session, event: i64, state: EventState) -> Result<(), Error> {
    session.run(
        "update durable_event set state = ?2, ended_at = ?3 where id = ?1",
        (event, state.number(), session.now.wall),
    )?;
    Ok(())
}
