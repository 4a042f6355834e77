//! Waiting for events of the service.

use common_model::Value;
use shopwire::uvygoda::events::EventKind;

use crate::demo::{Stop, shop::Shop, transcript::Transcript};

/// Returns the body of the next event of this kind.
pub(super) async fn next_event(
    transcript: &mut Transcript,
    shop: &mut Shop,
    wanted: &EventKind,
) -> Result<Value, Stop> {
    loop {
        let received = shop.event().await?;
        let body = String::from_utf8_lossy(&received.delivery.body).into_owned();
        let event = received.event;
        transcript.heard(&format!("webhook: {}", event.kind), &excerpt(&body));
        if event.kind == *wanted {
            return event.payload.ok_or(Stop::Missing("body of the event"));
        }
    }
}

fn excerpt(text: &str) -> String {
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
