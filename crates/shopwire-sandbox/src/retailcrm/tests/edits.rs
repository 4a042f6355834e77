//! What an edit clears and what it cannot change: each property as the description says.

use serde_json::{Map, Value, json};

use super::harness::Crm;

const DESCRIPTION: &str = include_str!("../../../openapi/retailcrm.json");

/// An entity, and where it is made, changed and read.
struct Entity {
    schema: &'static str,
    field: &'static str,
    create: &'static str,
    edit: &'static str,
    read: &'static str,
    /// Where it stands in what is read.
    at: &'static str,
    content: Value,
}

fn entities() -> Vec<Entity> {
    vec![
        Entity {
            schema: "Order",
            field: "order",
            create: "/api/v5/orders/create",
            edit: "/api/v5/orders/e-1/edit",
            read: "/api/v5/orders/e-1",
            at: "/order",
            content: json!({"countryIso": "RU", "discountManualAmount": 1, "discountManualPercent": 2, "mark": 4,
                "markDatetime": "2026-01-01 00:00:00", "lastName": "Lee", "firstName": "Ann", "patronymic": "B",
                "phone": "1", "additionalPhone": "2", "email": "a@b.example", "call": true, "expired": true,
                "customerComment": "c", "managerComment": "m", "managerId": 1,
                "contragent": {"legalName": "Acme", "INN": "7700000000"}, "statusComment": "s",
                "delivery": {"code": "courier", "cost": 300}, "source": {"medium": "cpc"}, "weight": 1.5,
                "length": 1, "width": 2, "height": 3, "shipmentStore": "main", "shipmentDate": "2026-01-02",
                "shipped": true, "clientId": "g", "items": [{"productName": "Mug", "initialPrice": 100}]}),
        },
        Entity {
            schema: "Customer",
            field: "customer",
            create: "/api/v5/customers/create",
            edit: "/api/v5/customers/e-1/edit",
            read: "/api/v5/customers/e-1",
            at: "/customer",
            content: json!({"isContact": true, "managerId": 1, "vip": true, "bad": true, "browserId": "b",
                "contragent": {"legalName": "Acme"}, "personalDiscount": 5.5, "cumulativeDiscount": 1,
                "discountCardNumber": "7", "address": {"city": "Tver"}, "firstName": "Ann", "lastName": "Lee",
                "patronymic": "B", "sex": "female", "email": "a@b.example", "birthday": "1990-02-03",
                "source": {"medium": "cpc"}, "photoUrl": "https://a.example/1", "subscribed": true}),
        },
        Entity {
            schema: "CustomerCorporate",
            field: "customerCorporate",
            create: "/api/v5/customers-corporate/create",
            edit: "/api/v5/customers-corporate/e-1/edit",
            read: "/api/v5/customers-corporate/e-1",
            at: "/customerCorporate",
            content: json!({"nickName": "Acme", "managerId": 1, "source": {"medium": "cpc"}, "vip": true, "bad": true,
                "personalDiscount": 1, "cumulativeDiscount": 2, "discountCardNumber": "7"}),
        },
        Entity {
            schema: "Cost",
            field: "cost",
            create: "/api/v5/costs/create",
            edit: "/api/v5/costs/1/edit",
            read: "/api/v5/costs/1",
            at: "/cost",
            content: json!({"dateFrom": "2026-01-01", "dateTo": "2026-01-31", "summ": 100.5, "costItem": "advertising",
                "userId": 1, "comment": "posters", "source": {"source": "ads"}, "sites": ["simple-site"]}),
        },
        Entity {
            schema: "Task",
            field: "task",
            create: "/api/v5/tasks/create",
            edit: "/api/v5/tasks/1/edit",
            read: "/api/v5/tasks/1",
            at: "/task",
            content: json!({"text": "Call", "commentary": "soon", "datetime": "2026-01-01 10:00", "performerId": 1,
                "phone": "1"}),
        },
        Entity {
            schema: "Store",
            field: "store",
            create: "/api/v5/reference/stores/fresh/edit",
            edit: "/api/v5/reference/stores/fresh/edit",
            read: "/api/v5/reference/stores",
            at: "/stores",
            content: json!({"name": "Fresh", "active": true, "description": "d", "phone": {"number": "1"},
                "email": "a@b.example", "address": {"city": "Tver"}, "contact": "Ann", "externalId": "s-1"}),
        },
        Entity {
            schema: "SerializedUnit",
            field: "unit",
            create: "/api/v5/reference/units/fresh/edit",
            edit: "/api/v5/reference/units/fresh/edit",
            read: "/api/v5/reference/units",
            at: "/units",
            content: json!({"name": "Box", "active": true, "sym": "bx"}),
        },
    ]
}

