//! Custom fields and reference books.

use serde_json::json;

use super::post;
use crate::retailcrm::tests::harness::Crm;

pub(super) fn custom_fields(crm: &Crm) {
    for entity in [
        "order",
        "customer",
        "customer_corporate",
        "company",
        "loyalty_account",
    ] {
        let field =
            json!({"name": "Score", "code": "score", "type": "integer", "displayArea": "customer"});
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

pub(super) fn references(crm: &Crm) {
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
