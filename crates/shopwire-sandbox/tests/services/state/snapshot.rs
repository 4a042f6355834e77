//! Snapshots: save equals load equals replay.

use http::StatusCode;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use shopwire_sandbox::{Options, RateLimit, Sandbox, SeedPlan};

use super::script::{self, Step};
use crate::support::{Clients, Inbox};

const CSV: &str =
    "id\ttitle\tprice\tavailability\n1\tOne\t10.50 USD\tin stock\n2\tTwo\t5 USD\tout of stock\n";

fn options(seed: u64) -> Options {
    let options = Options::default()
        .seed(seed)
        .pace(std::time::Duration::from_secs(7));
    options.retailcrm(|crm| crm.rate_limit(RateLimit::Lifted))
}

/// Plays `before`, saves, loads into another sandbox, and plays `after` on both.
async fn check(before: &[Step], after: &[Step]) -> Result<(), TestCaseError> {
    let feed = Inbox::start(CSV, StatusCode::OK).await;
    let url = feed.url("/feed");
    let one = Sandbox::start(options(1)).await.expect("a sandbox");
    let other = Sandbox::start(options(2)).await.expect("a sandbox");
    let (here, there) = (Clients::new(&one), Clients::new(&other));
    script::play(&here, before, &url).await;
    // What the other sandbox had is gone afterwards.
    script::play(&there, after, &url).await;
    let saved = one.snapshot();
    other.restore(&saved).await.expect("a snapshot");
    prop_assert_eq!(&other.snapshot(), &saved, "save equals load");
    prop_assert_eq!(&one.snapshot(), &saved, "saving changes nothing");
    prop_assert_eq!(script::all(&there).await, script::all(&here).await);
    let replayed = script::play(&there, after, &url).await;
    prop_assert_eq!(replayed, script::play(&here, after, &url).await, "replay");
    prop_assert_eq!(script::all(&there).await, script::all(&here).await);
    prop_assert_eq!(other.snapshot(), one.snapshot());
    Ok(())
}

#[test]
fn s3_save_equals_load_equals_replay() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime");
    let config = Config {
        cases: 24,
        failure_persistence: None,
        ..Config::default()
    };
    let steps = || prop::collection::vec(any::<Step>(), 0..40);
    TestRunner::new(config)
        .run(&(steps(), steps()), |(before, after)| {
            runtime.block_on(check(&before, &after))
        })
        .expect("the property");
}

#[tokio::test]
async fn s3_generated_data_comes_back_from_a_snapshot() {
    let one = Sandbox::start(options(1)).await.expect("a sandbox");
    let plan = SeedPlan::new(5)
        .orders(40)
        .products(10)
        .nicechat_products(12)
        .nicechat_orders(4)
        .cards(6);
    one.seed(&plan).await;
    let saved = one.snapshot();
    let other = Sandbox::start(options(2)).await.expect("a sandbox");
    other.restore(&saved).await.expect("a snapshot");
    assert_eq!(other.snapshot(), saved);
    let (here, there) = (Clients::new(&one), Clients::new(&other));
    assert_eq!(script::all(&there).await, script::all(&here).await);
}

