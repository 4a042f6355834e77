//! The tables of a new account.

use serde_json::{Value, json};

use crate::clock::Clock;
use crate::retailcrm::state::records::Records;
use crate::retailcrm::state::references::FIRST_SITE;
use crate::retailcrm::value::object;

/// Users, groups, a segment, a loyalty program.
pub(crate) fn records(clock: &Clock) -> Records {
    let mut records = Records::new(clock);
    for (table, rows) in tables() {
        for row in rows {
            records.table_mut(table).insert(object(row));
        }
    }
    records
}

/// Rows by table; ids follow their order.
fn tables() -> Vec<(&'static str, Vec<Value>)> {
    vec![
        (
            "groups",
            vec![
                json!({"name": "Администраторы", "code": "superadmins", "isManager": true, "isPosManager": false, "isDeliveryMen": false,
                "deliveryTypes": [], "breakdownOrderTypes": [], "breakdownSites": [], "breakdownOrderMethods": [], "grantedOrderTypes": [], "grantedSites": []}),
                json!({"name": "Менеджеры", "code": "managers", "isManager": true, "isPosManager": false, "isDeliveryMen": false,
                "deliveryTypes": [], "breakdownOrderTypes": [], "breakdownSites": [], "breakdownOrderMethods": [], "grantedOrderTypes": [], "grantedSites": []}),
            ],
        ),
        (
            "users",
            vec![
                user("Ирина", "Администратор", "admin@shop.example", true),
                user("Павел", "Менеджеров", "manager@shop.example", false),
            ],
        ),
        (
            "segments",
            vec![
                json!({"code": "regular", "name": "Постоянные", "createdAt": "2024-01-01 00:00:00", "isDynamic": true, "customersCount": 0, "active": true}),
            ],
        ),
        (
            "custom-fields",
            ["order", "customer"]
                .map(|entity| {
                    json!({"name": "NPS", "code": "nps", "type": "integer", "entity": entity, "required": false,
                    "inFilter": true, "inList": true, "inGroupActions": false, "ordering": 10, "displayArea": "customer",
                    "viewMode": "editable", "viewModeMobile": "editable"})
                })
                .to_vec(),
        ),
        (
            "loyalties",
            vec![json!({
                "name": "Бонусная программа", "active": true, "blocked": false, "currency": "RUB", "confirmSmsCharge": false, "sites": [FIRST_SITE],
                "confirmSmsRegistration": false, "createdAt": "2024-01-01 00:00:00", "activatedAt": "2024-01-01 00:00:00",
                "levels": [{"id": 1, "name": "Базовый", "type": "bonus_percent", "sum": 0, "privilegeSize": 5, "privilegeSizePromo": 2}],
            })],
        ),
    ]
}

fn user(first: &str, last: &str, email: &str, admin: bool) -> Value {
    json!({
        "createdAt": "2024-01-01 00:00:00", "active": true, "email": email, "firstName": first, "lastName": last,
        "phone": "+79990000000", "status": "free", "online": false, "isAdmin": admin, "isManager": true,
        "groups": [{"id": if admin { 1 } else { 2 }, "name": if admin { "Администраторы" } else { "Менеджеры" }, "code": if admin { "superadmins" } else { "managers" }}],
    })
}
