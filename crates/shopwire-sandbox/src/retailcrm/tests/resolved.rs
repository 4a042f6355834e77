//! References: a reference by one identifier is shown with both and found by either. A reference to a missing row is
//! refused with its name.

use serde_json::{Value, json};

use crate::retailcrm::tests::harness::{Crm, json_form};

/// An account with a person `ann`, a company `acme` and an order `o-1`.
fn account() -> Crm {
    let crm = Crm::new();
    let person = json!({"externalId": "ann", "firstName": "Ann", "browserId": "b-1"});
    crm.done("/api/v5/customers/create", "customer", &person);
    let acme = json!({"externalId": "acme", "nickName": "Acme", "companies": [{"externalId": "legal", "name": "ООО"}]});
    crm.done(
        "/api/v5/customers-corporate/create",
        "customerCorporate",
        &acme,
    );
    let order = json!({"externalId": "o-1", "customer": {"externalId": "ann"},
        "items": [{"offer": {"externalId": "mug-1"}, "quantity": 3}], "payments": [{"type": "cash", "amount": 5}]});
    crm.done("/api/v5/orders/create", "order", &order);
    crm
}

fn count(crm: &Crm, path: &str) -> Value {
    crm.get(path).1["pagination"]["totalCount"].clone()
}

// F13
#[test]
fn f13_a_task_shows_its_order_and_customer_with_both_identifiers() {
    let crm = account();
    let task = json!({"text": "call", "performerId": 2, "datetime": "2026-01-02 10:00",
        "order": {"externalId": "o-1"}, "customer": {"externalId": "ann"}});
    crm.done("/api/v5/tasks/create", "task", &task);
    let shown = crm.get("/api/v5/tasks/1").1["task"].clone();
    assert_eq!(
        shown["order"],
        json!({"id": 1, "number": "1C", "externalId": "o-1", "site": "simple-site"})
    );
    assert_eq!(
        shown["customer"],
        json!({"type": "customer", "id": 1, "externalId": "ann", "site": "simple-site"})
    );
    assert_eq!(shown["performer"], 2, "F14");
    assert_eq!(count(&crm, "/api/v5/tasks?filter[orderNumber]=1C"), 1);
    assert_eq!(count(&crm, "/api/v5/tasks?filter[orderNumber]=2C"), 0);
    assert_eq!(count(&crm, "/api/v5/tasks?filter[performers][]=2"), 1);
}

// F13
#[test]
fn f13_costs_files_and_shipments_show_their_orders_with_both_identifiers() {
    let crm = account();
    let both = json!({"id": 1, "number": "1C", "externalId": "o-1"});
    let cost = json!({"dateFrom": "2026-01-01", "dateTo": "2026-01-02", "summ": 5, "costItem": "advertising"});
    for reference in [
        json!({"externalId": "o-1"}),
        json!({"id": 1}),
        json!({"number": "1C"}),
    ] {
        let mut cost = cost.clone();
        cost["order"] = reference;
        let id = crm.done("/api/v5/costs/create", "cost", &cost)["id"].clone();
        assert_eq!(
            crm.get(&format!("/api/v5/costs/{id}")).1["cost"]["order"],
            both
        );
    }
    for filter in [
        "orderIds][]=1",
        "orderExternalIds][]=o-1",
        "orderNumber]=1C",
    ] {
        assert_eq!(
            count(&crm, &format!("/api/v5/costs?filter[{filter}")),
            3,
            "{filter}"
        );
    }
    crm.post("/api/v5/files/upload", "anything");
    let file = json!({"attachment": [{"order": {"externalId": "o-1"}}, {"customer": {"id": 1}}]});
    let shown = crm.done("/api/v5/files/1/edit", "file", &file)["file"].clone();
    assert_eq!(shown["attachment"][0]["order"]["id"], 1);
    assert_eq!(shown["attachment"][1]["customer"]["externalId"], "ann");
    let form = format!(
        "deliveryType=courier&{}",
        json_form(
            "deliveryShipment",
            &json!({"date": "2026-01-01", "orders": [{"externalId": "o-1"}]})
        )
    );
    assert_eq!(crm.post("/api/v5/delivery/shipments/create", &form).0, 201);
    let shipment = crm.get("/api/v5/delivery/shipments/1").1["deliveryShipment"].clone();
    assert_eq!(shipment["orders"], json!([both]));
}

