//! The journal: every exchange, and the explanation of a signature.

use std::time::Duration;

use serde_json::{Value, json};
use shopwire_sandbox::{
    Exchange, Filter, Options, RateLimit, Reason, ReasonKind, Sandbox, ServiceName,
};

use crate::support::{Http, Signed, signature};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
pub(super) const JSON: (&str, &str) = ("content-type", "application/json");
const PRODUCTS: &str = "/marketplaces/v1/products/";

pub(super) async fn started() -> Sandbox {
    let options = Options::default().retailcrm(|crm| crm.rate_limit(RateLimit::Lifted));
    Sandbox::start(options).await.expect("a sandbox")
}

/// The newest exchange.
pub(super) fn last(sandbox: &Sandbox) -> Exchange {
    let page = sandbox.journal().page(&Filter::default(), 1);
    page.exchanges.into_iter().next().expect("an exchange")
}

/// Kind and field of each reason.
pub(super) fn kinds(reasons: &[Reason]) -> Vec<(ReasonKind, &str)> {
    let of = |one| {
        let Reason { kind, field, .. }: &Reason = one;
        (*kind, field.as_deref().unwrap_or_default())
    };
    reasons.iter().map(of).collect()
}

pub(super) async fn crm(
    sandbox: &Sandbox,
    method: &str,
    target: &str,
    key: &str,
    form: &str,
) -> u16 {
    let url = format!("{}{target}", sandbox.retailcrm().url());
    let headers = [FORM, ("x-api-key", key)];
    Http::new().send(method, &url, &headers, form).await.status
}

