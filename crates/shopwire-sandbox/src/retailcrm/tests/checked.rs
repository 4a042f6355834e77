//! Writes are checked against the account: packs, bonuses, invoices, modules, batches, statistics.

use std::time::Duration;

use serde_json::{Value, json};

use crate::retailcrm::tests::harness::{Crm, json_form};

fn ordered(crm: &Crm, order: Value) -> Value {
    crm.done("/api/v5/orders/create", "order", &order)["order"].clone()
}

/// A person with an active membership of 100 bonuses.
fn member(crm: &Crm) {
    crm.done(
        "/api/v5/customers/create",
        "customer",
        &json!({"externalId": "ann"}),
    );
    let account = json!({"customer": {"externalId": "ann"}});
    crm.done("/api/v5/loyalty/account/create", "loyaltyAccount", &account);
    assert_eq!(crm.post("/api/v5/loyalty/account/1/activate", "").0, 200);
    assert_eq!(
        crm.post("/api/v5/loyalty/account/1/bonus/credit", "amount=100")
            .0,
        200
    );
}

fn balance(crm: &Crm) -> Value {
    crm.get("/api/v5/loyalty/account/1").1["loyaltyAccount"]["amount"].clone()
}

/// Today moved by days, as `Y-m-d`.
fn day(offset: i64) -> String {
    let moment = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC);
    let moved = moment.checked_add(jiff::Span::new().days(offset)).unwrap();
    moved.date().to_string()
}

// F13
#[test]
fn f13_no_more_is_packed_than_was_ordered() {
    let crm = Crm::new();
    ordered(
        &crm,
        json!({"items": [{"offer": {"externalId": "mug-1"}, "quantity": 3}]}),
    );
    let create = "/api/v5/orders/packs/create";
    let pack = |quantity: i64| json!({"itemId": 1, "store": "main", "quantity": quantity});
    assert_eq!(crm.refused(create, "pack", &pack(4)), ["quantity"]);
    crm.done(create, "pack", &pack(2));
    assert_eq!(crm.refused(create, "pack", &pack(2)), ["quantity"]);
    crm.done(create, "pack", &pack(1));
    let edit = "/api/v5/orders/packs/1/edit";
    assert_eq!(
        crm.refused(edit, "pack", &json!({"quantity": 3})),
        ["quantity"]
    );
    assert_eq!(
        crm.refused(edit, "pack", &json!({"store": "odd"})),
        ["store"]
    );
    crm.done(edit, "pack", &json!({"quantity": 1}));
    let shown = crm.get("/api/v5/orders/packs/1").1["pack"].clone();
    assert_eq!(
        (&shown["purchasePrice"], &shown["unit"]["code"]),
        (&json!(195), &json!("pc"))
    );
    assert_eq!(shown["item"]["offer"]["externalId"], "mug-1");
}

