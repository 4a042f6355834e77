//! What was received.

use std::fmt;

use bytes::Bytes;
use common_model::{Map, Value};
use common_transport::form;
use sha2::{Digest, Sha256};

common_model::open_enum! {
    /// What happened, as far as the rules tell; the service announces these five (acceptance rows
    /// U18 to U22).
    pub enum EventKind {
        /// The status of a product changed.
        ProductStatus = "product_status",
        /// There is a new order.
        NewOrder = "new_order",
        /// The status of an order changed.
        OrderStatus = "order_status",
        /// There is a new message in a chat.
        ChatMessage = "chat_message",
        /// A message came in; the service does not say what sets it apart from a new one.
        IncomingMessage = "incoming_message",
    }
}

impl EventKind {
    /// The kind of what no rule knows.
    #[must_use]
    pub fn unclassified() -> Self {
        Self::from("unclassified")
    }
}

/// One event, with the body as it came.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Event {
    /// What the rules make of it.
    pub kind: EventKind,
    /// The body as it came, for whoever learns later what it means.
    pub body: Bytes,
    /// The content type as it came.
    pub content_type: Option<String>,
    /// The body as a value: JSON, or the fields of a form as an object of texts. `None` when it is
    /// neither.
    pub payload: Option<Value>,
    hash: [u8; 32],
}

impl Event {
    /// Reads a body; `kind` is what no rule has looked at yet.
    pub(super) fn read(content_type: Option<&str>, body: Bytes) -> Self {
        Self {
            kind: EventKind::unclassified(),
            payload: payload(content_type, &body),
            content_type: content_type.map(str::to_owned),
            hash: Sha256::digest(&body).into(),
            body,
        }
    }

    /// SHA-256 of the body: a store tells by it whether it has the event already. Two events that
    /// say the very same thing have the same one, since nothing in them is known to be unique.
    pub fn hash(&self) -> [u8; 32] {
        self.hash
    }

    /// The hash in lower-case hex.
    pub fn id(&self) -> String {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let digit = |half: u8| char::from(DIGITS[usize::from(half)]);
        let bytes = self.hash.iter();
        bytes
            .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
            .collect()
    }
}

/// Shows no body: events hold names, addresses and messages.
impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("kind", &self.kind)
            .field("content_type", &self.content_type)
            .field("bytes", &self.body.len())
            .field("id", &self.id())
            .finish_non_exhaustive()
    }
}

/// The content type is not documented: JSON is tried whatever it says.
fn payload(content_type: Option<&str>, body: &[u8]) -> Option<Value> {
    if let Ok(value) = common_model::from_json_bytes(body) {
        return Some(value);
    }
    let fields = form::fields(content_type?, body)?;
    let fields = fields
        .into_iter()
        .map(|(name, text)| (name, Value::from(text)));
    Some(Value::Object(fields.collect::<Map<Value>>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u23_json_forms_and_anything_else_are_read_without_a_loss() {
        let json = Event::read(None, Bytes::from_static(b"\xef\xbb\xbf{\"a\":1}"));
        assert!(json.payload.unwrap().get("a").is_some());
        assert_eq!(
            json.body,
            &b"\xef\xbb\xbf{\"a\":1}"[..],
            "the body stays as it came"
        );

        let form = Event::read(
            Some("application/x-www-form-urlencoded"),
            Bytes::from_static(b"event=order&id=7"),
        );
        assert_eq!(
            form.payload.unwrap().get("id").and_then(Value::as_str),
            Some("7")
        );

        let multipart = Event::read(
            Some("multipart/form-data; boundary=x"),
            Bytes::from_static(
                b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--",
            ),
        );
        assert!(multipart.payload.unwrap().get("a").is_some());

        let noise = Event::read(Some("text/plain"), Bytes::from_static(b"\xff\xfe hello"));
        assert_eq!(noise.payload, None);
        assert_eq!(noise.kind.as_str(), "unclassified");
    }

    #[test]
    fn u23_the_id_is_the_hash_of_the_body() {
        let event = Event::read(None, Bytes::from_static(b"abc"));
        assert_eq!(
            event.id(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn x7_debug_shows_no_body() {
        let event = Event::read(None, Bytes::from_static(b"{\"phone\":\"+7 900\"}"));
        assert!(!format!("{event:?}").contains("900"));
    }
}
