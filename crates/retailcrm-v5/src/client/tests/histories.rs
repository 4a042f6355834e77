//! Histories that grow, stand still and lie.

use super::*;
use crate::{customers, orders::ListHistory};

/// A portion: ids (0 for an entry without one), the number of its page, and the pages in all.
fn portion(ids: &[i64], current: i64, pages: i64) -> String {
    let entry = |id: &i64| match id {
        0 => r#"{"field":"status"}"#.to_owned(),
        id => format!(r#"{{"id":{id}}}"#),
    };
    let entries: Vec<String> = ids.iter().map(entry).collect();
    format!(
        r#"{{"success":true,"generatedAt":"2026-01-02 03:04:05","pagination":{{"limit":100,"totalCount":1,"currentPage":{current},"totalPageCount":{pages}}},"history":[{}]}}"#,
        entries.join(",")
    )
}

fn scripted(portions: &[String]) -> Script {
    let answers: Vec<(u16, &str)> = portions
        .iter()
        .map(|portion| (200, portion.as_str()))
        .collect();
    Script::of(&answers)
}

/// The ids of one reading, 0 for an entry without one; and where it stands afterwards.
async fn read(script: &Script, since: Option<i64>) -> (Vec<i64>, Option<i64>, Option<Error>) {
    let mut changes = script.client().changes(ListHistory::new(), since);
    let mut ids = Vec::new();
    let mut last = since;
    let error = loop {
        match changes.next().await {
            Ok(Some(portion)) => {
                ids.extend(portion.items.iter().map(|entry| entry.id.unwrap_or(0)))
            }
            Ok(None) => break None,
            Err(error) => break Some(error),
        }
        assert!(changes.since() >= last, "the position goes back");
        last = changes.since();
    };
    (ids, changes.since(), error)
}

// RE10
#[tokio::test(start_paused = true)]
async fn re10_changes_are_read_by_the_last_id_and_without_a_page() {
    let script = scripted(&[
        portion(&[11, 12], 1, 2),
        portion(&[13, 14], 1, 1),
        portion(&[], 1, 0),
    ]);
    let client = script.client();
    // A page that the caller left in the operation is not sent either.
    let mut changes = client.changes(customers::ListHistory::new().page(3), Some(10));
    let first = changes.next().await.unwrap().unwrap();
    assert_eq!(
        first.generated_at.map(|at| at.to_string()).as_deref(),
        Some("2026-01-02T03:04:05")
    );
    assert_eq!(changes.since(), Some(12));
    changes.next().await.unwrap().unwrap();
    assert!(changes.next().await.unwrap().is_none());
    assert_eq!(changes.since(), Some(14));
    // Asked again later, the service has nothing newer.
    assert!(changes.next().await.unwrap().is_none());
    let target = |since: u8| format!("/api/v5/customers/history?limit=100&filter[sinceId]={since}");
    assert_eq!(script.targets(), [target(10), target(12), target(14)]);
}

// RE10
#[tokio::test(start_paused = true)]
async fn re10_the_first_read_has_the_limit_alone() {
    let script = scripted(&[portion(&[1, 2], 1, 2), portion(&[3], 1, 1)]);
    assert_eq!(read(&script, None).await.0, [1, 2, 3]);
    let expected = [
        "/api/v5/orders/history?limit=100",
        "/api/v5/orders/history?limit=100&filter[sinceId]=2",
    ];
    assert_eq!(script.targets(), expected);
}

// F1
#[tokio::test(start_paused = true)]
async fn f1_an_empty_portion_ends_nothing_while_more_are_left() {
    let script = scripted(&[
        portion(&[], 1, 3),
        portion(&[11], 1, 2),
        portion(&[], 1, 2),
        portion(&[], 1, 2),
        portion(&[12], 1, 1),
    ]);
    let (ids, since, error) = read(&script, Some(10)).await;
    assert_eq!((ids, since), (vec![11, 12], Some(12)));
    assert!(error.is_none(), "{error:?}");
}

// F1
#[tokio::test(start_paused = true)]
async fn f1_a_portion_that_stays_empty_is_an_error_after_a_few_reads() {
    let script = Script::answering(|_| portion(&[], 1, 3));
    let mut changes = script.client().changes(ListHistory::new(), Some(10));
    for reads in [6, 12] {
        let error = changes.next().await.unwrap_err();
        assert!(
            error.is_decode() && error.to_string().contains("after the change 10"),
            "{error}"
        );
        assert_eq!((script.targets().len(), changes.since()), (reads, Some(10)));
    }
}

// F1
#[tokio::test(start_paused = true)]
async fn f1_the_first_portion_of_a_history_may_stay_empty() {
    let script = Script::answering(|query| match query {
        "limit=100&filter[sinceId]=8" => portion(&[9], 1, 1),
        query if query.contains("page=3") => portion(&[7, 8], 3, 4),
        _ => portion(&[], 1, 4),
    });
    let (ids, since, error) = read(&script, None).await;
    assert_eq!((ids, since), (vec![7, 8, 9], Some(9)));
    assert!(error.is_none(), "{error:?}");
    let script = Script::answering(|_| portion(&[], 1, 3));
    assert!(
        read(&script, None)
            .await
            .2
            .unwrap()
            .to_string()
            .contains("from the beginning")
    );
    assert!(script.targets().len() < 20);
}

// F1
#[tokio::test(start_paused = true)]
async fn f1_entries_without_an_id_are_given_out() {
    let script = scripted(&[
        portion(&[11, 0], 1, 2),
        portion(&[0], 1, 2),
        portion(&[0, 12], 1, 1),
    ]);
    let (ids, since, error) = read(&script, Some(10)).await;
    // The one behind 11 comes again in each portion after 11.
    assert_eq!((ids, since), (vec![11, 0, 12], Some(12)));
    assert!(error.is_none(), "{error:?}");
    let script = scripted(&[portion(&[0, 0], 1, 1)]);
    assert_eq!(read(&script, Some(10)).await.0, [0, 0]);
}

// RE10, F1
#[tokio::test(start_paused = true)]
async fn re10_the_position_never_goes_back_and_nothing_is_given_twice() {
    // Portions out of order and in part again, an entry from before the start, a service that ignores the position.
    let script = scripted(&[
        portion(&[13, 11], 1, 4),
        portion(&[12, 13], 1, 3),
        portion(&[9, 14], 1, 2),
        portion(&[14, 13], 1, 1),
    ]);
    let (ids, since, error) = read(&script, Some(10)).await;
    assert_eq!((ids, since), (vec![13, 11, 12, 14], Some(14)));
    assert!(error.is_none(), "{error:?}");
    let script = Script::answering(|_| portion(&[11, 12], 1, 9));
    let (ids, since, error) = read(&script, Some(10)).await;
    assert_eq!((ids, since), (vec![11, 12], Some(12)));
    assert!(error.unwrap().is_decode());
}

// RE10
#[tokio::test(start_paused = true)]
async fn re10_without_totals_the_reading_ends_with_an_empty_portion() {
    let bare = |ids: &str| format!(r#"{{"success":true,"history":[{ids}]}}"#);
    let script = scripted(&[bare(r#"{"id":1}"#), bare(r#"{"id":2}"#), bare("")]);
    assert_eq!(read(&script, None).await.0, [1, 2]);
    let text = r#"{"success":true,"pagination":{"currentPage":"1","totalPageCount":"2"},"history":[{"id":"1"}]}"#;
    let script = scripted(&[text.to_owned(), portion(&[2], 1, 1)]);
    assert_eq!(read(&script, None).await.0, [1, 2], "numbers as text");
}

/// A history of a service that goes by its own ids, of which `is_odd` says which cannot be read.
fn history(last: i64, size: i64, is_odd: impl Fn(i64) -> bool + Send + 'static) -> Script {
    Script::answering(move |query| {
        let query = query.replace("%5B", "[").replace("%5D", "]");
        let after = query
            .split('&')
            .find_map(|pair| pair.strip_prefix("filter[sinceId]="));
        let after: i64 = after.map_or(0, |id| id.parse().expect("a number"));
        let rows = (after + 1..=last.min(after + size)).map(|id| match is_odd(id) {
            true => format!(r#"{{"id":"x{id}","oldValue":{id}}}"#),
            false => format!(r#"{{"id":{id},"oldValue":{id}}}"#),
        });
        let rows: Vec<String> = rows.collect();
        let pages = (last - after).max(0).div_euclid(size) + 1;
        format!(
            r#"{{"success":true,"pagination":{{"limit":{size},"totalCount":{},"currentPage":1,"totalPageCount":{pages}}},"history":[{}]}}"#,
            (last - after).max(0),
            rows.join(",")
        )
    })
}

/// The changes of a reading by what they hold, which can be read where their ids cannot.
async fn values(changes: &mut Changes<ListHistory>) -> (Vec<i64>, Option<Error>) {
    let mut values = Vec::new();
    loop {
        match changes.next().await {
            Ok(Some(portion)) => values.extend(portion.items.iter().map(|entry| {
                let value = entry.old_value.as_ref().map(common_model::to_json);
                value
                    .and_then(|value| value.parse::<i64>().ok())
                    .unwrap_or(0)
            })),
            Ok(None) => return (values, None),
            Err(error) => return (values, Some(error)),
        }
    }
}

// RE10
#[tokio::test(start_paused = true)]
async fn re10_no_change_with_an_odd_id_comes_twice_or_is_lost() {
    for size in 2..6 {
        for seed in 0..64_i64 {
            let is_odd = move |id: i64| (seed >> (id % 6)) & 1 == 1 && id % size != 1;
            let script = history(14, size, is_odd);
            let mut changes = script.client().changes(ListHistory::new(), Some(0));
            let (read, error) = values(&mut changes).await;
            assert!(error.is_none(), "{size} {seed}: {error:?}");
            assert_eq!(read, (1..=14).collect::<Vec<_>>(), "{size} {seed}");
            // Asking again brings nothing that was there.
            assert!(values(&mut changes).await.0.is_empty(), "{size} {seed}");
        }
    }
}

// RE10, F1
#[tokio::test(start_paused = true)]
async fn re10_a_portion_without_any_id_is_told_and_can_be_passed() {
    let script = history(9, 3, |id| (4..=6).contains(&id));
    let mut changes = script.client().changes(ListHistory::new(), Some(0));
    let (read, error) = values(&mut changes).await;
    assert_eq!((read, changes.since()), (vec![1, 2, 3, 4, 5, 6], Some(3)));
    let told = error.expect("it cannot go on").to_string();
    for part in ["after the change 3", "history[0].id", "skip_to"] {
        assert!(told.contains(part), "{told}");
    }
    assert!(values(&mut changes).await.1.is_some(), "it is told again");
    changes.skip_to(6);
    let (read, error) = values(&mut changes).await;
    assert_eq!((read, changes.since()), (vec![7, 8, 9], Some(9)));
    assert!(error.is_none(), "{error:?}");
}