// F13
#[test]
fn f13_bonuses_are_spent_from_a_balance_and_come_back() {
    let crm = Crm::new();
    member(&crm);
    ordered(
        &crm,
        json!({"customer": {"externalId": "ann"}, "items": [{"productName": "A", "initialPrice": 200}]}),
    );
    ordered(
        &crm,
        json!({"items": [{"productName": "A", "initialPrice": 200}]}),
    );
    let apply = |order: i64, bonuses: &str| {
        let form = format!(
            "bonuses={bonuses}&{}",
            json_form("order", &json!({"id": order}))
        );
        crm.post("/api/v5/orders/loyalty/apply", &form)
    };
    for (order, bonuses) in [(1, "1000000"), (1, "101"), (1, "-1"), (2, "1")] {
        assert_eq!(apply(order, bonuses).0, 400, "{bonuses} to {order}");
    }
    let (_, body) = apply(1, "30");
    let order = &body["order"];
    assert_eq!(
        (&order["totalSumm"], &order["bonusesChargeTotal"]),
        (&json!(170), &json!(30))
    );
    assert_eq!(order["bonusesCreditTotal"], 8.5, "five per cent of 170");
    assert_eq!(order["loyaltyAccount"], json!({"id": 1, "amount": 70}));
    assert_eq!(balance(&crm), 70);
    apply(1, "10");
    assert_eq!(balance(&crm), 90, "the difference is given back");
    let cancel = "/api/v5/orders/loyalty/cancel-bonus-operations";
    let order = crm.done(cancel, "order", &json!({"id": 1}))["order"].clone();
    assert_eq!(
        (&order["totalSumm"], &order["bonusesChargeTotal"]),
        (&json!(200), &json!(0))
    );
    assert_eq!(order["bonusesCreditTotal"], 0);
    assert_eq!(balance(&crm), 100);
    let (_, body) = crm.get("/api/v5/loyalty/account/1/bonus/operations");
    let kinds: Vec<_> = body["bonusOperations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["type"].clone())
        .collect();
    assert_eq!(
        kinds,
        [
            "credit_manual",
            "charge_for_order",
            "cancel_of_charge",
            "cancel_of_charge"
        ]
    );
}

// F13
#[test]
fn f13_bonuses_wait_for_their_first_day_and_burn_after_their_last() {
    let crm = Crm::new();
    member(&crm);
    let credit = |form: String| crm.post("/api/v5/loyalty/account/1/bonus/credit", &form).0;
    assert_eq!(credit(format!("amount=40&activationDate={}", day(3))), 200);
    assert_eq!(credit(format!("amount=25&expireDate={}", day(2))), 200);
    assert_eq!(credit(format!("amount=1&expireDate={}", day(-1))), 400);
    let reversed = format!("amount=1&activationDate={}&expireDate={}", day(5), day(4));
    assert_eq!(credit(reversed), 400);
    assert_eq!(credit("amount=1&expireDate=soon".to_owned()), 400);
    assert_eq!(balance(&crm), 125, "what waits cannot be spent");
    let details = |status: &str| {
        crm.get(&format!("/api/v5/loyalty/account/1/bonus/{status}/details"))
            .1
    };
    let waiting = details("waiting_activation");
    assert_eq!(waiting["statistic"]["totalAmount"], 40);
    assert_eq!(waiting["bonuses"], json!([{"date": day(3), "amount": 40}]));
    let burning = details("burn_soon");
    assert_eq!(burning["bonuses"], json!([{"date": day(2), "amount": 25}]));
    // What burns first is spent first.
    assert_eq!(
        crm.post("/api/v5/loyalty/account/1/bonus/charge", "amount=20")
            .0,
        200
    );
    assert_eq!(details("burn_soon")["statistic"]["totalAmount"], 5);
    assert_eq!(
        crm.post("/api/v5/loyalty/account/1/bonus/charge", "amount=106")
            .0,
        400
    );
    assert_eq!(balance(&crm), 105);
    assert_eq!(
        crm.get("/api/v5/loyalty/account/1/bonus/odd/details").0,
        404
    );
}

// F13
#[test]
fn f13_a_calculation_knows_the_member_and_the_prices() {
    let crm = Crm::new();
    member(&crm);
    let calculate = |order: Value, more: &str| {
        let form = format!("{}{more}", json_form("order", &order));
        crm.post("/api/v5/loyalty/calculate", &form)
    };
    let items = json!([{"offer": {"externalId": "mug-1"}, "quantity": 2}]);
    let (_, body) = calculate(json!({"items": items}), "");
    assert_eq!(
        (&body["calculations"], &body["order"]["totalSumm"]),
        (&json!([]), &json!(780))
    );
    let order = json!({"customer": {"externalId": "ann"}, "items": items, "privilegeType": "loyalty_level"});
    let (_, body) = calculate(order.clone(), "&bonuses=80");
    assert_eq!(body["order"]["totalSumm"], 700);
    assert_eq!(body["order"]["customer"]["id"], 1);
    let one = &body["calculations"][0];
    assert_eq!(
        (&one["creditBonuses"], &one["maxChargeBonuses"]),
        (&json!(35), &json!(100))
    );
    assert_eq!(calculate(order, "&bonuses=101").0, 400);
    let nobody = json!({"customer": {"externalId": "nobody"}, "items": items});
    assert_eq!(calculate(nobody, "").0, 400);
}

// F13
#[test]
fn f13_an_sms_check_exists_when_it_was_sent() {
    let crm = Crm::new();
    assert_eq!(crm.get("/api/v5/verification/sms/odd/status").0, 404);
    crm.confirm_by_sms();
    crm.done(
        "/api/v5/customers/create",
        "customer",
        &json!({"externalId": "ann"}),
    );
    let account = json!({"customer": {"externalId": "ann"}});
    crm.done("/api/v5/loyalty/account/create", "loyaltyAccount", &account);
    let (_, body) = crm.post("/api/v5/loyalty/account/1/activate", "");
    assert_eq!(body["loyaltyAccount"]["status"], "not_confirmed");
    let check = body["verification"]["checkId"].as_str().unwrap().to_owned();
    let confirm = "/api/v5/verification/sms/confirm";
    let code = |code: &str| json!({"checkId": check, "code": code});
    assert_eq!(
        crm.refused(confirm, "verification", &code("0000")),
        ["code"]
    );
    let status = format!("/api/v5/verification/sms/{check}/status");
    assert!(
        crm.get(&status).1["verification"]
            .get("verifiedAt")
            .is_none()
    );
    crm.done(confirm, "verification", &code("1234"));
    assert!(crm.get(&status).1["verification"]["verifiedAt"].is_string());
    let account = crm.get("/api/v5/loyalty/account/1").1["loyaltyAccount"].clone();
    assert_eq!(
        (&account["status"], &account["active"]),
        (&json!("activated"), &json!(true))
    );
}

// F13
#[tokio::test(start_paused = true)]
async fn f13_a_code_cannot_be_entered_for_ever() {
    let crm = Crm::new();
    crm.confirm_by_sms();
    crm.done("/api/v5/customers/create", "customer", &json!({}));
    crm.done(
        "/api/v5/loyalty/account/create",
        "loyaltyAccount",
        &json!({"customer": {"id": 1}}),
    );
    let (_, body) = crm.post("/api/v5/loyalty/account/1/activate", "");
    let code = json!({"checkId": body["verification"]["checkId"], "code": "1234"});
    tokio::time::advance(Duration::from_secs(601)).await;
    assert_eq!(
        crm.refused("/api/v5/verification/sms/confirm", "verification", &code),
        ["code"]
    );
}

// F13
#[test]
fn f13_an_invoice_lives_from_its_link_to_its_payment() {
    let crm = Crm::new();
    ordered(
        &crm,
        json!({"items": [{"productName": "A", "initialPrice": 50}], "payments": [{"type": "bank-card", "amount": 50}]}),
    );
    let body = crm.done(
        "/api/v5/payment/invoice/import",
        "invoice",
        &json!({"paymentId": 1}),
    );
    let uuid = body["invoice"]["invoiceUuid"].as_str().unwrap().to_owned();
    let check = |more: Value| {
        let mut input = json!({"invoiceUuid": uuid, "amount": 50, "currency": "RUB"});
        input
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        crm.done("/api/v5/payment/check", "check", &input)["result"]["success"].clone()
    };
    assert_eq!(check(json!({})), true);
    assert_eq!(check(json!({"amount": 49})), false);
    assert_eq!(check(json!({"currency": "USD"})), false);
    let change = json!({"invoiceUuid": uuid, "paymentId": "outer-7", "status": "succeeded", "paidAt": "2026-01-01 10:00:00"});
    crm.done("/api/v5/payment/update-invoice", "updateInvoice", &change);
    let invoice = crm.get(&format!("/api/v5/payment/invoice/{uuid}")).1["invoice"].clone();
    assert_eq!(
        (&invoice["status"], &invoice["amount"]),
        (&json!("succeeded"), &json!("50"))
    );
    assert_eq!(
        (&invoice["paymentId"], &invoice["externalId"]),
        (&json!("1"), &json!("outer-7"))
    );
    let order = crm.get("/api/v5/orders/1?by=id").1["order"].clone();
    assert_eq!(order["payments"]["1"]["status"], "paid");
    assert_eq!(order["prepaySum"], 50);
    assert_eq!(check(json!({})), false, "it is paid");
    let unknown = json_form("createInvoice", &json!({"paymentId": 9}));
    assert_eq!(crm.post("/api/v5/payment/create-invoice", &unknown).0, 404);
}

// F13, F14, F15
#[test]
fn f14_a_module_is_told_what_was_made_for_it() {
    let crm = Crm::new();
    let edit = "/api/v5/integration-modules/dpd/edit";
    let module = |integrations: Value| json!({"code": "dpd", "active": true, "name": "DPD", "baseUrl": "https://dpd.example/crm", "integrations": integrations});
    let info = |integrations: Value| {
        crm.done(edit, "integrationModule", &module(integrations))["info"].clone()
    };
    let first = info(json!({"delivery": {"statusList": []}}));
    assert_eq!(first["deliveryType"]["code"], "dpd");
    assert_eq!(
        info(json!({"delivery": {"statusList": []}})),
        first,
        "made once"
    );
    ordered(&crm, json!({"delivery": {"code": "dpd"}}));
    let transport = info(json!({"mgTransport": {"webhookUrl": "https://chat.example/hook"}}));
    assert!(transport["mgTransport"]["token"].is_string(), "{transport}");
    assert!(transport["mgTransport"]["endpointUrl"].is_string());
    assert_eq!(
        info(json!({"embedJs": {}})),
        json!([]),
        "PHP shows nothing as a list"
    );
    let telephony = json!({"telephony": {"makeCallUrl": "https://calls.example", "additionalCodes": [{"userId": 1, "code": "101"}, {"userId": 99, "code": "102"}],
        "externalPhones": [{"siteCode": "odd", "externalPhone": "+7"}]}});
    assert_eq!(
        info(telephony),
        json!({"notExistUsersIds": [99], "notExistSiteCodes": ["odd"]})
    );
    let event = json!({"phone": "1", "type": "in", "codes": ["101", "909"]});
    let body = crm.done("/api/v5/telephony/call/event", "event", &event);
    assert_eq!(body["notExistCodes"], json!(["909"]));
    let shown = crm.get("/api/v5/integration-modules/dpd").1["integrationModule"].clone();
    assert_eq!(
        shown["baseUrl"], "https://dpd.example/crm",
        "F15: stored as it came"
    );
    let other = json!({"code": "other", "active": true});
    assert_eq!(crm.refused(edit, "integrationModule", &other), ["code"]);
    let odd = json!({"baseUrl": "no address"});
    assert_eq!(crm.refused(edit, "integrationModule", &odd), ["baseUrl"]);
}

// F13
#[test]
fn f13_reference_books_refer_to_one_another() {
    let crm = Crm::new();
    for (path, item, row, field) in [
        (
            "statuses/fresh",
            "status",
            json!({"name": "n", "group": "odd"}),
            "group",
        ),
        ("statuses/new", "status", json!({"group": "odd"}), "group"),
        ("statuses/new", "status", json!({"code": "other"}), "code"),
        (
            "cost-items/fresh",
            "costItem",
            json!({"name": "n", "group": "odd"}),
            "group",
        ),
        (
            "payment-types/cash",
            "paymentType",
            json!({"deliveryTypes": ["courier", "odd"]}),
            "deliveryTypes",
        ),
        (
            "delivery-types/courier",
            "deliveryType",
            json!({"paymentTypes": ["odd"]}),
            "paymentTypes",
        ),
        (
            "sites/simple-site",
            "site",
            json!({"currency": "XXX"}),
            "currency",
        ),
    ] {
        let path = format!("/api/v5/reference/{path}/edit");
        assert_eq!(crm.refused(&path, item, &row), [field], "{path} {row}");
    }
    let row = json!({"name": "Fresh", "group": "approval", "ordering": 5});
    crm.done("/api/v5/reference/statuses/fresh/edit", "status", &row);
    let groups = crm.get("/api/v5/reference/status-groups").1["statusGroups"].clone();
    let members = groups["approval"]["statuses"].as_array().unwrap().clone();
    assert!(members.contains(&json!("fresh")), "{members:?}");
    ordered(&crm, json!({"externalId": "a", "status": "fresh"}));
    let (_, body) = crm.get("/api/v5/orders/statuses?externalIds[]=a");
    assert_eq!(body["orders"][0]["group"], "approval");
}

// F13
#[test]
fn f13_batches_have_their_limits() {
    let crm = Crm::new();
    let stock = json!({"externalId": "mug-1", "stores": [{"code": "main", "available": 1}]});
    let price = json!({"externalId": "mug-1", "prices": [{"code": "base", "price": 1}]});
    for (path, name, one, most) in [
        ("orders/upload", "orders", json!({}), 50),
        ("customers/upload", "customers", json!({}), 50),
        (
            "customers-corporate/upload",
            "customersCorporate",
            json!({}),
            50,
        ),
        ("store/inventories/upload", "offers", stock, 200),
        ("store/prices/upload", "prices", price, 250),
    ] {
        let path = format!("/api/v5/{path}");
        let many = |count: usize| Value::from(vec![one.clone(); count]);
        assert_eq!(crm.refused(&path, name, &many(most + 1)), [name], "{path}");
        crm.done(&path, name, &many(most));
    }
}

// F13
#[tokio::test(start_paused = true)]
async fn f13_statistics_are_updated_once_a_minute() {
    let crm = Crm::new();
    let update = || crm.get("/api/v5/statistic/update").0;
    assert_eq!((update(), update()), (200, 400));
    tokio::time::advance(Duration::from_secs(59)).await;
    assert_eq!(update(), 400);
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!((update(), update()), (200, 400));
}

// F13
#[test]
fn f13_custom_fields_take_what_they_were_made_for() {
    let crm = Crm::new();
    let dictionary =
        json!({"name": "Colours", "code": "colours", "elements": [{"name": "Red", "code": "red"}]});
    crm.done(
        "/api/v5/custom-fields/dictionaries/create",
        "customDictionary",
        &dictionary,
    );
    for (code, kind) in [
        ("day", "date"),
        ("sure", "boolean"),
        ("rate", "numeric"),
        ("mail", "email"),
        ("colour", "dictionary"),
        ("words", "text"),
    ] {
        let field = json!({"name": code, "code": code, "type": kind, "dictionary": "colours"});
        crm.done("/api/v5/custom-fields/order/create", "customField", &field);
    }
    for (code, good, bad) in [
        ("day", json!("2026-01-02"), json!("2.1.2026")),
        ("sure", json!(true), json!("maybe")),
        ("rate", json!("1.5"), json!("high")),
        ("mail", json!("a@shop.example"), json!("nobody")),
        ("colour", json!("red"), json!("green")),
        ("words", json!("any"), json!({"a": 1})),
    ] {
        let order = |given: &Value| json!({"customFields": {code: given}});
        assert_eq!(ordered(&crm, order(&good))["customFields"][code], good);
        let field = format!("customFields.{code}");
        assert_eq!(
            crm.refused("/api/v5/orders/create", "order", &order(&bad)),
            [field]
        );
    }
    let customer = json!({"customFields": {"day": "2026-01-02"}});
    assert_eq!(
        crm.refused("/api/v5/customers/create", "customer", &customer),
        ["customFields.day"]
    );
}

// F13
#[test]
fn f13_a_segment_counts_who_is_in_it() {
    let crm = Crm::new();
    crm.done(
        "/api/v5/customers/create",
        "customer",
        &json!({"externalId": "ann"}),
    );
    let counted = || crm.get("/api/v5/segments").1["segments"][0]["customersCount"].clone();
    assert_eq!(counted(), 0);
    for _ in 0..2 {
        ordered(&crm, json!({"customer": {"externalId": "ann"}}));
    }
    assert_eq!(counted(), 1);
    let ann = crm.get("/api/v5/customers/ann").1["customer"].clone();
    assert_eq!(ann["segments"][0]["code"], "regular");
    let (_, body) = crm.get("/api/v5/customers/history?filter[sinceId]=1");
    let entry = body["history"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&entry["field"], &entry["newValue"]),
        (&json!("segments"), &json!({"code": "regular"}))
    );
    assert_eq!(
        (&entry["source"], entry.get("apiKey")),
        (&json!("code"), None)
    );
}

