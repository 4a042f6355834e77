//! Cursors: compare and move.

use super::super::session::Session;
use crate::{CursorMove, Done, Error, ErrorKind};

/// Moves a cursor that stands where the caller says.
pub(super) fn compare_and_move(session: &Session, step: &CursorMove) -> Result<Done, Error> {
    let to = step.to.as_str();
    let moved = match &step.from {
        None => session.run(
            "insert into durable_cursor (name, position, moved_at) values (?1, ?2, ?3)
             on conflict do nothing",
            (&step.name, to, session.now.wall),
        )?,
        Some(from) => session.run(
            "update durable_cursor set position = ?2, moved_at = ?3 where name = ?1 and position = ?4",
            (&step.name, to, session.now.wall, from.as_str()),
        )?,
    };
    if moved == 1 {
        return Ok(Done::Applied);
    }
    Err(Error::new(
        ErrorKind::CursorMoved,
        format!(
            "cursor `{}`: it does not stand where the commit expected it",
            step.name
        ),
    ))
}
