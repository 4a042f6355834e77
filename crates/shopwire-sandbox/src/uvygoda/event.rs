//! Webhook events. Their bodies are not documented; these are the sandbox's own, in the style of the service's
//! answers.

use serde_json::{Map, Value, json};

use super::cards::Cards;
use super::catalog;

/// An event to be posted to the webhook.
///
/// ```
/// use shopwire_sandbox::Event;
///
/// let event = Event::new_order(501, [(1001, 2)]);
/// assert!(format!("{event:?}").contains("NewOrder"));
/// ```
#[derive(Clone, Debug)]
pub struct Event {
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    ProductStatus {
        product: u64,
        stage: String,
    },
    NewOrder {
        order: u64,
        lines: Vec<(u64, u32)>,
    },
    OrderStatus {
        order: u64,
        stage: u64,
    },
    Message {
        event: &'static str,
        chat: u64,
        text: String,
    },
    Raw(String),
}

impl Event {
    /// Rules by which a receiver can distinguish the sandbox's events: a JSON list of kind, JSON pointer and wanted
    /// value, in the format of `uvygoda-rpc`'s receiver.
    pub const RULES: &str = r#"[
        {"kind": "product_status", "at": "/EVENT", "equals": "PRODUCT_STATUS"},
        {"kind": "new_order", "at": "/EVENT", "equals": "NEW_ORDER"},
        {"kind": "order_status", "at": "/EVENT", "equals": "ORDER_STATUS"},
        {"kind": "chat_message", "at": "/EVENT", "equals": "CHAT_MESSAGE"},
        {"kind": "incoming_message", "at": "/EVENT", "equals": "INCOMING_MESSAGE"}
    ]"#;

    /// Builds the event of a card that changed its stage. The sandbox posts these by itself.
    pub fn product_status(product_id: u64, stage: impl Into<String>) -> Self {
        Self {
            kind: Kind::ProductStatus {
                product: product_id,
                stage: stage.into(),
            },
        }
    }

    /// Builds the event of a new order with these products and quantities. Names and prices come from the cards.
    pub fn new_order(order_id: u64, lines: impl IntoIterator<Item = (u64, u32)>) -> Self {
        Self {
            kind: Kind::NewOrder {
                order: order_id,
                lines: lines.into_iter().collect(),
            },
        }
    }

    /// Builds the event of an order that changed its status; `stage_id` is an id listed by `getStages`.
    pub fn order_status(order_id: u64, stage_id: u64) -> Self {
        Self {
            kind: Kind::OrderStatus {
                order: order_id,
                stage: stage_id,
            },
        }
    }

    /// Builds the event of a new message in a chat.
    pub fn chat_message(chat_id: u64, text: impl Into<String>) -> Self {
        Self {
            kind: Kind::Message {
                event: "CHAT_MESSAGE",
                chat: chat_id,
                text: text.into(),
            },
        }
    }

    /// Builds the event of an incoming message in a chat.
    pub fn incoming_message(chat_id: u64, text: impl Into<String>) -> Self {
        Self {
            kind: Kind::Message {
                event: "INCOMING_MESSAGE",
                chat: chat_id,
                text: text.into(),
            },
        }
    }

    /// Builds an event with any body, which is posted unchanged.
    pub fn raw(body: impl Into<String>) -> Self {
        Self {
            kind: Kind::Raw(body.into()),
        }
    }

    /// Returns the name of the event, as the log of webhooks has it.
    pub(super) fn name(&self) -> &'static str {
        match &self.kind {
            Kind::ProductStatus { .. } => "product_status",
            Kind::NewOrder { .. } => "new_order",
            Kind::OrderStatus { .. } => "order_status",
            Kind::Message { event, .. } if *event == "CHAT_MESSAGE" => "chat_message",
            Kind::Message { .. } => "incoming_message",
            Kind::Raw(_) => "raw",
        }
    }

    /// Builds an example of the event with this name, about the newest card. There is no example of `raw`.
    pub(super) fn example(name: &str, cards: &Cards) -> Option<Self> {
        let card = cards.newest();
        let (id, stage) = card.map_or((1, "PUBLIC"), |card| (card.id(), card.stage.as_str()));
        Some(match name {
            "product_status" => Self::product_status(id, stage),
            "new_order" => Self::new_order(501, [(id, 1)]),
            "order_status" => Self::order_status(501, 124),
            "chat_message" => Self::chat_message(7, "Hello"),
            "incoming_message" => Self::incoming_message(7, "Hello"),
            _ => return None,
        })
    }

    pub(super) fn render(self, cards: &Cards) -> String {
        let value = match self.kind {
            Kind::Raw(body) => return body,
            Kind::ProductStatus { product, stage } => {
                json!({"EVENT": "PRODUCT_STATUS", "PRODUCT": {"ID": product, "STAGE": stage}})
            }
            Kind::NewOrder { order, lines } => json!({"EVENT": "NEW_ORDER", "ORDER": {
                "ID": order,
                "STAGE": stage(123),
                "PRODUCTS": products(&lines, cards),
                "PROPERTIES": catalog::filled_order_properties(),
            }}),
            Kind::OrderStatus { order, stage: id } => {
                json!({"EVENT": "ORDER_STATUS", "ORDER": {"ID": order, "STAGE": stage(id)}})
            }
            Kind::Message { event, chat, text } => {
                json!({"EVENT": event, "MESSAGE": {"CHAT_ID": chat, "TEXT": text}})
            }
        };
        value.to_string()
    }
}

fn stage(id: u64) -> Value {
    json!({"ID": id, "NAME": catalog::stage_name(id).unwrap_or_default()})
}

fn products(lines: &[(u64, u32)], cards: &Cards) -> Value {
    catalog::keyed(lines.iter().enumerate().map(|(at, (id, quantity))| {
        let mut line = Map::new();
        line.insert("ID".into(), (*id).into());
        line.insert("QUANTITY".into(), (*quantity).into());
        for name in ["NAME", "PRICE"] {
            if let Some(value) = cards.find(*id).and_then(|card| card.field(name)) {
                line.insert(name.into(), value.clone());
            }
        }
        (at as u64, Value::Object(line))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::ServiceName;

    #[test]
    fn u18_u19_u20_u21_u22_every_event_is_told_by_its_rule() {
        let cards = Cards::default();
        let rules: Value = serde_json::from_str(Event::RULES).expect("JSON");
        let events = [
            Event::product_status(1, "PUBLIC"),
            Event::new_order(1, [(1, 1)]),
            Event::order_status(1, 124),
            Event::chat_message(1, "a"),
            Event::incoming_message(1, "a"),
        ];
        for (at, event) in events.into_iter().enumerate() {
            // The log's name, the rule's kind and the example are of the same event.
            assert_eq!(rules[at]["kind"], event.name());
            assert!(ServiceName::Uvygoda.events().contains(&event.name()));
            let example = Event::example(event.name(), &cards).expect("an example");
            assert_eq!(example.name(), event.name());
            let body: Value = serde_json::from_str(&event.render(&cards)).expect("JSON");
            let place = rules[at]["at"].as_str().expect("a pointer");
            assert_eq!(body.pointer(place), Some(&rules[at]["equals"]));
        }
        assert_eq!(Event::raw("x=1").render(&cards), "x=1");
    }
}
