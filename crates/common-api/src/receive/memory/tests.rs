use std::sync::Arc;

use super::*;
use crate::receive::{Delivery, Kept};

fn received(event_id: Option<&str>, body: &'static str) -> Received<()> {
    from("a", event_id, body)
}

fn from(source: &str, event_id: Option<&str>, body: &'static str) -> Received<()> {
    Received {
        source: Arc::from(source),
        event_id: event_id.map(str::to_owned),
        subject: None,
        delivery: Delivery::new(body),
        event: (),
    }
}

// D3, F25, U23
#[tokio::test]
async fn d3_f25_equal_bodies_are_kept_and_marked() {
    let store = MemoryStore::new();
    let [first, second, third, fourth] = ["1", "2", "1", "1"].map(|status| received(None, status));
    assert_eq!(store.store(&first).await.unwrap(), Receipt::new(first.id()));
    assert_eq!(
        store.store(&second).await.unwrap(),
        Receipt::new(second.id())
    );
    let marked = store.store(&third).await.unwrap();
    assert_eq!(marked, Receipt::new(third.id()).repeat_of(Some(first.id())));
    assert_eq!(marked.kept, Kept::Now);
    let marked = store.store(&fourth).await.unwrap();
    assert_eq!(marked.repeat_of, Some(third.id()), "the last one before it");
    let bodies: Vec<_> = store
        .events()
        .into_iter()
        .map(|received| received.delivery.body)
        .collect();
    assert_eq!(bodies, ["1", "2", "1", "1"]);
}

// D3
#[tokio::test]
async fn d3_the_sources_own_id_removes_repeats_of_that_source_alone() {
    let store = MemoryStore::new();
    let first = received(Some("7"), "x");
    store.store(&first).await.unwrap();
    let again = store.store(&received(Some("7"), "x")).await.unwrap();
    assert_eq!(again, Receipt::kept_before(first.id()));
    // The id decides, not the body.
    let changed = store.store(&received(Some("7"), "y")).await.unwrap();
    assert_eq!(changed.kept, Kept::Before);
    let other_id = store.store(&received(Some("8"), "x")).await.unwrap();
    assert_eq!(
        (other_id.kept, other_id.repeat_of),
        (Kept::Now, Some(first.id()))
    );
    let other_source = store.store(&from("b", Some("7"), "x")).await.unwrap();
    assert_eq!(
        (other_source.kept, other_source.repeat_of),
        (Kept::Now, None)
    );
    // A text that could be taken for source and id in one.
    let glued = store.store(&from("b7", Some(""), "z")).await.unwrap();
    assert_eq!(glued.kept, Kept::Now);
    assert_eq!(store.events().len(), 4);
}

// D3
#[tokio::test(start_paused = true)]
async fn d3_ids_and_bodies_are_remembered_for_the_window() {
    let store = MemoryStore::new().window(Duration::from_secs(60));
    let first = received(Some("7"), "x");
    store.store(&first).await.unwrap();
    tokio::time::advance(Duration::from_secs(60)).await;
    let inside = store.store(&received(Some("7"), "x")).await.unwrap();
    assert_eq!(inside, Receipt::kept_before(first.id()));
    tokio::time::advance(Duration::from_millis(1)).await;
    let late = store.store(&received(Some("7"), "x")).await.unwrap();
    assert_eq!((late.kept, late.repeat_of), (Kept::Now, None));
    assert_eq!(store.events().len(), 2);
}

#[tokio::test]
async fn d3_a_full_store_refuses_and_what_was_taken_stays_remembered() {
    let store = MemoryStore::new().capacity(2);
    let first = received(Some("7"), "x");
    store.store(&first).await.unwrap();
    store.store(&received(Some("8"), "y")).await.unwrap();
    let refused = store.store(&received(Some("9"), "z")).await.unwrap_err();
    assert!(refused.is::<MemoryStoreFull>());
    // What it has already is no news to a full store.
    let known = store.store(&received(Some("7"), "x")).await.unwrap();
    assert_eq!(known.kept, Kept::Before);

    assert_eq!(store.take().len(), 2);
    assert!(store.events().is_empty());
    let known = store.store(&received(Some("7"), "x")).await.unwrap();
    assert_eq!(known, Receipt::kept_before(first.id()));
    let refused_before = store.store(&received(Some("9"), "z")).await.unwrap();
    assert_eq!(refused_before.kept, Kept::Now);
}

#[tokio::test]
async fn d3_what_is_remembered_is_bounded() {
    let store = MemoryStore::new().capacity(3);
    for _ in 0..100 {
        store.store(&received(None, "x")).await.unwrap();
        store.take();
    }
    let inner = store.lock();
    assert_eq!(
        (inner.bodies.order.len(), inner.bodies.latest.len()),
        (3, 1)
    );
}
