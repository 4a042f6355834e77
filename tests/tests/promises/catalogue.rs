//! A catalogue that is kept in step with NiceChat.

use std::collections::HashMap;

use http::Method;
use shopwire::{
    model::{Decimal, from_json, to_json},
    nicechat::{
        Client, Product,
        products::{List, Update},
        sync::{Memory, Step},
    },
};
use shopwire_sandbox::{Fault, Options, ResetAt};
use shopwire_tests::sandbox;

/// How edits are sent.
#[derive(Clone, Copy, PartialEq)]
enum Verb {
    Patch,
    Put,
}

async fn shown(client: &Client) -> HashMap<String, Product> {
    let items = client.pages(List::new()).items().collect().await;
    let products = items.expect("a list").into_iter();
    products
        .map(|product| (product.id.clone().expect("an id"), product))
        .collect()
}

/// One round, the memory as it was stored; gives how many calls were sent.
async fn round(client: &Client, stored: &mut String, catalogue: &[Update], verb: Verb) -> usize {
    let mut memory: Memory = from_json(stored).expect("a memory");
    let shown = shown(client).await;
    let mut sent = 0;
    for wanted in catalogue {
        let read = shown.get(&wanted.id);
        let outcome = match memory.step(wanted, read) {
            Step::InStep | Step::Waiting => continue,
            Step::Create(create) => client.send(&create).await,
            Step::Update(update) if verb == Verb::Patch => client.send(&update).await,
            Step::Update(update) => {
                let replace = update.rewriting(read.expect("it is there"));
                client.send(&replace.expect("all fields are known")).await
            }
            step => panic!("{step:?}"),
        };
        sent += 1;
        match outcome {
            Ok(_) => memory.sent(wanted, read),
            Err(error) => assert!(error.may_have_landed(), "{error}"),
        }
    }
    *stored = to_json(&memory);
    sent
}

fn wanted(number: u32) -> Update {
    Update::new(format!("P/{number}"))
        .category("CQ1")
        .title(format!("Плед {number}"))
        .price(Decimal::new(1500, 2))
        .currency("USD")
        .description("Тёплый")
        .url(format!("https://shop.example/{number}"))
        .image_url(format!("https://shop.example/{number}.png"))
        .in_stock(true)
}

// N62, N61
#[tokio::test]
async fn n62_after_one_round_nothing_is_left_to_send() {
    for verb in [Verb::Patch, Verb::Put] {
        let (sandbox, shopwire) = sandbox(Options::default().nicechat(|it| it.page_size(2))).await;
        let client = shopwire.nicechat().expect("it is configured");
        let mut catalogue: Vec<Update> = (0..5).map(wanted).collect();
        let mut stored = "{}".to_owned();
        let mut rounds = Vec::new();
        for _ in 0..3 {
            rounds.push(round(client, &mut stored, &catalogue, verb).await);
        }
        assert_eq!(rounds, [5, 0, 0]);
        let copy = shown(client).await["P/3"]
            .image_url
            .clone()
            .expect("a picture");
        assert!(
            copy.starts_with("https://cdn.nice.chat/"),
            "the sandbox rewrites: {copy}"
        );

        // A price, a picture, and a product that is edited by hand: three edits, then none.
        catalogue[0] = catalogue[0].clone().price(Decimal::new(1600, 2));
        catalogue[1] = catalogue[1]
            .clone()
            .image_url("https://shop.example/new.png");
        let by_hand = Update::new("P/2").title("Edited by hand");
        client.send(&by_hand).await.expect("edited");
        let kept = shown(client).await["P/0"].image_url.clone();
        rounds.clear();
        for _ in 0..3 {
            rounds.push(round(client, &mut stored, &catalogue, verb).await);
        }
        assert_eq!(rounds, [3, 0, 0]);
        let after = shown(client).await;
        assert_eq!(after["P/0"].price, Some(Decimal::new(1600, 2)));
        assert_eq!(after["P/0"].image_url, kept, "the picture was left alone");
        assert_ne!(after["P/1"].image_url.as_ref(), Some(&copy));
        assert_eq!(after["P/2"].title.as_deref(), Some("Плед 2"));
        let memory: Memory = from_json(&stored).expect("a memory");
        assert_eq!(memory.source("P/1"), Some("https://shop.example/new.png"));

        // What was sent: five creations, three edits in the verb that was asked for, and the edit by hand.
        let requests = sandbox.nicechat().requests();
        let count = |method| requests.count(&method, "/marketplaces/v1/products/P%2F0/");
        let edits = (count(Method::PATCH), count(Method::PUT));
        assert_eq!(edits, if verb == Verb::Patch { (1, 0) } else { (0, 1) });
    }
}

// N62, N49
#[tokio::test]
async fn n62_a_round_that_broke_off_is_made_up_for() {
    let (sandbox, shopwire) = sandbox(Options::default()).await;
    let client = shopwire.nicechat().expect("it is configured");
    let catalogue: Vec<Update> = (0..3).map(wanted).collect();
    let mut stored = "{}".to_owned();
    let lost = Fault::reset(ResetAt::AfterCommit).on(Method::POST, "/marketplaces/v1/products/");
    sandbox.nicechat().faults().push(lost);
    let mut rounds = Vec::new();
    for _ in 0..3 {
        rounds.push(round(client, &mut stored, &catalogue, Verb::Patch).await);
    }
    // The creation whose answer was lost had landed; its picture alone is sent once more.
    assert_eq!(rounds, [3, 1, 0]);
    assert_eq!(sandbox.nicechat().product_count(), 3);

    // So it is when the memory is lost: each picture once, and no more.
    stored = "{}".to_owned();
    assert_eq!(round(client, &mut stored, &catalogue, Verb::Patch).await, 3);
}
