//! Where a reading begins: at the newest change, or at a date.

use super::service::{Service, ids, number_of, page};

// C13
#[tokio::test(start_paused = true)]
async fn c13_the_latest_change_costs_two_requests_however_long_the_history() {
    for (changes, requests) in [(0, 1), (1, 1), (100, 1), (101, 2), (1_000_000, 2)] {
        let service = Service::of_history(changes, 100);
        let reading = service.changes(None);
        let latest = reading.latest().await.unwrap();
        assert_eq!(latest, i64::try_from(changes).ok().filter(|id| *id > 0));
        assert_eq!(service.asked().len(), requests, "{changes} changes");
        assert!(service.asked().iter().all(|query| !query.contains("after")));
        // The reading itself was not moved.
        assert_eq!(reading.since(), None);
        let behind = service.changes(latest).collect().await.unwrap();
        assert_eq!(behind.len(), 0);
    }
}

// C13
#[tokio::test(start_paused = true)]
async fn c13_a_history_that_grows_meanwhile_is_followed() {
    // It gets a whole page more between two requests, three times.
    let service = Service::new(|number, query| {
        let changes = 25 + 10 * number.min(4) as u64;
        (200, page(changes, 10, number_of(query, "page").unwrap()))
    });
    assert_eq!(service.changes(None).latest().await.unwrap(), Some(65));
    // One that grows for ever is given up.
    let service = Service::new(|number, query| {
        let changes = 25 + 10 * number as u64;
        (200, page(changes, 10, number_of(query, "page").unwrap()))
    });
    let error = service.changes(None).latest().await.unwrap_err();
    assert!(error.is_decode() && service.asked().len() < 20, "{error}");
}

// C13
#[tokio::test(start_paused = true)]
async fn c13_odd_ids_and_missing_totals_are_no_guess() {
    // The ids of the last page cannot be read: the page before it is looked at.
    let service = Service::new(|_, query| match number_of(query, "page").unwrap() {
        3 => (
            200,
            r#"{"pages":3,"page":3,"things":[{"id":"x"},{"id":null}]}"#.to_owned(),
        ),
        number => (200, page(25, 10, number)),
    });
    assert_eq!(service.changes(None).latest().await.unwrap(), Some(20));
    for body in [
        r#"{"things":[{"id":5}]}"#,
        r#"{"pages":"many","things":[{"id":5}]}"#,
        r#"{"pages":1,"page":1,"things":[{"id":"x"}]}"#,
    ] {
        let service = Service::new(move |_, _| (200, body.to_owned()));
        assert!(
            service
                .changes(None)
                .latest()
                .await
                .unwrap_err()
                .is_decode(),
            "{body}"
        );
    }
}

// C13
#[tokio::test(start_paused = true)]
async fn c13_a_first_position_by_date_holds_until_a_change_is_read() {
    let quiet = r#"{"count":0,"page":1,"pages":0,"things":[]}"#;
    let service = Service::new(move |number, query| match number {
        1 => (200, quiet.to_owned()),
        _ => (200, page(7, 10, number_of(query, "page").unwrap_or(1))),
    });
    let date = "2026-01-02T03:04:05";
    let mut changes = service.changes(None).from_date(date.parse().unwrap());
    assert!(changes.next().await.unwrap().is_none());
    let position = changes.position().to_string();
    assert_eq!(position, format!("demo/things.list date {date}"));
    let mut later = service
        .changes(None)
        .from_position(&position.parse().unwrap())
        .unwrap();
    assert_eq!(ids(&later.next().await.unwrap().unwrap().items).len(), 7);
    assert_eq!(later.position().to_string(), "demo/things.list change 7");
    assert!(later.next().await.unwrap().is_none());
    later.next().await.unwrap();
    let from = format!("from={date}");
    assert_eq!(
        service.asked(),
        [&*from, &*from, "after=7"],
        "an id takes the date's place"
    );
}
