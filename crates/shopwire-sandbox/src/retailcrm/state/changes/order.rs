//! Orders: their fields as the history of orders names and shows them.

use serde_json::{Value, json};

use super::{Change, between, code, custom, flat, id, legal};
use crate::retailcrm::value::{self, Object};

/// Members that the history of orders leaves out: computed, or recorded in entries of their own.
const UNTOLD: &[&str] = &[
    "id",
    "slug",
    "items",
    "payments",
    "links",
    "summ",
    "totalSumm",
    "purchaseSumm",
    "statusUpdatedAt",
    "markDatetime",
    "bonusesCreditTotal",
    "bonusesChargeTotal",
    "loyaltyAccount",
    "loyaltyLevel",
    "currency",
    "fromApi",
];

/// Returns the differences between two states of an order, without its items and payments.
pub(crate) fn changes(before: &Object, after: &Object) -> Vec<Change> {
    between(&fields(before), &fields(after))
}

/// A customer or contact as history shows it.
pub(crate) fn party(reference: &Value) -> Value {
    let reference = reference.as_object().cloned().unwrap_or_default();
    value::pick(&reference, &["id", "externalId", "site"]).into()
}

fn fields(row: &Object) -> Object {
    let mut fields = Object::new();
    let told = row
        .iter()
        .filter(|(name, _)| !UNTOLD.contains(&name.as_str()));
    for (name, given) in told {
        let (field, shown) = match name.as_str() {
            "managerId" => ("manager".to_owned(), id(given)),
            "customer" | "contact" => (name.clone(), party(given)),
            "company" => {
                let company = json!({"id": given["id"], "name": given["name"]});
                (name.clone(), company)
            }
            "status" | "orderType" | "orderMethod" | "site" | "shipmentStore" => {
                (value::snake(name), code(given))
            }
            "countryIso" => ("country".to_owned(), given.clone()),
            "delivery" => {
                delivery(&mut fields, given);
                continue;
            }
            "contragent" => {
                legal::fields(&mut fields, "contragent.", given);
                continue;
            }
            "source" => {
                flat(&mut fields, "source.", given);
                continue;
            }
            "customFields" => {
                custom(&mut fields, given);
                continue;
            }
            _ => (value::snake(name), given.clone()),
        };
        fields.insert(field, shown);
    }
    fields
}

fn delivery(fields: &mut Object, given: &Value) {
    for (name, member) in given.as_object().into_iter().flatten() {
        match name.as_str() {
            "code" => drop(fields.insert("delivery_type".into(), code(member))),
            "service" => {
                let service = code(&member["code"]);
                fields.insert("delivery_service".into(), service);
            }
            "address" => flat(fields, "delivery_address.", member),
            "data" => flat(fields, "integration_delivery_data.", member),
            "integrationCode" => {}
            _ => drop(fields.insert(format!("delivery_{}", value::snake(name)), member.clone())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::retailcrm::value::object;

    // RE10: the names and shapes of official fixtures.
    #[test]
    fn re10_fields_have_the_names_and_shapes_of_the_service() {
        let after = object(json!({
            "status": "paid", "managerId": 2, "customer": {"type": "customer", "id": 7, "externalId": "a", "site": "s"},
            "company": {"id": 5, "externalId": "x", "name": "Acme"}, "createdAt": "2026-01-01 10:00:00",
            "shipmentStore": "main", "shipped": true, "firstName": "Ann", "customerComment": "c", "countryIso": "RU",
            "discountManualPercent": 10, "customFields": {"nps": 5}, "contragent": {"contragentType": "individual", "INN": "77", "OGRNIP": "1"},
            "delivery": {"code": "courier", "cost": 300, "time": {"from": "10:00", "to": "12:00"}, "service": {"code": "morning"},
                "address": {"city": "X", "intercomCode": "4"}, "data": {"trackNumber": "T", "packages": []}},
            "summ": 5, "items": [{"id": 1}],
        }));
        let told: Object = changes(&Object::new(), &after)
            .into_iter()
            .map(|change| (change.field, change.new))
            .collect();
        let expected = json!({
            "status": {"code": "paid"}, "manager": {"id": 2}, "customer": {"id": 7, "externalId": "a", "site": "s"},
            "company": {"id": 5, "name": "Acme"}, "created_at": "2026-01-01 10:00:00",
            "shipment_store": {"code": "main"}, "shipped": true, "first_name": "Ann", "customer_comment": "c", "country": "RU",
            "discount_manual_percent": 10, "custom_nps": 5, "contragent.contragent_type": "individual",
            "contragent.i_n_n": "77", "contragent.o_g_r_n_i_p": "1",
            "delivery_type": {"code": "courier"}, "delivery_cost": 300, "delivery_time": {"from": "10:00", "to": "12:00"},
            "delivery_service": {"code": "morning"}, "delivery_address.city": "X", "delivery_address.intercom_code": "4",
            "integration_delivery_data.track_number": "T",
        });
        assert_eq!(Value::Object(told), expected);
        let changed = changes(&after, &object(json!({"status": "paid"})));
        assert!(changed.iter().all(|change| change.new.is_null()));
        assert!(changes(&after, &after).is_empty());
    }
}
