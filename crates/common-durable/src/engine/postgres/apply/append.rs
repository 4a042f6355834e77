//! Append: an event is stored once, at the end of its key.

use super::super::{Work, failure::Trouble, transaction::Open, writes::NewRow};
use crate::{Appended, EventId, Key, NewEvent, engine::codec};

/// Appends an event, unless its id is known.
pub(super) fn event(open: &mut Open, event: &NewEvent) -> Result<Appended, Trouble> {
    let queue = open.shared.known_queue(Work::Event, &event.source)?;
    let key = event.key.as_ref().map(|key| open.digest(key));
    let content = codec::content_digest(key.as_ref(), &event.body);
    if let Some(known) = known(open, queue, event, &content) {
        return Ok(known);
    }
    let repeat_of = match event.event_id {
        Some(_) => None,
        None => open.known.contents.get(&(queue, content)).copied(),
    };
    let lane = open.open_lane(queue, key.as_ref())?;
    let id = open.event_id()?;
    remember(open, queue, event, &content, id);
    subject_rows(open, Work::Event, id, &event.erasure_keys);
    open.writes.events.push(NewRow {
        id,
        lane,
        queue,
        event_id: event.event_id.clone(),
        receipt: match event.event_id {
            Some(_) => None,
            None => Some(*event.receipt.as_bytes()),
        },
        content,
        repeat_of,
        headers: codec::headers(&event.headers),
        body: event.body.clone(),
    });
    Ok(Appended::Stored {
        event: EventId(id),
        repeat_of: repeat_of.map(EventId),
    })
}

/// Returns the event that was stored with the same id.
fn known(open: &Open, queue: i64, event: &NewEvent, content: &[u8; 16]) -> Option<Appended> {
    let (id, stored) = match &event.event_id {
        Some(id) => open.known.event_ids.get(&(queue, id.clone())),
        None => open.known.receipts.get(event.receipt.as_bytes()),
    }?;
    let event = EventId(*id);
    // An erased event has no hash to compare.
    Some(match stored {
        Some(stored) if stored != content => Appended::Differs { event },
        _ => Appended::Known { event },
    })
}

/// Other appends of this transaction find it.
fn remember(open: &mut Open, queue: i64, event: &NewEvent, content: &[u8; 16], id: i64) {
    let stored = (id, Some(content.to_vec()));
    match &event.event_id {
        Some(event_id) => {
            open.known
                .event_ids
                .insert((queue, event_id.clone()), stored);
        }
        None => {
            open.known
                .receipts
                .insert(*event.receipt.as_bytes(), stored);
            open.known.contents.insert((queue, *content), id);
        }
    }
}

/// Records by which keys work can be erased.
pub(in super::super) fn subject_rows(open: &mut Open, work: Work, id: i64, keys: &[Key]) {
    for key in keys {
        let digest = open.digest(key);
        open.writes.subjects.push((digest, work, id));
    }
}
