//! Appends: stored once, byte by byte, owned by the engine at once.

use std::time::Duration;

use bytes::Bytes;

use super::{
    Factory,
    subject::{Bench, SOURCE, event},
};
use crate::{Appended, Claim, Commit, ErrorKind, Limits, NewEvent};

pub(super) async fn d2_append_is_read_back_byte_exact(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    let large: Vec<u8> = (0..1 << 20)
        .map(|number: u32| (number % 251) as u8)
        .collect();
    for content in [
        Bytes::new(),
        Bytes::from_static(b"a\0b\xff\xfe"),
        large.into(),
    ] {
        let event = NewEvent::new(SOURCE, content.clone())
            .header("x-b", "1")
            .header("X-A", Bytes::from_static(b"\xff\0"))
            .header("x-b", "")
            .event_id(format!("id {}", content.len()));
        let headers = event.headers.clone();
        let id = bench
            .inbox
            .append(event)
            .await
            .expect("it is stored")
            .event();
        let delivery = bench.claim_one().await;
        assert_eq!(delivery.event.id, id);
        assert!(delivery.event.body == content, "the body differs");
        assert_eq!(delivery.event.headers, headers);
        assert_eq!(
            delivery.event.event_id,
            Some(format!("id {}", content.len()))
        );
        let details = bench
            .inbox
            .event(id)
            .await
            .expect("a look")
            .expect("it is there");
        assert_eq!(details.event, Some(delivery.event));
        assert_eq!(details.summary.body_bytes, content.len() as u64);
        bench
            .inbox
            .finish(delivery.ticket)
            .await
            .expect("it is finished");
    }
}

pub(super) async fn d3_append_same_event_id_once(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    let with_body = |body: &str| event("k", body).event_id("17");
    let first = bench
        .inbox
        .append(with_body("a"))
        .await
        .expect("it is stored");
    let event = first.event();
    assert_eq!(
        first,
        Appended::Stored {
            event,
            repeat_of: None
        }
    );
    let second = bench
        .inbox
        .append(with_body("a"))
        .await
        .expect("it is known");
    assert_eq!(second, Appended::Known { event });
    // Another body under the same id is never dropped in silence.
    let third = bench
        .inbox
        .append(with_body("b"))
        .await
        .expect("it is told");
    assert_eq!(third, Appended::Differs { event });
    assert_eq!(bench.work_off().await, ["a"]);
    let fourth = bench
        .inbox
        .append(with_body("a"))
        .await
        .expect("it is known");
    assert_eq!(fourth, Appended::Known { event });
    assert_eq!(bench.work_off().await, [""; 0]);
}

pub(super) async fn d3_append_same_event_id_two_at_once(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    for round in 0..8 {
        let id = format!("id {round}");
        bench.subject.hold(true);
        let one = bench.inbox.append(event("a", "x").event_id(&id));
        let other = bench.inbox.append(event("a", "x").event_id(&id));
        let both = async { tokio::join!(one, other) };
        let release = async { bench.subject.hold(false) };
        let ((one, other), ()) = tokio::join!(both, release);
        let (one, other) = (one.expect("it is stored"), other.expect("it is stored"));
        assert_eq!(one.event(), other.event());
        let is_stored = |appended: &Appended| matches!(appended, Appended::Stored { .. });
        assert!(is_stored(&one) != is_stored(&other), "{one:?} {other:?}");
    }
    assert_eq!(bench.work_off().await.len(), 8);
}

pub(super) async fn d3_equal_bodies_both_kept_and_marked(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    let append = async |key: Option<&str>, body: &'static str| {
        let mut event = NewEvent::new(SOURCE, body);
        event.key = key.map(Into::into);
        bench.inbox.append(event).await.expect("it is stored")
    };
    let first = append(Some("k"), "x").await.event();
    let repeat = append(Some("k"), "x").await;
    assert!(
        matches!(repeat, Appended::Stored { repeat_of: Some(id), .. } if id == first),
        "{repeat:?}"
    );
    for (key, body) in [(Some("other"), "x"), (Some("k"), "y"), (None, "x")] {
        let other = append(key, body).await;
        assert!(
            matches!(
                other,
                Appended::Stored {
                    repeat_of: None,
                    ..
                }
            ),
            "{other:?}"
        );
    }
    // Three status events 1, 2, 1 are three events.
    let back = append(Some("k"), "x").await;
    assert!(
        matches!(back, Appended::Stored { repeat_of: Some(id), .. } if id == repeat.event()),
        "{back:?}"
    );
    // After the window an equal body is no repeat.
    bench.advance(Duration::from_secs(25 * 3_600));
    let late = append(Some("k"), "x").await;
    assert!(
        matches!(
            late,
            Appended::Stored {
                repeat_of: None,
                ..
            }
        ),
        "{late:?}"
    );
    assert_eq!(bench.work_off().await.len(), 7);
}

