//! A snapshot: the whole state of a sandbox as one JSON document.
//!
//! It has the data of the three services with their keys and generators, and the clock. Work that waits for the clock is
//! in the data: an import and a moderation have the time at which they go on, codes and links that of their end.
//! It tells by a digest when it was damaged on its way. Callers that change a document on purpose leave the digest out.
//! Not in it are requests, faults, and callbacks and events on their way to a receiver.

mod digest;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::invalid::Invalid;
use crate::{nicechat, retailcrm, uvygoda};
use digest::ContentDigest;

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

/// Describes what is looked at before the state is read.
#[derive(Deserialize)]
struct Header {
    format: Option<serde_json::Value>,
    version: Option<serde_json::Value>,
    digest: Option<serde_json::Value>,
    state: Option<ContentDigest>,
}

#[derive(Deserialize)]
struct Whole<D> {
    state: D,
}

/// Writes a snapshot.
pub(crate) fn write(document: &Document<&retailcrm::Account>) -> String {
    // Maps with text keys and finite numbers: nothing that JSON lacks.
    let state = serde_json::to_string(document).unwrap_or_default();
    let digest =
        serde_json::from_str(&state).map_or_else(|_| String::new(), |of: ContentDigest| of.0);
    format!(r#"{{"format":"{FORMAT}","version":{VERSION},"digest":"{digest}","state":{state}}}"#)
}

/// Reads a snapshot. The error says what is wrong with it, and where.
pub(crate) fn read(text: &str) -> Result<Document<retailcrm::Account>, Invalid> {
    let broken = |error: serde_json::Error| Invalid::new("", format!("is no snapshot: {error}"));
    let header: Header = serde_json::from_str(text).map_err(broken)?;
    check(header)?;
    let mut reader = serde_json::Deserializer::from_str(text);
    let whole: Result<Whole<Document<retailcrm::Account>>, _> =
        serde_path_to_error::deserialize(&mut reader);
    whole.map(|whole| whole.state).map_err(|error| {
        let place = error.path().to_string();
        Invalid::new(place, error.into_inner().to_string())
    })
}

fn check(header: Header) -> Result<(), Invalid> {
    if header.format.is_none_or(|format| format != FORMAT) {
        let text = format!("must be \"{FORMAT}\": this is no snapshot of a sandbox");
        return Err(Invalid::new("format", text));
    }
    match header.version {
        Some(version) if version == VERSION => {}
        Some(other) => {
            let text = format!("is {other}, and this sandbox reads version {VERSION} only");
            return Err(Invalid::new("version", text));
        }
        None => return Err(Invalid::new("version", "is missing")),
    }
    let state = header.state;
    let state = state.ok_or_else(|| Invalid::new("state", "is missing"))?;
    match header.digest {
        Some(digest) if digest != state.0.as_str() => {
            let text = "does not fit the state: the document is damaged. Leave the digest out if you have changed \
                        the state on purpose";
            Err(Invalid::new("digest", text))
        }
        _ => Ok(()),
    }
}
