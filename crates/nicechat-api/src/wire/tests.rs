use common_transport::{Idempotency, Operation};

use super::*;
use crate::{CategoryRef, Decimal, Image, categories, feeds, operations, orders, products};

fn line(operation: &impl Operation) -> (String, String) {
    let request = operation.request().unwrap();
    let body = String::from_utf8(request.body().to_vec()).unwrap();
    let is_json = request.headers().get(CONTENT_TYPE) == Some(&JSON);
    assert_eq!(is_json, !body.is_empty(), "a body and nothing else is JSON");
    (format!("{} {}", request.method(), request.uri()), body)
}

fn pair(line: &str, body: &str) -> (String, String) {
    (line.to_owned(), body.to_owned())
}

#[test]
fn n2_n4_n43_n44_n45_n46_n47_n48_categories() {
    let base = "/marketplaces/v1/categories/";
    assert_eq!(
        line(&categories::List::new()),
        pair(&format!("GET {base}"), "")
    );
    assert_eq!(
        line(&categories::Create::new("CQ1", "Пледы").is_enabled(true)),
        pair(
            &format!("POST {base}"),
            r#"{"id":"CQ1","name":"Пледы","is_enabled":true}"#
        )
    );
    assert_eq!(
        line(&categories::Replace::new("CQ1", "Пледы", false)),
        pair(
            &format!("PUT {base}CQ1/"),
            r#"{"name":"Пледы","is_enabled":false}"#
        )
    );
    assert_eq!(
        line(&categories::Update::new("CQ1").is_enabled(false)),
        pair(&format!("PATCH {base}CQ1/"), r#"{"is_enabled":false}"#)
    );
    assert_eq!(
        line(&categories::Delete::new("CQ1")),
        pair(&format!("DELETE {base}CQ1/"), "")
    );
}

#[test]
fn n5_n52_n53_n54_n55_n56_n57_products() {
    let base = "/marketplaces/v1/products/";
    assert_eq!(
        line(&products::List::new()),
        pair(&format!("GET {base}"), "")
    );
    assert_eq!(
        line(&products::Create::new("PQ3").title("Плед").in_stock(true)),
        pair(
            &format!("POST {base}"),
            r#"{"id":"PQ3","title":"Плед","in_stock":true}"#
        )
    );
    let whole = products::Replace::new(products::ReplaceFields {
        id: "PQ3".into(),
        category: "CQ1".into(),
        title: "Плед".into(),
        price: "15.00".parse().unwrap(),
        currency: "cad".into(),
        description: "d".into(),
        url: "http://example.com/p-2".into(),
        image_url: Image::Set("https://example.com/q3.png".into()),
        in_stock: false,
    });
    assert_eq!(
        line(&whole),
        pair(
            &format!("PUT {base}PQ3/"),
            r#"{"category":"CQ1","title":"Плед","price":15.00,"currency":"cad","description":"d","url":"http://example.com/p-2","image_url":"https://example.com/q3.png","in_stock":false}"#
        )
    );
    assert_eq!(
        line(&products::Update::new("PQ3").price("14.50".parse::<Decimal>().unwrap())),
        pair(&format!("PATCH {base}PQ3/"), r#"{"price":14.50}"#)
    );
    assert_eq!(
        line(&products::Delete::new("PQ3")),
        pair(&format!("DELETE {base}PQ3/"), "")
    );
}

#[test]
fn n61_n63_an_image_and_a_category_have_a_none() {
    let update = |image| line(&products::Update::new("1").image_url(image)).1;
    assert_eq!(
        line(&products::Update::new("1")).1,
        "{}",
        "unset is not sent"
    );
    assert_eq!(update(Image::Remove), r#"{"image_url":null}"#);
    let kept = "https://cdn.nice.chat/media/a.jpg";
    assert_eq!(
        update(Image::Keep(kept.into())),
        format!(r#"{{"image_url":"{kept}"}}"#)
    );
    let mut whole = products::Replace::new(products::ReplaceFields {
        id: "1".into(),
        category: CategoryRef::None,
        title: String::new(),
        price: 1.into(),
        currency: String::new(),
        description: String::new(),
        url: String::new(),
        image_url: Image::Remove,
        in_stock: true,
    });
    let body = line(&whole).1;
    assert!(
        body.contains(r#""category":null"#) && body.contains(r#""image_url":null"#),
        "{body}"
    );
    whole.image_url = Image::Keep(String::new());
    assert_eq!(whole.request().unwrap_err().field(), Some("image_url"));
}

#[test]
fn n60_n72_n74_what_the_service_fetches_is_a_full_url() {
    for (error, field) in [
        (
            products::Update::new("1")
                .image_url(Image::Set("/1.jpg".into()))
                .request(),
            "image_url",
        ),
        (
            products::Create::new("1").image_url("1.jpg").request(),
            "image_url",
        ),
        (feeds::Push::new("feed.csv", "yml").request(), "url"),
        (
            feeds::Push::new("https://a.example/f", "yml")
                .callback("ftp://x")
                .request(),
            "callback",
        ),
    ] {
        let error = error.unwrap_err();
        assert!(error.is_invalid_input());
        assert_eq!(error.field(), Some(field));
    }
    // The service does not fetch a product's own URL.
    assert!(products::Update::new("1").url("/p-1").request().is_ok());
}

#[test]
fn n64_n72_n73_n74_n76_orders_and_feeds() {
    assert_eq!(
        line(&orders::List::new()),
        pair("GET /marketplaces/v1/orders/", "")
    );
    let push = feeds::Push::new("https://a.example/f.csv", feeds::FeedFormat::GoogleCsv);
    assert_eq!(
        line(&push.clone().callback("https://a.example/cb")),
        pair(
            "POST /marketplaces/v1/import-products/",
            r#"{"url":"https://a.example/f.csv","format":"google-csv","callback":"https://a.example/cb"}"#
        )
    );
    let other = feeds::Push::new("https://a.example/f.csv", "csv2");
    assert!(
        line(&other).1.contains(r#""format":"csv2""#),
        "unknown formats are kept"
    );
    assert_eq!(
        line(&feeds::FetchResult::new(
            "390bdd72-bf2b-4114-83c8-c6b6e868b773"
        ))
        .0,
        "GET /marketplaces/v1/import-products-result/390bdd72-bf2b-4114-83c8-c6b6e868b773/"
    );
}

#[test]
fn n3_an_id_is_one_segment_whatever_it_holds() {
    let (request, _) = line(&products::Delete::new("ID/1 ы?#%"));
    assert_eq!(
        request,
        "DELETE /marketplaces/v1/products/ID%2F1%20%D1%8B%3F%23%25/"
    );
    for id in ["", ".", ".."] {
        let error = products::Delete::new(id).request().unwrap_err();
        assert_eq!(error.field(), Some("id"), "{id:?}");
    }
}

#[test]
fn parameters_that_are_not_described_go_into_a_body_and_nowhere_else() {
    let mut create = categories::Create::new("1", "x");
    create.extra.insert("sort", common_model::Value::from(3));
    assert_eq!(line(&create).1, r#"{"id":"1","name":"x","sort":3}"#);
    let mut list = categories::List::new();
    list.extra.insert("page", common_model::Value::from(3));
    assert_eq!(
        list.request().unwrap_err().field(),
        Some("page"),
        "N42: no such parameter is known"
    );
}

#[test]
fn n64_the_table_has_every_operation_with_its_class() {
    let rows: Vec<_> = operations()
        .iter()
        .map(|entry| (entry.metadata.name, entry.metadata.idempotency))
        .collect();
    assert_eq!(rows.len(), 13);
    assert_eq!(
        rows.iter()
            .filter(|(name, _)| name.starts_with("orders."))
            .count(),
        1
    );
    for (name, idempotency) in rows {
        let expected = match name {
            "categories.create" | "products.create" | "feeds.push" => Idempotency::NonIdempotent,
            _ => Idempotency::Idempotent,
        };
        assert_eq!(idempotency, expected, "{name}");
    }
}

#[test]
fn parameters_from_json_are_checked_by_name() {
    let entry = |name: &str| {
        let mut entries = operations().iter();
        *entries.find(|entry| entry.metadata.name == name).unwrap()
    };
    let field = |name: &str, json: &str| {
        let error = entry(name).operation(json).unwrap_err();
        assert!(error.is_invalid_input());
        error.field().map(str::to_owned)
    };
    assert_eq!(
        field("products.replace", r#"{"id":"1"}"#).as_deref(),
        Some("category")
    );
    assert_eq!(
        field("products.create", r#"{"id":"1","titel":"x"}"#).as_deref(),
        Some("titel")
    );
    assert_eq!(
        field("products.create", r#"{"id":"1","price":"x"}"#).as_deref(),
        Some("price")
    );
    assert_eq!(
        field("orders.list", r#"{"page":2}"#).as_deref(),
        Some("page")
    );
    assert_eq!(field("orders.list", "{").as_deref(), Some("params"));
    let body = |name: &str, json: &str| line(&entry(name).operation(json).unwrap()).1;
    assert_eq!(
        body(
            "products.update",
            r#"{"id":7,"price":"10.00","in_stock":1,"image_url":null}"#
        ),
        r#"{"price":10.00,"image_url":null,"in_stock":true}"#
    );
}

#[test]
fn n29_n51_put_replaces_and_patch_updates_whatever_the_copied_prose_says() {
    for entry in operations() {
        let (_, verb) = entry.metadata.name.split_once('.').unwrap();
        let expected = match verb {
            "list" | "result" => Method::GET,
            "create" | "push" => Method::POST,
            "replace" => Method::PUT,
            "update" => Method::PATCH,
            "delete" => Method::DELETE,
            other => panic!("{other}"),
        };
        assert_eq!(entry.metadata.method, expected, "{}", entry.metadata.name);
    }
    // The sample that its three languages spell in three ways, as the one that works for all fields
    // or few.
    let update = products::Update::new("ID-1")
        .title("Example-1")
        .price(200)
        .currency("usd");
    assert_eq!(
        line(&update.in_stock(true)),
        pair(
            "PATCH /marketplaces/v1/products/ID-1/",
            r#"{"title":"Example-1","price":200,"currency":"usd","in_stock":true}"#
        )
    );
}
