//! An account that holds, for every list, two things that differ in all that the list filters by.
//!
//! The first of each pair is called A, the second B. What methods write is written through them; the rest, such as
//! receipts and the times at which rows were made, is put into the state.

use bytes::Bytes;
use http::Method;
use serde_json::{Value, json};

use crate::retailcrm::state::Account;
use crate::retailcrm::state::aside::CrmRow;
use crate::retailcrm::tests::harness::{Crm, KEY, json_form};
use crate::retailcrm::value::{self, Object, object};

/// The account.
pub(super) fn world() -> Crm {
    let crm = Crm::new();
    crm.open_site("second");
    custom_fields(&crm);
    references(&crm);
    customers(&crm);
    companies(&crm);
    orders(&crm);
    interaction(&crm);
    records(&crm);
    loyalty(&crm);
    catalogue(&crm);
    last_edits(&crm);
    beside(&mut crm.account());
    dates(&mut crm.account());
    crm
}

/// Each history ends with a change of B, so that there is one behind the last change of A.
fn last_edits(crm: &Crm) {
    for (path, name) in [
        ("/api/v5/customers/2/edit", "customer"),
        ("/api/v5/customers-corporate/2/edit", "customerCorporate"),
    ] {
        post(
            crm,
            path,
            "by=id&site=second",
            name,
            &json!({"personalDiscount": 3}),
        );
    }
}

fn post(crm: &Crm, path: &str, flat: &str, name: &str, entity: &Value) -> Value {
    let form = format!("{flat}&{}", json_form(name, entity));
    let (status, body) = crm.post(path, &form);
    assert!(status < 300, "{path} {entity}: {status} {body}");
    body
}

fn custom_fields(crm: &Crm) {
    for entity in [
        "order",
        "customer",
        "customer_corporate",
        "company",
        "loyalty_account",
    ] {
        let field =
            json!({"name": "NPS", "code": "score", "type": "integer", "displayArea": "customer"});
        post(
            crm,
            &format!("/api/v5/custom-fields/{entity}/create"),
            "",
            "customField",
            &field,
        );
    }
    let a = json!({
        "name": "Первое", "code": "alpha", "type": "string", "displayArea": "delivery", "viewMode": "editable",
        "inFilter": true,
    });
    let b = json!({
        "name": "Второе", "code": "beta", "type": "date", "displayArea": "payment", "viewMode": "miss",
        "inFilter": false,
    });
    post(
        crm,
        "/api/v5/custom-fields/order/create",
        "",
        "customField",
        &a,
    );
    post(
        crm,
        "/api/v5/custom-fields/customer/create",
        "",
        "customField",
        &b,
    );
    for (code, name) in [("alpha", "Первый"), ("beta", "Второй")] {
        let dictionary =
            json!({"code": code, "name": name, "elements": [{"name": "X", "code": "x"}]});
        let path = "/api/v5/custom-fields/dictionaries/create";
        post(crm, path, "", "customDictionary", &dictionary);
    }
}

fn references(crm: &Crm) {
    let group = json!({"name": "Аренда", "code": "rent", "color": "#19976e", "ordering": 20, "active": true});
    post(
        crm,
        "/api/v5/reference/cost-groups/rent/edit",
        "",
        "costGroup",
        &group,
    );
    let item = json!({
        "name": "Офис", "code": "office", "group": "rent", "type": "const", "ordering": 20, "active": true,
        "appliesToOrders": true, "appliesToUsers": true,
    });
    post(
        crm,
        "/api/v5/reference/cost-items/office/edit",
        "",
        "costItem",
        &item,
    );
}

