use std::{
    future::IntoFuture as _,
    sync::{Arc, Mutex},
    time::Duration,
};

use common_transport::BoxError;
use futures_util::{StreamExt, TryStreamExt};

use super::*;
use crate::{Encoding, Image, Strictness, feed::PollPolicy, feeds, feeds::FeedState, products};

const CREDENTIALS: fn() -> Credentials = || Credentials::new("key-1", "secret-1");

/// What a scripted service was asked.
type Log = Arc<Mutex<Vec<Request<Bytes>>>>;

/// A builder over a service that gives `answers` in turn, the last one again and again.
fn scripted(answers: Vec<(u16, &str)>) -> (ClientBuilder, Log) {
    let log = Log::default();
    let kept = Arc::clone(&log);
    let answers: Vec<(u16, Bytes)> = answers
        .into_iter()
        .map(|(status, body)| (status, Bytes::copy_from_slice(body.as_bytes())))
        .collect();
    let service = tower::service_fn(move |request: Request<Bytes>| {
        let mut log = kept.lock().unwrap();
        let (status, body) = answers[log.len().min(answers.len() - 1)].clone();
        log.push(request);
        let response = Response::builder().status(status).body(body);
        async move { response.map_err(BoxError::from) }
    });
    let builder =
        Client::builder(CREDENTIALS()).transport(move |transport| transport.service(service));
    (builder, log)
}

fn asked(log: &Log) -> usize {
    log.lock().unwrap().len()
}

