//! Whatever a write takes, it comes back in the described types: strict clients read it after lenient ones.

use http::Method;
use serde_json::{Value, json};

use super::harness::{Crm, json_form};
use crate::retailcrm::described::DESCRIPTION;
use crate::retailcrm::routes::Routes;
use crate::schema::Unknown;

/// A write of one field of JSON, and the reads that show what became of it.
struct Write {
    path: &'static str,
    field: &'static str,
    entity: Value,
    reads: &'static [&'static str],
}

fn address() -> Value {
    json!({"index": "101000", "countryIso": "RU", "regionId": 7, "city": "Moscow", "cityId": 8, "streetId": 9,
        "building": "1", "floor": 3, "block": 2, "house": "4", "notes": "gate", "text": "Arbat 1"})
}

fn legal() -> Value {
    json!({"contragentType": "legal-entity", "legalName": "Acme", "INN": "7700000000", "certificateNumber": "5",
        "certificateDate": "2020-01-02"})
}

fn order() -> Value {
    json!({"firstName": "Ann", "weight": 10.5, "length": 3, "mark": 4, "call": true, "source": {"source": "ads"},
        "contragent": legal(),
        "delivery": {"code": "courier", "cost": 300, "netCost": 200.5, "date": "2026-01-02", "address": address(),
            "time": {"from": "10:00", "to": "12:00"}},
        "items": [{"offer": {"externalId": "mug-1"}, "quantity": 2, "initialPrice": 390.5, "productName": "Mug",
            "comment": "gift", "markingCodes": ["a"], "properties": [{"code": "c", "name": "n", "value": "v"}]}],
        "payments": [{"type": "cash", "amount": 10, "paidAt": "2026-01-01 00:00:00", "comment": "c"}]})
}

fn customer() -> Value {
    json!({"firstName": "Ann", "vip": true, "personalDiscount": 5.5, "birthday": "1990-02-03", "contragent": legal(),
        "address": address(), "source": {"source": "ads", "medium": "cpc"}, "phones": [{"number": "+79990000010"}],
        "tags": ["a"]})
}

fn company() -> Value {
    json!({"nickName": "Acme", "vip": false, "contragent": legal(),
        "addresses": [{"name": "Office", "isMain": true, "floor": 3, "city": "Tver"}],
        "companies": [{"name": "Ltd", "active": true, "contragent": legal(), "address": address()}]})
}

fn cost() -> Value {
    json!({"dateFrom": "2026-01-01", "dateTo": "2026-01-31", "summ": 100.5, "costItem": "advertising", "userId": 1,
        "comment": "posters", "source": {"source": "ads"}, "sites": ["simple-site"]})
}

fn field() -> Value {
    json!({"name": "Floor", "code": "floor", "type": "integer", "ordering": 5, "required": false, "inFilter": true,
        "viewMode": "editable", "default": 3})
}

fn store() -> Value {
    json!({"name": "Fresh", "active": true, "description": "d", "phone": {"number": "1"}, "address": address(),
        "workTime": {"mo": [{"startTime": "09:00", "endTime": "18:00"}]}})
}

/// The methods whose entities reach deepest, alone and in batches.
fn writes() -> Vec<Write> {
    let write = |path, field, entity, reads| Write {
        path,
        field,
        entity,
        reads,
    };
    let orders = &[
        "/api/v5/orders",
        "/api/v5/orders/history",
        "/api/v5/customers",
    ];
    let people = &["/api/v5/customers", "/api/v5/customers/history"];
    let firms = &[
        "/api/v5/customers-corporate",
        "/api/v5/customers-corporate/history",
    ];
    vec![
        write("/api/v5/orders/create", "order", order(), orders),
        write("/api/v5/orders/upload", "orders", json!([order()]), orders),
        write("/api/v5/customers/create", "customer", customer(), people),
        write(
            "/api/v5/customers/upload",
            "customers",
            json!([customer()]),
            people,
        ),
        write(
            "/api/v5/customers-corporate/create",
            "customerCorporate",
            company(),
            firms,
        ),
        write(
            "/api/v5/customers-corporate/upload",
            "customersCorporate",
            json!([company()]),
            firms,
        ),
        write("/api/v5/costs/create", "cost", cost(), &["/api/v5/costs"]),
        write(
            "/api/v5/costs/upload",
            "costs",
            json!([cost()]),
            &["/api/v5/costs"],
        ),
        write(
            "/api/v5/custom-fields/order/create",
            "customField",
            field(),
            &["/api/v5/custom-fields"],
        ),
        write(
            "/api/v5/reference/stores/fresh/edit",
            "store",
            store(),
            &["/api/v5/reference/stores"],
        ),
    ]
}

