//! One page ahead.

use std::time::Duration;

use futures_util::StreamExt as _;
use tokio::time::{Instant, sleep};

use super::service::{Service, id, ids, number_of, page};

const WORK: Duration = Duration::from_secs(1);

// C1
#[tokio::test(start_paused = true)]
async fn c1_the_next_page_comes_while_this_one_is_worked_on() {
    // An answer takes a second, and so does the work on a page.
    for (prefetch, seconds) in [(false, 8), (true, 5)] {
        let (service, start) = (Service::of_pages(8, 2), Instant::now());
        let mut pages = service.pages().prefetch(prefetch);
        let mut seen = Vec::new();
        while let Some(page) = pages.next().await.unwrap() {
            seen.extend(ids(&page.items));
            sleep(WORK).await;
        }
        assert_eq!(seen, (1..=8).collect::<Vec<_>>());
        assert_eq!(start.elapsed().as_secs(), seconds, "prefetch: {prefetch}");
        let pages = ["page=1", "page=2", "page=3", "page=4"];
        assert_eq!(service.asked(), pages, "the same requests");
    }
}

// C1
#[tokio::test(start_paused = true)]
async fn c1_items_streams_and_changes_look_ahead_as_well() {
    let (service, start) = (Service::of_pages(4, 2), Instant::now());
    let mut items = service.pages().prefetch(true).items().into_stream();
    while items.next().await.transpose().unwrap().is_some() {
        sleep(WORK).await;
    }
    assert_eq!(start.elapsed().as_secs(), 5);
    let (service, start) = (Service::of_history(6, 2), Instant::now());
    let mut changes = service.changes(None).prefetch(true);
    while changes.next().await.unwrap().is_some() {
        sleep(WORK).await;
    }
    assert_eq!(start.elapsed().as_secs(), 4);
    assert_eq!(service.asked(), ["", "after=2", "after=4"]);
}

// C1
#[tokio::test(start_paused = true)]
async fn c1_never_more_is_asked_for_than_one_page_ahead() {
    let service = Service::of_pages(100, 2);
    let mut pages = service.pages().prefetch(true);
    assert!(
        service.asked().is_empty(),
        "nothing before the first `next`"
    );
    for given in 1..=5 {
        pages.next().await.unwrap();
        sleep(Duration::from_secs(60)).await;
        assert_eq!(service.asked().len(), given + 1);
    }
    // The page that waits is given without another request.
    let before = Instant::now();
    assert_eq!(ids(&pages.next().await.unwrap().unwrap().items), [11, 12]);
    assert_eq!(before.elapsed(), Duration::ZERO);
}

// C1
#[tokio::test(start_paused = true)]
async fn c1_what_is_dropped_asks_for_nothing_more() {
    // The service fails for a moment, so that the page ahead would be asked for again and again.
    let service = Service::new(|number, _| match number {
        1 => (200, page(8, 2, 1)),
        _ => (503, String::new()),
    });
    let mut pages = service.pages().prefetch(true);
    pages.next().await.unwrap();
    tokio::task::yield_now().await;
    drop(pages);
    let asked = service.asked().len();
    sleep(Duration::from_secs(600)).await;
    assert!(
        asked <= 2 && service.asked().len() == asked,
        "{:?}",
        service.times()
    );
}

// C1
#[tokio::test(start_paused = true)]
async fn c1_an_error_ahead_is_told_in_its_turn() {
    let service = Service::new(|number, query| match number {
        2 => (403, r#"{"things":[]}"#.to_owned()),
        _ => (200, page(4, 2, number_of(query, "page").unwrap())),
    });
    let mut items = service.pages().prefetch(true).items();
    let first = items.next().await.unwrap();
    sleep(Duration::from_secs(60)).await;
    assert_eq!(service.asked().len(), 2, "it has failed by now");
    assert_eq!(first.map(|item| id(&item)), Some(1));
    assert_eq!(items.next().await.unwrap().map(|item| id(&item)), Some(2));
    assert!(items.next().await.unwrap_err().is_access_denied());
    // The step is done again.
    assert_eq!(ids(&items.collect().await.unwrap()), [3, 4]);
}

// C1
#[tokio::test(start_paused = true)]
async fn c1_the_position_does_not_count_what_was_not_given() {
    let service = Service::of_pages(8, 2);
    let mut pages = service.pages().prefetch(true);
    pages.next().await.unwrap();
    sleep(Duration::from_secs(60)).await;
    assert_eq!(pages.position().to_string(), "demo/things.list page 2");
    // A `next` that is given up leaves the page on its way.
    let service = Service::of_pages(8, 2);
    let mut pages = service.pages().prefetch(true);
    pages.next().await.unwrap();
    let given_up = tokio::time::timeout(Duration::from_millis(1), pages.next()).await;
    assert!(given_up.is_err());
    assert_eq!(ids(&pages.next().await.unwrap().unwrap().items), [3, 4]);
    sleep(Duration::from_secs(60)).await;
    assert_eq!(service.asked(), ["page=1", "page=2", "page=3"]);
}

// C1
#[tokio::test(start_paused = true)]
async fn c1_a_page_ahead_does_not_hold_up_the_callers_own_calls() {
    // One request a second: the page ahead waits in the limiter, before the caller's calls.
    let service = Service::limited(1, |_, query| {
        (200, page(8, 2, number_of(query, "page").unwrap_or(1)))
    });
    let mut pages = service.pages().prefetch(true);
    let mut seen = Vec::new();
    while let Some(page) = pages.next().await.unwrap() {
        for _ in &page.items {
            // Nobody looks at the walk meanwhile.
            service.call().await.unwrap();
        }
        seen.extend(ids(&page.items));
    }
    assert_eq!(seen, (1..=8).collect::<Vec<_>>());
    assert_eq!(service.asked().len(), 4 + 8);
}

// C1
#[tokio::test(start_paused = true)]
async fn c1_what_is_ahead_of_a_skip_is_left() {
    let service = Service::of_history(9, 2);
    let mut changes = service.changes(None).prefetch(true);
    assert_eq!(ids(&changes.next().await.unwrap().unwrap().items), [1, 2]);
    sleep(Duration::from_secs(60)).await;
    changes.skip_to(7);
    assert_eq!(ids(&changes.collect().await.unwrap()), [8, 9]);
}

// C1
#[tokio::test(start_paused = true)]
async fn c1_time_spent_on_a_page_is_no_time_of_the_next_call() {
    let service = Service::of_pages(4, 2);
    let mut pages = service.pages().prefetch(true);
    pages.next().await.unwrap();
    // Far longer than a call may take.
    sleep(Duration::from_secs(3600)).await;
    assert!(pages.next().await.unwrap().is_some());
    assert_eq!(service.asked().len(), 2);
}