// F13: a pack goes with its item.
#[test]
fn f13_packs_follow_their_items() {
    let crm = Crm::new();
    let item = || json!([{"offer": {"externalId": "mug-1"}, "quantity": 3}]);
    for external in ["a", "b", "c"] {
        ordered(&crm, json!({"externalId": external, "items": item()}));
    }
    for item in 1..=3 {
        let pack = json!({"itemId": item, "store": "main", "quantity": 1});
        crm.done("/api/v5/orders/packs/create", "pack", &pack);
    }
    let orders_of_packs = || {
        let packs = crm.get("/api/v5/orders/packs").1["packs"].clone();
        let packs = packs.as_array().unwrap().clone();
        packs
            .iter()
            .map(|pack| pack["item"]["order"]["id"].as_i64().unwrap())
            .collect::<Vec<_>>()
    };
    crm.done(
        "/api/v5/orders/a/edit",
        "order",
        &json!({"items": [{"id": 1, "quantity": 2}]}),
    );
    assert_eq!(orders_of_packs(), [1, 2, 3], "the item is still there");
    crm.done("/api/v5/orders/a/edit", "order", &json!({"items": item()}));
    assert_eq!(orders_of_packs(), [2, 3], "another item took its place");
    let combine = |technique: &str, order: i64, result: i64| {
        let form = format!(
            "technique={technique}&order={{\"id\":{order}}}&resultOrder={{\"id\":{result}}}"
        );
        assert_eq!(crm.post("/api/v5/orders/combine", &form).0, 200);
    };
    combine("merge", 2, 1);
    assert_eq!(orders_of_packs(), [1, 3], "the item went over");
    combine("ours", 3, 1);
    assert_eq!(orders_of_packs(), [1], "the item is gone");
    let history = crm.get("/api/v5/orders/packs/history").1["history"].clone();
    let deleted = history
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["deleted"] == true);
    assert_eq!(deleted.count(), 2);
}

