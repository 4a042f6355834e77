//! Events and their kinds.

use std::fmt;

use common_api::form;
use common_model::Value;

common_model::open_enum! {
    /// The kind of an event. The service announces these five.
    pub enum EventKind {
        /// The status of a product changed.
        ProductStatus = "product_status",
        /// There is a new order.
        NewOrder = "new_order",
        /// The status of an order changed.
        OrderStatus = "order_status",
        /// There is a new message in a chat.
        ChatMessage = "chat_message",
        /// A message came in; the service does not document the difference to a new message.
        IncomingMessage = "incoming_message",
    }
}

impl EventKind {
    /// The kind of events that match no rule.
    #[must_use]
    pub fn unclassified() -> Self {
        Self::from("unclassified")
    }
}

/// An event, as far as it can be read. Its delivery holds the unchanged body.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Event {
    /// The kind that the rules give to the event.
    pub kind: EventKind,
    /// The body as a value: JSON, or the fields of a form as an object of texts. `None` when it is
    /// neither.
    pub payload: Option<Value>,
    /// The service's own id of the event, if a rule has a pointer to it.
    pub event_id: Option<String>,
    /// The subject of the event, such as the number of an order, if a rule has a pointer to it.
    pub subject: Option<String>,
}

impl Event {
    /// Reads a body without applying rules.
    ///
    /// The content type is not documented, so the body is tried as JSON whatever the content type.
    pub(super) fn read(content_type: Option<&str>, body: &[u8]) -> Self {
        Self {
            kind: EventKind::unclassified(),
            payload: form::value(content_type, body),
            event_id: None,
            subject: None,
        }
    }
}

/// Shows no payload: events hold names, addresses and messages.
impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("kind", &self.kind)
            .field("event_id", &self.event_id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u23_json_forms_and_anything_else_are_read() {
        let json = Event::read(None, b"\xef\xbb\xbf{\"a\":1}");
        assert!(json.payload.unwrap().get("a").is_some());

        let form = Event::read(
            Some("application/x-www-form-urlencoded"),
            b"event=order&id=7",
        );
        assert_eq!(
            form.payload.unwrap().get("id").and_then(Value::as_str),
            Some("7")
        );

        let multipart = Event::read(
            Some("multipart/form-data; boundary=x"),
            b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--",
        );
        assert!(multipart.payload.unwrap().get("a").is_some());

        let noise = Event::read(Some("text/plain"), b"\xff\xfe hello");
        assert_eq!(noise.payload, None);
        assert_eq!(noise.kind.as_str(), "unclassified");
    }

    #[test]
    fn x7_debug_shows_no_payload() {
        let event = Event::read(None, b"{\"phone\":\"+7 900\"}");
        assert!(!format!("{event:?}").contains("900"));
    }
}