// F13
#[test]
fn f13_an_order_shows_its_contact_and_company_whole() {
    let crm = account();
    let order = json!({"customer": {"type": "customer_corporate", "externalId": "acme"},
        "contact": {"externalId": "ann"}, "company": {"externalId": "legal"}, "clientId": "ga-1"});
    let shown = crm.done("/api/v5/orders/create", "order", &order)["order"].clone();
    assert_eq!(shown["customer"]["nickName"], "Acme");
    assert_eq!(
        (&shown["contact"]["id"], &shown["contact"]["firstName"]),
        (&json!(1), &json!("Ann"))
    );
    assert_eq!(shown["company"]["name"], "ООО");
    assert!(shown["company"]["id"].is_i64(), "{shown}");
    let person = crm.get("/api/v5/customers/ann").1["customer"].clone();
    assert_eq!(person["isContact"], true);
    let acme = crm.get("/api/v5/customers-corporate/acme").1["customerCorporate"].clone();
    assert_eq!(
        (&acme["firstClientId"], &acme["lastClientId"]),
        (&json!("ga-1"), &json!("ga-1"))
    );
    assert_eq!(count(&crm, "/api/v5/customers?filter[isContact]=1"), 1);
    assert_eq!(count(&crm, "/api/v5/orders?filter[companyName]=ООО"), 1);
    let change = json!({"company": null, "contact": null});
    let path = "/api/v5/orders/2/edit?by=id";
    let shown = crm.done(path, "order", &change)["order"].clone();
    assert!(shown.get("contact").is_none() && shown.get("company").is_none());
}

// F13
#[test]
fn f13_an_item_takes_prices_and_identifiers_from_its_offer() {
    let crm = account();
    for reference in [
        json!({"externalId": "mug-1"}),
        json!({"xmlId": "xml-mug-1"}),
        json!({"id": 3}),
    ] {
        let order = json!({"items": [{"offer": reference, "externalId": "line", "quantity": 2}]});
        let shown = crm.done("/api/v5/orders/create", "order", &order)["order"].clone();
        let item = &shown["items"][0];
        assert_eq!(
            (&item["initialPrice"], &item["purchasePrice"]),
            (&json!(390), &json!(195))
        );
        assert_eq!(
            (&item["offer"]["id"], &item["offer"]["xmlId"]),
            (&json!(3), &json!("xml-mug-1"))
        );
        assert_eq!(
            item["externalIds"],
            json!([{"code": "default", "value": "line"}])
        );
        assert_eq!(shown["purchaseSumm"], 390);
    }
    let both = json!({"items": [{"productName": "A", "externalId": "1", "externalIds": [{"code": "default", "value": "1"}]}]});
    assert_eq!(
        crm.refused("/api/v5/orders/create", "order", &both),
        ["items[0]"]
    );
}

// F13
#[test]
fn f13_carts_and_favourites_show_the_offers_of_the_catalogue() {
    let crm = account();
    let site = "/api/v5/customer-interaction/simple-site";
    let cart = json!({"customer": {"externalId": "ann"}, "order": {"externalId": "o-1"},
        "items": [{"offer": {"externalId": "mug-1"}, "quantity": 2}]});
    crm.done(&format!("{site}/cart/set"), "cart", &cart);
    let shown = crm.get(&format!("{site}/cart/ann")).1["cart"].clone();
    assert_eq!(shown["items"][0]["offer"]["id"], 3);
    assert_eq!(shown["items"][0]["price"], 390);
    assert_eq!(
        shown["order"],
        json!({"id": 1, "externalId": "o-1", "number": "1C"})
    );
    let favourite = json!({"offer": {"xmlId": "xml-mug-1"}});
    crm.done(&format!("{site}/favorites/ann/add"), "favorite", &favourite);
    let listed = crm.get(&format!("{site}/favorites/ann")).1["cart"].clone();
    assert_eq!(listed[0]["offer"]["externalId"], "mug-1");
    let by_another_name = json!({"offer": {"id": 3}});
    crm.done(
        &format!("{site}/favorites/ann/remove"),
        "favorite",
        &by_another_name,
    );
    assert_eq!(
        crm.get(&format!("{site}/favorites/ann")).1["cart"],
        json!([])
    );
}

