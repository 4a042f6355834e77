//! The reference books of a new account.

use serde_json::{Value, json};

use crate::retailcrm::state::references::{FIRST_SITE, References};
use crate::retailcrm::value::object;

/// The books that have rows.
const BOOKS: &[&str] = &[
    "cost-groups",
    "cost-items",
    "couriers",
    "currencies",
    "delivery-services",
    "delivery-types",
    "legal-entities",
    "mg-channels",
    "order-methods",
    "order-types",
    "payment-statuses",
    "payment-types",
    "price-types",
    "product-statuses",
    "sites",
    "status-groups",
    "statuses",
    "stores",
    "units",
];

/// The books of a new account.
pub(crate) fn references() -> References {
    let rows = |book: &&'static str| (*book, rows(book).into_iter().map(object).collect());
    References::new(BOOKS.iter().map(rows).collect())
}

/// The rows of one book.
fn rows(book: &str) -> Vec<Value> {
    match book {
        "cost-groups" => vec![json!({"code": "marketing", "name": "Marketing", "ordering": 10, "active": true, "color": "#4191ff"})],
        "cost-items" => vec![json!({
            "code": "advertising", "name": "Advertising", "group": "marketing", "ordering": 10, "active": true,
            "appliesToOrders": true, "type": "var", "appliesToUsers": false
        })],
        "couriers" => vec![json!({"id": 1, "firstName": "Олег", "lastName": "Петров", "active": true, "phone": {"number": "+79990000001"}})],
        "currencies" => vec![json!({"id": 1, "code": "RUB", "isBase": true, "isAutoConvert": false})],
        "delivery-services" => vec![json!({"code": "morning", "name": "Утренняя доставка", "active": true})],
        "delivery-types" => delivery_types(),
        "legal-entities" => vec![json!({
            "code": "main", "contragentType": "legal-entity", "legalName": "ООО «Песочница»", "INN": "7700000000",
            "countryIso": "RU", "vatRate": "none"
        })],
        "mg-channels" => vec![json!({"id": 1, "externalId": 1, "type": "telegram", "active": true, "name": "Telegram"})],
        "order-methods" => order_methods(),
        "order-types" => vec![
            json!({"code": "eshop-individual", "name": "Физлицо", "active": true, "defaultForCrm": true, "defaultForApi": true, "ordering": 10}),
            json!({"code": "eshop-legal", "name": "Юрлицо", "active": true, "defaultForCrm": false, "defaultForApi": false, "ordering": 20}),
        ],
        "payment-statuses" => payment_statuses(),
        "payment-types" => payment_types(),
        "price-types" => vec![json!({"id": 1, "code": "base", "name": "Базовая", "active": true, "default": true, "ordering": 10, "geo": [], "groups": [], "currency": "RUB"})],
        "product-statuses" => product_statuses(),
        "sites" => vec![json!({
            "id": 1, "code": FIRST_SITE, "name": "Магазин", "url": "https://shop.example", "defaultForCrm": true,
            "ordering": 10, "loadFromYml": false, "contragentCode": "main", "countryIso": "RU", "currency": "RUB",
            "catalogId": "1", "isCatalogMainSite": true, "isDemo": false
        })],
        "status-groups" => status_groups(),
        "statuses" => STATUSES.iter().enumerate().map(|(index, (code, group, name))| {
            json!({"code": code, "name": name, "active": true, "ordering": (index + 1) * 10, "group": group})
        }).collect(),
        "stores" => vec![
            json!({"code": "main", "name": "Основной склад", "active": true, "type": "store-type-warehouse", "inventoryType": "integer", "contact": "Склад", "description": ""}),
            json!({"code": "second", "name": "Магазин на Садовой", "active": true, "type": "store-type-retail", "inventoryType": "integer", "contact": "", "description": ""}),
        ],
        "units" => vec![
            json!({"code": "pc", "name": "Штука", "sym": "pc.", "default": true, "active": true}),
            json!({"code": "kg", "name": "Килограмм", "sym": "kg", "default": false, "active": true}),
        ],
        _ => unreachable!("every book has its rows"),
    }
}

