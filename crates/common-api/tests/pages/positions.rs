//! Going on where another walk stood.

use std::sync::{Arc, Mutex};

use common_api::Position;

use super::service::{Service, body, id, ids, number_of};

/// As a file has it.
fn stored(position: &Position) -> Position {
    position.to_string().parse().unwrap()
}

// C1
#[tokio::test(start_paused = true)]
async fn c1_a_walk_goes_on_from_every_page() {
    for stop in 0..=4_usize {
        let service = Service::of_pages(11, 3);
        let mut pages = service.pages();
        let mut seen = Vec::new();
        for _ in 0..stop {
            seen.extend(ids(&pages.next().await.unwrap().unwrap().items));
        }
        let position = stored(&pages.position());
        assert_eq!(position.is_end(), stop == 4);
        let rest = service.pages().from_position(&position).unwrap();
        seen.extend(ids(&rest.collect().await.unwrap()));
        assert_eq!(seen, (1..=11).collect::<Vec<_>>(), "after {stop} pages");
        assert_eq!(service.asked().len(), 4, "no page is asked for twice");
    }
}

// C1
#[tokio::test(start_paused = true)]
async fn c1_items_go_on_from_anywhere_and_miss_none() {
    for stop in 0..=11_usize {
        let service = Service::of_pages(11, 3);
        let mut items = service.pages().items();
        let mut seen = Vec::new();
        for _ in 0..stop {
            seen.push(id(&items.next().await.unwrap().unwrap()));
        }
        let position = stored(&items.position());
        let rest = service
            .pages()
            .from_position(&position)
            .unwrap()
            .collect()
            .await;
        let rest = ids(&rest.unwrap());
        // Up to a page of them comes again.
        let doubled = seen.len() + rest.len() - 11;
        assert!(doubled < 3, "after {stop} items {doubled} come again");
        seen.extend(rest);
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen, (1..=11).collect::<Vec<_>>(), "after {stop} items");
    }
}

// C1, F2: a careful walk reads ahead, and its position is where nothing is missed.
#[tokio::test(start_paused = true)]
async fn c1_a_careful_walk_goes_on_from_anywhere_and_misses_none() {
    for stop in 0..=11_usize {
        let service = Service::of_pages(11, 3);
        let mut items = service.careful_pages().prefetch(true).items();
        let mut seen = Vec::new();
        for _ in 0..stop {
            seen.push(id(&items.next().await.unwrap().unwrap()));
        }
        assert_eq!(seen, (1..=stop as u64).collect::<Vec<_>>());
        let position = stored(&items.position());
        let rest = service.careful_pages().from_position(&position).unwrap();
        seen.extend(ids(&rest.collect().await.unwrap()));
        assert!(seen.len() <= 11 + 6, "after {stop} items: {seen:?}");
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen, (1..=11).collect::<Vec<_>>(), "after {stop} items");
    }
}

// C1
#[tokio::test(start_paused = true)]
async fn c1_changes_go_on_from_every_portion_and_double_none() {
    for stop in 0..=4_usize {
        let service = Service::of_history(10, 3);
        let mut changes = service.changes(None);
        let mut seen = Vec::new();
        for _ in 0..stop {
            seen.extend(ids(&changes.next().await.unwrap().unwrap().items));
        }
        let rest = service
            .changes(None)
            .from_position(&stored(&changes.position()));
        seen.extend(ids(&rest.unwrap().collect().await.unwrap()));
        assert_eq!(seen, (1..=10).collect::<Vec<_>>(), "after {stop} portions");
    }
}

// C1
#[tokio::test(start_paused = true)]
async fn c1_changes_without_an_id_are_counted_in_the_position() {
    // Behind 2 stands a change whose id cannot be read; the portion after 2 begins with it again.
    let service = Service::new(|_, query| {
        let body = match query {
            "after=2" => r#"{"pages":1,"page":1,"things":[{"id":"x"},{"id":3}]}"#,
            _ => r#"{"pages":2,"page":1,"things":[{"id":1},{"id":2},{"id":"x"}]}"#,
        };
        (200, body.to_owned())
    });
    let mut changes = service.changes(None);
    assert_eq!(changes.next().await.unwrap().unwrap().items.len(), 3);
    assert_eq!(
        changes.position().to_string(),
        "demo/things.list change 2 1"
    );
    let rest = service
        .changes(None)
        .from_position(&stored(&changes.position()));
    assert_eq!(rest.unwrap().collect().await.unwrap().len(), 1);
}

