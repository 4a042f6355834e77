//! The emulated NiceChat, spoken to by a plain HTTP client.

use crate::support::{Http, Signed, signature};
use serde_json::{Value, json};
use shopwire_sandbox::{DeleteAnswer, NextLinks, Options, Replacement, Sandbox};

async fn sandbox(options: Options) -> Sandbox {
    Sandbox::start(options).await.expect("a sandbox")
}

#[tokio::test]
async fn n43_n44_n45_n46_n47_n49_n50_the_life_of_a_category() {
    let sandbox = sandbox(Options::default()).await;
    let client = Signed::new(sandbox.nicechat());

    let created = client
        .call("POST", "/categories/", r#"{"id":"C 1/ü","name":"Books"}"#)
        .await;
    assert_eq!(created.status, 201);
    assert_eq!(
        created.json(),
        json!({"status": "ok", "code": 201, "description": "Created", "result": {"id": "C 1/ü", "name": "Books", "is_enabled": true}})
    );
    let again = client
        .call("POST", "/categories/", r#"{"id":"C 1/ü","name":"Books"}"#)
        .await;
    assert_eq!(again.status, 412);
    assert_eq!(
        again.json(),
        json!({"status": "error", "code": 412, "description": "Object with this ID already exists"})
    );

    let place = "/categories/C%201%2F%C3%BC/";
    let replaced = client
        .call("PUT", place, r#"{"name":"Maps","is_enabled":false}"#)
        .await;
    assert_eq!(
        (replaced.status, &replaced.json()["description"]),
        (202, &json!("Modified"))
    );
    assert_eq!(
        replaced.json()["result"],
        json!({"name": "Maps", "is_enabled": false}),
        "without the id"
    );
    let updated = client.call("PATCH", place, r#"{"is_enabled":true}"#).await;
    assert_eq!(
        (updated.status, &updated.json()["result"]),
        (202, &json!({"name": "Maps", "is_enabled": true}))
    );

    let list = client.call("GET", "/categories/", "").await;
    assert_eq!(list.status, 200);
    assert_eq!(
        list.json()["result"],
        json!({"count": 1, "next": null, "previous": null, "results": [{"id": "C 1/ü", "name": "Maps", "is_enabled": true}]})
    );
    let deleted = client.call("DELETE", place, "").await;
    assert_eq!(
        (deleted.status, deleted.json()),
        (
            200,
            json!({"status": "ok", "code": 204, "description": "Accepted"})
        )
    );
    for (method, body) in [
        ("DELETE", ""),
        ("PUT", r#"{"name":"a","is_enabled":true}"#),
        ("PATCH", r#"{"name":"a"}"#),
    ] {
        let gone = client.call(method, place, body).await;
        assert_eq!(
            (gone.status, &gone.json()["description"]),
            (404, &json!("Object not found")),
            "{method}"
        );
    }
}

#[tokio::test]
async fn n36_a_delete_without_a_body_by_option() {
    let sandbox =
        sandbox(Options::default().nicechat(|it| it.delete_answer(DeleteAnswer::Empty))).await;
    let client = Signed::new(sandbox.nicechat());
    client
        .call("POST", "/products/", r#"{"id":"1","title":"a"}"#)
        .await;
    let deleted = client.call("DELETE", "/products/1/", "").await;
    assert_eq!((deleted.status, deleted.body.as_str()), (204, ""));
    assert_eq!(sandbox.nicechat().product_count(), 0);
}

#[tokio::test]
async fn n8_n32_n88_who_does_not_sign_is_not_let_in() {
    let sandbox = sandbox(Options::default()).await;
    let (http, service) = (Http::new(), sandbox.nicechat());
    let key = service.api_key();
    let url = format!("{}/marketplaces/v1/products/", service.url());
    let good = signature(
        &service.api_secret(),
        "/marketplaces/v1/products/",
        "",
        "GET",
    );
    let wrong = signature("wrong", "/marketplaces/v1/products/", "", "GET");
    let refused = json!({"status": "error", "code": 401, "description": "Access token or signature is non-valid"});
    for headers in [
        vec![],
        vec![("x-api-key", key.as_str())],
        vec![("x-api-key", key.as_str()), ("x-api-sign", wrong.as_str())],
        vec![("x-api-key", "UNKNOWN"), ("x-api-sign", good.as_str())],
        vec![("x-api-key", key.as_str()), ("x-api-sign", "")],
    ] {
        let answer = http.send("GET", &url, &headers, "").await;
        assert_eq!(
            (answer.status, answer.json()),
            (401, refused.clone()),
            "{headers:?}"
        );
    }
    let headers = [("x-api-key", key.as_str()), ("x-api-sign", good.as_str())];
    assert_eq!(http.send("GET", &url, &headers, "").await.status, 200);
    assert_eq!(
        (
            service.requests().answered(401),
            service.requests().answered(200)
        ),
        (5, 1)
    );
}

#[tokio::test]
async fn n10_n11_n12_n17_parameters_in_form_and_query() {
    let sandbox = sandbox(Options::default()).await;
    let client = Signed::new(sandbox.nicechat());
    let fields = [
        ("title", "Товар *~ 1"),
        ("id", "1"),
        ("price", "100"),
        ("currency", "usd"),
        ("in_stock", "1"),
    ];
    let created = client.form("POST", "/products/", &fields).await;
    assert_eq!(created.status, 201, "{}", created.body);
    let result = created.json()["result"].clone();
    assert_eq!(result["title"], "Товар *~ 1");
    assert_eq!(
        (&result["price"], &result["in_stock"]),
        (&json!(100), &json!(true)),
        "texts became what they mean"
    );
    let updated = client
        .form("PATCH", "/products/1/", &[("in_stock", "False")])
        .await;
    assert_eq!(
        updated.json()["result"]["in_stock"],
        false,
        "{}",
        updated.body
    );

    let path = "/marketplaces/v1/products/";
    let service = sandbox.nicechat();
    let sign = signature(&service.api_secret(), path, "", "GET");
    let url = format!(
        "{}{path}?_key={}&_sign={sign}",
        service.url(),
        &service.api_key()
    );
    assert_eq!(
        Http::new().send("GET", &url, &[], "").await.json()["result"]["count"],
        1
    );
}

#[tokio::test]
async fn n6_n31_odd_bodies() {
    let sandbox = sandbox(Options::default()).await;
    let (http, service) = (Http::new(), sandbox.nicechat());
    let key = service.api_key();
    let path = "/marketplaces/v1/products/";
    let url = format!("{}{path}", service.url());
    let json = r#"{"id":"1","title":"a"}"#;
    let sign = signature(&service.api_secret(), path, json, "POST");
    let signed = [("x-api-key", key.as_str()), ("x-api-sign", sign.as_str())];
    let raw = http.send("POST", &url, &signed, json).await;
    assert_eq!(raw.status, 201, "raw POST data: {}", raw.body);
    let xml = [signed[0], signed[1], ("content-type", "text/xml")];
    let answer = http.send("POST", &url, &xml, json).await;
    assert_eq!(
        (answer.status, &answer.json()["description"]),
        (400, &json!("content-type: text/xml is not supported"))
    );
    // A length-extended or shifted text signs as something else that was seen; it does not parse.
    let form = [
        signed[0],
        signed[1],
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let answer = http.send("POST", &url, &form, "id=1&id=2").await;
    assert_eq!(answer.status, 400, "{}", answer.body);
    let shifted = signature(&service.api_secret(), path, "1/", "DELETE");
    let headers = [
        ("x-api-key", key.as_str()),
        ("x-api-sign", shifted.as_str()),
        ("content-type", "application/json"),
    ];
    assert_eq!(http.send("DELETE", &url, &headers, "1/").await.status, 400);
    assert_eq!(service.product_count(), 1);
}

#[tokio::test]
async fn n57_n87_a_bad_argument_is_named() {
    let sandbox = sandbox(Options::default()).await;
    let client = Signed::new(sandbox.nicechat());
    for (target, body, description) in [
        ("/products/", r#"{"title":"a"}"#, "id: is required"),
        (
            "/products/",
            r#"{"id":1,"title":"a"}"#,
            "id: must be string",
        ),
        (
            "/products/",
            r#"{"id":"","title":"a"}"#,
            "id: must not be empty",
        ),
        (
            "/products/",
            r#"{"id":"1","title":"a","price":"ten"}"#,
            "price: must be number",
        ),
        (
            "/products/",
            r#"{"id":"1","title":"a","image_url":"/a.png"}"#,
            "image_url: must be a full URL",
        ),
        (
            "/products/",
            r#"{"id":"1","title":"a","colour":"red"}"#,
            "colour: is unknown",
        ),
        ("/categories/", r#"{"id":"1"}"#, "name: is required"),
        ("/products/", "[]", "body: must be a JSON object"),
        (
            "/import-products/",
            r#"{"url":"http://127.0.0.1/","format":"xls"}"#,
            "format: must be one of google-csv, yml",
        ),
        (
            "/import-products/",
            r#"{"format":"yml"}"#,
            "url: is required",
        ),
    ] {
        let answer = client.call("POST", target, body).await;
        assert_eq!(
            (answer.status, answer.json()["description"].as_str()),
            (400, Some(description)),
            "{body}"
        );
    }
    let broken = client.call("POST", "/products/", r#"{"id":"1","#).await;
    assert_eq!(broken.status, 400);
    assert!(broken.body.contains("body: not JSON"), "{}", broken.body);
    assert_eq!(sandbox.nicechat().product_count(), 0);
}

#[tokio::test]
async fn n64_n65_n69_n71_orders_are_read_only() {
    let sandbox = sandbox(Options::default()).await;
    let client = Signed::new(sandbox.nicechat());
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        let answer = client.call(method, "/orders/", "").await;
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (405, &json!(405)),
            "{method}"
        );
    }
    let page = client.call("GET", "/orders/", "").await.json();
    let order = &page["result"]["results"][0];
    assert!(order["id"].is_i64() && order["deal"]["products"][0]["id"].is_string());
    assert_eq!(order["contacts"]["shipping_address"]["POST/ZIP"], "11111");
    assert!(
        order["deal"]["date"]
            .as_str()
            .is_some_and(|date| date.contains(' '))
    );
}

#[tokio::test]
async fn n89_n90_unknown_paths_and_methods() {
    let sandbox = sandbox(Options::default()).await;
    let client = Signed::new(sandbox.nicechat());
    assert_eq!(client.call("GET", "/shops/", "").await.status, 404);
    assert_eq!(
        client.call("GET", "/products", "").await.status,
        404,
        "without the slash (N2)"
    );
    assert_eq!(client.call("PATCH", "/products/", "").await.status, 405);
    assert_eq!(client.call("GET", "/products/1/", "").await.status, 405);
    assert_eq!(
        client
            .call("GET", "/import-products-result/none/", "")
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn n40_n41_pages_are_walked_by_next() {
    for (links, start) in [
        (NextLinks::Path, "/marketplaces"),
        (NextLinks::Query, "?"),
        (NextLinks::Absolute, "http://"),
    ] {
        let sandbox = sandbox(Options::default().nicechat(|it| it.next_links(links))).await;
        let client = Signed::new(sandbox.nicechat());
        for number in 0..23 {
            let created = client
                .call(
                    "POST",
                    "/products/",
                    &json!({"id": number.to_string(), "title": "a"}).to_string(),
                )
                .await;
            assert_eq!(created.status, 201);
        }
        let (mut seen, mut target) = (Vec::new(), "/products/".to_owned());
        loop {
            let page = client.call("GET", &target, "").await.json()["result"].clone();
            assert_eq!(page["count"], 23);
            seen.extend(
                page["results"]
                    .as_array()
                    .expect("a list")
                    .iter()
                    .map(|one| one["id"].clone()),
            );
            let Value::String(next) = &page["next"] else {
                break;
            };
            assert!(next.starts_with(start), "{next}");
            target = format!("/products/{}", &next[next.find('?').expect("a query")..]);
        }
        let expected: Vec<Value> = (0..23).map(|number| number.to_string().into()).collect();
        assert_eq!(seen, expected);
    }
}

#[tokio::test]
async fn n61_n62_a_list_shows_the_cdn_address() {
    let sandbox = sandbox(Options::default()).await;
    let client = Signed::new(sandbox.nicechat());
    let source = "https://example.com/image/product-q3.png";
    let created = client
        .call(
            "POST",
            "/products/",
            &json!({"id": "1", "title": "a", "image_url": source}).to_string(),
        )
        .await;
    assert_eq!(created.json()["result"]["image_url"], source);
    let image = |page: Value| page["result"]["results"][0]["image_url"].clone();
    let address = image(client.call("GET", "/products/", "").await.json());
    assert!(
        address
            .as_str()
            .is_some_and(|url| url.starts_with("https://cdn.nice.chat/media/")),
        "{address}"
    );
    client
        .call(
            "PUT",
            "/products/1/",
            &whole(json!({"title": "b", "image_url": address})).to_string(),
        )
        .await;
    assert_eq!(
        image(client.call("GET", "/products/", "").await.json()),
        address,
        "kept"
    );
    client
        .call("PATCH", "/products/1/", r#"{"image_url":null}"#)
        .await;
    assert_eq!(
        image(client.call("GET", "/products/", "").await.json()),
        Value::Null,
        "removed"
    );
}

/// A product with every field, of which some are these.
fn whole(fields: Value) -> Value {
    let mut product = json!({
        "category": "CQ1", "title": "a", "price": 15.0, "currency": "cad", "description": "d",
        "url": "http://example.com/p-2", "image_url": null, "in_stock": false,
    });
    let members = product.as_object_mut().expect("an object");
    members.extend(fields.as_object().expect("an object").clone());
    product
}

// F16
#[tokio::test]
async fn f16_a_rewrite_without_a_field_is_refused_and_changes_nothing() {
    let sandbox = sandbox(Options::default()).await;
    let client = Signed::new(sandbox.nicechat());
    client
        .call(
            "POST",
            "/products/",
            r#"{"id":"1","title":"a","description":"d"}"#,
        )
        .await;
    let before = sandbox.nicechat().product("1");
    let names = [
        "category",
        "title",
        "price",
        "currency",
        "description",
        "url",
        "image_url",
        "in_stock",
    ];
    for name in names {
        let mut product = whole(json!({"title": "b"}));
        product
            .as_object_mut()
            .expect("an object")
            .shift_remove(name);
        let refused = client
            .call("PUT", "/products/1/", &product.to_string())
            .await;
        assert_eq!(refused.status, 400, "without {name}");
        assert!(refused.body.contains(name), "{}", refused.body);
    }
    assert_eq!(client.call("PUT", "/products/1/", "{}").await.status, 400);
    assert_eq!(sandbox.nicechat().product("1"), before);
    let product = whole(json!({"title": "b"})).to_string();
    assert_eq!(
        client.call("PUT", "/products/1/", &product).await.status,
        202
    );
    client
        .call("POST", "/categories/", r#"{"id":"1","name":"a"}"#)
        .await;
    for body in [r#"{"name":"b"}"#, r#"{"is_enabled":true}"#, "{}"] {
        assert_eq!(
            client.call("PUT", "/categories/1/", body).await.status,
            400,
            "{body}"
        );
    }
}

// F16: two samples of the document leave fields out.
#[tokio::test]
async fn f16_a_rewrite_as_in_the_samples_is_taken_by_option() {
    let options = Options::default().nicechat(|it| it.replacement(Replacement::Partial));
    let sandbox = sandbox(options).await;
    let client = Signed::new(sandbox.nicechat());
    client
        .call(
            "POST",
            "/products/",
            r#"{"id":"1","title":"a","description":"d"}"#,
        )
        .await;
    let sample = r#"{"currency": "usd", "price": 200, "in_stock": true, "title": "Example-1"}"#;
    let replaced = client.call("PUT", "/products/1/", sample).await;
    assert_eq!(
        (replaced.status, &replaced.json()["result"]["description"]),
        (202, &Value::Null)
    );
}
