//! References, store, and the groups that keep records.

use serde_json::json;

use super::{Step, get, post};

pub(crate) fn references() -> Vec<Step> {
    let books = [
        ("cost-groups", "costGroup"),
        ("cost-items", "costItem"),
        ("delivery-services", "deliveryService"),
        ("delivery-types", "deliveryType"),
        ("legal-entities", "legalEntity"),
        ("order-methods", "orderMethod"),
        ("order-types", "orderType"),
        ("payment-statuses", "paymentStatus"),
        ("payment-types", "paymentType"),
        ("price-types", "priceType"),
        ("product-statuses", "productStatus"),
        ("sites", "site"),
        ("statuses", "status"),
        ("stores", "store"),
        ("units", "unit"),
    ];
    let mut steps = vec![
        post(
            "/api/v5/reference/couriers/create",
            [("courier", json!({"firstName": "C"}))],
        ),
        post(
            "/api/v5/reference/couriers/2/edit",
            [("courier", json!({"lastName": "D"}))],
        ),
        get("/api/v5/reference/couriers"),
        post(
            "/api/v5/reference/currencies/create",
            [("currency", json!({"code": "USD"}))],
        ),
        post(
            "/api/v5/reference/currencies/2/edit",
            [("currency", json!({"isAutoConvert": true}))],
        ),
        get("/api/v5/reference/currencies"),
        get("/api/v5/reference/countries"),
        get("/api/v5/reference/mg-channels"),
        get("/api/v5/reference/status-groups"),
        post(
            "/api/v5/reference/mg-channels/templates/edit",
            [
                ("templates", json!([{"code": "t", "name": "n"}])),
                ("removed", json!([7])),
            ],
        ),
        get("/api/v5/reference/mg-channels/templates"),
        post(
            "/api/v5/reference/subscriptions/email/news/edit",
            [(
                "subscription",
                json!({"name": "News", "active": true, "autoSubscribe": false, "ordering": 10}),
            )],
        ),
        get("/api/v5/reference/subscriptions"),
    ];
    for (path, item) in books {
        let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
        let row = if item == "legalEntity" {
            json!({"legalName": "n"})
        } else {
            json!({"name": "n"})
        };
        steps.push(post(
            leak(format!("/api/v5/reference/{path}/fresh/edit")),
            [(item, row)],
        ));
        steps.push(get(leak(format!("/api/v5/reference/{path}"))));
    }
    steps
}

pub(crate) fn store() -> Vec<Step> {
    vec![
        post(
            "/api/v5/store/product-groups/create",
            [(
                "productGroup",
                json!({"name": "g", "externalId": "g", "parentId": 1}),
            )],
        ),
        post(
            "/api/v5/store/product-groups/g/edit",
            [("productGroup", json!({"name": "h"}))],
        ),
        get("/api/v5/store/product-groups?limit=100"),
        post(
            "/api/v5/store/products/batch/create",
            [(
                "products",
                json!([{"name": "p", "externalId": "p", "groups": [{"externalId": "g"}]}]),
            )],
        ),
        post(
            "/api/v5/store/products/batch/edit",
            [(
                "products",
                json!([{"externalId": "p", "name": "q"}, {"id": 99}]),
            )],
        ),
        post(
            "/api/v5/store/inventories/upload",
            [(
                "offers",
                json!([{"externalId": "p", "stores": [{"code": "main", "available": 3}]}, {"id": 99, "stores": []}]),
            )],
        ),
        post(
            "/api/v5/store/prices/upload",
            [(
                "prices",
                json!([{"externalId": "p", "prices": [{"code": "base", "price": 10}]}, {"id": "99", "prices": []}]),
            )],
        ),
        get("/api/v5/store/products?filter[sinceId]=1"),
        get("/api/v5/store/offers?filter[minQuantity]=1"),
        get("/api/v5/store/inventories?filter[details]=1"),
        get("/api/v5/store/products/properties?sort[offersCount]=desc"),
        get("/api/v5/store/products/properties/values"),
    ]
}