/// Code, group, name.
const STATUSES: &[(&str, &str, &str)] = &[
    ("new", "new", "Новый"),
    ("availability-confirmed", "approval", "Наличие подтверждено"),
    ("client-confirmed", "approval", "Согласовано с клиентом"),
    ("prepayed", "approval", "Предоплата поступила"),
    (
        "send-to-assembling",
        "assembling",
        "Передано в комплектацию",
    ),
    ("assembling", "assembling", "Комплектуется"),
    ("assembling-complete", "assembling", "Укомплектован"),
    ("send-to-delivery", "delivery", "Передан в доставку"),
    ("delivering", "delivery", "Доставляется"),
    ("redirect", "delivery", "Доставка перенесена"),
    ("complete", "complete", "Выполнен"),
    ("no-call", "cancel", "Недозвон"),
    ("no-product", "cancel", "Нет в наличии"),
    ("cancel-other", "cancel", "Отменён"),
];

fn status_groups() -> Vec<Value> {
    let groups = [
        ("new", "Новый"),
        ("approval", "Согласование"),
        ("assembling", "Комплектация"),
        ("delivery", "Доставка"),
        ("complete", "Выполнен"),
        ("cancel", "Отменён"),
    ];
    let row = |(index, (code, name)): (usize, (&str, &str))| {
        let members: Vec<&str> = STATUSES
            .iter()
            .filter(|(_, group, _)| *group == code)
            .map(|(status, ..)| *status)
            .collect();
        let process = !["new", "complete", "cancel"].contains(&code);
        json!({"code": code, "name": name, "active": true, "ordering": (index + 1) * 10, "process": process, "statuses": members})
    };
    groups.into_iter().enumerate().map(row).collect()
}

fn delivery_types() -> Vec<Value> {
    let row = |id: i64, code: &str, name: &str, cost: i64| {
        json!({
            "id": id, "code": code, "name": name, "active": true, "defaultCost": cost, "defaultNetCost": 0,
            "paymentTypes": ["cash", "bank-card", "bank-transfer"], "deliveryServices": [], "defaultForCrm": id == 1,
            "vatRate": "none", "currency": "RUB", "sites": []
        })
    };
    vec![
        row(1, "self-delivery", "Самовывоз", 0),
        row(2, "courier", "Курьер", 300),
        row(3, "russian-post", "Почта", 250),
    ]
}

fn order_methods() -> Vec<Value> {
    let methods = [
        ("shopping-cart", "Через корзину", true),
        ("phone", "По телефону", false),
        ("one-click", "В один клик", false),
        ("messenger", "Мессенджер", false),
        ("marketplace", "Маркетплейс", false),
        ("offline", "Офлайн", false),
    ];
    let row = |(code, name, default): (&str, &str, bool)| json!({"code": code, "name": name, "active": true, "defaultForCrm": default, "defaultForApi": default, "isFromPos": false});
    methods.into_iter().map(row).collect()
}

fn payment_statuses() -> Vec<Value> {
    let statuses = [
        ("not-paid", "Не оплачен", false),
        ("invoice", "Выставлен счёт", false),
        ("payment-start", "Платёж начат", false),
        ("paid", "Оплачен", true),
        ("fail", "Ошибка", false),
        ("returned", "Возвращён", false),
    ];
    let row = |(index, (code, name, complete)): (usize, (&str, &str, bool))| {
        json!({
            "code": code, "name": name, "active": true, "defaultForCrm": index == 0, "defaultForApi": index == 0,
            "paymentComplete": complete, "ordering": (index + 1) * 10, "paymentTypes": ["cash", "bank-card", "bank-transfer"]
        })
    };
    statuses.into_iter().enumerate().map(row).collect()
}

fn payment_types() -> Vec<Value> {
    let types = [
        ("cash", "Наличные"),
        ("bank-card", "Банковская карта"),
        ("bank-transfer", "Банковский перевод"),
        ("credit", "Кредит"),
    ];
    let row = |(index, (code, name)): (usize, (&str, &str))| {
        json!({
            "code": code, "name": name, "active": true, "defaultForCrm": index == 0, "defaultForApi": index == 0,
            "deliveryTypes": ["self-delivery", "courier", "russian-post"],
            "paymentStatuses": ["not-paid", "invoice", "payment-start", "paid", "fail", "returned"], "sites": []
        })
    };
    types.into_iter().enumerate().map(row).collect()
}

fn product_statuses() -> Vec<Value> {
    let statuses = [
        ("new", "Новый", false),
        ("in-reserve", "В резерве", false),
        ("sold", "Продан", false),
        ("returned", "Возврат", true),
        ("canceled", "Отменён", true),
    ];
    let row = |(index, (code, name, cancel)): (usize, (&str, &str, bool))| json!({"code": code, "name": name, "active": true, "ordering": (index + 1) * 10, "createdAt": "2024-01-01 00:00:00", "cancelStatus": cancel});
    statuses.into_iter().enumerate().map(row).collect()
}