fn customers(crm: &Crm) {
    let a = json!({
        "externalId": "c-a", "createdAt": "2026-01-10 10:00:00", "isContact": true, "vip": true, "bad": true,
        "managerId": 1, "browserId": "br-a", "firstName": "Anna", "phones": [{"number": "+7111"}], "sex": "female",
        "email": "anna@shop.example", "discountCardNumber": "CARD-A", "subscribed": false, "tags": ["gold"],
        "attachedTag": "pin", "customFields": {"score": 9},
        "address": {"city": "Kazan", "region": "Tatarstan", "countryIso": "RU"},
        "contragent": {
            "contragentType": "legal-entity", "legalName": "Romashka", "INN": "7701", "KPP": "7702", "BIK": "0445",
            "corrAccount": "301", "bankAccount": "407",
        },
        "source": {"source": "google", "medium": "cpc", "campaign": "spring", "keyword": "tea", "content": "banner"},
    });
    let b = json!({
        "externalId": "c-b", "createdAt": "2026-03-10 10:00:00", "managerId": 2, "browserId": "br-b",
        "firstName": "Boris", "phones": [{"number": "+7222"}], "sex": "male", "email": "boris@shop.example",
        "discountCardNumber": "CARD-B", "subscribed": true, "tags": ["plain"], "customFields": {"score": 1},
        "address": {"city": "Omsk", "region": "Siberia", "countryIso": "KZ"},
        "contragent": {"contragentType": "individual"},
    });
    post(
        crm,
        "/api/v5/customers/create",
        "site=simple-site",
        "customer",
        &a,
    );
    post(
        crm,
        "/api/v5/customers/create",
        "site=second",
        "customer",
        &b,
    );
    for (id, site, manager, text) in [
        (1, "simple-site", 1, "likes tea"),
        (2, "second", 2, "likes coffee"),
    ] {
        let note = json!({"customer": {"id": id}, "text": text, "managerId": manager});
        post(
            crm,
            "/api/v5/customers/notes/create",
            &format!("site={site}"),
            "note",
            &note,
        );
    }
    for (name, site, active) in [("c-a", "simple-site", true), ("c-b", "second", false)] {
        let given = json!([{"channel": "email", "subscription": "marketing", "active": active}]);
        let path = format!("/api/v5/customers/{name}/subscriptions");
        post(crm, &path, &format!("site={site}"), "subscriptions", &given);
    }
}

fn companies(crm: &Crm) {
    let pairs = [
        (
            "k-a",
            "simple-site",
            json!({
                "externalId": "k-a", "nickName": "Romashka", "createdAt": "2026-01-11 10:00:00", "vip": true, "bad": true,
                "managerId": 1, "discountCardNumber": "CARD-A", "customFields": {"score": 9},
            }),
        ),
        (
            "k-b",
            "second",
            json!({
                "externalId": "k-b", "nickName": "Vasilek", "createdAt": "2026-03-11 10:00:00", "managerId": 2,
                "discountCardNumber": "CARD-B", "customFields": {"score": 1},
            }),
        ),
    ];
    for (name, site, company) in &pairs {
        let site = format!("site={site}");
        post(
            crm,
            "/api/v5/customers-corporate/create",
            &site,
            "customerCorporate",
            company,
        );
        parts(crm, name, &site);
        let note = json!({"customer": {"externalId": name}, "text": format!("note {name}"), "managerId": company["managerId"]});
        post(
            crm,
            "/api/v5/customers-corporate/notes/create",
            &site,
            "note",
            &note,
        );
    }
    // A second part of each kind for the lists of one company.
    for (kind, part) in [
        (
            "addresses",
            json!({"name": "Office", "city": "Omsk", "region": "Siberia"}),
        ),
        (
            "companies",
            json!({"externalId": "co-a2", "name": "Second"}),
        ),
        ("contacts", json!({"customer": {"id": 2}})),
    ] {
        let path = format!("/api/v5/customers-corporate/k-a/{kind}/create");
        post(crm, &path, "site=simple-site", singular(kind), &part);
    }
    // The last change is one of B, so that B is what comes after the last change of A.
    let note = json!({"customer": {"externalId": "k-b"}, "text": "again"});
    post(
        crm,
        "/api/v5/customers-corporate/notes/create",
        "site=second",
        "note",
        &note,
    );
}