// F13
#[test]
fn f13_no_two_entities_get_one_external_id() {
    let crm = Crm::new();
    for external in ["a", "b"] {
        let customer = json!({"externalId": external});
        crm.done("/api/v5/customers/create", "customer", &customer);
        ordered(&crm, json!({"externalId": external}));
    }
    let rows = json!([{"id": 1, "externalId": "x"}, {"id": 2, "externalId": "x"}]);
    for (path, field) in [("orders", "orders"), ("customers", "customers")] {
        let fix = format!("/api/v5/{path}/fix-external-ids");
        assert_eq!(crm.refused(&fix, field, &rows), ["externalId"]);
        for external in ["a", "b"] {
            assert_eq!(
                crm.get(&format!("/api/v5/{path}/{external}")).0,
                200,
                "{path}"
            );
        }
    }
}

// F13: what is refused has changed nothing, and what an account cannot be without stays.
#[test]
fn f13_books_keep_their_ids_codes_and_names() {
    let crm = Crm::new();
    let book = |name: &str| crm.get(&format!("/api/v5/reference/{name}")).1;
    let templates = json!([{"code": "a", "name": "A"}, {"name": "no code"}]);
    let edit = "/api/v5/reference/mg-channels/templates/edit";
    assert_eq!(crm.refused(edit, "templates", &templates), ["templates"]);
    assert_eq!(book("mg-channels/templates")["templates"], json!([]));
    let site = book("sites")["sites"]["simple-site"]["id"].clone();
    let sites = "/api/v5/reference/sites/simple-site/edit";
    crm.done(sites, "site", &json!({"id": 99, "name": "Shop"}));
    assert_eq!(book("sites")["sites"]["simple-site"]["id"], site);
    for blank in [json!(null), json!("")] {
        assert_eq!(
            crm.refused(sites, "site", &json!({"name": blank})),
            ["name"]
        );
    }
    crm.done(
        "/api/v5/reference/currencies/create",
        "currency",
        &json!({"code": "USD"}),
    );
    let currency = "/api/v5/reference/currencies/2/edit";
    assert_eq!(
        crm.refused(currency, "currency", &json!({"code": "RUB"})),
        ["code"]
    );
    crm.done(
        currency,
        "currency",
        &json!({"code": null, "isBase": null, "id": 1}),
    );
    let shown = &book("currencies")["currencies"][1];
    assert_eq!((&shown["id"], &shown["code"]), (&json!(2), &json!("USD")));
    let cost = json!({"dateFrom": "2026-01-01", "dateTo": "2026-01-02", "summ": 5, "costItem": "advertising"});
    crm.done("/api/v5/costs/create", "cost", &cost);
    let cleared = json!({"summ": null, "dateTo": "", "comment": null});
    assert_eq!(
        crm.refused("/api/v5/costs/1/edit", "cost", &cleared),
        ["dateTo", "summ"]
    );
}

