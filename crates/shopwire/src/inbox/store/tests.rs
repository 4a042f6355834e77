use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering::Relaxed},
};

use common_api::receive::{Delivery, Format, Kept, Receiver, Storing};
use common_durable::{
    Answer, Claim, Claimed, Commit, Done, EventDetails, Limits, Look, Page, Store,
    sqlite::{Sqlite, SqliteOptions},
};
use http::Method;

use super::*;

const SECRET: &str = "path-secret-1";

/// Bodies `id:subject:rest`, each part optional.
#[derive(Debug, Default)]
struct Parts;

impl Format for Parts {
    type Event = Vec<String>;

    fn read(&self, delivery: &Delivery) -> Result<Vec<String>, BoxError> {
        let body = std::str::from_utf8(&delivery.body)?;
        Ok(body.split(':').map(str::to_owned).collect())
    }

    fn event_id(&self, event: &Vec<String>) -> Option<String> {
        event.first().filter(|id| !id.is_empty()).cloned()
    }

    fn subject(&self, event: &Vec<String>) -> Option<String> {
        event.get(1).filter(|subject| !subject.is_empty()).cloned()
    }

    fn accepts(&self, _: &Method) -> bool {
        true
    }
}

type Inboxed = Receiver<Storing<Parts, InboxStore>>;

fn receiver(store: impl Store) -> Inboxed {
    let inbox = Inbox::new(Arc::new(store));
    Receiver::new(SECRET, InboxStore::new(inbox)).source("test:main")
}

async fn sqlite(options: SqliteOptions) -> Sqlite {
    Sqlite::open(options).await.unwrap()
}

async fn memory() -> Inboxed {
    receiver(sqlite(SqliteOptions::memory()).await)
}

async fn receive(receiver: &Inboxed, body: &str) -> Result<Receipt, Rejection> {
    let accepted = receiver.receive(SECRET, Delivery::new(body.to_owned()));
    accepted.await.map(|accepted| accepted.receipt)
}

async fn stored(receiver: &Inboxed, receipt: Receipt) -> EventDetails {
    let event = event_id(receipt.id).unwrap();
    let found = receiver.store().inbox().event(event).await;
    found.unwrap().unwrap()
}

#[tokio::test]
async fn d2_an_event_is_stored_with_its_source_and_without_credentials() {
    let receiver = memory().await;
    let delivery = Delivery::new("::body")
        .with_method(Method::PUT)
        .with_query("a=1&token=hidden")
        .with_header("x-auth-token", "hidden")
        .with_header("x-seen-at", "/hooks/path-secret-1")
        .with_content_type("text/plain");
    let accepted = receiver.receive(SECRET, delivery).await.unwrap();
    let details = stored(&receiver, accepted.receipt).await;
    let event = details.event.unwrap();
    assert_eq!(
        (&*event.source, &*event.body),
        ("test:main", &b"::body"[..])
    );
    let headers: Vec<_> = event
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), &**value))
        .collect();
    let expected: [(&str, &[u8]); 3] = [
        ("content-type", b"text/plain"),
        (":method", b"PUT"),
        (":query", b"a=1&token=***"),
    ];
    assert_eq!(headers, expected);
}

#[tokio::test]
async fn d3_equal_bodies_are_kept_and_marked() {
    let receiver = memory().await;
    let first = receive(&receiver, "::1").await.unwrap();
    let second = receive(&receiver, "::2").await.unwrap();
    let third = receive(&receiver, "::1").await.unwrap();
    assert_eq!((first.kept, third.kept), (Kept::Now, Kept::Now));
    assert_eq!((second.repeat_of, third.repeat_of), (None, Some(first.id)));
    let third = stored(&receiver, third).await.summary;
    assert_eq!(third.repeat_of, event_id(first.id));
}

#[tokio::test]
async fn d3_an_event_id_removes_repeats_but_never_another_event() {
    let receiver = memory().await;
    let first = receive(&receiver, "id-1::a").await.unwrap();
    let again = receive(&receiver, "id-1::a").await.unwrap();
    assert_eq!(again, Receipt::kept_before(first.id));
    let other = receive(&receiver, "id-1::b").await.unwrap();
    assert_eq!(other.kept, Kept::Now);
    let details = stored(&receiver, other).await;
    assert_eq!(details.summary.event_id, None);
    assert_eq!(details.event.unwrap().body, "id-1::b");
}

#[tokio::test]
async fn d4_events_about_one_subject_are_in_order_and_others_are_not_held_back() {
    let receiver = memory().await;
    for body in [":7:a", ":7:b", ":8:c", "::d", "::e"] {
        receive(&receiver, body).await.unwrap();
    }
    let inbox = receiver.store().inbox();
    let claimed = inbox.claim(Claim::events("test:main").at_most(9)).await;
    let bodies: Vec<_> = claimed
        .unwrap()
        .into_iter()
        .map(|delivery| String::from_utf8_lossy(&delivery.event.body).into_owned())
        .collect();
    assert_eq!(bodies, [":7:a", ":8:c", "::d"]);
}

