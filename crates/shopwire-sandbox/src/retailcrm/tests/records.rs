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

// RE14: an empty date is no date, as in every other field.
#[test]
fn re14_an_empty_time_of_a_cart_or_task_is_no_time() {
    let crm = Crm::new();
    let customer = json!({"externalId": "a"});
    crm.done("/api/v5/customers/create", "customer", &customer);
    let set = "/api/v5/customer-interaction/simple-site/cart/set";
    let cart =
        json!({"customer": customer, "droppedAt": "", "clearedAt": "", "items": [{"quantity": 1}]});
    crm.done(set, "cart", &cart);
    let shown = || {
        crm.get("/api/v5/customer-interaction/1/cart/1?by=id&siteBy=id")
            .1["cart"]
            .clone()
    };
    assert_eq!(shown().get("droppedAt"), None);
    assert_eq!(shown().get("clearedAt"), None);
    let abandoned = crm.get("/api/v5/customers?filter[abandonedCart]=1").1;
    assert_eq!(abandoned["customers"], json!([]));
    let dropped = "2026-01-01 10:00:00+03:00";
    let cart = json!({"customer": customer, "droppedAt": dropped, "items": [{"quantity": 1}]});
    crm.done(set, "cart", &cart);
    let clear = "/api/v5/customer-interaction/simple-site/cart/clear";
    crm.done(
        clear,
        "cart",
        &json!({"customer": customer, "clearedAt": ""}),
    );
    assert_eq!(shown()["droppedAt"], dropped);
    assert_eq!(shown().get("clearedAt"), None);

    let task = json!({"text": "call", "performerId": 1, "datetime": ""});
    crm.done("/api/v5/tasks/create", "task", &task);
    let due = || {
        crm.get("/api/v5/tasks/1").1["task"]
            .get("datetime")
            .cloned()
    };
    assert_eq!(due(), None);
    let edit = "/api/v5/tasks/1/edit";
    crm.done(edit, "task", &json!({"datetime": "2026-01-01 10:00"}));
    assert_eq!(due(), Some(json!("2026-01-01 10:00")));
    crm.done(edit, "task", &json!({"datetime": ""}));
    assert_eq!(due(), None);
}

// F13: the official PHP client declares an interval, the Go client a text. The sandbox follows the first.
#[test]
fn f13_the_lunch_of_a_shipment_is_an_interval() {
    let crm = Crm::new();
    let create = "/api/v5/delivery/shipments/create?deliveryType=courier";
    let shipment = |lunch: serde_json::Value| json!({"date": "2026-01-01", "lunchTime": lunch});
    let refused = crm.refused(create, "deliveryShipment", &shipment(json!("13:00-14:00")));
    assert_eq!(refused, ["lunchTime"]);
    for time in [
        json!({"from": "13:00", "to": "14:00"}),
        json!({"custom": "13:00-14:00"}),
    ] {
        let id = crm.done(create, "deliveryShipment", &shipment(time.clone()))["id"].clone();
        let (_, shown) = crm.get(&format!("/api/v5/delivery/shipments/{id}"));
        assert_eq!(shown["deliveryShipment"]["lunchTime"], time);
    }
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
