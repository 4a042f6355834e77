//! Telling events apart, by data rather than code.

use common_api::form;
use common_model::{Decode, Reader, Value};
use common_transport::Error;

use super::{Event, EventKind};

/// A rule: an event with a value at `pointer`, or with the wanted value there, is of this kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    kind: EventKind,
    pointer: String,
    wanted: Option<String>,
    event_id: Option<String>,
    subject: Option<String>,
}

impl Rule {
    /// Creates a rule: an event with any value at this JSON pointer (RFC 6901, such as
    /// `/event/type`) is of this kind.
    pub fn new(kind: impl Into<EventKind>, pointer: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            pointer: pointer.into(),
            wanted: None,
            event_id: None,
            subject: None,
        }
    }

    /// Restricts the rule to events whose value there is this text, number or boolean.
    #[must_use]
    pub fn equals(mut self, wanted: impl Into<String>) -> Self {
        self.wanted = Some(wanted.into());
        self
    }

    /// Sets the JSON pointer to the event's own id. Of two events with the same kind and id, the
    /// receiver keeps the first.
    ///
    /// **The id must identify the event, not its subject.** With the id of an order, the receiver
    /// takes the order's second status for a repeat of the first, and drops it.
    #[must_use]
    pub fn event_id(mut self, pointer: impl Into<String>) -> Self {
        self.event_id = Some(pointer.into());
        self
    }

    /// Sets the JSON pointer to what the event is about, such as the number of an order. An inbox delivers
    /// events with the same subject one after another, in the order in which they came.
    #[must_use]
    pub fn subject(mut self, pointer: impl Into<String>) -> Self {
        self.subject = Some(pointer.into());
        self
    }

    fn matches(&self, payload: &Value) -> bool {
        match (payload.pointer(&self.pointer), &self.wanted) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(Value::String(text)), Some(wanted)) => text == wanted,
            (Some(value @ (Value::Number(_) | Value::Bool(_))), Some(wanted)) => {
                value.to_string() == *wanted
            }
            (Some(_), Some(_)) => false,
        }
    }
}

/// Rules in order; the first match decides.
///
/// The service does not document the shape of events. By default there are no rules, and all events
/// are unclassified. Write rules from the first events that arrive, for example in a configuration
/// file.
///
/// ```
/// use uvygoda_rpc::events::{EventKind, Rules};
///
/// let rules = Rules::from_json(
///     r#"[{"kind":"new_order","at":"/EVENT","equals":"ORDER_NEW"},{"kind":"chat_message","at":"/MESSAGE"}]"#,
/// ).unwrap();
/// let event = common_model::from_json(r#"{"EVENT":"CHAT","MESSAGE":{"ID":1}}"#).unwrap();
/// assert_eq!(rules.classify(&event), Some(EventKind::ChatMessage));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules(Vec<Rule>);

impl Rules {
    /// Creates rules from their list.
    pub fn new(rules: impl IntoIterator<Item = Rule>) -> Self {
        Self(rules.into_iter().collect())
    }

    /// Reads rules from a JSON list of `{"kind", "at", "equals", "event_id", "subject"}`; the last three
    /// are optional. `at`, `event_id` and `subject` are JSON pointers, such as `/ORDER/ID`. Kinds other than the announced five are allowed.
    ///
    /// # Errors
    /// The text is not such a list; the error names the entry.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        let rules: Result<Vec<Rule>, _> = common_model::from_json_strict(json);
        rules
            .map(Self)
            .map_err(|error| Error::invalid_input("rules", error.to_string()))
    }

    /// The kind of an event, if a rule matches.
    pub fn classify(&self, payload: &Value) -> Option<EventKind> {
        self.rule(payload).map(|rule| rule.kind.clone())
    }

    /// Reads a body as an event, as a receiver does. Use it for bodies that were stored before the
    /// rules were known.
    pub fn read(&self, content_type: Option<&str>, body: &[u8]) -> Event {
        let mut event = Event::read(content_type, body);
        let payload = event.payload.as_ref();
        if let Some((rule, payload)) = payload.and_then(|it| Some((self.rule(it)?, it))) {
            event.event_id = id_at(rule.event_id.as_deref(), payload);
            event.subject = id_at(rule.subject.as_deref(), payload);
            event.kind = rule.kind.clone();
        }
        event
    }

    fn rule(&self, payload: &Value) -> Option<&Rule> {
        self.0.iter().find(|rule| rule.matches(payload))
    }
}

/// The id at a pointer.
fn id_at(pointer: Option<&str>, payload: &Value) -> Option<String> {
    form::id_text(payload.pointer(pointer?)?)
}

