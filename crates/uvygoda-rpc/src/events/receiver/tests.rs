use std::sync::Mutex;

use common_api::receive::{Kept, Receipt, Received, Store};
use common_model::Value;

use super::*;
use crate::events::{EventKind, Rule};

const SECRET: &str = "path-secret-1";

fn receiver<S>(store: S) -> Receiver<S> {
    let rule = Rule::new(EventKind::NewOrder, "/event").equals("new");
    let rules = Rules::new([
        rule,
        Rule::new(EventKind::OrderStatus, "/status").event_id("/id"),
    ]);
    Receiver::new(SECRET, store).format(rules)
}

fn bodies(receiver: &Receiver<MemoryStore>) -> Vec<String> {
    let events = receiver.store().events().into_iter();
    events
        .map(|event| String::from_utf8_lossy(&event.delivery.body).into_owned())
        .collect()
}

#[tokio::test]
async fn u23_unknown_events_are_kept_raw() {
    let receiver = receiver(MemoryStore::new());
    for body in [
        &b"{\"event\":\"new\"}"[..],
        b"{\"event\":\"other\"}",
        b"\xff not json",
        b"",
    ] {
        let delivery = Delivery::new(body).with_content_type("text/plain");
        receiver.receive(SECRET, delivery).await.unwrap();
    }
    let events = receiver.store().events();
    let kinds: Vec<_> = events
        .iter()
        .map(|received| received.event.kind.as_str())
        .collect();
    assert_eq!(
        kinds,
        ["new_order", "unclassified", "unclassified", "unclassified"]
    );
    assert_eq!(events[2].delivery.body, &b"\xff not json"[..]);
}

#[tokio::test]
async fn u23_forms_are_read_by_their_content_type() {
    let receiver = receiver(MemoryStore::new());
    let form = Delivery::new("event=new").with_content_type("application/x-www-form-urlencoded");
    let accepted = receiver.receive(SECRET, form).await.unwrap();
    assert_eq!(accepted.received.event.kind, EventKind::NewOrder);
    let payload = accepted.received.event.payload.unwrap();
    assert_eq!(payload.get("event").and_then(Value::as_str), Some("new"));
}

// U23, F25, D3
#[tokio::test]
async fn u23_f25_equal_bodies_are_kept_and_marked() {
    let receiver = receiver(MemoryStore::new());
    let mut receipts = Vec::new();
    for status in [1, 2, 1] {
        let delivery = Delivery::new(format!("{{\"status\":{status},\"order\":7}}"));
        receipts.push(receiver.receive(SECRET, delivery).await.unwrap().receipt);
    }
    assert_eq!(bodies(&receiver).len(), 3);
    assert!(receipts.iter().all(|receipt| receipt.kept == Kept::Now));
    let repeats: Vec<_> = receipts.iter().map(|receipt| receipt.repeat_of).collect();
    assert_eq!(repeats, [None, None, Some(receipts[0].id)]);
}

// D3
#[tokio::test]
async fn d3_the_id_of_an_event_removes_repeats_of_its_kind() {
    let receiver = receiver(MemoryStore::new());
    let mut kept = Vec::new();
    for body in [
        "{\"status\":1,\"id\":7}",
        "{\"status\":1,\"id\":7}",
        "{\"status\":2,\"id\":8}",
        "{\"event\":\"new\",\"id\":7}",
    ] {
        let accepted = receiver.receive(SECRET, Delivery::new(body)).await;
        kept.push(accepted.unwrap().receipt.kept);
    }
    assert_eq!(kept, [Kept::Now, Kept::Before, Kept::Now, Kept::Now]);
    assert_eq!(bodies(&receiver).len(), 3);
}

/// Fails until it is repaired.
#[derive(Default)]
struct Broken(Mutex<u32>);

impl Store<Event> for Broken {
    async fn store(&self, received: &Received<Event>) -> Result<Receipt, BoxError> {
        let mut calls = self.0.lock().unwrap();
        *calls += 1;
        match *calls {
            1 => Err("disk full".into()),
            _ => Ok(Receipt::new(received.id())),
        }
    }
}

#[tokio::test]
async fn u24_nothing_is_acknowledged_before_it_is_stored() {
    let receiver = receiver(Broken::default());
    let rejection = receiver.receive(SECRET, Delivery::new("{}")).await;
    let rejection = rejection.unwrap_err();
    assert_eq!(rejection.status(), 503);
    let source = std::error::Error::source(&rejection).unwrap();
    assert_eq!(source.to_string(), "disk full");
    assert!(receiver.receive(SECRET, Delivery::new("{}")).await.is_ok());
}