// C1
#[tokio::test(start_paused = true)]
async fn c1_positions_of_other_lists_and_kinds_are_refused() {
    let service = Service::of_pages(4, 2);
    let position = |text: &str| text.parse::<Position>().unwrap();
    for text in [
        "demo/others.list page 2",
        "other/things.list page 2",
        "demo/things.list change 2",
    ] {
        let error = service.pages().from_position(&position(text)).unwrap_err();
        assert!(
            error.is_invalid_input() && error.field() == Some("position"),
            "{text}"
        );
    }
    for text in [
        "demo/others.list change 2",
        "demo/things.list page 2",
        "demo/things.list end",
    ] {
        assert!(
            service
                .changes(None)
                .from_position(&position(text))
                .is_err(),
            "{text}"
        );
    }
    assert!(service.asked().is_empty(), "nothing was sent");
}

// C1
#[tokio::test(start_paused = true)]
async fn c1_positions_at_the_ends_of_their_numbers_end_or_fail_but_never_panic() {
    for text in [
        "page 18446744073709551615",
        "page 18446744073709551614",
        "page 9223372036854775807",
    ] {
        let position: Position = format!("demo/things.list {text}").parse().unwrap();
        for prefetch in [false, true] {
            let service = Service::new(|_, _| (200, r#"{"pages":4,"things":[]}"#.to_owned()));
            for pages in [service.pages(), service.careful_pages()] {
                let pages = pages.prefetch(prefetch).from_position(&position).unwrap();
                let _ = pages.raw().collect().await;
            }
            // A service that always says that more follow.
            let service = Service::new(|number, _| {
                (
                    200,
                    format!(r#"{{"pages":18446744073709551615,"things":[{{"id":{number}}}]}}"#),
                )
            });
            let mut pages = service
                .careful_pages()
                .prefetch(prefetch)
                .from_position(&position)
                .unwrap();
            for _ in 0..20 {
                let _ = pages.next().await;
                let again = stored(&pages.position());
                assert_eq!(again, pages.position());
            }
        }
    }
    for text in [
        "change 9223372036854775807",
        "change -9223372036854775808 18446744073709551615",
        "change 9223372036854775807 18446744073709551615",
        "change 3 18446744073709551615",
        "date -009999-01-01T00:00:00",
        "date 9999-12-31T23:59:59.999999999",
    ] {
        let position: Position = format!("demo/things.list {text}").parse().unwrap();
        for history in [true, false] {
            let service = match history {
                true => Service::of_history(10, 3),
                false => Service::new(|_, _| {
                    (200, r#"{"pages":2,"page":1,"things":[{"id":"x"},{"id":"y"},{"id":9223372036854775807}]}"#.to_owned())
                }),
            };
            let mut changes = service
                .changes(None)
                .prefetch(true)
                .from_position(&position)
                .unwrap();
            for _ in 0..4 {
                let _ = changes.next().await;
                let _ = changes.latest().await;
                stored(&changes.position());
            }
        }
    }
}

// C1, J3
#[tokio::test(start_paused = true)]
async fn j3_a_walk_over_known_items_returns_the_others_in_their_order() {
    for stop in 0..=4_usize {
        let service = Service::of_pages(11, 3);
        let mut pages = service.careful_pages();
        let mut seen = Vec::new();
        for _ in 0..stop {
            seen.extend(ids(&pages.next().await.unwrap().unwrap().items));
        }
        let known: Vec<String> = seen.iter().map(ToString::to_string).collect();
        let position = stored(&pages.position());
        let rest = service.careful_pages().from_position(&position).unwrap();
        seen.extend(ids(&rest.known(&known).collect().await.unwrap()));
        assert_eq!(seen, (1..=11).collect::<Vec<_>>(), "after {stop} pages");
    }
}

// C1, J3: with the known items alone, rows that slid before the position are found.
#[tokio::test(start_paused = true)]
async fn j3_rows_that_slid_before_the_position_are_found() {
    for gone in 0..=12_u64 {
        let rows = Arc::new(Mutex::new((1..=30_u64).collect::<Vec<_>>()));
        let served = Arc::clone(&rows);
        let service = Service::new(move |_, query| {
            let rows = served.lock().unwrap();
            let page = number_of(query, "page").unwrap_or(1);
            let first = usize::try_from((page - 1) * 3).unwrap();
            let here = rows.iter().copied().skip(first).take(3);
            let count = rows.len() as u64;
            (200, body(here, count, page, count.div_ceil(3)))
        });
        let mut pages = service.pages();
        let mut seen = Vec::new();
        for _ in 0..5 {
            seen.extend(ids(&pages.next().await.unwrap().unwrap().items));
        }
        let position = stored(&pages.position());
        assert_eq!(position.page(), Some(6));
        rows.lock().unwrap().retain(|id| *id > gone);
        let known: Vec<String> = seen.iter().map(ToString::to_string).collect();
        let rest = service.pages().from_position(&position).unwrap();
        seen.extend(ids(&rest.known(&known).collect().await.unwrap()));
        seen.sort_unstable();
        assert_eq!(seen, (1..=30).collect::<Vec<_>>(), "{gone} rows went");
    }
}