impl Decode for Rule {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, common_model::Error> {
        let (mut kind, mut pointer, mut wanted) = (None, None, None);
        let (mut event_id, mut subject) = (None, None);
        let start = reader.offset();
        reader.object(&mut |key, reader| {
            let slot = match key {
                "kind" => &mut kind,
                "at" => &mut pointer,
                "equals" => &mut wanted,
                "event_id" => &mut event_id,
                "subject" => &mut subject,
                _ => {
                    return Err(reader.error("expected kind, at, equals, event_id or subject"));
                }
            };
            let text = String::decode(reader)?;
            let is_pointer = matches!(key, "at" | "event_id" | "subject");
            if is_pointer && !text.is_empty() && !text.starts_with('/') {
                return Err(reader.error("expected a JSON pointer, which begins with `/`,"));
            }
            *slot = Some(text);
            Ok(())
        })?;
        match (kind, pointer) {
            (Some(kind), Some(pointer)) => Ok(Self {
                kind: kind.into(),
                pointer,
                wanted,
                event_id,
                subject,
            }),
            _ => Err(common_model::Error::new("a rule needs kind and at", start)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(rules: &str, event: &str) -> Option<EventKind> {
        let event: Value = common_model::from_json(event).unwrap();
        Rules::from_json(rules).unwrap().classify(&event)
    }

    // F4
    #[test]
    fn f4_of_a_key_that_stands_twice_the_last_counts() {
        let rules =
            r#"[{"kind":"x","kind":"new_order","at":"/a","at":"/type","equals":"1","equals":"n"}]"#;
        assert_eq!(kind(rules, r#"{"type":"n"}"#), Some(EventKind::NewOrder));
    }

    #[test]
    fn u18_u19_u20_u21_u22_each_announced_event_has_a_kind() {
        for (name, expected) in [
            ("product_status", EventKind::ProductStatus),
            ("new_order", EventKind::NewOrder),
            ("order_status", EventKind::OrderStatus),
            ("chat_message", EventKind::ChatMessage),
            ("incoming_message", EventKind::IncomingMessage),
        ] {
            let rules = format!(r#"[{{"kind":"{name}","at":"/type","equals":"{name}"}}]"#);
            let event = format!(r#"{{"type":"{name}"}}"#);
            assert_eq!(kind(&rules, &event), Some(expected));
        }
    }

    #[test]
    fn u23_the_first_rule_that_matches_decides() {
        let rules = r#"[{"kind":"a","at":"/list/1/x~1y","equals":"3"},{"kind":"b","at":"/list"},{"kind":"c","at":""}]"#;
        assert_eq!(kind(rules, r#"{"list":[0,{"x/y":3}]}"#), Some("a".into()));
        assert_eq!(kind(rules, r#"{"list":[0,{"x/y":"4"}]}"#), Some("b".into()));
        assert_eq!(kind(rules, r#"{"other":true}"#), Some("c".into()));
        assert_eq!(
            kind(
                r#"[{"kind":"a","at":"/x","equals":"true"}]"#,
                r#"{"x":true}"#
            ),
            Some("a".into())
        );
        assert_eq!(
            kind(r#"[{"kind":"a","at":"/x","equals":"{}"}]"#, r#"{"x":{}}"#),
            None
        );
    }

    // D3
    #[test]
    fn d3_the_rule_that_matches_says_where_the_id_of_the_event_stands() {
        let rules = Rules::from_json(
            r#"[{"kind":"a","at":"/a","event_id":"/id"},{"kind":"b","at":"","event_id":"/b/0"}]"#,
        )
        .unwrap();
        for (body, kind, id) in [
            (r#"{"a":1,"id":7}"#, "a", Some("7")),
            (r#"{"a":1,"id":"7"}"#, "a", Some("7")),
            (r#"{"a":1,"b":[5]}"#, "a", None),
            (r#"{"b":["x"],"id":7}"#, "b", Some("x")),
            (r#"{"a":1,"id":""}"#, "a", None),
            (r#"{"a":1,"id":null}"#, "a", None),
            (r#"{"a":1,"id":false}"#, "a", None),
            (r#"{"a":1,"id":{"x":1}}"#, "a", None),
            ("[]", "b", None),
            ("no json", "unclassified", None),
        ] {
            let event = rules.read(None, body.as_bytes());
            assert_eq!(
                (event.kind.as_str(), event.event_id.as_deref()),
                (kind, id),
                "{body}"
            );
        }
    }

    // D4
    #[test]
    fn d4_the_rule_that_matches_says_what_the_event_is_about() {
        let rules = Rules::from_json(
            r#"[{"kind":"a","at":"/a","subject":"/order/id"},{"kind":"b","at":""}]"#,
        )
        .unwrap();
        for (body, subject) in [
            (r#"{"a":1,"order":{"id":7}}"#, Some("7")),
            (r#"{"a":1,"order":{"id":"A-7"}}"#, Some("A-7")),
            (r#"{"a":1,"order":{}}"#, None),
            (r#"{"order":{"id":7}}"#, None),
        ] {
            let event = rules.read(None, body.as_bytes());
            assert_eq!(event.subject.as_deref(), subject, "{body}");
        }
    }

    #[test]
    fn u23_a_broken_rule_is_named() {
        for (json, named) in [
            (r#"[{"kind":"a"}]"#, "[0]"),
            (r#"[{"kind":"a","at":"/x","is":1}]"#, "is"),
            (r#"[{"kind":"a","at":"x"}]"#, "[0].at"),
            (
                r#"[{"kind":"a","at":"","subject":"ORDER/ID"}]"#,
                "[0].subject",
            ),
            ("{", "byte"),
        ] {
            let error = Rules::from_json(json).unwrap_err();
            assert!(error.to_string().contains(named), "{error}");
        }
    }
}
