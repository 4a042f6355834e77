//! Describes what the journal says of a request that met a fault.

use serde_json::json;

use super::entry::Taken;
use super::kind::Kind;
use super::kind::ResetAt;
use crate::journal::{Reason, ReasonKind};

impl Taken {
    /// Returns the reason that the journal shows.
    pub(crate) fn reason(&self) -> Reason {
        let (name, effect) = (self.kind.name(), effect(self.kind));
        let detail = json!({
            "id": self.id,
            "fault": name,
            "delay_ms": u64::try_from(self.delay.as_millis()).unwrap_or(u64::MAX),
        });
        let message = format!("the fault {name} {effect}");
        Reason::new(ReasonKind::Fault, message).with_detail(detail)
    }
}

/// Returns what the fault does to a request, as the end of "the fault …".
fn effect(kind: Kind) -> &'static str {
    match kind {
        Kind::Latency => "delayed the answer",
        Kind::Unavailable | Kind::Status(_) => {
            "answered in place of the service, which did not process the request"
        }
        Kind::Reset(ResetAt::BeforeCommit) => {
            "reset the connection before the service processed the request"
        }
        Kind::Reset(ResetAt::DuringCommit) => {
            "reset the connection, and the service processed the request after that"
        }
        Kind::Reset(ResetAt::AfterCommit) => {
            "reset the connection after the service had processed the request"
        }
        Kind::Stall => "kept the answer back; the service processed the request",
        Kind::StallInBody => "stopped in the middle of the answer, and kept the connection open",
        Kind::Truncated => "closed the connection in the middle of the answer",
        Kind::Html => "replaced the answer by an HTML page; the service processed the request",
        Kind::FlippedShapes => "exchanged PHP's shapes in the answer",
        Kind::TrailingCommas => "added commas to the JSON of the answer",
        Kind::PhpWarning => "wrote a PHP warning before the JSON of the answer",
        Kind::LostCallback => "dropped a callback",
    }
}
