//! Handles over a store: one method per use.

mod cursors;
mod inbox;
mod outbox;

pub use cursors::Cursors;
pub use inbox::Inbox;
pub use outbox::Outbox;

use crate::{Done, Error, ErrorKind};

/// Returns the result of a commit of one step.
fn only(done: Vec<Done>) -> Result<Done, Error> {
    let mut done = done.into_iter();
    match (done.next(), done.next()) {
        (Some(done), None) => Ok(done),
        _ => Err(unexpected()),
    }
}

/// The engine gave an answer that does not fit the question.
fn unexpected() -> Error {
    Error::new(
        ErrorKind::Unavailable,
        "the engine gave an answer of another kind than asked for",
    )
}
