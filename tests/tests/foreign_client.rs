//! A client in another language: requests as text, signatures computed here from the document alone.

use sha2::{Digest as _, Sha256};
use shopwire_sandbox::{Options, Sandbox};
use shopwire_tests::foreign::{self, Answer};

const PRODUCTS: &str = "/marketplaces/v1/products/";
const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
const JSON: (&str, &str) = ("Content-Type", "application/json");

/// Secret, path, body and method, in a row: the whole of the documented rule.
fn sign(secret: &str, path: &str, body: &str, method: &str) -> String {
    let hash = Sha256::digest(format!("{secret}{path}{body}{method}"));
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `http_build_query` for text.
fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b' ' => "+".to_owned(),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).into(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// `ksort` and `http_build_query` for text under text keys.
fn canonical(mut fields: Vec<(&str, &str)>) -> String {
    fields.sort_unstable();
    let fields = fields
        .iter()
        .map(|(key, value)| format!("{}={}", encode(key), encode(value)));
    fields.collect::<Vec<_>>().join("&")
}

async fn sandbox() -> Sandbox {
    Sandbox::start(Options::default())
        .await
        .expect("ports on loopback")
}

async fn nicechat(
    sandbox: &Sandbox,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    let url = sandbox.nicechat().url();
    foreign::send(&url, method, target, headers, body)
        .await
        .expect("an answer")
}

// N9, N13, N14, N16, N25
#[tokio::test]
async fn n13_a_foreign_client_signs_with_headers() {
    let sandbox = sandbox().await;
    let (key, secret) = (
        sandbox.nicechat().api_key(),
        sandbox.nicechat().api_secret(),
    );
    let (key, secret) = (key.as_str(), secret.as_str());

    let body = r#"{"id": "F-1", "title": "Кружка *~", "price": 10.50, "currency": "usd"}"#;
    let signature = sign(secret, PRODUCTS, body, "POST");
    let headers = [JSON, ("X-API-Key", key), ("X-API-Sign", &signature)];
    let created = nicechat(&sandbox, "POST", PRODUCTS, &headers, body).await;
    assert_eq!(created.status, 201, "{created:?}");

    // The query is not signed.
    let signature = sign(secret, PRODUCTS, "", "GET");
    let headers = [("X-API-Key", key), ("X-API-Sign", signature.as_str())];
    let listed = nicechat(&sandbox, "GET", &format!("{PRODUCTS}?page=1"), &headers, "").await;
    assert_eq!(listed.status, 200, "{listed:?}");
    assert!(
        listed.body.contains("F-1") && listed.body.contains("Кружка *~"),
        "{listed:?}"
    );
}

// N10, N12, N17, N18, N19, N21
#[tokio::test]
async fn n21_a_foreign_client_signs_a_form_as_php_does_and_sends_it_unsorted() {
    let sandbox = sandbox().await;
    let (key, secret) = (
        sandbox.nicechat().api_key(),
        sandbox.nicechat().api_secret(),
    );
    let (key, secret) = (key.as_str(), secret.as_str());
    let fields = [
        ("title", "Чайник *~ & co"),
        ("id", "F-2"),
        ("price", "99"),
        ("currency", "rub"),
    ];
    let signature = sign(secret, PRODUCTS, &canonical(fields.to_vec()), "POST");
    let sent = [("_sign", signature.as_str())]
        .into_iter()
        .chain(fields)
        .chain([("_key", key)]);
    let body: Vec<String> = sent
        .map(|(name, value)| format!("{name}={}", encode(value)))
        .collect();
    let created = nicechat(&sandbox, "POST", PRODUCTS, &[FORM], &body.join("&")).await;
    assert_eq!(created.status, 201, "{created:?}");
    assert!(created.body.contains("Чайник *~ & co"), "{created:?}");
}

// N11
#[tokio::test]
async fn n11_a_foreign_client_signs_in_the_query() {
    let sandbox = sandbox().await;
    let (key, secret) = (
        sandbox.nicechat().api_key(),
        sandbox.nicechat().api_secret(),
    );
    let (key, secret) = (key.as_str(), secret.as_str());
    let signature = sign(secret, PRODUCTS, "", "GET");
    let target = format!("{PRODUCTS}?_key={key}&_sign={signature}");
    let listed = nicechat(&sandbox, "GET", &target, &[], "").await;
    assert_eq!(listed.status, 200, "{listed:?}");
}

// N13, N15, N32, N88
#[tokio::test]
async fn n88_a_wrong_signature_is_refused_with_the_documented_text() {
    let sandbox = sandbox().await;
    let (key, secret) = (
        sandbox.nicechat().api_key(),
        sandbox.nicechat().api_secret(),
    );
    let (key, secret) = (key.as_str(), secret.as_str());
    let right = sign(secret, PRODUCTS, "", "GET");
    for wrong in [
        sign(secret, PRODUCTS, "", "get"),
        sign("another", PRODUCTS, "", "GET"),
        sign(secret, "/marketplaces/v1/categories/", "", "GET"),
        right.to_uppercase().replace('A', "B"),
    ] {
        let headers = [("X-API-Key", key), ("X-API-Sign", wrong.as_str())];
        let refused = nicechat(&sandbox, "GET", PRODUCTS, &headers, "").await;
        assert_eq!(refused.status, 401, "{refused:?}");
        assert!(
            refused
                .body
                .contains("Access token or signature is non-valid"),
            "{refused:?}"
        );
    }
}

// U3, U4, U6, U7
#[tokio::test]
async fn u4_a_foreign_client_calls_by_header_with_two_spaces_before_the_token() {
    let sandbox = sandbox().await;
    let token = format!(" {}", sandbox.uvygoda().token());
    let headers = [
        ("Content-Type", "application/json;charset=UTF-8"),
        ("Token", token.as_str()),
        ("method", "getStages"),
    ];
    let url = sandbox.uvygoda().url();
    let stages = foreign::send(&url, "POST", "/local/api/api.php", &headers, "[]").await;
    let stages = stages.expect("an answer");
    assert_eq!(stages.status, 200);
    assert!(
        stages.body.contains("\"RESULT\":true") && stages.body.contains("STAGES"),
        "{stages:?}"
    );
}

// R7, R8, R14, R16
#[tokio::test]
async fn r16_a_foreign_client_sends_json_in_a_form_and_brackets_in_a_query() {
    let sandbox = sandbox().await;
    let (url, key) = (sandbox.retailcrm().url(), sandbox.retailcrm().api_key());
    let key = key.as_str();
    let order = encode(r#"{"externalId":"f-1","firstName":"Анна"}"#);
    let body = format!("apiKey={key}&order={order}");
    let created = foreign::send(&url, "POST", "/api/v5/orders/create", &[FORM], &body).await;
    let created = created.expect("an answer");
    assert_eq!(created.status, 201, "{created:?}");

    let target = "/api/v5/orders?filter%5BexternalIds%5D%5B%5D=f-1&limit=20";
    let found = foreign::send(&url, "GET", target, &[("X-API-KEY", key)], "").await;
    let found = found.expect("an answer");
    assert_eq!(found.status, 200, "{found:?}");
    assert!(
        found.body.contains("\"totalCount\":1") && found.body.contains("f-1"),
        "{found:?}"
    );
}