/// What other languages write where another type is meant.
fn odd() -> Vec<Value> {
    vec![
        json!(null),
        json!(5),
        json!("5"),
        json!(5.5),
        json!("5.5"),
        json!(5.0),
        json!(-1),
        json!(0),
        json!(1e300),
        json!(u64::MAX),
        json!(true),
        json!(false),
        json!("1"),
        json!("true"),
        json!(""),
        json!("abc"),
        json!(" 7 "),
        json!("2026-01-01"),
        json!([]),
        json!({}),
        json!([1]),
        json!(["a"]),
        json!([null]),
        json!([[]]),
        json!({"a": 1}),
        json!({"0": "a"}),
    ]
}

/// The paths to all values within.
fn places(value: &Value, path: &str, found: &mut Vec<String>) {
    let mut into = |key: &str, inner: &Value| {
        let path = format!("{path}/{key}");
        places(inner, &path, found);
        found.push(path);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(key, inner)| into(key, inner)),
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.for_each(|(index, inner)| into(&index.to_string(), inner));
        }
        _ => {}
    }
}

/// What the reads show against the description; nulls are taken by every client.
fn faults(crm: &Crm, routes: &Routes, reads: &[&str]) -> Vec<String> {
    let mut faults = Vec::new();
    for path in reads {
        let (route, _) = routes.find(&Method::GET, path).unwrap();
        let (status, body) = crm.get(path);
        let schema = DESCRIPTION
            .operation(route.name)
            .unwrap()
            .answer(200)
            .unwrap();
        let wrong = schema.violations(&without_nulls(body), Unknown::Allowed);
        faults.extend(wrong.iter().map(|one| format!("{path}: {status} {one}")));
    }
    faults
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.into_iter().filter(|(_, member)| !member.is_null());
            kept.map(|(name, member)| (name, without_nulls(member)))
                .collect()
        }
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        other => other,
    }
}

// F12, F14: one value of another type at every place of an entity. It is refused, or it comes back in the type that is described.
#[test]
fn f14_no_write_makes_an_answer_that_strict_clients_cannot_read() {
    let routes = Routes::new(&DESCRIPTION);
    let (mut found, mut taken) = (Vec::new(), 0);
    for write in writes() {
        let mut paths = Vec::new();
        places(&write.entity, "", &mut paths);
        let sound = Crm::new().post(write.path, &json_form(write.field, &write.entity));
        assert!(sound.0 < 300, "{}: {sound:?}", write.path);
        for (path, value) in paths
            .iter()
            .flat_map(|path| odd().into_iter().map(move |value| (path, value)))
        {
            let mut entity = write.entity.clone();
            *entity.pointer_mut(path).unwrap() = value.clone();
            let crm = Crm::new();
            let (status, _) = crm.post(write.path, &json_form(write.field, &entity));
            assert!(
                [200, 201, 400, 404, 460].contains(&status),
                "{} {path} {value}: {status}",
                write.path
            );
            taken += u32::from(status < 300);
            let wrong = faults(&crm, &routes, write.reads);
            found.extend(
                wrong
                    .into_iter()
                    .take(1)
                    .map(|fault| format!("{}{path} = {value}: {fault}", write.path)),
            );
        }
    }
    assert!(
        found.is_empty(),
        "{} of {taken}:\n{}",
        found.len(),
        found.join("\n")
    );
    assert!(taken > 1000, "{taken}");
}

