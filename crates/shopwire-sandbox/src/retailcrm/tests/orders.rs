//! Orders, called without a socket.

use serde_json::{Value, json};

use crate::retailcrm::tests::harness::{Crm, json_form};

fn created(crm: &Crm, order: Value) -> Value {
    let (status, body) = crm.post("/api/v5/orders/create", &json_form("order", &order));
    assert_eq!(status, 201, "{body}");
    body["order"].clone()
}

#[test]
fn r28_an_order_gets_ids_totals_and_defaults() {
    let crm = Crm::new();
    let order = created(
        &crm,
        json!({
            "externalId": "a123", "firstName": "Tom", "discountManualPercent": 10, "delivery": {"code": "courier", "cost": 300},
            "items": [
                {"offer": {"externalId": "ktl-1"}, "quantity": 2},
                {"productName": "Открытка", "initialPrice": "10.10", "quantity": 3, "discountManualAmount": 0.10},
            ],
            "payments": [{"type": "cash", "amount": 100, "status": "paid"}, {"type": "bank-card", "amount": 50}],
        }),
    );
    assert_eq!(order["number"], "1C");
    assert_eq!(
        (&order["site"], &order["status"]),
        (&json!("simple-site"), &json!("new"))
    );
    // 2 x 2490 + 3 x 10.00 = 5010; less 10 % and with delivery: 4809.
    assert_eq!(order["summ"], 5010);
    assert_eq!(order["totalSumm"], 4809);
    assert_eq!(order["prepaySum"], 100);
    assert_eq!(order["items"][0]["offer"]["displayName"], "Чайник белый");
    assert_eq!(order["items"][1]["id"], 2);
    assert_eq!(
        order["customFields"],
        json!([]),
        "an empty map is a list in PHP"
    );
    assert_eq!(order["payments"]["1"]["type"], "cash");
    assert_eq!(order["customer"]["firstName"], "Tom");
    assert_eq!(order["customer"]["ordersCount"], 1);
}

#[test]
fn sums_stay_within_a_decimal() {
    let crm = Crm::new();
    let most =
        json!([{"productName": "A", "initialPrice": 1_000_000_000, "quantity": 1_000_000_000}]);
    assert_eq!(
        created(&crm, json!({"items": most}))["summ"].to_string(),
        "1000000000000000000"
    );
    for beyond in ["1e28", "79228162514264337593543950335", "1e400"] {
        let items = json!([{"productName": "A", "initialPrice": beyond, "quantity": beyond}]);
        assert_eq!(
            crm.post(
                "/api/v5/orders/create",
                &json_form("order", &json!({"items": items}))
            )
            .0,
            400
        );
    }
    let percent = json!({"discountManualPercent": 101});
    assert_eq!(
        crm.post("/api/v5/orders/create", &json_form("order", &percent))
            .0,
        400
    );
}

#[test]
fn re11_payments_are_a_map_by_id_and_an_empty_list() {
    let crm = Crm::new();
    assert_eq!(created(&crm, json!({}))["payments"], json!([]));
    let form = json_form(
        "payment",
        &json!({"order": {"id": 1}, "type": "cash", "amount": 5, "externalId": "p1"}),
    );
    let (status, body) = crm.post("/api/v5/orders/payments/create", &form);
    assert_eq!((status, &body["id"]), (201, &json!(1)), "{body}");
    let (_, body) = crm.post("/api/v5/orders/payments/create", &form);
    assert_eq!(
        body["errors"]["externalId"],
        "Payment with externalId=p1 already exists."
    );
    let (status, _) = crm.post(
        "/api/v5/orders/payments/p1/edit",
        &json_form("payment", &json!({"amount": 7, "status": "paid"})),
    );
    assert_eq!(status, 200);
    let order = crm.get("/api/v5/orders/1?by=id").1["order"].clone();
    assert_eq!(order["payments"]["1"]["amount"], 7);
    assert_eq!(order["prepaySum"], 7);
    assert_eq!(crm.post("/api/v5/orders/payments/1/delete", "").0, 200);
    assert_eq!(crm.post("/api/v5/orders/payments/1/delete", "").0, 404);
    assert_eq!(
        crm.get("/api/v5/orders/1?by=id").1["order"]["payments"],
        json!([])
    );
}

#[test]
fn re8_orders_are_found_by_external_id_and_by_id() {
    let crm = Crm::new();
    created(&crm, json!({"externalId": "a/b"}));
    assert_eq!(crm.get("/api/v5/orders/a%2Fb").1["order"]["id"], 1);
    assert_eq!(
        crm.get("/api/v5/orders/1?by=id").1["order"]["externalId"],
        "a/b"
    );
    let (status, body) = crm.get("/api/v5/orders/1");
    assert_eq!(
        (status, body),
        (404, json!({"success": false, "errorMsg": "Not found"}))
    );
    assert_eq!(crm.get("/api/v5/orders/1?by=number").0, 400);
}

