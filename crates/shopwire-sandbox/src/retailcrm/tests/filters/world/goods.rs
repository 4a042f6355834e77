//! The loyalty program and the catalogue.

use serde_json::json;

use super::{post, put};
use crate::retailcrm::tests::harness::Crm;
use crate::retailcrm::value::object;

pub(super) fn loyalty(crm: &Crm) {
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

pub(super) fn catalogue(crm: &Crm) {
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