/// The part that a company is filtered by.
fn parts(crm: &Crm, name: &str, site: &str) {
    let is_a = name == "k-a";
    let contragent = if is_a {
        json!({
            "contragentType": "legal-entity", "legalName": "Romashka Ltd", "INN": "7701", "KPP": "7702", "BIK": "0445",
            "corrAccount": "301", "bankAccount": "407",
        })
    } else {
        json!({"contragentType": "enterpreneur", "legalName": "Vasilek Ltd", "INN": "9901"})
    };
    let (city, region, score) = if is_a {
        ("Kazan", "Tatarstan", 9)
    } else {
        ("Omsk", "Siberia", 1)
    };
    for (kind, part) in [
        (
            "addresses",
            json!({"name": format!("Store {name}"), "city": city, "region": region}),
        ),
        (
            "companies",
            json!({
                "externalId": format!("co-{name}"), "name": format!("Trade {name}"), "contragent": contragent,
                "customFields": {"score": score},
            }),
        ),
        (
            "contacts",
            json!({"customer": {"id": if is_a { 1 } else { 2 }}}),
        ),
    ] {
        let path = format!("/api/v5/customers-corporate/{name}/{kind}/create");
        post(crm, &path, site, singular(kind), &part);
    }
}

fn singular(kind: &str) -> &'static str {
    match kind {
        "addresses" => "address",
        "companies" => "company",
        _ => "contact",
    }
}