impl Entity {
    fn properties(&self) -> Map<String, Value> {
        let description: Value = serde_json::from_str(DESCRIPTION).unwrap();
        let schema = &description["components"]["schemas"][self.schema];
        assert_eq!(schema["x-edit"], true, "{}", self.schema);
        schema["properties"].as_object().unwrap().clone()
    }

    fn made(&self, crm: &Crm) {
        let mut content = self.content.clone();
        if self.edit.contains("/e-1/") {
            content["externalId"] = "e-1".into();
        }
        crm.done(self.create, self.field, &content);
    }

    fn shown(&self, crm: &Crm) -> Value {
        let (status, answer) = crm.get(self.read);
        assert_eq!(status, 200, "{}: {answer}", self.read);
        let shown = &answer[&self.at[1..]];
        // References are lists, or maps by code.
        match shown.get("fresh") {
            Some(row) => row.clone(),
            None => match shown.as_array() {
                Some(rows) => rows
                    .iter()
                    .find(|row| row["code"] == "fresh")
                    .unwrap()
                    .clone(),
                None => shown.clone(),
            },
        }
    }
}

/// A member that the entity was given and that the description lets an edit clear.
fn is_clearable(entity: &Entity, name: &str, property: &Value) -> bool {
    let is_excluded = property["readOnly"] == true || property["x-clear"] == false;
    entity.content.get(name).is_some() && name != "id" && !is_excluded
}

// C7
#[test]
fn c7_null_clears_what_the_description_says_and_nothing_else() {
    let mut count = 0;
    for entity in entities() {
        for (name, property) in entity.properties() {
            if !is_clearable(&entity, &name, &property) {
                continue;
            }
            let crm = Crm::new();
            entity.made(&crm);
            let before = entity.shown(&crm);
            let place = format!("{}.{name}", entity.schema);
            assert!(!before[&name].is_null(), "{place} is not shown: {before}");
            crm.done(entity.edit, entity.field, &json!({ &name: null }));
            let after = entity.shown(&crm);
            assert!(
                after.get(&name).is_none_or(Value::is_null),
                "{place}: {after}"
            );
            for other in entity.content.as_object().unwrap().keys() {
                let stays = *other == name || !after[other].is_null();
                assert!(stays, "{other} went with {place}: {after}");
            }
            count += 1;
        }
    }
    assert!(count > 60, "{count}");
}

/// A value of the property's type, unlike what any account holds.
fn other(property: &Value) -> Value {
    let is = |name: &str| match &property["type"] {
        Value::String(word) => word == name,
        Value::Array(words) => words.iter().any(|word| word == name),
        _ => false,
    };
    match property["format"].as_str() {
        Some("date-time-local") => json!("2001-02-03 04:05:06"),
        Some("date") => json!("2001-02-03"),
        _ if is("string") => json!("forged"),
        _ if is("integer") || is("number") => json!(987),
        _ if is("boolean") => json!(true),
        _ if is("array") => json!([]),
        _ => json!({}),
    }
}

// C7
#[test]
fn c7_a_computed_member_is_ignored() {
    let mut count = 0;
    for entity in entities() {
        let crm = Crm::new();
        entity.made(&crm);
        let before = entity.shown(&crm);
        for (name, property) in entity.properties() {
            if property["readOnly"] != true {
                continue;
            }
            let forged = json!({ &name: other(&property) });
            crm.done(entity.edit, entity.field, &forged);
            assert_eq!(entity.shown(&crm), before, "{}.{name}", entity.schema);
            count += 1;
        }
    }
    assert!(count > 30, "{count}");
}
