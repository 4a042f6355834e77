//! Orders, carts and visits.

use serde_json::{Value, json};

use super::post;
use crate::retailcrm::tests::harness::Crm;
use crate::retailcrm::value::object;

pub(super) fn orders(crm: &Crm) {
    let a = json!({
        "externalId": "o-a", "number": "100A", "createdAt": "2026-01-15 10:00:00", "countryIso": "RU",
        "orderType": "eshop-legal", "orderMethod": "phone", "firstName": "Anna", "phone": "+7111",
        "email": "anna@shop.example", "call": true, "expired": true, "shipped": true, "managerId": 1,
        "customerComment": "ring twice", "managerComment": "be quick", "statusComment": "waits",
        "shipmentStore": "main", "shipmentDate": "2026-01-18", "customFields": {"score": 9}, "customer": {"id": 1},
        "contragent": {
            "contragentType": "legal-entity", "legalName": "Romashka", "INN": "7701", "KPP": "7702", "BIK": "0445",
            "corrAccount": "301", "bankAccount": "407",
        },
        "source": {"source": "google", "medium": "cpc", "campaign": "spring", "keyword": "tea", "content": "banner"},
        "delivery": {
            "code": "courier", "cost": 300, "netCost": 100, "date": "2026-01-20", "service": {"code": "morning"},
            "time": {"from": "10:00", "to": "12:00"},
            "address": {"city": "Kazan", "region": "Tatarstan", "index": "420000", "metro": "Kremlin", "notes": "second gate"},
            "data": {"externalId": "dx-1", "trackNumber": "TR-A", "id": 1, "sendDate": "2026-01-21 09:00:00"},
        },
        "items": [{"offer": {"externalId": "ktl-1"}, "quantity": 2, "initialPrice": 2490, "purchasePrice": 1000}],
        "payments": [{"type": "cash", "status": "paid", "amount": 5280, "paidAt": "2026-01-16 10:00:00"}],
    });
    let b = json!({
        "externalId": "o-b", "number": "200B", "createdAt": "2026-03-15 10:00:00", "countryIso": "KZ",
        "firstName": "Boris", "phone": "+7222", "email": "boris@shop.example", "managerId": 2,
        "shipmentStore": "second", "shipmentDate": "2026-03-18", "customFields": {"score": 1},
        "customer": {"id": 2, "type": "customer_corporate"}, "company": {"externalId": "co-k-b"},
        "contragent": {"contragentType": "individual"},
        "delivery": {
            "code": "russian-post", "cost": 900, "netCost": 400, "date": "2026-03-20",
            "time": {"from": "15:00", "to": "18:00"}, "address": {"city": "Omsk", "region": "Siberia"},
            "data": {"sendDate": "2026-03-21 09:00:00"},
        },
        "items": [
            {"offer": {"xmlId": "xml-pld-1"}, "quantity": 10, "initialPrice": 1890, "purchasePrice": 500},
            {"productName": "Чайник белый с узором", "initialPrice": 100, "quantity": 1},
        ],
        "payments": [{"type": "bank-card", "status": "paid", "amount": 100_000, "paidAt": "2026-03-16 10:00:00"},
            {"type": "credit", "status": "not-paid", "amount": 1}],
    });
    let create = "/api/v5/orders/create";
    post(crm, create, "site=simple-site", "order", &a);
    for status in ["assembling", "complete"] {
        let path = "/api/v5/orders/o-a/edit";
        post(
            crm,
            path,
            "site=simple-site",
            "order",
            &json!({"status": status}),
        );
    }
    post(crm, create, "site=second", "order", &b);
    let company = |id: i64| json!({"id": id, "type": "customer_corporate"});
    for (name, site, at, price, customer) in [
        ("o-a2", "simple-site", "2026-02-10", 200, json!({"id": 1})),
        ("o-p", "second", "2026-03-10", 100, json!({"id": 2})),
        ("o-ka", "simple-site", "2026-01-20", 100, company(1)),
        ("o-kb", "second", "2026-03-25", 100, company(2)),
    ] {
        let order = json!({
            "externalId": name, "createdAt": format!("{at} 10:00:00"), "customer": customer,
            "items": [{"productName": "Other", "initialPrice": price}],
        });
        post(crm, create, &format!("site={site}"), "order", &order);
    }
}

pub(super) fn interaction(crm: &Crm) {
    let cart = json!({
        "customer": {"id": 1}, "droppedAt": "2026-01-12 10:00:00+00:00",
        "items": [{"offer": {"externalId": "ktl-1"}, "quantity": 1, "price": 2490}],
    });
    post(
        crm,
        "/api/v5/customer-interaction/simple-site/cart/set",
        "",
        "cart",
        &cart,
    );
    let company = |id: i64| json!({"id": id, "type": "customer_corporate"});
    let ties = json!([
        {"value": "ga-a", "customer": {"id": 1}, "site": "simple-site"},
        {"value": "ga-b", "customer": company(2), "site": "second"},
    ]);
    post(
        crm,
        "/api/v5/web-analytics/client-ids/upload",
        "",
        "clientIds",
        &ties,
    );
    let visit = |at: &str, more: Value| {
        let mut visit = object(
            json!({"createdAt": at, "site": "simple-site", "visitLength": 60, "pageViews": 1}),
        );
        visit.extend(object(more));
        Value::Object(visit)
    };
    let visits = json!([
        visit("2026-01-05 10:00:00", json!({"clientId": "ga-a"})),
        visit(&crm.account().now(), json!({"clientId": "ga-a"})),
        visit("2026-03-05 10:00:00", json!({"clientId": "ga-b"})),
        visit("2026-03-05 10:00:00", json!({"customer": {"id": 2}})),
        visit("2026-01-06 10:00:00", json!({"customer": company(1)})),
    ]);
    post(
        crm,
        "/api/v5/web-analytics/visits/upload",
        "",
        "visits",
        &visits,
    );
}
