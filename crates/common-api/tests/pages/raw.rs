//! Walks that read no models.

use common_api::RawItem;

use super::service::{Service, id, number_of, page};

fn texts(items: &[RawItem]) -> Vec<&str> {
    items.iter().map(RawItem::json).collect()
}

// C17
#[tokio::test(start_paused = true)]
async fn c17_a_raw_walk_gives_what_a_decoded_one_gives() {
    // Two things vanish from the front while the list is walked, so that rows slide to earlier pages.
    let answer = |number: usize, query: &str| {
        let gone = if number > 1 { 2 } else { 0 };
        let rows: Vec<u64> = (1 + gone..=23).collect();
        let page = number_of(query, "page").unwrap();
        let here = rows.iter().skip((page as usize - 1) * 5).take(5);
        let here: Vec<String> = here
            .map(|id| format!(r#"{{ "id" : {id}, "x":[1.50]}}"#))
            .collect();
        let body = format!(
            r#"{{"count":{},"page":{page},"pages":{},"things":[{}]}}"#,
            rows.len(),
            rows.len().div_ceil(5),
            here.join(" , ")
        );
        (200, body)
    };
    let (decoded, raw) = (Service::new(answer), Service::new(answer));
    let things = decoded.pages().collect().await.unwrap();
    let mut pages = raw.pages().raw();
    let mut items = Vec::new();
    while let Some(page) = pages.next().await.unwrap() {
        assert!(page.total_count.is_some() && page.current_page.is_some());
        assert_eq!(page.page_count(), Some(5));
        items.extend(page.items);
    }
    assert_eq!(
        raw.asked(),
        decoded.asked(),
        "the same engine asks the same"
    );
    assert_eq!(items.len(), 23);
    for (thing, item) in things.iter().zip(&items) {
        assert_eq!(item.identity(), Some(&*id(thing).to_string()));
        assert_eq!(
            item.json(),
            format!(r#"{{ "id" : {}, "x":[1.50]}}"#, id(thing))
        );
    }
}

// C17
#[tokio::test(start_paused = true)]
async fn c17_an_odd_item_is_handed_on_as_it_is() {
    let odd = [
        r#"{"id":1,"id":2}"#,
        r#"{"id":"\u0061b","n":1e400}"#,
        r#"{"code":"c-1","id":null}"#,
        r#"{"id":{"a":[]}}"#,
        r#"{"nothing":"Плед \ud83d\ude00"}"#,
        "[]",
        "null",
        "false",
        r#""text""#,
        "-0.10",
    ];
    let body = format!(
        r#"{{"count":10,"page":1,"pages":1,"things":[{}]}}"#,
        odd.join(",\n ")
    );
    let service = Service::new(move |_, _| (200, body.clone()));
    let items = service.pages().raw().collect().await.unwrap();
    assert_eq!(texts(&items), odd);
    let identities: Vec<_> = items.iter().map(RawItem::identity).collect();
    let expected = [
        Some("2"),
        Some("ab"),
        Some("c-1"),
        None,
        None,
        None,
        None,
        None,
        None,
        None,
    ];
    assert_eq!(identities, expected);
}

// C17
#[tokio::test(start_paused = true)]
async fn c17_what_is_no_list_is_an_error_and_not_an_empty_export() {
    for (body, is_empty) in [
        (r#"{"things":[],"pages":1}"#, true),
        (r#"{"things":null,"pages":1}"#, true),
        (r#"{"things":false,"pages":1}"#, true),
        (r#"{"pages":1}"#, true),
        (r#"{"things":7,"pages":1}"#, false),
        (r#"{"things":"all","pages":1}"#, false),
        (r#"{"things":[{"id":1},],"pages":1}"#, false),
        (r#"{"things":[{"id":1}],"pages":1"#, false),
        (r#"{"things":[{"id":01}],"pages":1}"#, false),
        ("<html>", false),
    ] {
        let service = Service::new(move |_, _| (200, body.to_owned()));
        match service.pages().raw().collect().await {
            Ok(items) => assert!(is_empty && items.is_empty(), "{body}"),
            Err(error) => assert!(!is_empty && error.is_decode(), "{body}: {error}"),
        }
    }
}

// C17
#[tokio::test(start_paused = true)]
async fn c17_raw_changes_are_read_by_their_ids() {
    let service = Service::of_history(7, 3);
    let mut changes = service.changes(Some(1)).raw();
    let first = changes.next().await.unwrap().unwrap();
    assert_eq!(
        texts(&first.items),
        [r#"{"id":2}"#, r#"{"id":3}"#, r#"{"id":4}"#]
    );
    assert_eq!(changes.position().to_string(), "demo/things.list change 4");
    assert_eq!(changes.collect().await.unwrap().len(), 3);
    assert_eq!(service.changes(None).raw().latest().await.unwrap(), Some(7));
}

// C17
#[tokio::test(start_paused = true)]
async fn c17_a_raw_walk_goes_on_where_a_decoded_one_stood() {
    let service = Service::of_pages(6, 2);
    let mut pages = service.pages();
    pages.next().await.unwrap();
    let items = pages.raw().prefetch(true).collect().await.unwrap();
    assert_eq!(texts(&items)[0], r#"{"id":3}"#);
    assert_eq!(service.asked(), ["page=1", "page=2", "page=3"]);
    assert!(page(6, 2, 1).contains("count"));
}
