//! The NiceChat client against the sandbox, from facade to socket.

use std::collections::HashSet;

use http::Method;
use shopwire::nicechat::{Client, Credentials, Encoding, FeedFormat, feed::PollPolicy, products};
use shopwire_sandbox::{Fault, Options, ResetAt, Sandbox};
use shopwire_tests::sandbox;

/// A client of this sandbox that sends bodies in another way.
fn client(sandbox: &Sandbox, encoding: Encoding) -> Client {
    let service = sandbox.nicechat();
    let credentials = Credentials::new(service.api_key(), service.api_secret());
    let url = service.url().parse().expect("a loopback URL");
    Client::builder(credentials)
        .base_url(url)
        .encoding(encoding)
        .build()
        .expect("a client")
}

// N6, N9, N10, N12, N93, N94
#[tokio::test]
async fn n6_every_encoding_is_accepted_by_a_server_that_checks_it() {
    let (sandbox, _) = sandbox(Options::default()).await;
    let encodings = [
        Encoding::JsonWithHeaders,
        Encoding::FormWithHeaders,
        Encoding::FormWithParameters,
        Encoding::MultipartWithHeaders,
        Encoding::MultipartWithParameters,
    ];
    for (number, encoding) in encodings.into_iter().enumerate() {
        let client = client(&sandbox, encoding);
        let title = "Кружка *~ & \"co\" + 100%";
        let id = format!("E/{number} ?");
        let call = client
            .products()
            .create(id.as_str())
            .with(|product| product.title(title));
        let created = call
            .await
            .unwrap_or_else(|error| panic!("{encoding:?}: {error}"));
        assert_eq!(
            created.result.and_then(|product| product.title).as_deref(),
            Some(title)
        );
        let call = client
            .products()
            .update(id.as_str())
            .with(|product| product.in_stock(true));
        let updated = call
            .await
            .unwrap_or_else(|error| panic!("{encoding:?}: {error}"));
        assert_eq!(
            updated.result.and_then(|product| product.in_stock),
            Some(true)
        );
        assert!(client.products().list().await.is_ok(), "{encoding:?}");
    }
}

// N39, N40, N41, N42, N52
#[tokio::test]
async fn n41_a_walk_follows_next_and_gives_every_product_once() {
    let (sandbox, shopwire) = sandbox(Options::default().nicechat(|it| it.page_size(4))).await;
    let client = shopwire.nicechat().expect("it is configured");
    for number in 0..10 {
        client
            .products()
            .create(format!("P-{number}"))
            .await
            .expect("created");
    }
    let before = sandbox.nicechat().requests().total();
    let items = client
        .pages(products::List::new())
        .items()
        .collect()
        .await
        .expect("all pages");
    let ids: HashSet<_> = items
        .iter()
        .filter_map(|product| product.id.clone())
        .collect();
    assert_eq!((items.len(), ids.len()), (10, 10));
    // Three pages, and the first two once more: the walk looks at both boundaries from both sides.
    assert_eq!(sandbox.nicechat().requests().total() - before, 5);
}

// N72, N74, N76, N77, N78, N79
#[tokio::test]
async fn n77_an_import_of_a_feed_that_is_not_there_ends_as_failed() {
    let (sandbox, shopwire) = sandbox(Options::default()).await;
    let client = shopwire.nicechat().expect("it is configured");
    // The sandbox itself serves no feed.
    let url = format!("{}/no-feed.csv", sandbox.nicechat().url());
    let pushed = client
        .feeds()
        .push(url, FeedFormat::GoogleCsv)
        .await
        .expect("queued");
    let quick = std::time::Duration::from_millis(20);
    let policy = PollPolicy::new().waits(quick, quick);
    let watch = client
        .watch_feed(pushed.token().expect("a token"))
        .policy(policy);
    let result = watch.await.expect("a result");
    assert!(!result.is_success());
    assert!(result.pushed.is_some() && result.updated.is_some());
    assert_eq!(result.imported_elements_count, None);
}

// N49, N91, X6, X8
#[tokio::test]
async fn n49_after_a_lost_answer_a_conflict_says_that_the_create_landed() {
    let (sandbox, shopwire) = sandbox(Options::default()).await;
    let client = shopwire.nicechat().expect("it is configured");
    let path = "/marketplaces/v1/products/";
    sandbox
        .nicechat()
        .faults()
        .push(Fault::reset(ResetAt::AfterCommit).on(Method::POST, path));
    let lost = client
        .products()
        .create("L-1")
        .await
        .expect_err("the answer was lost");
    assert!(lost.may_have_landed(), "{lost}");
    assert_eq!(
        sandbox.nicechat().requests().count(&Method::POST, path),
        1,
        "it is not repeated"
    );
    let again = client
        .products()
        .create("L-1")
        .await
        .expect_err("it had landed");
    assert!(again.is_conflict(), "{again}");
    assert_eq!(sandbox.nicechat().product_count(), 1);
}

// N64, N65, N66, N69, N70, N71
#[tokio::test]
async fn n64_orders_are_read_with_their_free_keys() {
    let (_sandbox, shopwire) = sandbox(Options::default()).await;
    let client = shopwire.nicechat().expect("it is configured");
    let orders = client.orders().list().await.expect("a page").into_items();
    let order = orders.first().expect("an order");
    assert!(order.id.is_some());
    let contacts = order.contacts.as_ref().expect("contacts");
    assert!(
        contacts
            .shipping_address
            .as_ref()
            .expect("an address")
            .get("POST/ZIP")
            .is_some()
    );
    let coming = contacts
        .client
        .as_ref()
        .and_then(|client| client.coming.as_ref())
        .expect("a time");
    assert!(
        coming.as_str().contains(' '),
        "with a space, as the service writes it"
    );
}
