//! A snapshot: the whole state of a sandbox as one JSON document.
//!
//! It has the data of the three services with their keys and generators, and the clock. What waits for the clock is
//! in the data: an import and a moderation have the time at which they go on, codes and links that of their end.
//! Not in it are requests, faults, and callbacks and events on their way to a receiver.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::StateError;
use crate::{nicechat, retailcrm, uvygoda};

/// The name of the format, by which a document is told from other JSON.
const FORMAT: &str = "shopwire-sandbox";

/// The version of the format. It rises when an earlier version could not be read any more.
const VERSION: u32 = 1;

/// The position of the clock.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) struct ClockHand {
    pub(crate) now: Timestamp,
    pub(crate) frozen: bool,
}

/// The state of the three services; the account may be borrowed to be written.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Document<A> {
    pub(crate) clock: ClockHand,
    pub(crate) nicechat: nicechat::Saved,
    pub(crate) uvygoda: uvygoda::Saved,
    pub(crate) retailcrm: A,
}

/// What stands before the state.
#[derive(Deserialize)]
struct Header {
    format: Option<serde_json::Value>,
    version: Option<serde_json::Value>,
}

#[derive(Deserialize, Serialize)]
struct Whole<D> {
    format: String,
    version: u32,
    state: D,
}

/// Writes a snapshot.
pub(crate) fn write(document: &Document<&retailcrm::Account>) -> String {
    let whole = Whole {
        format: FORMAT.to_owned(),
        version: VERSION,
        state: document,
    };
    // Maps with text keys and finite numbers: nothing that JSON lacks.
    serde_json::to_string(&whole).unwrap_or_default()
}

/// Reads a snapshot. The error says what is wrong with it, and where.
pub(crate) fn read(text: &str) -> Result<Document<retailcrm::Account>, StateError> {
    let broken = |error: serde_json::Error| StateError::of("", format!("is no snapshot: {error}"));
    let header: Header = serde_json::from_str(text).map_err(broken)?;
    if header.format.is_none_or(|format| format != FORMAT) {
        let text = format!("must be \"{FORMAT}\": this is no snapshot of a sandbox");
        return Err(StateError::of("format", text));
    }
    match header.version {
        Some(version) if version == VERSION => {}
        Some(other) => {
            let text = format!("is {other}, and this sandbox reads version {VERSION} only");
            return Err(StateError::of("version", text));
        }
        None => return Err(StateError::of("version", "is missing")),
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    let whole: Result<Whole<Document<retailcrm::Account>>, _> =
        serde_path_to_error::deserialize(&mut reader);
    whole.map(|whole| whole.state).map_err(|error| {
        let place = error.path().to_string();
        StateError::of(place, error.into_inner().to_string())
    })
}