#[tokio::test]
async fn s3_a_wrong_snapshot_is_refused_and_changes_nothing() {
    let sandbox = Sandbox::start(options(1)).await.expect("a sandbox");
    let clients = Clients::new(&sandbox);
    script::play(
        &clients,
        &[(0, 1), (2, 1), (11, 1), (15, 1), (16, 0)],
        "http://127.0.0.1:9/",
    )
    .await;
    let good = sandbox.snapshot();
    let damaged = |path: &str, value: Value| {
        let mut document: Value = serde_json::from_str(&good).expect("JSON");
        *document
            .pointer_mut(path)
            .unwrap_or_else(|| panic!("{path}")) = value;
        document.to_string()
    };
    // Without its digest, as someone would write it who changes a document on purpose.
    let changed = |path: &str, value: Value| {
        let mut document: Value = serde_json::from_str(&damaged(path, value)).expect("JSON");
        document
            .as_object_mut()
            .expect("an object")
            .remove("digest");
        document.to_string()
    };
    let without = |path: &str, name: &str| {
        let mut document: Value = serde_json::from_str(&good).expect("JSON");
        let object = document.pointer_mut(path).and_then(Value::as_object_mut);
        object.expect("an object").remove(name).expect("a member");
        document.to_string()
    };
    let card: Value = serde_json::from_str(&good).expect("JSON");
    let card = card["state"]["uvygoda"]["cards"][0].clone();
    for (text, field) in [
        (String::new(), ""),
        (good[..good.len() / 2].to_owned(), ""),
        ("[]".to_owned(), ""),
        ("{}".to_owned(), "format"),
        (changed("/format", json!("other")), "format"),
        (changed("/version", json!(2)), "version"),
        (changed("/version", json!("1")), "version"),
        (without("", "version"), "version"),
        (without("", "state"), "state"),
        (without("/state", "retailcrm"), "digest"),
        (damaged("/digest", json!(5)), "digest"),
        (
            damaged("/state/nicechat/products/0/price", json!(0.2)),
            "digest",
        ),
        (
            changed("/state/clock/now", json!("yesterday")),
            "state.clock.now",
        ),
        (
            changed("/state/nicechat/random", json!("xyz")),
            "state.nicechat.random",
        ),
        (
            changed("/state/nicechat/products/0/id", json!(5)),
            "nicechat.products[0].id",
        ),
        (
            changed("/state/uvygoda/cards", json!([card, card])),
            "uvygoda.cards[1].id",
        ),
        (
            changed("/state/uvygoda/cards/0/stage", json!("NONE")),
            "state.uvygoda.cards[0].stage",
        ),
        (
            changed("/state/retailcrm/orders/table/rows/0/id", json!(7)),
            "state.retailcrm.orders.table",
        ),
        (
            changed("/state/retailcrm/orders/table/rows/0", json!(7)),
            "state.retailcrm.orders.table.rows[0]",
        ),
        (
            changed("/state/retailcrm/customers/history", json!({})),
            "state.retailcrm.customers.history",
        ),
    ] {
        let refused = sandbox.restore(&text).await.expect_err(field);
        assert_eq!(refused.field(), field, "{refused}");
        assert!(!refused.problem().is_empty());
        assert_eq!(sandbox.snapshot(), good, "{field}");
    }
}

#[tokio::test]
async fn s3_a_snapshot_may_be_written_anew_by_another_language() {
    let one = Sandbox::start(options(1)).await.expect("a sandbox");
    one.seed(&SeedPlan::new(5).orders(20).cards(6)).await;
    let saved = one.snapshot();
    let document: Value = serde_json::from_str(&saved).expect("JSON");
    let pretty = serde_json::to_string_pretty(&document).expect("JSON");
    let escaped: String = pretty
        .chars()
        .map(|letter| match letter {
            letter if letter.is_ascii() => letter.to_string(),
            letter => {
                let mut units = [0; 2];
                let units = letter.encode_utf16(&mut units).iter();
                units.map(|unit| format!("\\u{unit:04x}")).collect()
            }
        })
        .collect();
    let other = Sandbox::start(options(2)).await.expect("a sandbox");
    other.restore(&escaped).await.expect("a snapshot");
    assert_eq!(other.snapshot(), saved);
}

/// A byte that was changed on the way: in the state the digest finds it, elsewhere the check of that member.
#[test]
fn s3_no_changed_byte_goes_unseen() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime");
    let sandbox = runtime.block_on(async {
        let sandbox = Sandbox::start(options(1)).await.expect("a sandbox");
        sandbox.seed(&SeedPlan::new(5).orders(2).cards(1)).await;
        sandbox
    });
    let good = sandbox.snapshot();
    let meaning: Value = serde_json::from_str(&good).expect("JSON");
    let config = Config {
        cases: 400,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new(config)
        .run(&(0..good.len(), 32_u8..127), |(at, byte)| {
            let mut text = good.clone().into_bytes();
            text[at] = byte;
            let Ok(text) = String::from_utf8(text) else {
                return Ok(());
            };
            let same = serde_json::from_str::<Value>(&text).is_ok_and(|other| other == meaning);
            let read = runtime.block_on(sandbox.restore(&text));
            // The name of the digest is the one place whose change lets the rest through.
            let name = good.find("\"digest\"").expect("a digest");
            prop_assert!(
                read.is_err() || same || (name..name + 8).contains(&at),
                "{} {}",
                at,
                byte
            );
            prop_assert_eq!(sandbox.snapshot(), good.as_str());
            Ok(())
        })
        .expect("the property");
}