pub(super) async fn d3_equal_bodies_at_once_same_key_marked(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    bench.subject.hold(true);
    let one = bench.inbox.append(event("k", "x"));
    let other = bench.inbox.append(event("k", "x"));
    let both = async { tokio::join!(one, other) };
    let release = async { bench.subject.hold(false) };
    let ((one, other), ()) = tokio::join!(both, release);
    let mark = |appended: Appended| match appended {
        Appended::Stored { event, repeat_of } => (event, repeat_of),
        other => panic!("it is not stored: {other:?}"),
    };
    let (one, other) = (mark(one.expect("stored")), mark(other.expect("stored")));
    assert!(
        one.1 == Some(other.0) && other.1.is_none() || other.1 == Some(one.0) && one.1.is_none(),
        "exactly one is the repeat of the other: {one:?} {other:?}"
    );
    assert_eq!(bench.work_off().await, ["x", "x"]);
}

pub(super) async fn d3_same_event_id_of_two_sources_kept(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    for source in ["shop:1", "shop:2"] {
        let event = NewEvent::new(source, "x").event_id("17");
        let appended = bench.inbox.append(event).await.expect("it is stored");
        assert!(matches!(appended, Appended::Stored { .. }), "{appended:?}");
    }
    for source in ["shop:1", "shop:2"] {
        let claimed = bench
            .inbox
            .claim(Claim::events(source))
            .await
            .expect("a claim");
        assert_eq!(claimed.len(), 1);
        assert_eq!(claimed[0].event.source, source);
    }
}

pub(super) async fn d2_too_large_is_refused_and_nothing_stored(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    let limit = Limits::default().body;
    let commit = Commit::new()
        .append(event("k", "small"))
        .append(NewEvent::new(SOURCE, vec![b'x'; limit + 1]));
    let error = bench
        .store()
        .commit(commit)
        .await
        .expect_err("it is refused");
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert!(error.to_string().contains(&limit.to_string()), "{error}");
    assert!(bench.work_off().await.is_empty());
}

pub(super) async fn d3_append_without_id_retried_after_lost_commit_once(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    let event = event("k", "x");
    // The answer to the first try is lost: its future is dropped.
    drop(bench.store().commit(Commit::new().append(event.clone())));
    let second = bench.inbox.append(event).await.expect("it is known");
    assert!(matches!(second, Appended::Known { .. }), "{second:?}");
    assert_eq!(bench.work_off().await, ["x"]);
}

pub(super) async fn d2_dropped_future_still_stores(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    for number in 0..50 {
        let commit = Commit::new().append(event("k", &number.to_string()));
        // The future is never polled.
        drop(bench.store().commit(commit));
    }
    bench.append("other", "last").await;
    let mut stored = bench.work_off().await;
    stored.retain(|body| body != "last");
    let expected: Vec<_> = (0..50).map(|number| number.to_string()).collect();
    assert_eq!(stored, expected);
}

pub(super) async fn d2_queue_full_is_busy_at_once(factory: &dyn Factory) {
    let bench = Bench::with_queue(factory, 4).await;
    bench.append("k", "before").await;
    bench.subject.hold(true);
    let store = bench.store();
    let commit =
        |number: usize| store.commit(Commit::new().append(event("k", &number.to_string())));
    let waiting: Vec<_> = (0..4).map(commit).collect();
    let busy = commit(99).await.expect_err("it is refused at once");
    assert_eq!(busy.kind(), ErrorKind::Busy);
    assert!(busy.is_transient() && !busy.may_be_stored());
    bench.subject.hold(false);
    let number = waiting.len();
    for one in waiting {
        one.await.expect("it is stored");
    }
    let stored = bench.work_off().await;
    assert_eq!(stored.len(), number + 1);
    assert!(!stored.contains(&"99".to_owned()));
}
