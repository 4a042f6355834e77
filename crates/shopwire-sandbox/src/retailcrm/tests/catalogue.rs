//! The catalogue, called without a socket.

use serde_json::{Value, json};

use crate::retailcrm::tests::harness::{Crm, json_form};

fn offer(crm: &Crm, external: &str) -> Value {
    let path = format!("/api/v5/store/offers?filter[externalIds][]={external}");
    crm.get(&path).1["offers"][0].clone()
}

#[test]
fn stock_and_prices_are_set_and_what_is_not_found_is_reported() {
    let crm = Crm::new();
    let stock = json!([
        {"externalId": "mug-1", "stores": [{"code": "main", "available": 5, "purchasePrice": "99.50"}]},
        {"externalId": "nothing", "stores": []},
    ]);
    let (_, body) = crm.post(
        "/api/v5/store/inventories/upload",
        &json_form("offers", &stock),
    );
    assert_eq!(
        (&body["processedOffersCount"], &body["notFoundOffers"]),
        (&json!(1), &json!([{"externalId": "nothing"}]))
    );
    // Five in the main store and forty, as before, in the second.
    let mug = offer(&crm, "mug-1");
    assert_eq!(
        (&mug["quantity"], &mug["purchasePrice"]),
        (&json!(45), &json!(99.5))
    );
    let (_, body) =
        crm.get("/api/v5/store/inventories?filter[details]=1&filter[offerExternalId][]=mug-1");
    assert_eq!(
        body["offers"][0]["stores"].as_array().map(Vec::len),
        Some(2)
    );
    let prices = json!([{"xmlId": "xml-mug-1", "prices": [{"code": "base", "price": "400.10"}]}]);
    assert_eq!(
        crm.post("/api/v5/store/prices/upload", &json_form("prices", &prices))
            .0,
        200
    );
    assert_eq!(offer(&crm, "mug-1")["prices"][0]["price"], 400.1);
    let unknown = json!([{"externalId": "mug-1", "prices": [{"code": "odd", "price": 1}]}]);
    assert_eq!(
        crm.post(
            "/api/v5/store/prices/upload",
            &json_form("prices", &unknown)
        )
        .0,
        400
    );
}

#[test]
fn re9_re10_products_are_walked_by_since_id_and_stock_in_large_pages() {
    let crm = Crm::new();
    let (_, body) = crm.get("/api/v5/store/products?limit=100&filter[sinceId]=3");
    assert_eq!(body["pagination"]["limit"], 100);
    let ids: Vec<_> = body["products"]
        .as_array()
        .unwrap()
        .iter()
        .map(|product| product["id"].clone())
        .collect();
    assert_eq!(ids, [4, 5]);
    let (_, stock) = crm.get("/api/v5/store/inventories?limit=250");
    assert_eq!(stock["pagination"]["limit"], 250);
    for others in ["orders", "store/products"] {
        let (status, _) = crm.get(&format!("/api/v5/{others}?limit=250"));
        assert_eq!(status, 400, "{others} do not offer it");
    }
}

#[test]
fn re7_a_product_batch_lands_whole_or_not_at_all() {
    let crm = Crm::new();
    let products = json!([{"name": "New", "externalId": "new"}, {"externalId": "nameless"}]);
    let (status, body) = crm.post(
        "/api/v5/store/products/batch/create",
        &json_form("products", &products),
    );
    assert_eq!(
        (status, &body["errors"]["products[1]"]),
        (400, &json!("name: This value should not be blank."))
    );
    assert_eq!(
        crm.get("/api/v5/store/products?filter[externalId]=new").1["pagination"]["totalCount"],
        0
    );
}