// F13: one reference to nothing for each place that takes one.
#[test]
fn f13_a_reference_to_nothing_is_refused_with_its_name() {
    let crm = account();
    let nobody = json!({"externalId": "nobody"});
    let cost = |more: Value| {
        let mut cost = json!({"dateFrom": "2026-01-01", "dateTo": "2026-01-02", "summ": 5, "costItem": "advertising"});
        cost.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        cost
    };
    let cart = |more: Value| {
        let mut cart = json!({"customer": {"id": 1}, "items": []});
        cart.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        cart
    };
    let acme = "/api/v5/customers-corporate/acme";
    let contacts = &format!("{acme}/contacts/create");
    let companies = &format!("{acme}/companies/create");
    let set = "/api/v5/customer-interaction/simple-site/cart/set";
    let favourite = "/api/v5/customer-interaction/simple-site/favorites/ann/add";
    crm.post("/api/v5/files/upload", "anything");
    let order = |more: Value| ("/api/v5/orders/create", "order", more);
    let cases = [
        (order(json!({"customer": nobody})), "customer"),
        (order(json!({"customer": {"id": 99}})), "customer"),
        (
            order(json!({"customer": {"externalId": "ann", "type": "customer_corporate"}})),
            "customer",
        ),
        (order(json!({"contact": nobody})), "contact"),
        (
            order(json!({"customer": {"id": 1}, "company": {"externalId": "legal"}})),
            "company",
        ),
        (order(json!({"managerId": 99})), "managerId"),
        (order(json!({"shipmentStore": "odd"})), "shipmentStore"),
        (order(json!({"privilegeType": "odd"})), "privilegeType"),
        (
            order(json!({"customFields": {"odd": 1}})),
            "customFields.odd",
        ),
        (
            order(json!({"customFields": {"nps": "much"}})),
            "customFields.nps",
        ),
        (
            order(json!({"delivery": {"service": {"code": "odd"}}})),
            "delivery.service.code",
        ),
        (order(json!({"items": [{"offer": nobody}]})), "items[0]"),
        (
            order(json!({"items": [{"productName": "A", "status": "odd"}]})),
            "items[0]",
        ),
        (
            order(json!({"items": [{"productName": "A", "priceType": {"code": "odd"}}]})),
            "items[0]",
        ),
        (
            (
                "/api/v5/orders/o-1/edit",
                "order",
                json!({"contact": nobody}),
            ),
            "contact",
        ),
        (
            ("/api/v5/orders/o-1/edit", "order", json!({"managerId": 99})),
            "managerId",
        ),
        (
            (
                "/api/v5/orders/payments/create",
                "payment",
                json!({"order": nobody, "type": "cash"}),
            ),
            "order",
        ),
        (
            (
                "/api/v5/orders/links/create",
                "link",
                json!({"orders": [{"id": 1}, nobody]}),
            ),
            "link.orders[1]",
        ),
        (
            ("/api/v5/orders/loyalty/apply", "order", nobody.clone()),
            "order",
        ),
        (
            (
                "/api/v5/orders/packs/create",
                "pack",
                json!({"itemId": 99, "store": "main", "quantity": 1}),
            ),
            "itemId",
        ),
        (
            (
                "/api/v5/orders/packs/create",
                "pack",
                json!({"itemId": 1, "store": "odd", "quantity": 1}),
            ),
            "store",
        ),
        (
            (
                "/api/v5/customers/create",
                "customer",
                json!({"managerId": 99}),
            ),
            "managerId",
        ),
        (
            (
                "/api/v5/customers/create",
                "customer",
                json!({"customFields": {"odd": 1}}),
            ),
            "customFields.odd",
        ),
        (
            (
                "/api/v5/customers/ann/edit",
                "customer",
                json!({"managerId": 99}),
            ),
            "managerId",
        ),
        (
            (
                "/api/v5/customers/notes/create",
                "note",
                json!({"text": "t", "customer": nobody}),
            ),
            "customer",
        ),
        (
            (
                "/api/v5/customers/notes/create",
                "note",
                json!({"text": "t", "customer": {"id": 1}, "managerId": 99}),
            ),
            "managerId",
        ),
        (
            (
                "/api/v5/customers-corporate/create",
                "customerCorporate",
                json!({"customerContacts": [{"customer": nobody}]}),
            ),
            "customerContacts",
        ),
        (
            (contacts, "contact", json!({"customer": nobody})),
            "customer",
        ),
        (
            (
                contacts,
                "contact",
                json!({"customer": {"id": 1}, "companies": [{"company": nobody}]}),
            ),
            "companies",
        ),
        (
            (
                companies,
                "company",
                json!({"name": "n", "customFields": {"odd": 1}}),
            ),
            "customFields.odd",
        ),
        (
            (
                "/api/v5/costs/create",
                "cost",
                cost(json!({"order": nobody})),
            ),
            "order",
        ),
        (
            ("/api/v5/costs/create", "cost", cost(json!({"userId": 99}))),
            "userId",
        ),
        (
            (
                "/api/v5/costs/create",
                "cost",
                cost(json!({"sites": ["odd"]})),
            ),
            "sites",
        ),
        (
            (
                "/api/v5/costs/create",
                "cost",
                cost(json!({"costItem": "odd"})),
            ),
            "costItem",
        ),
        (
            (
                "/api/v5/costs/create",
                "cost",
                cost(json!({"dateTo": "2025-01-01"})),
            ),
            "dateTo",
        ),
        (
            (
                "/api/v5/tasks/create",
                "task",
                json!({"text": "t", "performerId": 99}),
            ),
            "performerId",
        ),
        (
            (
                "/api/v5/tasks/create",
                "task",
                json!({"text": "t", "performerId": 1, "order": nobody}),
            ),
            "order",
        ),
        (
            (
                "/api/v5/tasks/create",
                "task",
                json!({"text": "t", "performerId": 1, "customer": nobody}),
            ),
            "customer",
        ),
        (
            (
                "/api/v5/files/1/edit",
                "file",
                json!({"attachment": [{"order": nobody}]}),
            ),
            "attachment[0].order",
        ),
        ((set, "cart", cart(json!({"customer": nobody}))), "customer"),
        ((set, "cart", cart(json!({"order": nobody}))), "order"),
        (
            (
                set,
                "cart",
                cart(json!({"items": [{"quantity": 1, "offer": nobody}]})),
            ),
            "items[0].offer",
        ),
        ((favourite, "favorite", json!({"offer": nobody})), "offer"),
        (
            (
                "/api/v5/loyalty/account/create",
                "loyaltyAccount",
                json!({"customer": nobody}),
            ),
            "customer",
        ),
        (
            (
                "/api/v5/notifications/send",
                "notification",
                json!({"type": "api.info", "message": "m", "userIds": [99]}),
            ),
            "userIds[0]",
        ),
        (
            (
                "/api/v5/notifications/send",
                "notification",
                json!({"type": "api.info", "message": "m", "userGroups": ["odd"]}),
            ),
            "userGroups[0]",
        ),
    ];
    for ((path, name, input), field) in cases {
        assert_eq!(crm.refused(path, name, &input), [field], "{path} {input}");
    }
    assert_eq!(count(&crm, "/api/v5/orders"), 1, "nothing was stored");
    assert_eq!(count(&crm, "/api/v5/customers"), 1);
    assert_eq!(count(&crm, "/api/v5/costs"), 0);
    assert_eq!(count(&crm, "/api/v5/tasks"), 0);
}