// F13: a field's dictionary and the elements of a dictionary.
#[test]
fn f13_dictionaries_are_known_and_their_codes_differ() {
    let crm = Crm::new();
    let create = "/api/v5/custom-fields/order/create";
    let field =
        json!({"name": "Size", "code": "size", "type": "dictionary", "dictionary": "sizes"});
    assert_eq!(crm.refused(create, "customField", &field), ["dictionary"]);
    let dictionaries = "/api/v5/custom-fields/dictionaries/create";
    let element = |code: &str| json!({"name": "S", "code": code});
    let dictionary =
        |elements: Value| json!({"name": "Sizes", "code": "sizes", "elements": elements});
    let twice = dictionary(json!([element("s"), element("s")]));
    assert_eq!(
        crm.refused(dictionaries, "customDictionary", &twice),
        ["elements[1].code"]
    );
    let blank = dictionary(json!([element("")]));
    assert_eq!(
        crm.refused(dictionaries, "customDictionary", &blank),
        ["elements[0].code"]
    );
    crm.done(
        dictionaries,
        "customDictionary",
        &dictionary(json!([element("s")])),
    );
    crm.done(create, "customField", &field);
    let edit = "/api/v5/custom-fields/order/size/edit";
    assert_eq!(
        crm.refused(edit, "customField", &json!({"dictionary": "none"})),
        ["dictionary"]
    );
    assert_eq!(
        crm.refused(edit, "customField", &json!({"name": null})),
        ["name"]
    );
    let create = "/api/v5/orders/create";
    let order = |size: &str| json!({"customFields": {"size": size}});
    assert_eq!(
        crm.refused(create, "order", &order("xxl")),
        ["customFields.size"]
    );
    crm.done(create, "order", &order("s"));
}

