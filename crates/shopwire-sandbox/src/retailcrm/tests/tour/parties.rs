//! The account, its customers, its orders.

use serde_json::json;

use super::{Step, get, post};

pub(crate) fn account() -> Vec<Step> {
    vec![
        get("/api/api-versions"),
        get("/api/credentials"),
        get("/api/system-info"),
        get("/api/v5/settings"),
        get("/api/v5/features/check?features[]=a"),
        get("/api/v5/statistic/update"),
        get("/api/v5/users?filter[active]=1"),
        get("/api/v5/users/1"),
        post("/api/v5/users/1/status", [("status", json!("busy"))]),
        get("/api/v5/user-groups"),
        get("/api/v5/segments?filter[active]=1"),
    ]
}

pub(crate) fn customers() -> Vec<Step> {
    let person = |external: &str| json!({"externalId": external, "firstName": "Ann", "email": "ann@shop.example", "address": {"city": "X"}});
    vec![
        post("/api/v5/customers/create", [("customer", person("a"))]),
        post(
            "/api/v5/customers/upload",
            [("customers", json!([person("b"), person("c")]))],
        ),
        post(
            "/api/v5/customers/a/edit",
            [("customer", json!({"vip": true, "addTags": ["t"]}))],
        ),
        post(
            "/api/v5/customers/fix-external-ids",
            [("customers", json!([{"id": 3, "externalId": "d"}]))],
        ),
        post(
            "/api/v5/customers/combine",
            [
                ("customers", json!([{"id": 3}])),
                ("resultCustomer", json!({"id": 2})),
            ],
        ),
        post(
            "/api/v5/customers/a/subscriptions",
            [(
                "subscriptions",
                json!([{"channel": "email", "subscription": "n", "active": true}]),
            )],
        ),
        post(
            "/api/v5/customers/notes/create",
            [("note", json!({"text": "t", "customer": {"id": 1}}))],
        ),
        get("/api/v5/customers"),
        get("/api/v5/customers/a"),
        get("/api/v5/customers/history"),
        get("/api/v5/customers/notes"),
        post("/api/v5/customers/notes/1/delete", []),
    ]
}

pub(crate) fn companies() -> Vec<Step> {
    let company = |external: &str| json!({"externalId": external, "nickName": "Acme"});
    vec![
        post(
            "/api/v5/customers-corporate/create",
            [("customerCorporate", company("a"))],
        ),
        post(
            "/api/v5/customers-corporate/upload",
            [("customersCorporate", json!([company("b"), company("c")]))],
        ),
        post(
            "/api/v5/customers-corporate/a/edit",
            [("customerCorporate", json!({"vip": true}))],
        ),
        post(
            "/api/v5/customers-corporate/fix-external-ids",
            [("customersCorporate", json!([{"id": 3, "externalId": "d"}]))],
        ),
        post(
            "/api/v5/customers-corporate/combine",
            [
                ("customers", json!([{"id": 3}])),
                ("resultCustomer", json!({"id": 2})),
            ],
        ),
        post(
            "/api/v5/customers-corporate/a/addresses/create",
            [(
                "address",
                json!({"externalId": "x", "city": "X", "name": "n"}),
            )],
        ),
        post(
            "/api/v5/customers-corporate/a/addresses/x/edit",
            [("address", json!({"city": "Y"}))],
        ),
        get("/api/v5/customers-corporate/a/addresses"),
        post(
            "/api/v5/customers-corporate/a/companies/create",
            [("company", json!({"externalId": "x", "name": "n"}))],
        ),
        post(
            "/api/v5/customers-corporate/a/companies/x/edit",
            [("company", json!({"brand": "b"}))],
        ),
        get("/api/v5/customers-corporate/a/companies"),
        post(
            "/api/v5/customers-corporate/a/contacts/create",
            [("contact", json!({"customer": {"id": 1}}))],
        ),
        post(
            "/api/v5/customers-corporate/a/contacts/a/edit",
            [("contact", json!({"isMain": true}))],
        ),
        get("/api/v5/customers-corporate/a/contacts"),
        get("/api/v5/customers-corporate"),
        get("/api/v5/customers-corporate/a"),
        get("/api/v5/customers-corporate/history"),
        post(
            "/api/v5/customers-corporate/notes/create",
            [("note", json!({"text": "t", "customer": {"id": 1}}))],
        ),
        get("/api/v5/customers-corporate/notes"),
        post("/api/v5/customers-corporate/notes/1/delete", []),
    ]
}

pub(crate) fn orders() -> Vec<Step> {
    let order = |external: &str| {
        json!({
            "externalId": external, "firstName": "Ann", "customer": {"id": 1}, "delivery": {"code": "courier", "cost": 300},
            "items": [{"offer": {"externalId": "mug-1"}, "quantity": 2, "properties": [{"code": "c", "name": "n", "value": "v"}]}],
            "payments": [{"type": "cash", "amount": 10}],
        })
    };
    vec![
        post("/api/v5/orders/create", [("order", order("a"))]),
        post(
            "/api/v5/orders/upload",
            [("orders", json!([order("b"), order("c")]))],
        ),
        post(
            "/api/v5/orders/a/edit",
            [("order", json!({"status": "complete"}))],
        ),
        post(
            "/api/v5/orders/fix-external-ids",
            [("orders", json!([{"id": 3, "externalId": "d"}]))],
        ),
        post(
            "/api/v5/orders/combine",
            [
                ("order", json!({"id": 3})),
                ("resultOrder", json!({"id": 2})),
            ],
        ),
        post(
            "/api/v5/orders/payments/create",
            [(
                "payment",
                json!({"order": {"id": 1}, "type": "cash", "externalId": "p", "amount": 5}),
            )],
        ),
        post(
            "/api/v5/orders/payments/p/edit",
            [(
                "payment",
                json!({"status": "paid", "paidAt": "2026-01-01 00:00:00"}),
            )],
        ),
        post(
            "/api/v5/orders/links/create",
            [(
                "link",
                json!({"comment": "l", "orders": [{"id": 1}, {"id": 2}]}),
            )],
        ),
        get("/api/v5/orders"),
        get("/api/v5/orders/a"),
        get("/api/v5/orders/history"),
        get("/api/v5/orders/statuses?ids[]=1"),
        get("/api/v5/orders/a/plates/1/print"),
        post("/api/v5/orders/a/delivery/cancel", []),
        post(
            "/api/v5/orders/packs/create",
            [("pack", json!({"itemId": 1, "store": "main", "quantity": 1}))],
        ),
        post(
            "/api/v5/orders/packs/1/edit",
            [("pack", json!({"quantity": 2}))],
        ),
        get("/api/v5/orders/packs"),
        get("/api/v5/orders/packs/1"),
        post("/api/v5/orders/packs/1/delete", []),
        get("/api/v5/orders/packs/history"),
        post("/api/v5/orders/payments/1/delete", []),
    ]
}