#[tokio::test]
async fn d2_what_cannot_be_stored_is_told_by_its_status() {
    let store = sqlite(SqliteOptions::memory().queue(1)).await;
    let receiver = receiver(store.clone());
    store.pause(true);
    // It waits for the writer and is stored, though nobody waits for the answer.
    let waiting = tokio::spawn({
        let receiver = receiver.clone();
        async move { receive(&receiver, "::waits").await }
    });
    while store.waiting() == 0 {
        tokio::task::yield_now().await;
    }
    let busy = receive(&receiver, "::busy").await.unwrap_err();
    assert_eq!((busy.status().as_u16(), busy.reason()), (503, Reason::Busy));
    store.pause(false);
    waiting.await.unwrap().unwrap();
    store.close().await;
    let closed = receive(&receiver, "::closed").await.unwrap_err();
    assert_eq!(
        (closed.status().as_u16(), closed.reason()),
        (503, Reason::Store)
    );

    let limits = Limits::default().body(8);
    let receiver = self::receiver(sqlite(SqliteOptions::memory().limits(limits)).await);
    let large = receive(&receiver, "::123456789").await.unwrap_err();
    assert_eq!(
        (large.status().as_u16(), large.reason()),
        (413, Reason::TooLarge)
    );
}

#[tokio::test]
async fn d3_an_id_or_a_subject_that_cannot_be_stored_loses_no_event() {
    let receiver = memory().await;
    let long = "x".repeat(2_000);
    for body in [
        format!("{long}::a"),
        format!(":{long}:a"),
        "\0:\0:a".to_owned(),
    ] {
        receive(&receiver, &body).await.unwrap();
    }
}

// Proxies add headers, and no sender tries again.
#[tokio::test]
async fn d2_h3_headers_that_cannot_be_stored_lose_no_event() {
    let receiver = memory().await;
    let long = "x".repeat(40_000);
    let delivery = Delivery::new("::a")
        .with_query("q".repeat(20_000))
        .with_header("x-first", &long)
        .with_header("x-second", &long)
        .with_header("x-third", "kept")
        .with_content_type("text/plain");
    let accepted = receiver.receive(SECRET, delivery).await.unwrap();
    let event = stored(&receiver, accepted.receipt).await.event.unwrap();
    let names: Vec<_> = event.headers.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["x-first", "x-third", "content-type", ":query"]);
    let delivery = Delivery::new("::b")
        .with_query("q".repeat(65_500))
        .with_content_type(&"x".repeat(60));
    let accepted = receiver.receive(SECRET, delivery).await.unwrap();
    let event = stored(&receiver, accepted.receipt).await.event.unwrap();
    assert_eq!(event.headers.len(), 1, "the query alone fits");
}

/// Loses the answers to the first commits, which are carried out.
#[derive(Debug)]
struct Forgetful(Sqlite, AtomicU32);

impl Store for Forgetful {
    fn commit(&self, commit: Commit) -> Answer<Vec<Done>> {
        let answer = self.0.commit(commit);
        match self.1.fetch_sub(1, Relaxed) {
            1.. => Box::pin(async move {
                answer.await?;
                Err(Error::new(ErrorKind::Unknown, "the answer was lost"))
            }),
            0 => answer,
        }
    }

    fn claim(&self, claim: Claim) -> Answer<Vec<Claimed>> {
        self.0.claim(claim)
    }

    fn look(&self, look: Look) -> Answer<Page> {
        self.0.look(look)
    }
}

#[tokio::test]
async fn d3_a_commit_whose_answer_was_lost_is_tried_again_and_stored_once() {
    for body in ["::a", "id-1::a"] {
        let store = Forgetful(sqlite(SqliteOptions::memory()).await, AtomicU32::new(2));
        let receiver = receiver(store);
        let receipt = receive(&receiver, body).await.unwrap();
        assert_eq!(receipt.kept, Kept::Before);
        let inbox = receiver.store().inbox();
        let events = inbox.events(None, None, None, 9).await.unwrap();
        assert_eq!(events.len(), 1);
    }
    let store = Forgetful(sqlite(SqliteOptions::memory()).await, AtomicU32::new(9));
    let lost = receive(&receiver(store), "::a").await.unwrap_err();
    assert_eq!(lost.status(), 503);
}

#[tokio::test]
async fn d6_an_event_is_erased_by_what_it_holds() {
    let receiver = memory().await;
    let receipt = receive(&receiver, "::call +7 900 123-45-67 now")
        .await
        .unwrap();
    receive(&receiver, "::call +7 900 123-45-68 now")
        .await
        .unwrap();
    let inbox = receiver.store().inbox();
    let erased = inbox
        .erase(super::super::erasure_key("8 900 1234567"))
        .await;
    assert_eq!(erased.unwrap().events, 1);
    assert!(stored(&receiver, receipt).await.event.is_none());
}