// F13: one bad element of a batch that is taken as a whole leaves all as they were.
#[test]
fn f13_a_batch_that_is_refused_changes_nothing() {
    let stock =
        |store: &str| json!({"externalId": "mug-1", "stores": [{"code": store, "available": 77}]});
    let price =
        |code: &str| json!({"externalId": "mug-1", "prices": [{"code": code, "price": 77}]});
    let name = |groups: Value| json!({"id": 1, "name": "Seventy-seven", "groups": groups});
    for (path, field, good, bad) in [
        ("inventories/upload", "offers", stock("main"), stock("none")),
        ("prices/upload", "prices", price("base"), price("none")),
        (
            "products/batch/edit",
            "products",
            name(json!([])),
            name(json!([{"id": 999}])),
        ),
    ] {
        let crm = Crm::new();
        let seen = || {
            let lists = ["inventories?filter[details]=1", "products", "offers"];
            lists.map(|list| crm.get(&format!("/api/v5/store/{list}")).1)
        };
        let (path, before) = (format!("/api/v5/store/{path}"), seen());
        crm.refused(&path, field, &json!([good, bad]));
        assert_eq!(seen(), before, "{path}");
        crm.done(&path, field, &json!([good]));
        assert_ne!(seen(), before, "{path}");
    }
}