#[test]
fn re5_a_bad_order_names_every_field_and_stores_nothing() {
    let crm = Crm::new();
    created(&crm, json!({"externalId": "taken"}));
    let (status, body) = crm.post(
        "/api/v5/orders/create",
        &json_form("order", &json!({"externalId": "taken"})),
    );
    assert_eq!(status, 400);
    assert_eq!(body["errorMsg"], "Validation error");
    assert_eq!(
        body["errors"]["externalId"],
        "Order with externalId=taken already exists."
    );
    let bad = json!({"status": "odd", "orderMethod": "odd", "delivery": {"code": "odd"}});
    let (_, body) = crm.post("/api/v5/orders/create", &json_form("order", &bad));
    assert_eq!(body["errorMsg"], "Errors in the entity format");
    let named: Vec<_> = body["errors"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    assert_eq!(named, ["status", "orderMethod", "delivery.code"]);
    let bad = json!({"items": [{"quantity": -1}], "payments": [{"amount": 5}]});
    let (_, body) = crm.post("/api/v5/orders/create", &json_form("order", &bad));
    assert_eq!(
        body["errors"]["items[0]"],
        "\"quantity\" should be between 0 and 1000000000."
    );
    assert_eq!(
        body["errors"]["payments[0]"],
        "\"type\" should not be blank."
    );
    assert_eq!(crm.get("/api/v5/orders").1["pagination"]["totalCount"], 1);
    assert_eq!(
        crm.get("/api/v5/customers").1["pagination"]["totalCount"],
        1
    );
}

#[test]
fn re7_a_batch_with_a_bad_order_lands_in_part() {
    let crm = Crm::new();
    let orders =
        json!([{"externalId": "1"}, {"externalId": "2", "status": "odd"}, {"externalId": "3"}]);
    let (status, body) = crm.post("/api/v5/orders/upload", &json_form("orders", &orders));
    assert_eq!(status, 460);
    assert_eq!(body["success"], false);
    assert_eq!(body["errorMsg"], "Orders are loaded with errors");
    assert_eq!(
        body["uploadedOrders"],
        json!([{"id": 1, "externalId": "1"}, {"id": 2, "externalId": "3"}])
    );
    assert_eq!(body["failedOrders"], json!([{"externalId": "2"}]));
    assert_eq!(
        body["errors"],
        json!({"1": "status: \"status\" with \"code\"=\"odd\" does not exist."})
    );
    let (status, body) = crm.post(
        "/api/v5/orders/upload",
        &json_form("orders", &json!([{"externalId": "4"}])),
    );
    assert_eq!((status, &body["success"]), (201, &json!(true)));
    let many: Vec<Value> = (0..51).map(|_| json!({})).collect();
    assert_eq!(
        crm.post("/api/v5/orders/upload", &json_form("orders", &many.into()))
            .0,
        400
    );
}

#[test]
fn r27_the_list_is_filtered_and_paged_newest_first() {
    let crm = Crm::new();
    for number in 0..45 {
        created(
            &crm,
            json!({"externalId": format!("e{number}"), "number": format!("N{number}"), "customFields": {"nps": number}}),
        );
    }
    let (_, body) = crm.get("/api/v5/orders?page=3");
    assert_eq!(
        body["pagination"],
        json!({"limit": 20, "totalCount": 45, "currentPage": 3, "totalPageCount": 3})
    );
    assert_eq!(body["orders"].as_array().unwrap().len(), 5);
    assert_eq!(body["orders"][4]["id"], 1);
    let count = |query: &str| {
        crm.get(&format!("/api/v5/orders?{query}")).1["pagination"]["totalCount"].clone()
    };
    assert_eq!(count("filter[customFields][nps][min]=40"), 5);
    assert_eq!(count("filter[numbers][]=N1&filter[numbers][]=N2"), 2);
    assert_eq!(
        count("filter[ids][0]=1&filter[extendedStatus][0]=complete"),
        0
    );
    assert_eq!(
        count("filter[externalIds][]=e7&filter[sites][]=simple-site"),
        1
    );
    assert_eq!(crm.get("/api/v5/orders?limit=30").0, 400);
}

#[test]
fn re10_history_tells_what_changed_since_an_id() {
    let crm = Crm::new();
    created(
        &crm,
        json!({"externalId": "a", "firstName": "Tom", "items": [{"productName": "X", "initialPrice": 5}]}),
    );
    let (_, body) = crm.get("/api/v5/orders/history");
    assert_eq!(body["history"][0]["created"], true);
    assert_eq!(body["history"][0]["order"]["externalId"], "a");
    let last = body["history"][0]["id"].clone();
    let change =
        json!({"status": "complete", "firstName": null, "items": [{"id": 1, "quantity": 2}]});
    assert_eq!(
        crm.post("/api/v5/orders/a/edit", &json_form("order", &change))
            .0,
        200
    );
    let (_, body) = crm.get(&format!("/api/v5/orders/history?filter[sinceId]={last}"));
    let fields: Vec<_> = body["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["field"].as_str().unwrap())
        .collect();
    assert_eq!(
        fields,
        [
            "status",
            "first_name",
            "order_product.quantity",
            "order_product.summ"
        ]
    );
    assert_eq!(body["history"][0]["newValue"], json!({"code": "complete"}));
    assert_eq!(body["history"][1]["apiKey"], json!({"current": true}));
    assert!(body["generatedAt"].is_string());
}

#[test]
fn an_edit_replaces_the_composition_and_keeps_the_rest() {
    let crm = Crm::new();
    let items = json!([{"productName": "A", "initialPrice": 5, "externalId": "i1"}, {"productName": "B", "initialPrice": 7}]);
    created(
        &crm,
        json!({"externalId": "a", "phone": "1", "items": items, "customFields": {"nps": 1}}),
    );
    let change = json!({"items": [{"externalId": "i1", "quantity": 4}, {"productName": "C", "initialPrice": 1}]});
    let (_, body) = crm.post("/api/v5/orders/a/edit", &json_form("order", &change));
    let items: Vec<_> = body["order"]["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["id"].clone())
        .collect();
    assert_eq!(items, [1, 3]);
    assert_eq!(body["order"]["summ"], 21);
    assert_eq!(
        (&body["order"]["phone"], &body["order"]["customFields"]),
        (&json!("1"), &json!({"nps": 1}))
    );
}

#[test]
fn orders_are_combined_linked_and_renamed() {
    let crm = Crm::new();
    let item = json!([{"offer": {"externalId": "mug-1"}, "quantity": 1}]);
    created(
        &crm,
        json!({"externalId": "a", "items": item, "payments": [{"type": "cash", "amount": 1}]}),
    );
    created(&crm, json!({"externalId": "b", "items": item}));
    let link = json!({"comment": "twin", "orders": [{"id": 1}, {"externalId": "b"}]});
    assert_eq!(
        crm.post("/api/v5/orders/links/create", &json_form("link", &link))
            .0,
        201
    );
    assert_eq!(
        crm.get("/api/v5/orders/a").1["order"]["links"][0]["order"]["externalId"],
        "b"
    );
    let form = format!(
        "technique=summ&{}&{}",
        json_form("order", &json!({"id": 1})),
        json_form("resultOrder", &json!({"id": 2}))
    );
    let (status, body) = crm.post("/api/v5/orders/combine", &form);
    assert_eq!((status, &body["errors"]), (200, &json!([])), "{body}");
    assert_eq!(crm.get("/api/v5/orders/a").0, 404);
    let order = crm.get("/api/v5/orders/b").1["order"].clone();
    assert_eq!(
        (&order["items"][0]["quantity"], &order["summ"]),
        (&json!(2), &json!(780))
    );
    assert_eq!(order["payments"]["1"]["amount"], 1);
    let fixed = json!([{"id": 2, "externalId": "c"}]);
    assert_eq!(
        crm.post(
            "/api/v5/orders/fix-external-ids",
            &json_form("orders", &fixed)
        )
        .0,
        200
    );
    assert_eq!(crm.get("/api/v5/orders/c").0, 200);
    let (_, body) = crm.get("/api/v5/orders/statuses?ids[]=2&externalIds[]=nobody");
    assert_eq!(
        body["orders"],
        json!([{"id": 2, "externalId": "c", "status": "new", "group": "new"}])
    );
}

#[test]
fn r11_a_site_is_needed_once_the_key_sees_several() {
    let crm = Crm::new();
    created(&crm, json!({"externalId": "a"}));
    crm.open_site("second");
    let (status, body) = crm.post("/api/v5/orders/create", &json_form("order", &json!({})));
    assert_eq!(
        (status, &body["errorMsg"]),
        (400, &json!("Parameter 'site' is missing"))
    );
    let (status, body) = crm.post(
        "/api/v5/orders/create",
        &format!(
            "site=second&{}",
            json_form("order", &json!({"externalId": "a"}))
        ),
    );
    assert_eq!(
        (status, &body["order"]["site"]),
        (201, &json!("second")),
        "the same external id on another site"
    );
    assert_eq!(
        crm.get("/api/v5/orders/a").1["errorMsg"],
        "Parameter 'site' is missing"
    );
    assert_eq!(crm.get("/api/v5/orders/a?site=second").1["order"]["id"], 2);
    assert_eq!(crm.get("/api/v5/orders/a?site=third").0, 400);
    assert_eq!(crm.get("/api/v5/orders/1?by=id").0, 200);
}
