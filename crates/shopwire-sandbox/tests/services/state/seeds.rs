//! Seeds: the same calls get the same answers in every run; generated data is the same for the same plan.

use serde_json::{Value, json};
use shopwire_sandbox::{Options, RateLimit, RowQuery, Sandbox, SeedPlan};

use super::script::{self, KINDS, Step};
use crate::support::{Clients, Inbox};
use http::StatusCode;

const CSV: &str = "id\ttitle\tprice\tavailability\timage_link\n1\tOne\t10.50 USD\tin stock\thttp://shop.example/1.png\n";

async fn sandbox(options: Options) -> Sandbox {
    let options = options.retailcrm(|crm| crm.rate_limit(RateLimit::Lifted));
    Sandbox::start(options).await.expect("a sandbox")
}

/// Every kind of call, several times.
fn tour() -> Vec<Step> {
    let round = |round: u8| {
        (0..KINDS).map(move |kind| {
            (
                kind,
                round.wrapping_mul(37).wrapping_add(kind.wrapping_mul(11)),
            )
        })
    };
    (0..8).flat_map(round).collect()
}

#[tokio::test]
async fn s3_the_same_calls_get_the_same_answers_byte_for_byte() {
    let feed = Inbox::start(CSV, StatusCode::OK).await;
    let mut runs = Vec::new();
    for seed in [7, 7, 8] {
        let sandbox = sandbox(Options::default().seed(seed)).await;
        let clients = Clients::new(&sandbox);
        let mut told = script::play(&clients, &tour(), &feed.url("/feed")).await;
        told.push_str(&script::all(&clients).await);
        runs.push((told, sandbox.snapshot(), sandbox.to_json()));
    }
    let keys = |line: &str| {
        let mut line: Value = serde_json::from_str(line).expect("JSON");
        for service in ["nicechat", "uvygoda", "retailcrm"] {
            line[service]["url"] = Value::Null;
        }
        line
    };
    assert!(
        runs[0].0.contains("\"success\":true") && runs[0].0.contains("imported elements count")
    );
    // Each kind of call succeeds somewhere: refusals alone would show little.
    for kind in 0..KINDS - 2 {
        let is_done = |line: &str| {
            let answer = line.strip_prefix(&format!("{kind} ")).unwrap_or_default();
            let (_, answer) = answer.split_once(": ").unwrap_or_default();
            answer.starts_with('2') && !answer.contains("\"RESULT\":false")
        };
        assert!(runs[0].0.lines().any(is_done), "{kind}: {}", runs[0].0);
    }
    assert_eq!(runs[0].0, runs[1].0);
    assert_eq!(runs[0].1, runs[1].1);
    assert_eq!(keys(&runs[0].2), keys(&runs[1].2));
    assert_ne!(runs[0].0, runs[2].0, "another seed gives other tokens");
    assert_ne!(keys(&runs[0].2), keys(&runs[2].2));
}

#[tokio::test]
async fn s3_a_reset_goes_back_to_the_start_and_keeps_the_keys() {
    let feed = Inbox::start(CSV, StatusCode::OK).await;
    let sandbox = sandbox(Options::default().seed(7)).await;
    let clients = Clients::new(&sandbox);
    let (start, line) = (sandbox.snapshot(), sandbox.to_json());
    let once = script::play(&clients, &tour(), &feed.url("/feed")).await;
    assert_ne!(sandbox.snapshot(), start);
    sandbox.reset().await;
    assert_eq!(sandbox.snapshot(), start);
    assert_eq!(sandbox.to_json(), line);
    let again = script::play(&clients, &tour(), &feed.url("/feed")).await;
    assert_eq!(again, once);
}

#[tokio::test]
async fn s1_s3_generated_data_is_there_for_the_clients() {
    let sandbox = sandbox(Options::default()).await;
    let key = sandbox.retailcrm().api_key();
    let plan = SeedPlan::new(7).orders(250).customers(60).products(40);
    let plan = plan.nicechat_products(25).nicechat_orders(13).cards(9);
    let counts = sandbox.seed(&plan).await;
    assert_eq!(sandbox.retailcrm().api_key(), key, "clients go on");
    for (service, entity, count) in [
        ("retailcrm", "orders", 250),
        ("retailcrm", "customers", 60),
        ("retailcrm", "products", 45),
        ("nicechat", "products", 25),
        ("nicechat", "orders", 13),
        ("uvygoda", "cards", 9),
    ] {
        assert_eq!(counts[service][entity], count, "{service} {entity}");
        let rows = sandbox.rows(service, entity, &RowQuery::default());
        assert_eq!(rows.expect("rows").total, count, "{service} {entity}");
    }
    let once = sandbox.snapshot();
    sandbox.seed(&plan).await;
    assert_eq!(sandbox.snapshot(), once);
    sandbox.seed(&SeedPlan::new(8).orders(250)).await;
    assert_ne!(sandbox.snapshot(), once);
    sandbox.seed(&plan).await;

    let clients = Clients::new(&sandbox);
    let page = clients.crm("/orders?limit=100&page=3").await.json();
    assert_eq!(page["pagination"]["totalCount"], 250);
    assert_eq!(page["orders"].as_array().map(Vec::len), Some(50));
    let person = &page["orders"][0]["customer"];
    let theirs = format!("/orders?limit=100&filter[customerId]={}", person["id"]);
    let theirs = clients.crm(&theirs).await.json();
    assert_eq!(
        theirs["pagination"]["totalCount"], person["ordersCount"],
        "the totals are right"
    );
    let sum: f64 = theirs["orders"]
        .as_array()
        .expect("orders")
        .iter()
        .filter_map(|order| order["totalSumm"].as_f64())
        .sum();
    let total = person["totalSumm"].as_f64().expect("a sum");
    assert!((sum - total).abs() < 0.001, "{sum} {total}");
    // An order whose sums are computed anew stays as it is.
    let edited = clients
        .crm_post(
            "/orders/17/edit",
            &[("by", &json!("id")), ("order", &json!({"call": true}))],
        )
        .await;
    let before = sandbox
        .history("retailcrm", "orders", "17")
        .expect("a history");
    assert_eq!(edited.status, 200, "{}", edited.body);
    for name in ["summ", "totalSumm", "prepaySum", "purchaseSumm"] {
        assert_eq!(
            edited.json()["order"][name],
            before[0]["order"][name],
            "{name}"
        );
    }
    let history = clients
        .crm("/orders/history?filter[sinceId]=240")
        .await
        .json();
    let entries = history["history"].as_array().expect("entries");
    assert_eq!(
        (entries.len() >= 10, &entries[0]["id"]),
        (true, &json!(241))
    );
    assert_eq!(
        entries[0]["order"]["items"].as_array().map(Vec::is_empty),
        Some(false),
        "{}",
        entries[0]
    );
}
