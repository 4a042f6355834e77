//! The family's methods, on pages and on changes.

use std::time::Duration;

use common_api::Position;
use futures_util::{StreamExt as _, TryStreamExt as _};

use super::service::{Service, id, ids, page};

// C1
#[tokio::test(start_paused = true)]
async fn c1_pages_items_streams_and_collect_give_the_same() {
    let expected: Vec<u64> = (1..=7).collect();
    let service = Service::of_pages(7, 3);
    let mut pages = service.pages();
    let mut by_page = Vec::new();
    while let Some(page) = pages.next().await.unwrap() {
        assert_eq!((page.total_count, page.page_count()), (Some(7), Some(3)));
        assert_eq!(page.is_last(), page.current_page == Some(3));
        by_page.extend(ids(&page.items));
    }
    assert_eq!(by_page, expected);
    let mut items = service.pages().items();
    let mut by_item = Vec::new();
    while let Some(item) = items.next().await.unwrap() {
        by_item.push(id(&item));
    }
    assert_eq!(by_item, expected);
    let pages: Vec<_> = service.pages().into_stream().try_collect().await.unwrap();
    assert_eq!(
        pages
            .iter()
            .flat_map(|page| ids(&page.items))
            .collect::<Vec<_>>(),
        expected
    );
    let items: Vec<_> = service
        .pages()
        .items()
        .into_stream()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(ids(&items), expected);
    assert_eq!(ids(&service.pages().collect().await.unwrap()), expected);
    assert_eq!(
        service.asked().len(),
        5 * 3,
        "each way costs a request a page"
    );
}

// C1
#[tokio::test(start_paused = true)]
async fn c1_changes_have_the_same_methods() {
    let expected: Vec<u64> = (3..=9).collect();
    let service = Service::of_history(9, 3);
    let mut items = service.changes(Some(2)).items();
    assert_eq!(ids(&items.collect().await.unwrap()), expected);
    assert_eq!(items.position().to_string(), "demo/things.list change 9");
    let portions: Vec<_> = service
        .changes(Some(2))
        .into_stream()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(
        portions
            .iter()
            .map(|portion| portion.items.len())
            .collect::<Vec<_>>(),
        [3, 3, 1]
    );
    let items: Vec<_> = service
        .changes(Some(2))
        .items()
        .into_stream()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(ids(&items), expected);
    assert_eq!(
        ids(&service.changes(Some(2)).collect().await.unwrap()),
        expected
    );
}

/// The second page fails once.
fn failing_once() -> Service {
    Service::new(|number, query| match number {
        2 => (403, r#"{"things":[]}"#.to_owned()),
        _ => (
            200,
            page(5, 2, super::service::number_of(query, "page").unwrap()),
        ),
    })
}

// C1
#[tokio::test(start_paused = true)]
async fn c1_a_stream_ends_after_the_first_error() {
    let mut stream = failing_once().pages().items().into_stream();
    let mut outcomes = Vec::new();
    while let Some(item) = stream.next().await {
        outcomes.push(
            item.map(|item| id(&item))
                .map_err(|error| error.is_access_denied()),
        );
    }
    assert_eq!(outcomes, [Ok(1), Ok(2), Err(true)]);
    assert!(stream.next().await.is_none(), "it stays ended");
    // What is left can be walked from there.
    assert_eq!(stream.position().to_string(), "demo/things.list page 2");
}

// C1
#[tokio::test(start_paused = true)]
async fn c1_collect_loses_nothing_at_an_error() {
    let mut items = failing_once().pages().items();
    assert_eq!(items.next().await.unwrap().map(|item| id(&item)), Some(1));
    assert!(items.collect().await.is_err());
    assert_eq!(items.position().to_string(), "demo/things.list page 1");
    assert_eq!(ids(&items.collect().await.unwrap()), [2, 3, 4, 5]);
    assert!(items.position().is_end());
}

// C1
#[tokio::test(start_paused = true)]
async fn c1_a_walk_can_move_to_a_task() {
    fn is_send<T: Send + 'static>(value: T) -> T {
        value
    }
    let service = Service::of_pages(4, 2);
    let mut pages = is_send(service.pages());
    let task = tokio::spawn(async move { pages.next().await.map(|page| page.is_some()) });
    assert!(task.await.unwrap().unwrap());
    drop(is_send(service.pages().items().into_stream()));
    drop(is_send(service.changes(None).raw().into_stream()));
}

// C1: as when a time limit of the caller passes.
#[tokio::test(start_paused = true)]
async fn c1_a_collect_that_is_dropped_keeps_what_it_has_read() {
    for prefetch in [false, true] {
        for seconds in 0..6 {
            let service = Service::of_pages(11, 3);
            let mut items = service.pages().prefetch(prefetch).items();
            items.next().await.unwrap();
            let limit = Duration::from_millis(seconds * 1000 + 500);
            let cut = tokio::time::timeout(limit, items.collect()).await;
            if let Ok(all) = cut {
                assert_eq!(all.unwrap().len(), 10);
                continue;
            }
            let position: Position = items.position().to_string().parse().unwrap();
            let from = service.pages().from_position(&position).unwrap();
            let from = ids(&from.collect().await.unwrap());
            assert!(
                from.contains(&2),
                "{seconds} s: nothing was handed on: {from:?}"
            );
            let rest = ids(&items.collect().await.unwrap());
            assert_eq!(rest, (2..=11).collect::<Vec<_>>(), "{seconds} s");
        }
    }
}