// F14: Go reads the one as a number, the other as a text; PHP turns either into its own.
#[test]
fn f14_ids_that_are_not_found_are_of_the_official_clients_types() {
    let crm = Crm::new();
    for id in [json!(999), json!("999")] {
        let prices = json!([{"id": id, "prices": [{"code": "base", "price": 1}]}]);
        let prices = crm.done("/api/v5/store/prices/upload", "prices", &prices);
        assert_eq!(prices["notFoundOffers"], json!([{"id": 999}]));
        let products = json!([{"id": id, "name": "none"}]);
        let products = crm.done("/api/v5/store/products/batch/edit", "products", &products);
        assert_eq!(products["notFoundProducts"], json!([{"id": "999"}]));
    }
}

// F13: after a merge nothing refers to who is gone.
#[test]
fn f13_references_follow_a_merge() {
    let crm = Crm::new();
    let create = |path: &str, field: &str, entity: Value| {
        crm.done(&format!("/api/v5/{path}"), field, &entity)
    };
    for external in ["stays", "gone"] {
        create(
            "customers/create",
            "customer",
            json!({"externalId": external}),
        );
    }
    let gone = json!({"externalId": "gone", "site": "simple-site"});
    create(
        "customers-corporate/create",
        "customerCorporate",
        json!({"externalId": "firm", "nickName": "Firm"}),
    );
    create(
        "customers-corporate/firm/contacts/create",
        "contact",
        json!({"customer": gone}),
    );
    create(
        "loyalty/account/create",
        "loyaltyAccount",
        json!({"customer": gone}),
    );
    create(
        "customers/notes/create",
        "note",
        json!({"text": "n", "customer": gone}),
    );
    let items = json!([{"offer": {"externalId": "mug-1"}, "quantity": 1}]);
    create(
        "customer-interaction/simple-site/cart/set",
        "cart",
        json!({"customer": gone, "items": items}),
    );
    let order = |external: &str| json!({"externalId": external, "customer": gone, "contact": gone, "items": items});
    for external in ["kept", "merged"] {
        create("orders/create", "order", order(external));
    }
    let merged = json!({"externalId": "merged"});
    create(
        "tasks/create",
        "task",
        json!({"text": "t", "performerId": 1, "customer": gone, "order": merged}),
    );
    let cost = json!({"dateFrom": "2026-01-01", "dateTo": "2026-01-02", "summ": 5, "costItem": "advertising", "order": merged});
    create("costs/create", "cost", cost);
    create(
        "orders/links/create",
        "link",
        json!({"orders": [merged, {"externalId": "kept"}]}),
    );
    let combine = |path: &str, first: (&str, Value), second: (&str, Value)| {
        let form = [json_form(first.0, &first.1), json_form(second.0, &second.1)].join("&");
        let (status, body) = crm.post(&format!("/api/v5/{path}/combine"), &form);
        assert_eq!(status, 200, "{body}");
    };
    combine(
        "customers",
        ("resultCustomer", json!({"id": 1})),
        ("customers", json!([{"id": 2}])),
    );
    combine(
        "orders",
        ("resultOrder", json!({"id": 1})),
        ("order", json!({"id": 2})),
    );
    for list in [
        "loyalty/accounts",
        "customers/notes",
        "tasks",
        "costs",
        "orders",
        "customers-corporate",
        "customers-corporate/firm/contacts",
        "customer-interaction/simple-site/cart/stays",
    ] {
        let (status, body) = crm.get(&format!("/api/v5/{list}"));
        assert_eq!(status, 200, "{list}: {body}");
        let shown = body.to_string();
        assert!(
            !shown.contains("\"gone\"") && !shown.contains("\"merged\""),
            "{list}: {shown}"
        );
        let refers = list == "costs" || shown.contains("\"stays\"");
        assert!(refers, "{list}: {shown}");
    }
    assert_eq!(
        crm.get("/api/v5/costs").1["costs"][0]["order"]["externalId"],
        "kept"
    );
    assert_eq!(
        crm.get("/api/v5/orders/kept").1["order"]["links"],
        json!([])
    );
}