pub(crate) fn records() -> Vec<Step> {
    let cost = json!({"dateFrom": "2026-01-01", "dateTo": "2026-01-31", "summ": 100.5, "costItem": "advertising"});
    vec![
        post("/api/v5/costs/create", [("cost", cost.clone())]),
        post("/api/v5/costs/upload", [("costs", json!([cost, cost]))]),
        post("/api/v5/costs/1/edit", [("cost", json!({"comment": "c"}))]),
        get("/api/v5/costs?filter[minSumm]=100"),
        get("/api/v5/costs/1"),
        post("/api/v5/costs/1/delete", []),
        post(
            "/api/v5/costs/delete",
            [("ids[0]", json!("2")), ("ids[1]", json!("77"))],
        ),
        post(
            "/api/v5/tasks/create",
            [("task", json!({"text": "t", "performerId": 1}))],
        ),
        post(
            "/api/v5/tasks/1/edit",
            [("task", json!({"complete": true}))],
        ),
        get("/api/v5/tasks"),
        get("/api/v5/tasks/1"),
        get("/api/v5/tasks/1/comments"),
        get("/api/v5/tasks/history"),
        post("/api/v5/files/upload", [("bytes", json!("anything"))]),
        post(
            "/api/v5/files/1/edit",
            [("file", json!({"filename": "f.txt"}))],
        ),
        get("/api/v5/files"),
        get("/api/v5/files/1"),
        get("/api/v5/files/1/download"),
        post("/api/v5/files/1/delete", []),
        post(
            "/api/v5/custom-fields/order/create",
            [(
                "customField",
                json!({"name": "n", "code": "f", "type": "integer"}),
            )],
        ),
        post(
            "/api/v5/custom-fields/order/f/edit",
            [("customField", json!({"name": "m"}))],
        ),
        get("/api/v5/custom-fields"),
        get("/api/v5/custom-fields/order/f"),
        post(
            "/api/v5/custom-fields/dictionaries/create",
            [(
                "customDictionary",
                json!({"name": "n", "code": "d", "elements": [{"name": "e", "code": "e"}]}),
            )],
        ),
        post(
            "/api/v5/custom-fields/dictionaries/d/edit",
            [("customDictionary", json!({"name": "m"}))],
        ),
        get("/api/v5/custom-fields/dictionaries"),
        get("/api/v5/custom-fields/dictionaries/d"),
        post(
            "/api/v5/delivery/shipments/create",
            [
                ("deliveryType", json!("courier")),
                ("deliveryShipment", json!({"date": "2026-01-01"})),
            ],
        ),
        post(
            "/api/v5/delivery/shipments/1/edit",
            [("deliveryShipment", json!({"comment": "c"}))],
        ),
        get("/api/v5/delivery/shipments"),
        get("/api/v5/delivery/shipments/1"),
        post(
            "/api/v5/integration-modules/dpd/edit",
            [(
                "integrationModule",
                json!({"code": "dpd", "active": true, "name": "DPD", "integrations": {"delivery": {"statusList": []}}}),
            )],
        ),
        post(
            "/api/v5/orders/b/edit",
            [(
                "order",
                json!({"delivery": {"integrationCode": "dpd", "data": {"externalId": "1"}}}),
            )],
        ),
        post(
            "/api/v5/delivery/generic/dpd/tracking",
            [("statusUpdate", json!([{"deliveryId": "1", "history": []}]))],
        ),
        post(
            "/api/v5/delivery/calculate",
            [
                ("deliveryTypeCodes", json!(["courier"])),
                ("order", json!({"site": "simple-site"})),
            ],
        ),
    ]
}