// F14
#[test]
fn f14_scalars_come_back_in_the_described_type() {
    let crm = Crm::new();
    let given = json!({"weight": "10.50", "call": "1", "phone": 79990000000_i64, 
        "delivery": {"cost": "300.50", "address": {"building": 5, "floor": "3"}},
        "items": {"0": {"productName": 7, "quantity": "2", "initialPrice": "10"}}});
    let order = crm.done("/api/v5/orders/create", "order", &given)["order"].clone();
    assert_eq!(
        (&order["weight"], &order["call"], &order["phone"]),
        (&json!(10.5), &json!(true), &json!("79990000000"))
    );
    let delivery = &order["delivery"];
    assert_eq!(
        (&delivery["cost"], &delivery["address"]),
        (&json!(300.5), &json!({"building": "5", "floor": 3}))
    );
    let item = &order["items"][0];
    assert_eq!(
        (&item["productName"], &item["quantity"]),
        (&json!("7"), &json!(2))
    );
}

// F14, R20: an element of another type fails alone, under its place.
#[test]
fn f14_one_ill_formed_element_of_a_batch_fails_alone() {
    let crm = Crm::new();
    let orders = json!([{"externalId": "a"}, {"externalId": "b", "delivery": {"cost": "dear"}}, 5, {"externalId": "c"}]);
    let (status, body) = crm.post("/api/v5/orders/upload", &json_form("orders", &orders));
    assert_eq!(status, 460, "{body}");
    assert_eq!(body["failedOrders"], json!([{"externalId": "b"}, {}]));
    let errors = body["errors"].as_object().unwrap();
    assert!(
        errors["1"].as_str().unwrap().starts_with("delivery.cost: "),
        "{body}"
    );
    assert_eq!(errors.keys().collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!(crm.get("/api/v5/orders").1["pagination"]["totalCount"], 2);
    let rows = json!([{"id": 1, "externalId": "z"}, {"id": "first", "externalId": "y"}]);
    assert_eq!(
        crm.refused("/api/v5/orders/fix-external-ids", "orders", &rows),
        ["orders[1].id"]
    );
    assert_eq!(crm.get("/api/v5/orders/a").0, 200, "nothing was changed");
}

// F14: `notRemovedIds` are numbers.
#[test]
fn f14_ids_of_a_batch_are_numbers() {
    let crm = Crm::new();
    for ids in ["ids[]=x", "ids[]=5.5", "ids=[\"x\"]", "ids[]=1&ids[]="] {
        assert_eq!(crm.post("/api/v5/costs/delete", ids).0, 400, "{ids}");
    }
    for ids in ["ids[]=7", "ids[0]=7", "ids=[7]"] {
        let (status, body) = crm.post("/api/v5/costs/delete", ids);
        assert_eq!(
            (status, &body["notRemovedIds"]),
            (200, &json!([7])),
            "{ids}"
        );
    }
}

// F14: the official Go client writes lists there, and the ids of users as text; what came is shown.
#[test]
fn f14_a_module_is_shown_as_the_official_clients_wrote_it() {
    let crm = Crm::new();
    let edit = "/api/v5/integration-modules/m/edit";
    for user in [json!(1), json!("1")] {
        let integrations = json!({
            "delivery": {"availableCountries": ["RU"], "requiredFields": ["name"], "actions": {"save": "/save"}},
            "telephony": {"additionalCodes": [{"userId": user, "code": "101"}]},
        });
        let module = json!({"integrationCode": "m", "code": "m", "name": "M", "active": true, "clientId": "c",
            "baseUrl": "https://m.example", "integrations": integrations});
        crm.done(edit, "integrationModule", &module);
        let shown = crm.get("/api/v5/integration-modules/m").1;
        assert_eq!(shown["integrationModule"]["integrations"], integrations);
    }
    let empty = json!({"code": "m", "integrations": {"delivery": {"availableCountries": [], "actions": []}}});
    crm.done(edit, "integrationModule", &empty);
    let delivery = &crm.get("/api/v5/integration-modules/m").1["integrationModule"]["integrations"]
        ["delivery"];
    assert_eq!(
        (&delivery["availableCountries"], &delivery["actions"]),
        (&json!([]), &json!([]))
    );
}
