//! Customers, persons and companies.

use serde_json::json;

use super::post;
use crate::retailcrm::tests::harness::Crm;

pub(super) fn customers(crm: &Crm) {
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
    // The contact person of the companies that is not A.
    let c = json!({"externalId": "c-c", "firstName": "Clara", "phones": [{"number": "+7333"}]});
    post(
        crm,
        "/api/v5/customers/create",
        "site=second",
        "customer",
        &c,
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

pub(super) fn companies(crm: &Crm) {
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
        ("contacts", json!({"customer": {"id": 3}})),
    ] {
        let path = format!("/api/v5/customers-corporate/k-a/{kind}/create");
        post(crm, &path, "site=simple-site", singular(kind), &part);
    }
}

/// The last change is one of B, so that something comes after the last change of A.
pub(super) fn last_change(crm: &Crm) {
    let changed = json!({"discountCardNumber": "CARD-B2"});
    let customer = "/api/v5/customers/c-b/edit";
    post(crm, customer, "site=second", "customer", &changed);
    let company = "/api/v5/customers-corporate/k-b/edit";
    post(crm, company, "site=second", "customerCorporate", &changed);
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
    let (city, region, nps) = if is_a {
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
                "customFields": {"score": nps},
            }),
        ),
        (
            "contacts",
            json!({"customer": {"id": if is_a { 1 } else { 3 }}}),
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