#[tokio::test]
async fn s2_ids_run_over_all_services_and_an_exchange_is_kept_whole() {
    let sandbox = started().await;
    let http = Http::new();
    Signed::new(sandbox.nicechat())
        .call("GET", "/products/", "")
        .await;
    let url = format!("{}/local/api/api.php", sandbox.uvygoda().url());
    let token = sandbox.uvygoda().token();
    let headers = [JSON, ("method", "getStages"), ("token", &token)];
    http.send("POST", &url, &headers, "[]").await;
    crm(
        &sandbox,
        "GET",
        "/api/v5/orders?limit=20",
        &sandbox.retailcrm().api_key(),
        "",
    )
    .await;

    let page = sandbox.journal().page(&Filter::default(), 10);
    let told: Vec<_> = page
        .exchanges
        .iter()
        .map(|one| {
            (
                one.id,
                one.service,
                one.operation,
                one.status,
                one.processed,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (
                3,
                ServiceName::RetailCrm,
                Some("orders.list"),
                Some(200),
                true
            ),
            (2, ServiceName::Uvygoda, Some("getStages"), Some(200), true),
            (
                1,
                ServiceName::NiceChat,
                Some("products.list"),
                Some(200),
                true
            ),
        ]
    );
    let second = sandbox.journal().get(2).expect("an exchange").to_json();
    assert_eq!(second["path"], "/local/api/api.php");
    assert_eq!(
        second["request"]["body"],
        json!({"size": 2, "kept": 2, "text": "[]"})
    );
    assert!(
        second["request"]["headers"]
            .as_array()
            .is_some_and(|all| all.contains(&json!(["method", "getStages"])))
    );
    let answer = second["answer"]["body"]["text"].as_str().expect("a text");
    assert_eq!(
        serde_json::from_str::<Value>(answer).expect("JSON")["RESULT"],
        true
    );
    assert!(
        second["duration_ms"]
            .as_f64()
            .is_some_and(|took| took > 0.0)
    );
    assert_eq!(
        (&second["reasons"], &second["fault"]),
        (&json!([]), &Value::Null)
    );
    assert_eq!(page.exchanges[0].query, "limit=20");
    // RFC 3339 in UTC with milliseconds: 2026-01-02T03:04:05.678Z.
    let at = second["at"].as_str().expect("a text");
    assert!(
        at.len() == 24 && at.ends_with('Z') && &at[19..20] == ".",
        "{at}"
    );
    // The views of the services.
    assert_eq!(sandbox.nicechat().requests().total(), 1);
    assert_eq!(
        sandbox.retailcrm().requests().log()[0].path,
        "/api/v5/orders"
    );
    assert_eq!(
        sandbox
            .uvygoda()
            .requests()
            .count(&http::Method::POST, "getStages"),
        1
    );
}

#[tokio::test]
async fn s2_pages_and_filters_find_exchanges() {
    let sandbox = started().await;
    let key = sandbox.retailcrm().api_key().to_owned();
    for number in 0..25 {
        let key = if number % 5 == 0 { "wrong" } else { &key };
        crm(
            &sandbox,
            "GET",
            &format!("/api/v5/orders?page={number}"),
            key,
            "",
        )
        .await;
    }
    let journal = sandbox.journal();
    let found = |change: fn(&mut Filter)| {
        let mut filter = Filter::default();
        change(&mut filter);
        let page = journal.page(&filter, 10);
        let ids: Vec<u64> = page.exchanges.iter().map(|one| one.id).collect();
        for one in &page.exchanges {
            assert!(filter.matches(one), "{one:?}");
        }
        (page.total, ids, page.next)
    };
    let (total, ids, next) = found(|_| {});
    assert_eq!(
        (total, ids, next),
        (25, (16..=25).rev().collect(), Some(16))
    );
    let (total, ids, next) = found(|filter| filter.before = Some(6));
    assert_eq!((total, ids, next), (5, vec![5, 4, 3, 2, 1], None));
    let (total, ids, _) = found(|filter| filter.status = "403".parse().ok());
    assert_eq!((total, ids), (5, vec![21, 16, 11, 6, 1]));
    let (total, ..) = found(|filter| filter.status = "4xx".parse().ok());
    assert_eq!(total, 5);
    let (total, ..) = found(|filter| filter.status = "none".parse().ok());
    assert_eq!(total, 0);
    let (total, ids, _) = found(|filter| filter.text = Some("PAGE=24".to_owned()));
    assert_eq!((total, ids), (1, vec![25]));
    let (total, ..) = found(|filter| filter.text = Some("the key is not that".to_owned()));
    assert_eq!(total, 5);
    let (total, ..) = found(|filter| filter.operation = Some("orders.list".to_owned()));
    assert_eq!(total, 25);
    let (total, ..) = found(|filter| filter.service = Some(ServiceName::Uvygoda));
    assert_eq!(total, 0);
    let (total, ids, _) = found(|filter| filter.after = Some(23));
    assert_eq!((total, ids), (2, vec![25, 24]));
    let (total, ..) = found(|filter| filter.method = Some("post".to_owned()));
    assert_eq!(total, 0);
    journal.clear();
    assert_eq!(
        (found(|_| {}).0, sandbox.retailcrm().requests().total()),
        (0, 0)
    );
    crm(&sandbox, "GET", "/api/v5/orders", &key, "").await;
    assert_eq!(last(&sandbox).id, 26, "ids go on");
}

/// A signature with a mistake, and what the explanation says of it.
#[tokio::test]
async fn s2_f20_a_wrong_signature_is_explained_with_both_texts() {
    let sandbox = started().await;
    let nicechat = sandbox.nicechat();
    let (secret, key) = (&*nicechat.api_secret(), &*nicechat.api_key());
    let http = Http::new();
    let url = format!("{}{PRODUCTS}", nicechat.url());
    let body = r#"{"id":"1","title":"Товар"}"#;
    let lower = signature(secret, PRODUCTS, body, "post");
    let slashless = signature(secret, "/marketplaces/v1/products", body, "POST");
    let spaced = signature(
        secret,
        PRODUCTS,
        &body.replace(',', ", ").replace(':', ": "),
        "POST",
    );
    let right = signature(secret, PRODUCTS, body, "POST");
    let upper = right.to_uppercase();
    let random = "0f".repeat(32);
    for (sign, said, theirs, at) in [
        (
            lower.as_str(),
            "the method in lower case",
            "post",
            Some(secret.len() + 26 + 26),
        ),
        (
            &slashless,
            "last slash missing",
            "{",
            Some(secret.len() + 25),
        ),
        (
            &spaced,
            "written anew with spaces",
            " \"1\"",
            Some(secret.len() + 26 + 6),
        ),
        (&upper, "its digits in upper case", "", None),
        (&random, "no common mistake gives it", "", None),
    ] {
        let headers = [JSON, ("x-api-key", key), ("x-api-sign", sign)];
        assert_eq!(http.send("POST", &url, &headers, body).await.status, 401);
        let explained = sandbox.explain(last(&sandbox).id).expect("an exchange");
        assert_eq!(explained.status, Some(401));
        assert!(
            explained
                .reasons
                .iter()
                .any(|one| one.kind == ReasonKind::Signature)
        );
        let signature = explained.signature.expect("an explanation");
        let ours = format!("{secret}{PRODUCTS}{body}POST");
        assert_eq!(signature.received.as_deref(), Some(sign));
        assert_eq!(signature.expected.as_deref(), Some(right.as_str()));
        assert_eq!(signature.ours.as_deref(), Some(ours.as_str()));
        assert!(
            signature
                .explanation
                .is_some_and(|text| text.contains(said)),
            "{said}"
        );
        let parts = signature.difference;
        assert_eq!(parts.as_ref().map(|parts| parts.at), at, "{said}");
        assert!(
            parts.is_none_or(|parts| parts.theirs.starts_with(theirs)),
            "{said}"
        );
    }
    // A right request, and one with a wrong key and a right signature, have nothing to explain.
    let headers = [JSON, ("x-api-key", "other"), ("x-api-sign", &right)];
    http.send("POST", &url, &headers, body).await;
    let explained = sandbox.explain(last(&sandbox).id).expect("an exchange");
    assert_eq!(kinds(&explained.reasons), [(ReasonKind::Key, "x-api-key")]);
    assert_eq!(explained.signature, None);
    Signed::new(nicechat).call("GET", "/products/", "").await;
    let explained = sandbox
        .explain(last(&sandbox).id)
        .expect("an exchange")
        .to_json();
    assert_eq!(explained["reasons"], json!([]));
    assert_eq!(explained["signature"], Value::Null);
}

#[tokio::test]
async fn s2_f20_a_form_without_ksort_is_explained() {
    let sandbox = started().await;
    let nicechat = sandbox.nicechat();
    let form = "title=b&id=1";
    let sign = signature(&nicechat.api_secret(), PRODUCTS, form, "POST");
    let body = format!("{form}&_key={}&_sign={sign}", nicechat.api_key());
    let url = format!("{}{PRODUCTS}", nicechat.url());
    assert_eq!(
        Http::new().send("POST", &url, &[FORM], &body).await.status,
        401
    );
    let explained = sandbox.explain(last(&sandbox).id).expect("an exchange");
    let signature = explained.signature.expect("an explanation");
    assert_eq!(signature.received.as_deref(), Some(sign.as_str()));
    assert!(
        signature
            .explanation
            .is_some_and(|text| text.contains("no ksort"))
    );
    let parts = signature.difference.expect("a difference");
    assert_eq!(
        (&*parts.ours, &*parts.theirs),
        ("id=1&title=bPOST", "title=b&id=1POST")
    );
}

#[tokio::test]
async fn s2_a_line_of_an_exchange_has_no_credentials() {
    let sandbox = started().await;
    let key = sandbox.retailcrm().api_key().to_owned();
    let target = format!("/api/v5/orders?apiKey={key}&filter[x]=1&filter[y]=2");
    let url = format!("{}{target}", sandbox.retailcrm().url());
    assert_eq!(Http::new().send("GET", &url, &[], "").await.status, 400);
    let one = last(&sandbox);
    assert_eq!(
        one.line(),
        "#1 retailcrm GET /api/v5/orders 400 schema: filter[x]: This form should not contain extra fields. (1 more)"
    );
    let details = one.details();
    assert_eq!(details.len(), 3);
    assert_eq!(details[0], "  query: apiKey=***&filter[x]=1&filter[y]=2");
    assert!(!details.concat().contains(&key) && !format!("{one:?}").contains(&key));
}

#[tokio::test]
async fn s5_bodies_are_kept_up_to_64_kib_and_sizes_stay() {
    let sandbox = started().await;
    let key = sandbox.retailcrm().api_key().to_owned();
    let long = format!("comment={}", "x".repeat(100_000));
    crm(&sandbox, "POST", "/api/v5/orders/create", &key, &long).await;
    let body = last(&sandbox).request.body;
    assert_eq!((body.size(), body.kept().len()), (100_008, 64 << 10));
    // 600 such bodies push the first one out; its summary and its size stay.
    for _ in 0..600 {
        crm(&sandbox, "POST", "/api/v5/orders/create", &key, &long).await;
    }
    let first = sandbox.journal().get(1).expect("a summary");
    assert_eq!((first.status, first.reason_count), (Some(400), 2));
    assert_eq!(
        (first.request.body.size(), first.request.body.kept().len()),
        (100_008, 0)
    );
    let answer = first.answer.expect("an answer");
    assert!(answer.body.size() > 0 && answer.body.kept().is_empty());
    assert_eq!(first.reasons.len(), 2, "reasons have a place of their own");
    let last = last(&sandbox);
    assert!(
        last.request.body.kept().len() == 64 << 10 && last.duration < Some(Duration::from_secs(10))
    );
}