// F13
#[test]
fn f13_an_external_id_is_looked_up_on_its_site() {
    let crm = account();
    crm.open_site("second");
    let other = json!({"externalId": "ann", "firstName": "Other"});
    let form = format!("site=second&{}", json_form("customer", &other));
    assert_eq!(crm.post("/api/v5/customers/create", &form).0, 201);
    for (site, id) in [("simple-site", 1), ("second", 2)] {
        let order = json!({"customer": {"externalId": "ann", "site": site}});
        let form = format!("site=second&{}", json_form("order", &order));
        let (_, body) = crm.post("/api/v5/orders/create", &form);
        assert_eq!(body["order"]["customer"]["id"], id, "{site}");
    }
}

// F13
#[test]
fn f13_marks_and_sources_of_web_analytics_follow_to_orders_and_customers() {
    let crm = account();
    let marks = json!([
        {"value": "ga-1", "customer": {"externalId": "ann"}},
        {"value": "ga-2", "customer": {"externalId": "ann"}, "order": {"externalId": "o-1"}},
    ]);
    crm.done(
        "/api/v5/web-analytics/client-ids/upload",
        "clientIds",
        &marks,
    );
    let ann = crm.get("/api/v5/customers/ann").1["customer"].clone();
    assert_eq!(
        (&ann["firstClientId"], &ann["lastClientId"]),
        (&json!("ga-1"), &json!("ga-2"))
    );
    assert_eq!(crm.get("/api/v5/orders/o-1").1["order"]["clientId"], "ga-2");
    let sources =
        json!([{"source": "ads", "medium": "cpc", "clientId": "ga-2", "customer": {"id": 1}}]);
    crm.done("/api/v5/web-analytics/sources/upload", "sources", &sources);
    let source = json!({"source": "ads", "medium": "cpc"});
    assert_eq!(crm.get("/api/v5/orders/o-1").1["order"]["source"], source);
    assert_eq!(
        crm.get("/api/v5/customers/ann").1["customer"]["source"],
        source
    );
    let mixed = json!([{"value": "ga-3", "order": {"externalId": "nobody"}}, {"value": "ga-4", "customer": {"id": 1}}]);
    let form = json_form("clientIds", &mixed);
    let (status, body) = crm.post("/api/v5/web-analytics/client-ids/upload", &form);
    assert_eq!(
        (status, &body["failedClientIds"]),
        (400, &json!([mixed[0]]))
    );
    let ann = crm.get("/api/v5/customers/ann").1["customer"].clone();
    assert_eq!(ann["lastClientId"], "ga-4", "the good one took effect");
}