pub(crate) fn loyalty() -> Vec<Step> {
    vec![
        get("/api/v5/loyalty/loyalties"),
        get("/api/v5/loyalty/loyalties/1"),
        post(
            "/api/v5/loyalty/account/create",
            [(
                "loyaltyAccount",
                json!({"phoneNumber": "1", "customer": {"id": 1}}),
            )],
        ),
        post("/api/v5/loyalty/account/1/activate", []),
        post(
            "/api/v5/loyalty/account/1/edit",
            [("loyaltyAccount", json!({"cardNumber": "9"}))],
        ),
        post(
            "/api/v5/loyalty/account/1/bonus/credit",
            [
                ("amount", json!("10.5")),
                ("activationDate", json!("2026-01-01")),
            ],
        ),
        post(
            "/api/v5/loyalty/account/1/bonus/charge",
            [("amount", json!("0.5"))],
        ),
        get("/api/v5/loyalty/accounts?filter[minAmount]=10"),
        post(
            "/api/v5/orders/loyalty/apply",
            [("order", json!({"id": 1})), ("bonuses", json!("5"))],
        ),
        post(
            "/api/v5/orders/loyalty/cancel-bonus-operations",
            [("order", json!({"id": 1}))],
        ),
        get("/api/v5/loyalty/account/1"),
        get("/api/v5/loyalty/account/1/bonus/operations"),
        get("/api/v5/loyalty/account/1/bonus/burn_soon/details"),
        get("/api/v5/loyalty/bonus/operations"),
        post(
            "/api/v5/loyalty/calculate",
            [(
                "order",
                json!({"items": [{"initialPrice": 100, "quantity": 2}]}),
            )],
        ),
    ]
}

pub(crate) fn rest() -> Vec<Step> {
    let cart = json!({"customer": {"id": 1}, "items": [{"offer": {"externalId": "mug-1"}, "quantity": 1}], "droppedAt": "2026-01-01 10:00:00+03:00"});
    vec![
        post(
            "/api/v5/customer-interaction/simple-site/cart/set",
            [("cart", cart)],
        ),
        get("/api/v5/customer-interaction/simple-site/cart/a"),
        post(
            "/api/v5/customer-interaction/simple-site/cart/clear",
            [("cart", json!({"customer": {"id": 1}}))],
        ),
        post(
            "/api/v5/customer-interaction/simple-site/favorites/a/add",
            [("favorite", json!({"offer": {"id": 1}}))],
        ),
        get("/api/v5/customer-interaction/simple-site/favorites/a"),
        post(
            "/api/v5/customer-interaction/simple-site/favorites/a/remove",
            [("favorite", json!({"offer": {"id": 1}}))],
        ),
        post(
            "/api/v5/integration-modules/m/edit",
            [(
                "integrationModule",
                json!({"code": "m", "active": true, "name": "n"}),
            )],
        ),
        get("/api/v5/integration-modules/m"),
        post(
            "/api/v5/integration-modules/m/update-scopes",
            [("requires", json!({"scopes": ["order_read"]}))],
        ),
        post(
            "/api/v5/payment/create-invoice",
            [("createInvoice", json!({"paymentId": 2}))],
        ),
        post(
            "/api/v5/payment/invoice/import",
            [("invoice", json!({"paymentId": 2}))],
        ),
        post(
            "/api/v5/notifications/send",
            [("notification", json!({"type": "api.info", "message": "m"}))],
        ),
        post(
            "/api/v5/telephony/call/event",
            [(
                "event",
                json!({"phone": "1", "type": "in", "userIds": [1, 77]}),
            )],
        ),
        post(
            "/api/v5/telephony/calls/upload",
            [(
                "calls",
                json!([{"date": "2026-01-01 00:00:00", "type": "in", "phone": "1", "result": "answered", "externalId": "c"}]),
            )],
        ),
        get("/api/v5/telephony/manager?phone=1&details=1"),
        post(
            "/api/v5/web-analytics/client-ids/upload",
            [("clientIds", json!([{"value": "v"}]))],
        ),
        post(
            "/api/v5/web-analytics/sources/upload",
            [("sources", json!([{"source": "s"}]))],
        ),
        post(
            "/api/v5/web-analytics/visits/upload",
            [("visits", json!([{"createdAt": "2026-01-01 00:00:00"}]))],
        ),
    ]
}