fn page(next: &str, ids: &[&str]) -> String {
    let items: Vec<_> = ids.iter().map(|id| format!(r#"{{"id":"{id}"}}"#)).collect();
    format!(
        r#"{{"status":"ok","code":200,"description":"x","result":{{"count":3,"next":{next},"results":[{}]}}}}"#,
        items.join(",")
    )
}

#[tokio::test]
async fn n41_each_page_is_signed_anew_on_the_clients_host() {
    let first = page(
        r#""https://accounts.nice.chat/marketplaces/v1/products/?page=2""#,
        &["a", "b"],
    );
    let second = page("null", &["c"]);
    for encoding in [Encoding::JsonWithHeaders, Encoding::FormWithParameters] {
        let (builder, log) = scripted(vec![(200, &first), (200, &second), (200, &first)]);
        let client = builder.encoding(encoding).build().unwrap();
        let items = client
            .pages(products::List::new())
            .items()
            .collect()
            .await
            .unwrap();
        let ids: Vec<_> = items.into_iter().filter_map(|product| product.id).collect();
        assert_eq!(ids, ["a", "b", "c"]);
        let log = log.lock().unwrap();
        assert_eq!(
            log.len(),
            3,
            "the first page is read again after the second"
        );
        for request in &*log {
            assert_eq!(request.uri().host(), Some("account.nice.chat"));
            let query = request.uri().query().unwrap_or_default();
            let signed = query.matches("_sign=").count() == 1
                || request.headers().contains_key("x-api-sign");
            assert!(signed, "{query}");
        }
        assert!(log[1].uri().query().unwrap().starts_with("page=2"));
    }
}

#[tokio::test]
async fn n41_a_next_to_another_host_is_not_followed_and_sends_nothing() {
    let first = page(
        r#""https://evil.example/marketplaces/v1/products/""#,
        &["a"],
    );
    let (builder, log) = scripted(vec![(200, &first)]);
    let client = builder.build().unwrap();
    let mut pages = client.pages(products::List::new());
    let page = pages.next().await.unwrap().unwrap();
    assert_eq!(page.items.len(), 1, "what came is not lost");
    for _ in 0..3 {
        let error = pages.next().await.unwrap_err();
        assert_eq!(
            (error.field(), error.operation()),
            (Some("next"), Some("products.list"))
        );
    }
    assert_eq!(asked(&log), 1);
}

#[tokio::test]
async fn n42_a_walk_in_circles_ends() {
    let again = page(r#""?page=2""#, &["a"]);
    let (builder, log) = scripted(vec![(200, &again)]);
    let client = builder.build().unwrap();
    let stream = client.pages(products::List::new()).items().into_stream();
    let items: Vec<_> = stream.collect().await;
    assert_eq!(items.len(), 2, "an item, then the error");
    assert!(
        items[1]
            .as_ref()
            .unwrap_err()
            .to_string()
            .contains("walked already")
    );
    assert_eq!(asked(&log), 2);
}

#[tokio::test]
async fn a_stream_gives_every_item() {
    let (builder, log) = answering(|_, query| match query.split('&').next() {
        Some("page=2") => page(r#""?page=3""#, &[]),
        Some("page=3") => page("null", &["b"]),
        _ => page(r#""?page=2""#, &["a"]),
    });
    let client = builder.build().unwrap();
    let stream = client.pages(products::List::new()).items().into_stream();
    let items: Vec<_> = stream.try_collect().await.unwrap();
    assert_eq!(items.len(), 2);
    assert_eq!(
        asked(&log),
        6,
        "each page is read twice, the last one since it is full"
    );
}

/// A builder over a service that answers each request by its number, from 1, and its query.
fn answering(
    answer: impl Fn(usize, &str) -> String + Clone + Send + 'static,
) -> (ClientBuilder, Log) {
    let log = Log::default();
    let kept = Arc::clone(&log);
    let service = tower::service_fn(move |request: Request<Bytes>| {
        let mut log = kept.lock().unwrap();
        let query = request.uri().query().unwrap_or_default().to_owned();
        let body = answer(log.len() + 1, &query);
        log.push(request);
        async move { Ok::<_, BoxError>(Response::new(Bytes::from(body))) }
    });
    let builder =
        Client::builder(CREDENTIALS()).transport(move |transport| transport.service(service));
    (builder, log)
}

// F2, H8
#[tokio::test(start_paused = true)]
async fn h8_a_next_that_only_leads_on_is_an_error_each_time() {
    for ids in [&["a"][..], &[]] {
        let (builder, log) =
            answering(move |number, _| page(&format!(r#""?page={}""#, number + 1), ids));
        let client = builder.build().unwrap();
        let mut items = client.pages(products::List::new()).items();
        let mut given = 0;
        let error = loop {
            match items.next().await {
                Ok(item) => given += usize::from(item.expect("no silent end").id.is_some()),
                Err(error) => break error,
            }
        };
        assert!(
            error.is_decode() && error.to_string().contains("no progress"),
            "{error}"
        );
        assert_eq!(
            (given, error.operation()),
            (ids.len(), Some("products.list"))
        );
        assert!(asked(&log) < 100, "{}", asked(&log));
        assert!(items.next().await.is_err());
    }
}

// H8
#[tokio::test(start_paused = true)]
async fn h8_a_count_that_grows_for_ever_is_an_error() {
    let (builder, log) = answering(|number, _| {
        let next = number + 1;
        format!(
            r#"{{"status":"ok","result":{{"count":{},"next":"?page={next}","results":[{{"id":"{number}"}}]}}}}"#,
            number + 5
        )
    });
    let client = builder.build().unwrap();
    let error = client
        .pages(products::List::new())
        .items()
        .collect()
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("as fast as it is read"),
        "{error}"
    );
    assert!(asked(&log) < 1000, "{}", asked(&log));
}

// R24, F2
#[tokio::test(start_paused = true)]
async fn f2_products_that_slide_to_the_page_before_are_not_skipped() {
    // The first product is deleted after the first page was read.
    let (builder, _) = answering(|number, query| {
        let first = usize::from(number > 1);
        let start = first + if query.starts_with("page=2") { 2 } else { 0 };
        let ids: Vec<_> = (start..5)
            .take(2)
            .map(|id| format!(r#"{{"id":"P{id}"}}"#))
            .collect();
        let next = if start + 2 < 5 {
            r#""?page=2""#
        } else {
            "null"
        };
        let count = 5 - first;
        format!(
            r#"{{"status":"ok","result":{{"count":{count},"next":{next},"results":[{}]}}}}"#,
            ids.join(",")
        )
    });
    let client = builder.build().unwrap();
    let items = client
        .pages(products::List::new())
        .items()
        .collect()
        .await
        .unwrap();
    let ids: Vec<_> = items.into_iter().filter_map(|product| product.id).collect();
    assert_eq!(ids, ["P0", "P1", "P2", "P3", "P4"]);
}

// H8
#[tokio::test(start_paused = true)]
async fn h8_a_step_takes_no_longer_than_a_call_may() {
    let service = tower::service_fn(|request: Request<Bytes>| async move {
        tokio::time::sleep(Duration::from_secs(9)).await;
        let query = request.uri().query().unwrap_or("page=1");
        let number: usize = query.trim_start_matches("page=").parse().unwrap();
        let page = page(&format!(r#""?page={}""#, number + 1), &[]);
        Ok::<_, BoxError>(Response::new(Bytes::from(page)))
    });
    let limit = Duration::from_secs(20);
    let client = Client::builder(CREDENTIALS())
        .transport(move |transport| transport.service(service).total_timeout(limit))
        .build()
        .unwrap();
    let start = tokio::time::Instant::now();
    let error = client
        .pages(products::List::new())
        .next()
        .await
        .unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(start.elapsed(), limit);
}

#[tokio::test(start_paused = true)]
async fn a_walk_goes_on_where_it_failed() {
    let first = page(r#""?page=2""#, &["a"]);
    let refused = r#"{"status":"error","code":400,"description":"x"}"#;
    let last = page("null", &["b"]);
    // The first page is read again after the last one, and that one again since it is full.
    let (builder, _) = scripted(vec![
        (200, &first),
        (400, refused),
        (200, &last),
        (200, &first),
        (200, &last),
    ]);
    let client = builder.build().unwrap();
    let mut items = client.pages(products::List::new()).items();
    assert_eq!(
        items.next().await.unwrap().unwrap().id.as_deref(),
        Some("a")
    );
    assert!(items.next().await.unwrap_err().is_validation());
    assert_eq!(
        items.next().await.unwrap().unwrap().id.as_deref(),
        Some("b")
    );
    assert!(items.next().await.unwrap().is_none());
}

#[tokio::test]
async fn n50_deleting_what_is_gone_is_a_success_by_option() {
    let gone = r#"{"status":"error","code":404,"description":"Object not found"}"#;
    for status in [404, 200] {
        let (builder, _) = scripted(vec![(status, gone)]);
        let error = builder
            .build()
            .unwrap()
            .products()
            .delete("1")
            .await
            .unwrap_err();
        assert!(error.is_not_found());
        let (builder, _) = scripted(vec![(status, gone)]);
        let client = builder.deleting_gone(Gone::Success).build().unwrap();
        client.products().delete("1").await.unwrap();
        assert!(
            client
                .products()
                .update("1")
                .await
                .unwrap_err()
                .is_not_found(),
            "deletes alone"
        );
    }
    let (builder, _) = scripted(vec![(404, "<html>no such host</html>")]);
    let client = builder.deleting_gone(Gone::Success).build().unwrap();
    assert!(
        client.products().delete("1").await.is_err(),
        "a proxy's page proves nothing"
    );
}

#[tokio::test(start_paused = true)]
async fn n91_only_what_is_idempotent_is_repeated() {
    let page = "503 Service Temporarily Unavailable";
    for status in [500, 502, 503, 429] {
        let (builder, log) = scripted(vec![(status, page)]);
        let client = builder.build().unwrap();
        let error = client.products().create("1").await.unwrap_err();
        assert_eq!(asked(&log), 1, "{status}");
        assert!(error.may_have_landed());
        client.products().list().await.unwrap_err();
        assert!(asked(&log) > 2, "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn n49_after_an_ambiguous_create_a_conflict_means_that_it_landed() {
    let exists =
        r#"{"status":"error","code":412,"description":"Object with this ID already exists"}"#;
    let (builder, _) = scripted(vec![(502, "<html>"), (412, exists)]);
    let client = builder.build().unwrap();
    assert!(
        client
            .products()
            .create("1")
            .await
            .unwrap_err()
            .may_have_landed()
    );
    let again = client.products().create("1").await.unwrap_err();
    assert!(again.is_conflict() && !again.may_have_landed());
}

#[tokio::test]
async fn n34_the_http_status_is_told_beside_the_code() {
    let (builder, _) = scripted(vec![(
        200,
        r#"{"status":"ok","code":201,"description":"Created"}"#,
    )]);
    let client = builder.build().unwrap();
    let answered = client.call(products::List::new()).answered().await.unwrap();
    assert_eq!(answered.status, http::StatusCode::OK);
    assert_eq!((answered.output.code, answered.attempts), (Some(201), 1));
}

/// The service's own envelope around a 5xx does not say that nothing was created.
#[tokio::test]
async fn n49_a_create_that_failed_on_the_server_may_have_landed_however_it_is_sent() {
    let failed = r#"{"status":"error","code":502,"description":"Bad Gateway"}"#;
    let (builder, log) = scripted(vec![(502, failed)]);
    let client = builder.build().unwrap();
    let create = products::Create::new("1");
    let error = client.call(create.clone()).answered().await.unwrap_err();
    assert!(error.may_have_landed(), "with its status");
    assert!(client.send(&create).await.unwrap_err().may_have_landed());
    assert_eq!(asked(&log), 2, "none is repeated");
}

#[tokio::test]
async fn n38_lenient_answers_are_an_option() {
    let sample = "\"status\": \"ok\",\n\"code\": 200,\n}";
    let (builder, _) = scripted(vec![(200, sample)]);
    assert!(
        builder
            .build()
            .unwrap()
            .products()
            .list()
            .await
            .unwrap_err()
            .is_decode()
    );
    let (builder, _) = scripted(vec![(200, sample)]);
    let client = builder.strictness(Strictness::Lenient).build().unwrap();
    assert_eq!(client.products().list().await.unwrap().code, Some(200));
}

#[tokio::test]
async fn n61_a_form_refuses_to_remove_an_image_before_it_is_sent() {
    let (builder, log) = scripted(vec![(200, "")]);
    let client = builder
        .encoding(Encoding::FormWithParameters)
        .build()
        .unwrap();
    let remove = client
        .products()
        .update("1")
        .with(|update| update.image_url(Image::Remove));
    let error = remove.await.unwrap_err();
    assert_eq!(error.field(), Some("image_url"));
    assert_eq!(asked(&log), 0);
}

#[tokio::test(start_paused = true)]
async fn n77_a_feed_is_watched_to_its_end_through_failures() {
    let state =
        |state: &str| format!(r#"{{"status":"ok","code":200,"result":{{"state":"{state}"}}}}"#);
    let (enqueued, started, failed) = (state("enqueued"), state("started"), state("failed"));
    let script = vec![
        (200, enqueued.as_str()),
        (500, "x"),
        (500, "x"),
        (500, "x"),
        (500, "x"),
        (200, &started),
        (200, &failed),
    ];
    let (builder, log) = scripted(script);
    let client = builder.build().unwrap();
    let mut seen = Vec::new();
    let watch = client
        .watch_feed("t")
        .on_progress(|result| seen.extend(result.state.clone()));
    let result = watch.await.unwrap();
    assert!(!result.is_success());
    assert_eq!(
        seen,
        [FeedState::Enqueued, FeedState::Started, FeedState::Failed]
    );
    assert_eq!(asked(&log), 7);
}

#[tokio::test(start_paused = true)]
async fn n77_a_watch_ends_at_its_deadline() {
    let (builder, log) = scripted(vec![(
        200,
        r#"{"status":"ok","result":{"state":"started"}}"#,
    )]);
    let client = builder.build().unwrap();
    let begin = tokio::time::Instant::now();
    let policy = PollPolicy::new().deadline(Duration::from_secs(10));
    let error = client.watch_feed("t").policy(policy).await.unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(
        begin.elapsed(),
        Duration::from_secs(7),
        "1 + 2 + 4, and 8 more would be too late"
    );
    assert_eq!(asked(&log), 4);
}

// N77: dropping the watch cancels it, wherever it stands.
#[tokio::test(start_paused = true)]
async fn n77_a_watch_that_is_dropped_asks_no_more() {
    let started = r#"{"status":"ok","result":{"state":"started"}}"#;
    for (seconds, questions) in [(0, 1), (1, 2), (3, 3), (6, 3), (7, 4)] {
        let (builder, log) = scripted(vec![(200, started)]);
        let client = builder.build().unwrap();
        let limit = Duration::from_millis(seconds * 1000 + 500);
        let watch = client.watch_feed("t").into_future();
        tokio::time::timeout(limit, watch).await.unwrap_err();
        assert_eq!(asked(&log), questions, "after {limit:?}");
        tokio::time::sleep(Duration::from_secs(3600)).await;
        assert_eq!(asked(&log), questions, "nobody watches any more");
    }
    let (builder, log) = scripted(vec![(200, started)]);
    drop(builder.build().unwrap().watch_feed("t"));
    assert_eq!(asked(&log), 0, "nothing is asked before `.await`");
}

// N77: the client checks the order, and keeps a state that it does not know.
#[tokio::test(start_paused = true)]
async fn n77_a_watch_checks_the_order_and_keeps_unknown_states() {
    let state = |state: &str| format!(r#"{{"status":"ok","result":{{"state":"{state}"}}}}"#);
    let (enqueued, started) = (state("enqueued"), state("started"));
    let (paused, success) = (state("paused"), state("success"));
    let (builder, log) = scripted(vec![(200, &started), (200, &enqueued), (200, &success)]);
    let error = builder.build().unwrap().watch_feed("t").await.unwrap_err();
    assert!(error.is_decode(), "{error}");
    assert_eq!(error.field(), Some("state"));
    assert_eq!(asked(&log), 2, "it asks no more");

    let script = vec![(200, &*started), (200, &*paused), (200, &*success)];
    let (builder, log) = scripted(script);
    let client = builder.build().unwrap();
    let mut seen = Vec::new();
    let watch = client
        .watch_feed("t")
        .on_progress(|result| seen.extend(result.state.as_ref().map(ToString::to_string)));
    assert!(watch.await.unwrap().is_success());
    assert_eq!(
        (seen.join(" "), asked(&log)),
        ("started paused success".to_owned(), 3)
    );
}

#[tokio::test]
async fn n77_a_watch_gives_up_what_will_not_change() {
    let (builder, log) = scripted(vec![(
        404,
        r#"{"status":"error","code":404,"description":"Object not found"}"#,
    )]);
    let client = builder.build().unwrap();
    assert!(client.watch_feed("t").await.unwrap_err().is_not_found());
    assert_eq!(asked(&log), 1);
}

#[tokio::test]
async fn n1_the_base_url_can_be_the_other_host() {
    let (builder, log) = scripted(vec![(200, r#"{"status":"ok","result":{"token":"t"}}"#)]);
    let base_url = "https://accounts.nice.chat".parse().unwrap();
    let client = builder.base_url(base_url).build().unwrap();
    let answer = client
        .feeds()
        .push("https://a.example/f", feeds::FeedFormat::Yml)
        .await
        .unwrap();
    assert_eq!(answer.token(), Some("t"));
    let log = log.lock().unwrap();
    assert_eq!(
        log[0].uri(),
        "https://accounts.nice.chat/marketplaces/v1/import-products/"
    );
}

#[test]
fn n8_x7_no_secret_shows() {
    let (builder, _) = scripted(vec![(200, "")]);
    let mut shown = format!("{builder:?}");
    shown += &format!("{:?}", builder.build().unwrap());
    assert!(
        !shown.contains("secret-1") && !shown.contains("key-1"),
        "{shown}"
    );
}
