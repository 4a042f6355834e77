//! Walks over lists that change, repeat and lie.

use common_api::walk::Care;

use super::*;
use crate::{PageSize, users};

/// A page of users: its rows, and what it says of the list (rows, page, pages).
fn page(ids: &[i64], [rows, current, pages]: [i64; 3]) -> String {
    let users: Vec<String> = ids.iter().map(|id| format!(r#"{{"id":{id}}}"#)).collect();
    format!(
        r#"{{"success":true,"pagination":{{"limit":{},"totalCount":{rows},"currentPage":{current},"totalPageCount":{pages}}},"users":[{}]}}"#,
        ids.len(),
        users.join(",")
    )
}

/// The page of a list in pages of `size` that a query asks for.
fn page_of(list: &[i64], size: usize, query: &str) -> String {
    let number = number(query);
    let rows: Vec<i64> = list
        .iter()
        .skip((number - 1) * size)
        .take(size)
        .copied()
        .collect();
    let count = |number: usize| i64::try_from(number).unwrap();
    page(
        &rows,
        [list.len(), number, list.len().div_ceil(size)].map(count),
    )
}

fn number(query: &str) -> usize {
    let (_, number) = query.rsplit_once("page=").unwrap();
    number.parse().unwrap()
}

fn scripted(pages: &[String]) -> Script {
    let answers: Vec<(u16, &str)> = pages.iter().map(|page| (200, page.as_str())).collect();
    Script::of(&answers)
}

/// The ids that a walk gives, and its error.
async fn walked(script: &Script, care: Care) -> (Vec<i64>, Option<Error>) {
    let pages = script.client().pages(users::List::new());
    let mut items = pages.care(care).items();
    let mut ids = Vec::new();
    loop {
        match items.next().await {
            Ok(Some(user)) => ids.extend(user.id),
            Ok(None) => return (ids, None),
            Err(error) => return (ids, Some(error)),
        }
    }
}

async fn ids_of(script: &Script) -> Vec<i64> {
    ids_with(script, Care::default()).await
}

async fn ids_with(script: &Script, care: Care) -> Vec<i64> {
    let (ids, error) = walked(script, care).await;
    assert!(error.is_none(), "{error:?}");
    ids
}

fn targets(pages: &[usize]) -> Vec<String> {
    let target = |page: &usize| format!("/api/v5/users?limit=100&page={page}");
    pages.iter().map(target).collect()
}

// R21, R22, R24
#[tokio::test(start_paused = true)]
async fn r24_a_walk_follows_the_moving_totals_and_gives_each_item_once() {
    // After the first page an item is added in front: 3 slides to the second page and the list gets a third.
    let script = scripted(&[
        page(&[1, 2, 3], [6, 1, 2]),
        page(&[3, 4, 5], [7, 2, 3]),
        page(&[6], [7, 3, 3]),
    ]);
    assert_eq!(ids_with(&script, Care::OnHints).await, [1, 2, 3, 4, 5, 6]);
    assert_eq!(
        script.targets(),
        targets(&[1, 2, 3]),
        "growth in front costs nothing"
    );
}

// R24, F2
#[tokio::test(start_paused = true)]
async fn f2_an_item_that_slides_while_the_total_stays_is_found() {
    // While page 2 is on its way, an item of page 1 vanishes and another one comes at the end: 4 slides to page 1.
    for care in [Care::BothSides, Care::Always] {
        let mut list: Vec<i64> = (1..=9).collect();
        let script = Script::answering(move |query| {
            let page = page_of(&list, 3, query);
            if number(query) == 1 && list[0] == 1 {
                list.remove(0);
                list.push(10);
            }
            page
        });
        let mut ids = ids_with(&script, care).await;
        ids.sort_unstable();
        assert_eq!(ids, (1..=10).collect::<Vec<i64>>(), "{care:?}");
    }
}

// R24, F2
#[tokio::test(start_paused = true)]
async fn f2_a_list_at_rest_costs_half_a_request_more_for_each_page() {
    for (care, expected) in [
        (Care::OnHints, &[1, 2, 3, 4][..]),
        (Care::BothSides, &[1, 3, 2, 1, 4, 3]),
    ] {
        let script = Script::answering(|query| page_of(&(1..=11).collect::<Vec<_>>(), 3, query));
        let ids = ids_with(&script, care).await;
        assert_eq!(ids, (1..=11).collect::<Vec<i64>>());
        assert_eq!(script.targets(), targets(expected), "{care:?}");
    }
}

// R24, F2
#[tokio::test(start_paused = true)]
async fn f2_items_that_slide_to_the_page_before_are_found_there() {
    for (care, first) in [
        (Care::OnHints, &[1, 2, 1][..]),
        (Care::BothSides, &[1, 3, 2, 1]),
    ] {
        let mut list: Vec<i64> = (1..=8).collect();
        let script = Script::answering(move |query| {
            let page = page_of(&list, 3, query);
            list.retain(|id| *id != 1);
            page
        });
        assert_eq!(ids_with(&script, care).await, [1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(script.targets()[..first.len()], targets(first), "{care:?}");
    }
}

// R24, F2
#[tokio::test(start_paused = true)]
async fn f2_a_walk_whose_items_leave_its_filter_sees_all_of_them() {
    for share in [100, 80, 50, 10] {
        let list = Arc::new(Mutex::new((1..=100).collect::<Vec<i64>>()));
        let kept = Arc::clone(&list);
        let script = Script::answering(move |query| page_of(&kept.lock().unwrap(), 20, query));
        let mut pages = script.client().pages(users::List::new());
        let mut seen = Vec::new();
        while let Some(page) = pages.next().await.unwrap() {
            let ids: Vec<i64> = page.items.iter().filter_map(|user| user.id).collect();
            let done = |id: &i64| ids.contains(id) && id % 100 < share;
            list.lock().unwrap().retain(|id| !done(id));
            seen.extend(ids);
        }
        seen.sort_unstable();
        assert_eq!(
            seen,
            (1..=100).collect::<Vec<i64>>(),
            "{share} in 100 leave"
        );
    }
}

// R24, F1
#[tokio::test(start_paused = true)]
async fn f1_an_empty_page_ends_nothing_while_more_are_said_to_follow() {
    for empty in 1..=3 {
        let script = Script::answering(move |query| match number(query) {
            number if number == empty => page(&[], [6, i64::try_from(number).unwrap(), 4]),
            number => {
                let number = i64::try_from(number).unwrap();
                page(&[2 * number, 2 * number + 1], [6, number, 4])
            }
        });
        let expected: Vec<i64> = (1..=4)
            .filter(|page| *page != empty)
            .flat_map(|page| [2 * page, 2 * page + 1])
            .map(|id| i64::try_from(id).unwrap())
            .collect();
        assert_eq!(ids_of(&script).await, expected);
    }
    let script = scripted(&[page(&[1, 2], [2, 1, 2]), page(&[], [2, 2, 2])]);
    assert_eq!(ids_with(&script, Care::OnHints).await, [1, 2]);
    assert_eq!(script.targets().len(), 2, "the last page may be empty");
}

// F2, H8
#[tokio::test(start_paused = true)]
async fn h8_a_page_that_comes_again_and_again_is_an_error() {
    // The same rows under every number; with an echo of the number, and without.
    for (pages, echoes) in [(1_000_000, true), (1_000_000, false), (5, true), (5, false)] {
        let script = Script::answering(move |query| {
            let current = if echoes {
                i64::try_from(number(query)).unwrap()
            } else {
                1
            };
            page(&[1, 2], [2 * pages, current, pages])
        });
        let mut items = script.client().pages(users::List::new()).items();
        let mut given = 0;
        let error = loop {
            match items.next().await {
                Ok(item) => given += usize::from(item.expect("no silent end").id.is_some()),
                Err(error) => break error,
            }
        };
        assert_eq!(
            (given, error.is_decode(), error.operation()),
            (2, true, Some("users.list"))
        );
        assert!(error.to_string().contains("no progress"), "{error}");
        assert!(script.targets().len() < 200, "{}", script.targets().len());
        assert!(
            items.next().await.is_err(),
            "it does not end when it is asked again"
        );
    }
}

// F2, H8
#[tokio::test(start_paused = true)]
async fn h8_totals_that_grow_for_ever_are_an_error_and_normal_growth_is_none() {
    let script = Script::answering(|query| {
        let number = i64::try_from(number(query)).unwrap();
        page(
            &[2 * number, 2 * number + 1],
            [2 * number + 2, number, number + 1],
        )
    });
    let (ids, error) = walked(&script, Care::default()).await;
    assert!(error.unwrap().to_string().contains("as fast as it is read"));
    let end = i64::try_from(ids.len()).unwrap() + 2;
    assert_eq!(ids, (2..end).collect::<Vec<i64>>(), "nothing is lost");
    assert!(ids.len() > 200 && script.targets().len() < 1000);

    // One row in front for every two pages, over 300 pages.
    let mut next = 10_000;
    let mut list: Vec<i64> = (1..=900).collect();
    let script = Script::answering(move |query| {
        next += 1;
        if next % 2 == 0 {
            list.insert(0, next);
        }
        page_of(&list, 3, query)
    });
    let ids = ids_of(&script).await;
    assert!((1..=900).all(|id| ids.contains(&id)));
}

#[tokio::test(start_paused = true)]
async fn f2_hand_made_pages_are_walked_without_harm() {
    let bare = |ids: &str| format!(r#"{{"success":true,"users":[{ids}]}}"#);
    let cases: [(&str, Vec<String>, &[i64]); 6] = [
        (
            "no pagination at all",
            vec![bare(r#"{"id":1},{"id":2}"#), bare(r#"{"id":3}"#), bare("")],
            &[1, 2, 3],
        ),
        (
            "no pagination, and the same list whatever the page",
            vec![bare(r#"{"id":1}"#), bare(r#"{"id":1}"#)],
            &[1],
        ),
        (
            "pagination is missing in the middle",
            vec![page(&[1], [3, 1, 3]), bare(r#"{"id":2}"#), page(&[3], [3, 3, 3])],
            &[1, 2, 3],
        ),
        (
            "numbers as text",
            vec![
                r#"{"success":true,"pagination":{"limit":"1","totalCount":"2","currentPage":"1","totalPageCount":"2"},"users":[{"id":1}]}"#.into(),
                r#"{"success":true,"pagination":{"limit":"1","totalCount":"2","currentPage":"2","totalPageCount":"2"},"users":[{"id":2}]}"#.into(),
            ],
            &[1, 2],
        ),
        (
            "numbers that are none",
            vec![page(&[1, 2], [-5, 0, -1]), page(&[], [-5, 0, -1])],
            &[1, 2],
        ),
        (
            "a row without an id is given",
            vec![
                r#"{"success":true,"pagination":{"totalCount":3,"currentPage":1,"totalPageCount":2},"users":[{"id":1},{"firstName":"X"}]}"#.into(),
                page(&[3], [3, 2, 2]),
            ],
            &[1, 3],
        ),
    ];
    for (name, pages, expected) in cases {
        let script = scripted(&pages);
        assert_eq!(ids_with(&script, Care::OnHints).await, expected, "{name}");
        assert_eq!(script.targets().len(), pages.len(), "{name}");
    }
}

// F1
#[tokio::test(start_paused = true)]
async fn f1_rows_without_an_id_are_given_out_once() {
    let script = Script::answering(|query| {
        let number = number(query);
        format!(
            r#"{{"success":true,"pagination":{{"totalCount":6,"currentPage":{number},"totalPageCount":3}},"users":[{{"firstName":"a{number}"}},{{"firstName":"b{number}"}}]}}"#
        )
    });
    let mut items = script.client().pages(users::List::new()).items();
    let mut names = Vec::new();
    while let Some(user) = items.next().await.unwrap() {
        names.extend(user.first_name);
    }
    assert_eq!(names, ["a1", "b1", "a2", "b2", "a3", "b3"]);
}

// R23, RE9
#[tokio::test(start_paused = true)]
async fn r23_the_size_that_is_asked_for_stays_whatever_the_answer_calls_limit() {
    let script = scripted(&[page(&[1], [2, 1, 2]), page(&[2], [2, 2, 2])]);
    let list = users::List::new().limit(PageSize::P20.into());
    let mut pages = script.client().pages(list).care(Care::OnHints);
    while pages.next().await.unwrap().is_some() {}
    let expected = [
        "/api/v5/users?limit=20&page=1",
        "/api/v5/users?limit=20&page=2",
    ];
    assert_eq!(script.targets(), expected);
}

// R24, H8
#[tokio::test(start_paused = true)]
async fn h8_after_an_error_the_same_page_is_asked_for_again() {
    let pages = [page(&[1, 2], [3, 1, 2]), page(&[3], [3, 2, 2])];
    let refused = r#"{"success":false,"errorMsg":"Access denied."}"#;
    let script = Script::of(&[
        (200, &pages[0]),
        (403, refused),
        (200, &pages[1]),
        (200, &pages[0]),
    ]);
    let mut walk = script.client().pages(users::List::new());
    walk.next().await.unwrap();
    assert!(walk.next().await.is_err());
    assert_eq!(walk.position().page(), Some(2));
    assert_eq!(
        walk.next().await.unwrap().map(|page| page.items.len()),
        Some(1)
    );
    assert!(walk.position().is_end());
    assert!(walk.next().await.unwrap().is_none());
}

// H8
#[tokio::test(start_paused = true)]
async fn h8_a_step_takes_no_longer_than_a_call_may() {
    // Each page comes in time and is empty, so one step would ask for page after page.
    let service = tower::service_fn(|request: Request<Bytes>| async move {
        tokio::time::sleep(Duration::from_secs(9)).await;
        let number = i64::try_from(number(request.uri().query().unwrap())).unwrap();
        Ok::<_, io::Error>(Response::new(Bytes::from(page(&[], [900, number, 9]))))
    });
    let client = Client::builder("https://demo.retailcrm.ru".parse().unwrap(), "key")
        .transport(|builder| {
            builder
                .service(service)
                .total_timeout(Duration::from_secs(20))
        })
        .build()
        .unwrap();
    let mut pages = client.pages(users::List::new()).care(Care::OnHints);
    let start = Instant::now();
    assert!(pages.next().await.unwrap_err().is_timeout());
    assert_eq!(start.elapsed(), Duration::from_secs(20));
    assert_eq!(pages.position().page(), Some(3), "two pages are behind it");
}
