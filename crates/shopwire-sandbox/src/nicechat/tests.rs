//! Answers of the emulated NiceChat conform to its description.

use http::Method;
use nicechat_sign::{Credentials, Signer};
use serde_json::json;

use super::*;
use crate::schema::{Route, Unknown};

/// Removes nulls: unset fields come as null, about which the description says nothing.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.into_iter().filter(|(_, member)| !member.is_null());
            Value::Object(
                members
                    .map(|(name, member)| (name, without_nulls(member)))
                    .collect(),
            )
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_nulls).collect()),
        other => other,
    }
}

#[tokio::test]
async fn s1_generated_rows_are_valid_by_the_description() {
    let parts = Parts::of(&Options::default());
    let service = NiceChat::start(&Options::default(), &parts).await;
    let service = service.expect("a server");
    let plan = crate::plan::NiceChatPlan {
        products: 60,
        orders: 40,
    };
    service.state().restart(5, Some(&plan));
    let data = service.shop.data();
    let description = &service.shop.description;
    let mut count = 0;
    for (schema, rows) in [
        ("Category", data.categories.all()),
        ("Product", data.products.all()),
        ("Order", data.orders.clone()),
    ] {
        let schema = description.schema(schema).expect("a schema");
        for row in rows {
            let wrong = schema.violations(&without_nulls(row.clone()), Unknown::Refused);
            assert!(wrong.is_empty(), "{wrong:?} in {row}");
            count += 1;
        }
    }
    assert_eq!(count, 6 + 60 + 40);
}

#[tokio::test]
async fn n33_n40_n48_n57_n66_n75_every_answer_is_as_described() {
    let options = Options::default();
    let service = NiceChat::start(&options, &Parts::of(&options))
        .await
        .expect("a server");
    let signer = Signer::new(Credentials::new(service.api_key(), service.api_secret()));
    let product = json!({"id": "1", "title": "a", "price": 1.5, "currency": "usd", "in_stock": true,
        "url": "http://a/1", "image_url": "http://a/1.png"});
    let whole = json!({"category": null, "title": "b", "price": 1.5, "currency": "usd", "description": "d",
        "url": "http://a/1", "image_url": null, "in_stock": true});
    let push = json!({"url": "http://127.0.0.1:9/feed", "format": "yml"});
    let mut seen = Vec::new();
    for (method, place, body, status) in [
        (
            Method::POST,
            "categories/",
            json!({"id": "1", "name": "a"}),
            201,
        ),
        (
            Method::POST,
            "categories/",
            json!({"id": "1", "name": "a"}),
            412,
        ),
        (Method::GET, "categories/", Value::Null, 200),
        (
            Method::PUT,
            "categories/1/",
            json!({"name": "b", "is_enabled": false}),
            202,
        ),
        (Method::PATCH, "categories/1/", json!({"name": "c"}), 202),
        (Method::DELETE, "categories/1/", Value::Null, 200),
        (Method::DELETE, "categories/1/", Value::Null, 404),
        (Method::POST, "products/", product.clone(), 201),
        (Method::POST, "products/", json!({"id": 1}), 400),
        (Method::GET, "products/", Value::Null, 200),
        (Method::PUT, "products/1/", json!({}), 400),
        (Method::PUT, "products/1/", whole, 202),
        (Method::PATCH, "products/1/", json!({"title": "c"}), 202),
        (Method::DELETE, "products/1/", Value::Null, 200),
        (Method::GET, "orders/", Value::Null, 200),
        (Method::POST, "import-products/", push, 201),
        (Method::GET, "import-products-result/x/", Value::Null, 404),
    ] {
        let path = format!("/marketplaces/v1/{place}");
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let signature = signer
            .sign_body(&path, body.as_bytes(), method.as_str())
            .to_string();
        let request = Request::builder()
            .method(&method)
            .uri(&path)
            .header("content-type", "application/json")
            .header("x-api-key", service.api_key())
            .header("x-api-sign", signature)
            .body(Bytes::from(body))
            .expect("a request");
        let response = Front(service.shop.clone()).answer(request, &mut Notes::default());
        assert_eq!(response.status().as_u16(), status, "{method} {place}");
        let Route::Found(operation, _) = service.shop.description.route(&method, &path) else {
            panic!("{path}")
        };
        seen.push(operation.id());
        // The description has the codes of the samples, where a DELETE's 204 comes with HTTP 200 and a body.
        let schema = operation.answer(status).or_else(|| operation.answer(204));
        let schema =
            schema.unwrap_or_else(|| panic!("{} does not describe {status}", operation.id()));
        let value = serde_json::from_slice(response.body()).expect("JSON");
        assert_eq!(
            schema.violations(&without_nulls(value), Unknown::Refused),
            [],
            "{method} {place}"
        );
    }
    let described: Vec<&str> = service
        .shop
        .description
        .operations()
        .map(|one| one.id())
        .collect();
    for id in &described {
        assert!(seen.contains(id), "{id} is described and not shown");
    }
    assert_eq!(described.len(), 13);
}
