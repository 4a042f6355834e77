//! `inbox list`: events without content.

use common_model::{Map, Value as Json, to_json};
use shopwire::durable::{EventId, EventState, EventSummary, Inbox};

use super::{Form, at, line, object, or_null};
use crate::{
    args::{InboxList, StateOf},
    failure::Failure,
    output,
    time::Shown,
};

/// Number of events that are read at once: short looks do not hold the store's log back.
const PORTION: u32 = 500;

pub(super) async fn run(inbox: &Inbox, args: &InboxList, form: Form) -> Result<(), Failure> {
    let state = args.state.map(EventState::from);
    let (mut after, mut left) = (args.after.map(EventId), args.limit);
    let mut is_empty = true;
    while left > 0 {
        let portion = left.min(PORTION);
        let events = inbox.events(args.source.clone(), state, after, portion);
        let events = events.await.map_err(|error| Failure::of_store(&error))?;
        is_empty &= events.is_empty();
        for event in &events {
            match form.is_json {
                true => output::json_line(&to_json(&summary(event)))?,
                false => output::line(&readable(event))?,
            }
        }
        // A reader may pass a number of events that is larger than that of all there are.
        let read = u32::try_from(events.len()).unwrap_or(portion);
        match events.last() {
            Some(last) if read == portion => after = Some(last.id),
            _ => break,
        }
        left -= read;
    }
    if is_empty && args.source.is_some() {
        output::hint("no such event; `shopwire inbox status` shows the names of all sources");
    }
    Ok(())
}

/// The members of an event without content.
pub(super) fn summary(event: &EventSummary) -> Map<Json> {
    let id = |event: EventId| Json::from(event.0);
    let bytes = i64::try_from(event.body_bytes).unwrap_or(i64::MAX);
    object([
        ("id", id(event.id)),
        ("source", Json::from(&event.source)),
        ("state", Json::from(event.state.name())),
        ("received_at", at(event.received_at)),
        ("ended_at", or_null(event.ended_at, at)),
        ("event_id", or_null(event.event_id.as_ref(), Json::from)),
        ("repeat_of", or_null(event.repeat_of, id)),
        ("replay_of", or_null(event.replay_of, id)),
        ("body_bytes", Json::from(bytes)),
        ("failures", Json::from(i64::from(event.failures))),
        (
            "last_failure",
            or_null(event.last_failure.as_ref(), Json::from),
        ),
    ])
}

/// One line for people.
pub(super) fn readable(event: &EventSummary) -> String {
    let mut text = format!(
        "{:>8}  {:8}  {}  {}  {} bytes",
        event.id.0,
        event.state.name(),
        Shown(event.received_at),
        line(&event.source),
        event.body_bytes
    );
    if let Some(earlier) = event.repeat_of {
        text += &format!("  body as {earlier}");
    }
    if let Some(replayed) = event.replay_of {
        text += &format!("  replay of {replayed}");
    }
    match &event.last_failure {
        // The last reason may be that of the person who buried it.
        Some(reason) if event.state == EventState::Buried => {
            text += &format!("  last reason: {}", line(reason));
        }
        Some(reason) => text += &format!("  failed {} times: {}", event.failures, line(reason)),
        None => {}
    }
    text
}

impl From<StateOf> for EventState {
    fn from(state: StateOf) -> Self {
        match state {
            StateOf::Pending => Self::Pending,
            StateOf::Finished => Self::Finished,
            StateOf::Dead => Self::Dead,
            StateOf::Buried => Self::Buried,
        }
    }
}
