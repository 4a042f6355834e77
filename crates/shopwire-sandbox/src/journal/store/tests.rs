//! Tests of the bounds of the store.

use http::Request;

use super::*;
use crate::journal::body::Body;
use crate::journal::exchange::Message;
use crate::journal::reason::{Reason, ReasonKind};

/// Bytes of the store, counted anew.
fn counted(store: &Store) -> usize {
    let parts = store.iter().map(|entry| {
        let notes = entry.notes.as_ref().map_or(0, |notes| notes.bytes());
        let content = entry.content.as_ref().map_or(0, |content| content.bytes());
        entry.bytes() + notes + content
    });
    parts.sum()
}

fn push(store: &mut Store, path: &str, body: usize) -> u64 {
    let id = store.next();
    let request = Request::post(path).body(()).expect("a request");
    store.push(Entry::new(id, 0, ServiceName::RetailCrm, &request));
    if body > 0 {
        let body = Body::whole(&vec![b'x'; body]);
        store.change_content(id, |content| {
            content.request = Message::new(Box::default(), body);
        });
    }
    id
}

// H11
#[test]
fn s5_100_000_requests_with_bodies_stay_within_the_budget() {
    let mut store = Store::default();
    for _ in 0..100_000 {
        let id = push(&mut store, "/api/v5/orders/create?site=main", 2 << 10);
        store.change_notes(id, |notes| {
            let reason = Reason::new(ReasonKind::Schema, "must be integer");
            notes.reasons.push(reason.at("order.items[0].quantity"));
        });
    }
    assert_eq!(store.bytes(), counted(&store));
    assert!(store.bytes() <= BUDGET, "{}", store.bytes());
    assert_eq!(store.iter().len(), 100_000, "all summaries fit");
    let with = |is: fn(&Entry) -> bool| store.iter().filter(|entry| is(entry)).count();
    let bodies = with(|entry| entry.content.is_some());
    let notes = with(|entry| entry.notes.is_some());
    assert!(
        bodies > 3_000 && notes > bodies,
        "{bodies} bodies, {notes} notes"
    );
    // The newest have them.
    let newest = store.get(100_000).expect("an entry");
    assert!(newest.content.is_some() && newest.notes.is_some());
    let oldest = store.get(1).expect("an entry");
    assert!(oldest.content.is_none() && oldest.notes.is_none());
}

// H11
#[test]
fn s5_a_million_requests_leave_a_place_for_new_bodies() {
    let mut store = Store::default();
    for _ in 0..1_000_000 {
        push(&mut store, "/a?apiKey=secret", 0);
    }
    assert_eq!(store.total(ServiceName::RetailCrm), 1_000_000);
    assert!(store.iter().len() > 100_000 && store.bytes() <= BUDGET);
    let first = push(&mut store, "/a", 60_000);
    for _ in 0..50 {
        push(&mut store, "/a", 60_000);
    }
    assert!(
        store
            .get(first)
            .is_some_and(|entry| entry.content.is_some())
    );
    assert_eq!(store.bytes(), counted(&store));
}

// H11
#[test]
fn s5_long_paths_and_late_changes_are_bounded() {
    let mut store = Store::default();
    let long = format!("/{}", "x".repeat(60_000));
    for _ in 0..40_000 {
        push(&mut store, &long, 0);
    }
    assert!(store.bytes() <= BUDGET);
    assert_eq!(
        store.get(40_000).map(|entry| entry.path().len()),
        Some(2 << 10)
    );
    // The first has left the store; what comes late for it is dropped.
    store.change(1, |entry| entry.status = Some(200));
    store.change_content(1, |content| content.answer = Some(Message::default()));
    store.change_notes(1, |notes| notes.query = "late".into());
    assert!(store.get(1).is_none() && store.bytes() == counted(&store));
    store.clear();
    assert_eq!(
        (store.bytes(), store.next(), store.iter().len()),
        (0, 40_001, 0)
    );
    store.change_notes(40_000, |notes| notes.query = "late".into());
    assert_eq!(store.bytes(), 0);
    assert_eq!(push(&mut store, "/a", 10), 40_001);
}
