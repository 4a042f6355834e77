//! Answers of the emulated Uvygoda conform to its description.

use serde_json::{Value, json};

use super::*;
use crate::schema::Unknown;

// `add` checks a card as `addProduct` does, and the description has checked the fields before.
#[tokio::test]
async fn s1_generated_cards_are_valid_by_the_description() {
    let parts = Parts::of(&Options::default());
    let service = Uvygoda::start(&Options::default(), &parts).await;
    let service = service.expect("a server");
    let plan = crate::plan::UvygodaPlan { cards: 80 };
    service.state().restart(5, Some(&plan));
    assert_eq!(service.card_count(), 80, "no card was refused");
    let operation = service.market.description.operation("addProduct");
    let schema = operation.and_then(|operation| operation.body());
    let schema = schema.expect("a body");
    for card in service.market.cards().iter() {
        let serde_json::Value::Object(mut fields) = card.to_json() else {
            panic!("a card is an object");
        };
        for own in ["ID", "STAGE"] {
            fields.remove(own);
        }
        let wrong = schema.violations(&fields.into(), crate::schema::Unknown::Refused);
        assert!(wrong.is_empty(), "{wrong:?}");
    }
}

#[tokio::test]
async fn u7_u8_u28_u32_u34_every_answer_is_as_described() {
    let options = Options::default();
    let service = Uvygoda::start(&options, &Parts::of(&options))
        .await
        .expect("a server");
    let card = json!({"SECTION_ID": 211, "NAME": "A", "PRICE": 177, "STOCK": 1, "DESCRIPTION": "<p>a</p>",
        "PROPERTIES": {"501": "B", "503": 12}, "PICTURES": [], "PREVIEV_PICTURE": "http://a/0.png"});
    let login = json!({"LOGIN": service.login(), "PASS": service.password()});
    let mut seen = Vec::new();
    for (method, body) in [
        ("getStages", json!([])),
        ("getOrderProperties", json!([])),
        ("setWebHook", json!({"URL": "http://127.0.0.1:9/"})),
        ("getSections", json!({"FILTER": "ALL"})),
        ("getSectionProperties", json!({"SECTION_ID": 111})),
        ("addProduct", card),
        ("getProductList", json!({"FILTER": "ALL"})),
        ("getProductInfo", json!({"ID": 1001})),
        ("updateProduct", json!({"PRODUCT_ID": 1001, "STOCK": 2})),
        ("sendProductPublish", json!({"ID": 1001})),
        ("getToken", login),
    ] {
        seen.push(method);
        // Once with valid parameters, once with an unknown parameter.
        for (body, result) in [(body.clone(), true), (json!({"X": 1}), false)] {
            let token = if method == "getToken" {
                "NO_AUTH".to_owned()
            } else {
                service.token()
            };
            let request = Request::builder()
                .method("POST")
                .uri("/local/api/api.php")
                .header("content-type", "application/json;charset=UTF-8")
                .header("token", token)
                .header("method", method)
                .body(Bytes::from(body.to_string()))
                .expect("a request");
            let response = Front(service.market.clone()).answer(request, &mut Notes::default());
            let value: Value = serde_json::from_slice(response.body()).expect("JSON");
            assert_eq!(value["RESULT"], result, "{method}: {value}");
            let operation = service
                .market
                .description
                .operation(method)
                .expect("described");
            let schema = operation
                .answer(response.status().as_u16())
                .expect("described");
            assert_eq!(
                schema.violations(&value, Unknown::Refused),
                [],
                "{method}: {value}"
            );
        }
    }
    for operation in service.market.description.operations() {
        assert!(
            seen.contains(&operation.id()),
            "{} is described and not shown",
            operation.id()
        );
    }
    assert_eq!(seen.len(), 11);
}
