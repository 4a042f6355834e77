use std::sync::Mutex;

use super::*;
use crate::webhook::{EventKind, MemoryStore, Rule};

const SECRET: &str = "path-secret-1";

fn receiver<S: Store>(store: S) -> Receiver<S> {
    let rule = Rule::new(EventKind::NewOrder, "/event").equals("new");
    Receiver::new(SECRET, store).rules(Rules::new([rule]))
}

#[tokio::test]
async fn u23_unknown_events_are_kept_raw() {
    let receiver = receiver(MemoryStore::default());
    for body in [
        &b"{\"event\":\"new\"}"[..],
        b"{\"event\":\"other\"}",
        b"\xff not json",
        b"",
    ] {
        let delivery = Delivery::new(SECRET, body).content_type("text/plain");
        receiver.receive(delivery).await.unwrap();
    }
    let events = receiver.store().events();
    let kinds: Vec<_> = events.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(
        kinds,
        ["new_order", "unclassified", "unclassified", "unclassified"]
    );
    assert_eq!(events[2].body, &b"\xff not json"[..]);
}

#[tokio::test]
async fn u23_a_repeated_body_is_stored_once() {
    let receiver = receiver(MemoryStore::default());
    let duplicates: Vec<bool> = [
        receiver
            .receive(Delivery::new(SECRET, "{\"a\":1}"))
            .await
            .unwrap()
            .is_duplicate,
        receiver
            .clone()
            .receive(Delivery::new(SECRET, "{\"a\":1}"))
            .await
            .unwrap()
            .is_duplicate,
        receiver
            .receive(Delivery::new(SECRET, "{\"a\":2}"))
            .await
            .unwrap()
            .is_duplicate,
    ]
    .into();
    assert_eq!(duplicates, [false, true, false]);
    assert_eq!(receiver.store().events().len(), 2);
}

#[tokio::test]
async fn u23_another_path_learns_nothing_and_stores_nothing() {
    let receiver = receiver(MemoryStore::default());
    for token in ["", "path-secret-2", "path-secret-11", "PATH-SECRET-1"] {
        let rejection = receiver
            .receive(Delivery::new(token, "{}"))
            .await
            .unwrap_err();
        assert_eq!(rejection.status(), 404);
    }
    assert!(receiver.store().events().is_empty());
    let open = Receiver::new("", MemoryStore::default());
    assert_eq!(
        open.receive(Delivery::new("", "{}"))
            .await
            .unwrap_err()
            .status(),
        404
    );
    assert!(!format!("{receiver:?}").contains(SECRET));
}

/// Fails until it is repaired.
#[derive(Default)]
struct Broken(Mutex<u32>);

impl Store for Broken {
    async fn store(&self, _: &Event) -> Result<Stored, BoxError> {
        let mut calls = self.0.lock().unwrap();
        *calls += 1;
        if *calls < 2 {
            Err("disk full".into())
        } else {
            Ok(Stored::New)
        }
    }
}

#[tokio::test]
async fn u24_nothing_is_acknowledged_before_it_is_stored() {
    let receiver = receiver(Broken::default());
    let rejection = receiver
        .receive(Delivery::new(SECRET, "{}"))
        .await
        .unwrap_err();
    assert_eq!(rejection.status(), 503);
    assert_eq!(
        std::error::Error::source(&rejection).unwrap().to_string(),
        "disk full"
    );
    assert!(
        !receiver
            .receive(Delivery::new(SECRET, "{}"))
            .await
            .unwrap()
            .is_duplicate
    );
}

#[tokio::test]
async fn a_body_above_the_limit_is_refused() {
    let receiver = receiver(MemoryStore::default()).max_body(4);
    assert!(
        receiver
            .receive(Delivery::new(SECRET, "1234"))
            .await
            .is_ok()
    );
    let rejection = receiver
        .receive(Delivery::new(SECRET, "12345"))
        .await
        .unwrap_err();
    assert_eq!(rejection.status(), 413);
}