fn orders(crm: &Crm) {
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

fn interaction(crm: &Crm) {
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
        visit(&value::now(), json!({"clientId": "ga-a"})),
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

fn records(crm: &Crm) {
    for cost in [
        json!({"dateFrom": "2026-01-01", "dateTo": "2026-01-31", "summ": 700, "costItem": "advertising",
            "comment": "flyers", "order": {"externalId": "o-a"}, "userId": 1, "sites": ["simple-site"]}),
        json!({"dateFrom": "2026-03-01", "dateTo": "2026-03-31", "summ": 100, "costItem": "office",
            "comment": "desk", "order": {"externalId": "o-b"}, "userId": 2, "sites": ["second"]}),
        json!({"dateFrom": "2025-03-01", "dateTo": "2025-03-31", "summ": 900, "costItem": "office",
            "order": {"externalId": "o-ka"}}),
    ] {
        post(crm, "/api/v5/costs/create", "", "cost", &cost);
    }
    for task in [
        json!({"text": "call her", "performerId": 1, "datetime": "2026-02-01 10:00", "order": {"externalId": "o-a"},
            "customer": {"id": 1}}),
        json!({"text": "write him", "performerId": 2, "datetime": "2026-04-01 10:00", "order": {"externalId": "o-b"},
            "customer": {"id": 2}}),
        json!({"text": "visit them", "performerId": 2, "datetime": "2026-02-01 10:00",
            "customer": {"id": 1, "type": "customer_corporate"}}),
    ] {
        post(
            crm,
            "/api/v5/tasks/create",
            "site=simple-site",
            "task",
            &task,
        );
    }
    for pack in [
        json!({"itemId": 1, "store": "main", "quantity": 1, "shipmentDate": "2026-01-18", "invoiceNumber": "INV-A",
            "deliveryNoteNumber": "DN-A"}),
        json!({"itemId": 2, "store": "second", "quantity": 1, "shipmentDate": "2026-03-18", "invoiceNumber": "INV-B",
            "deliveryNoteNumber": "DN-B"}),
    ] {
        post(crm, "/api/v5/orders/packs/create", "", "pack", &pack);
    }
    for (kind, site, shipment) in [
        (
            "courier",
            "simple-site",
            json!({"externalId": "s-a", "date": "2026-01-18", "managerId": 1, "store": "main",
            "orders": [{"externalId": "o-a"}]}),
        ),
        (
            "russian-post",
            "second",
            json!({"externalId": "s-b", "date": "2026-03-18", "managerId": 2, "store": "second",
            "status": "processing", "orders": [{"externalId": "o-b"}]}),
        ),
    ] {
        let flat = format!("deliveryType={kind}&site={site}");
        post(
            crm,
            "/api/v5/delivery/shipments/create",
            &flat,
            "deliveryShipment",
            &shipment,
        );
    }
    files(crm);
}

fn files(crm: &Crm) {
    let png = [&[0x89, b'P', b'N', b'G'][..], &[7; 100]].concat();
    for content in [Bytes::from_static(b"small"), Bytes::from(png)] {
        let response = crm.send(Method::POST, "/api/v5/files/upload", content, Some(KEY));
        assert_eq!(response.status(), 200);
    }
    let attachment = json!([
        {"order": {"id": 1}}, {"customer": {"id": 1}}, {"customer": {"id": 1, "type": "customer_corporate"}},
    ]);
    let file = json!({"filename": "a.txt", "attachment": attachment});
    post(crm, "/api/v5/files/1/edit", "", "file", &file);
    post(
        crm,
        "/api/v5/files/2/edit",
        "",
        "file",
        &json!({"filename": "b.png"}),
    );
}

fn loyalty(crm: &Crm) {
    for (id, site, phone, card) in [
        (1, "simple-site", "+7111", "L-A"),
        (2, "second", "+7222", "L-B"),
    ] {
        let account = json!({"customer": {"id": id}, "phoneNumber": phone, "cardNumber": card,
            "customFields": {"score": if id == 1 { 9 } else { 1 }}});
        post(
            crm,
            "/api/v5/loyalty/account/create",
            &format!("site={site}"),
            "loyaltyAccount",
            &account,
        );
    }
    {
        let mut account = crm.account();
        account.records.table_mut("loyalties").insert(object(json!({
            "name": "Second", "active": false, "blocked": true, "sites": ["second"], "levels": [],
        })));
        let other = json!({"loyalty": {"id": 2, "name": "Second"}, "level": {"id": 2, "name": "Gold"},
            "ordersSum": 5000, "createdAt": "2026-03-01 10:00:00"});
        put(&mut account, "loyalty-accounts", 2, other);
        let made = json!({"createdAt": "2026-01-01 10:00:00"});
        put(&mut account, "loyalty-accounts", 1, made);
    }
    let (status, body) = crm.post("/api/v5/loyalty/account/2/activate", "");
    assert_eq!(status, 200, "{body}");
    for (id, amount, expire) in [
        (1, 10, "2099-01-10"),
        (1, 20, "2099-03-10"),
        (2, 300, "2099-06-01"),
    ] {
        if id == 1 && amount == 10 {
            assert_eq!(crm.post("/api/v5/loyalty/account/1/activate", "").0, 200);
        }
        let form = format!("amount={amount}&expireDate={expire}");
        let (status, body) = crm.post(&format!("/api/v5/loyalty/account/{id}/bonus/credit"), &form);
        assert_eq!(status, 200, "{body}");
    }
    // The status differs once both have their bonuses.
    put(
        &mut crm.account(),
        "loyalty-accounts",
        2,
        json!({"status": "deactivated"}),
    );
}

fn catalogue(crm: &Crm) {
    let group = json!({"name": "Deep", "externalId": "deep", "parentId": 2, "active": false, "site": "second"});
    post(
        crm,
        "/api/v5/store/product-groups/create",
        "site=second",
        "productGroup",
        &group,
    );
    let mut account = crm.account();
    let catalogue = &mut account.catalogue;
    let both = [
        "popular",
        "stock",
        "novelty",
        "recommended",
        "markable",
        "active",
    ];
    for (id, is, maker, catalog, at) in [
        (1, true, "Песочница", 1, "2026-01-01 00:00:00"),
        (4, false, "Другой", 2, "2026-03-01 00:00:00"),
    ] {
        catalogue.products.update(id, |row| {
            row.extend(both.map(|name| (name.to_owned(), is.into())));
            row.extend(object(
                json!({"manufacturer": maker, "catalogId": catalog, "updatedAt": at}),
            ));
        });
    }
    let offers: Vec<i64> = catalogue
        .offers
        .iter()
        .filter(|row| row["product"] == 4)
        .filter_map(|row| row["id"].as_i64())
        .collect();
    for id in offers {
        let code = json!({"site": "second", "active": false,
            "prices": [{"priceType": "opt", "price": 1890, "ordering": 10, "currency": "RUB"}]});
        catalogue.offers.update(id, |row| {
            row.extend(object(code));
            row["properties"]["weight"] = json!("5");
        });
    }
    let weight =
        json!({"visible": false, "sites": ["second"], "groups": [{"id": 3, "name": "Other"}]});
    catalogue.properties[1].extend(object(weight));
}

/// What no method writes.
fn beside(account: &mut Account) {
    // Both are contacts of a company by now; B is to be none.
    let people = &mut account.customers.table;
    people.update(2, |row| row.insert("isContact".into(), false.into()));
    let facts = [
        (
            CrmRow::Order,
            json!({
                "receipts": [{"status": "done", "operation": "sell", "fiscalDocumentAttribute": "FPD-A"}],
                "receiptOrderStatus": "done", "uploadedToExtStoreSys": true,
            }),
        ),
        (
            CrmRow::Customer,
            json!({
                "commentary": "kind", "segments": [{"code": "regular"}],
                "mgCustomers": [{"id": 1, "externalId": 501, "mgChannel": {"id": 3}}],
            }),
        ),
        (
            CrmRow::Task,
            json!({"tags": [{"name": "hot", "attached": true}]}),
        ),
        (CrmRow::Product, json!({"classSegment": "AX"})),
        (CrmRow::User, json!({"online": true, "status": "busy"})),
        (CrmRow::UserGroup, json!({"isPosManager": true})),
    ];
    for (row, members) in facts {
        let arranged = account.arrange(row, 1, object(members));
        assert!(arranged.is_some(), "{row:?}");
    }
    let off = json!({"active": false, "isManager": false, "status": "busy", "createdAt": "2026-03-01 00:00:00"});
    put(account, "users", 2, off);
    account.records.table_mut("segments").insert(object(json!({
        "code": "big", "name": "Big", "createdAt": "2026-03-01 00:00:00", "isDynamic": false, "customersCount": 50,
        "active": false,
    })));
    let second = account.references.rows_mut("sites");
    second[1].extend(object(json!({"catalogId": "2"})));
}

fn put(account: &mut Account, table: &'static str, id: i64, members: Value) {
    let members = object(members);
    account
        .records
        .table_mut(table)
        .update(id, |row| row.extend(members));
}

/// Rows of A are made in January, those of B in March.
fn dates(account: &mut Account) {
    let (january, march) = ("2026-01-12 10:00:00", "2026-03-12 10:00:00");
    for table in ["costs", "tasks", "files", "bonus-operations"] {
        for (id, at) in [(1, january), (2, march)] {
            put(account, table, id, json!({"createdAt": at}));
        }
    }
    put(account, "costs", 1, json!({"createdBy": "1"}));
    put(account, "costs", 2, json!({"createdBy": "2"}));
    put(
        account,
        "tasks",
        1,
        json!({"creator": 1, "completedAt": january}),
    );
    let done = json!({"creator": 2, "complete": true, "completedAt": march});
    put(account, "tasks", 2, done);
    let paid = json!({"fullPaidAt": "2026-03-17 10:00:00"});
    account
        .orders
        .table
        .update(2, |row| row.extend(object(paid)));
    for party in [&mut account.customers, &mut account.companies] {
        for (id, at) in [(1, january), (2, march)] {
            party
                .notes
                .update(id, |row| row.insert("createdAt".into(), at.into()));
            party.backdate(id, at);
        }
    }
    let about = |subject: &'static str, id: i64| {
        move |entry: &Object| entry.get(subject).is_some_and(|row| row["id"] == id)
    };
    for (id, at) in [(1, january), (2, march)] {
        account.orders.history.backdate(about("order", id), at);
        account
            .records
            .history("packs")
            .backdate(about("pack", id), at);
        account
            .records
            .history("tasks")
            .backdate(about("task", id), at);
    }
}