// F13
#[test]
fn f13_tracking_reaches_the_order_it_is_about() {
    let crm = account();
    let update = |delivery: &str| {
        let history = json!([{"code": "taken", "updatedAt": "2026-01-01T10:00:00+00:00"},
            {"code": "gone", "updatedAt": "2026-01-02T10:00:00+00:00", "comment": "on its way"}]);
        let one =
            json!([{"deliveryId": delivery, "history": history, "trackNumber": "T1", "cost": 250}]);
        crm.post(
            "/api/v5/delivery/generic/dpd/tracking",
            &json_form("statusUpdate", &one),
        )
    };
    assert_eq!(update("d-1").0, 404, "no such module");
    let settings = json!({"statuses": [{"code": "gone", "trackingStatusCode": "delivering"}]});
    let module = json!({"active": true, "integrations": {"delivery": {"settings": settings}}});
    crm.done(
        "/api/v5/integration-modules/dpd/edit",
        "integrationModule",
        &module,
    );
    let delivery = json!({"delivery": {"code": "courier", "integrationCode": "dpd", "data": {"externalId": "d-1"}}});
    crm.done("/api/v5/orders/o-1/edit", "order", &delivery);
    let (status, body) = update("d-2");
    assert_eq!(status, 400);
    assert!(
        body["errors"]["statusUpdate[0].deliveryId"].is_string(),
        "{body}"
    );
    assert_eq!(update("d-1").0, 200);
    let order = crm.get("/api/v5/orders/o-1").1["order"].clone();
    assert_eq!(order["delivery"]["data"]["status"], "gone");
    assert_eq!(order["delivery"]["data"]["trackNumber"], "T1");
    assert_eq!(order["status"], "delivering");
    assert_eq!(count(&crm, "/api/v5/orders?filter[trackNumber]=T1"), 1);
}
