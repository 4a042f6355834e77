//! Cursors: compare and move.

use super::super::{failure::Trouble, transaction::Open};
use crate::{CursorMove, Done, Error, ErrorKind};

/// Moves a cursor that stands where the caller says.
pub(super) async fn compare_and_move(open: &mut Open, step: &CursorMove) -> Result<Done, Trouble> {
    let to = step.to.as_str();
    // An update that waited for another one compares anew with what that one wrote.
    let moved = match &step.from {
        None => {
            open.link()
                .run(
                    "insert into durable_cursor (name, position, moved_at) values ($1, $2, $3)
                     on conflict do nothing",
                    &[&step.name, &to, &open.now.0],
                )
                .await?
        }
        Some(from) => {
            open.link()
                .run(
                    "update durable_cursor set position = $2, moved_at = $3
                     where name = $1 and position = $4",
                    &[&step.name, &to, &open.now.0, &from.as_str()],
                )
                .await?
        }
    };
    if moved == 1 {
        return Ok(Done::Applied);
    }
    Err(Trouble::Refused(Error::new(
        ErrorKind::CursorMoved,
        format!(
            "cursor `{}`: it does not stand where the commit expected it",
            step.name
        ),
    )))
}
