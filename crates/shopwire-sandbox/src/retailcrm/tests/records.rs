//! The groups that keep records, called without a socket.

use serde_json::json;

use crate::retailcrm::tests::harness::{Crm, json_form};

#[test]
fn re7_costs_land_in_part() {
    let crm = Crm::new();
    let good = json!({"dateFrom": "2026-01-01", "dateTo": "2026-01-02", "summ": 5, "costItem": "advertising"});
    let mut bad = good.clone();
    bad["costItem"] = json!("odd");
    let (status, body) = crm.post(
        "/api/v5/costs/upload",
        &json_form("costs", &json!([good, bad])),
    );
    assert_eq!(status, 460);
    assert_eq!(
        (&body["uploadedCosts"], &body["failedCosts"]),
        (&json!([1]), &json!([{}]))
    );
    assert_eq!(body["errorMsg"], "Costs are loaded with errors");
}

#[test]
fn bonus_operations_are_paged_by_cursor() {
    let crm = Crm::new();
    crm.post(
        "/api/v5/customers/create",
        &json_form("customer", &json!({})),
    );
    crm.post(
        "/api/v5/loyalty/account/create",
        &json_form("loyaltyAccount", &json!({"customer": {"id": 1}})),
    );
    assert_eq!(
        crm.post("/api/v5/loyalty/account/1/bonus/credit", "amount=1")
            .0,
        400,
        "not active yet"
    );
    crm.post("/api/v5/loyalty/account/1/activate", "");
    for _ in 0..25 {
        assert_eq!(
            crm.post("/api/v5/loyalty/account/1/bonus/credit", "amount=0.10")
                .0,
            200
        );
    }
    let (_, first) = crm.get("/api/v5/loyalty/bonus/operations");
    assert_eq!(first["bonusOperations"].as_array().map(Vec::len), Some(20));
    let cursor = first["pagination"]["nextCursor"].as_str().unwrap();
    let (_, last) = crm.get(&format!("/api/v5/loyalty/bonus/operations?cursor={cursor}"));
    assert_eq!(last["bonusOperations"].as_array().map(Vec::len), Some(5));
    assert!(last["pagination"]["nextCursor"].is_null());
    assert_eq!(
        crm.get("/api/v5/loyalty/account/1").1["loyaltyAccount"]["amount"],
        2.5
    );
    assert_eq!(
        crm.post("/api/v5/loyalty/account/1/bonus/charge", "amount=3")
            .0,
        400,
        "more than there is"
    );
}

#[test]
fn re14_the_times_of_carts_carry_an_offset() {
    let crm = Crm::new();
    crm.post(
        "/api/v5/customers/create",
        &json_form("customer", &json!({"externalId": "a"})),
    );
    let set = |dropped: &str| {
        let cart = json!({"customer": {"externalId": "a"}, "droppedAt": dropped, "items": [{"quantity": 1}]});
        crm.post(
            "/api/v5/customer-interaction/simple-site/cart/set",
            &json_form("cart", &cart),
        )
        .0
    };
    assert_eq!(set("2026-01-01 10:00:00+03:00"), 200);
    assert_eq!(set("2026-01-01 10:00:00"), 400);
    let (_, body) = crm.get("/api/v5/customer-interaction/1/cart/1?by=id&siteBy=id");
    assert_eq!(body["cart"]["droppedAt"], "2026-01-01 10:00:00+03:00");
}

#[test]
fn r29_calls_are_kept_once_and_a_phone_finds_its_customer() {
    let crm = Crm::new();
    crm.post(
        "/api/v5/customers/create",
        &json_form(
            "customer",
            &json!({"firstName": "Ann", "phones": [{"number": "+7 (999) 1"}]}),
        ),
    );
    let call = json!({"date": "2026-01-01 00:00:00", "type": "in", "phone": "+79991", "result": "answered", "externalId": "c"});
    let upload = || {
        crm.post(
            "/api/v5/telephony/calls/upload",
            &json_form("calls", &json!([call])),
        )
        .1
    };
    assert_eq!(
        (
            &upload()["processedCallsCount"],
            &upload()["duplicateCalls"]
        ),
        (&json!(1), &json!(["c"]))
    );
    let (_, body) = crm.get("/api/v5/telephony/manager?phone=79991&details=1");
    assert_eq!(
        (&body["customer"]["firstName"], &body["manager"]["id"]),
        (&json!("Ann"), &json!(1))
    );
    assert_eq!(
        crm.get("/api/v5/telephony/manager").1["errorMsg"],
        "Parameter 'phone' is missing"
    );
}
