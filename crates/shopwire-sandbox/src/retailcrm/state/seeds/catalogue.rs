//! The catalogue of a new account: three groups, five products, seven offers, two stores.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::retailcrm::state::catalogue::{Catalogue, blank_offer};
use crate::retailcrm::state::references::FIRST_SITE;
use crate::retailcrm::value::{Object, object};

/// Product, article, group, offers: name, price, colour, stock in the two stores.
type Seed = (
    &'static str,
    &'static str,
    i64,
    &'static [(&'static str, i64, &'static str, i64, i64)],
);

const PRODUCTS: &[Seed] = &[
    (
        "Чайник",
        "KTL",
        2,
        &[
            ("Чайник белый", 2490, "white", 12, 3),
            ("Чайник чёрный", 2590, "black", 7, 0),
        ],
    ),
    ("Кружка", "MUG", 2, &[("Кружка", 390, "white", 120, 40)]),
    ("Тостер", "TST", 2, &[("Тостер", 3190, "steel", 5, 1)]),
    (
        "Плед",
        "PLD",
        3,
        &[
            ("Плед серый", 1890, "grey", 20, 4),
            ("Плед синий", 1890, "blue", 0, 2),
        ],
    ),
    (
        "Подарочная карта",
        "GIFT",
        1,
        &[("Подарочная карта", 1000, "none", 999, 0)],
    ),
];

/// The catalogue of a new account.
pub(crate) fn catalogue() -> Catalogue {
    let mut catalogue = Catalogue::default();
    for (name, parent, external) in [
        ("Каталог", 0, "all"),
        ("Кухня", 1, "kitchen"),
        ("Текстиль", 1, "textile"),
    ] {
        let mut group = object(
            json!({"name": name, "externalId": external, "site": FIRST_SITE, "active": true, "lvl": parent}),
        );
        if parent > 0 {
            group.insert("parentId".into(), parent.into());
        }
        catalogue.groups.insert(group);
    }
    catalogue.properties = vec![
        property("color", "Цвет", false, true),
        property("weight", "Вес", true, false),
    ];
    for seed in PRODUCTS {
        add(&mut catalogue, seed);
    }
    catalogue
}

fn add(catalogue: &mut Catalogue, &(name, article, group, variants): &Seed) {
    let external = catalogue
        .groups
        .get(group)
        .and_then(|row| row.get("externalId"))
        .cloned();
    let key = article.to_lowercase();
    let product = catalogue.products.insert(object(json!({
        "catalogId": 1, "article": article, "name": name, "externalId": key, "url": format!("https://shop.example/{key}"),
        "imageUrl": format!("https://shop.example/{key}.jpg"), "groups": [{"id": group, "externalId": external}],
        "manufacturer": "Песочница", "active": true, "popular": false, "stock": true, "novelty": false,
        "recommended": false, "markable": false, "type": "product", "properties": [], "updatedAt": "2024-01-01 00:00:00",
    })));
    for (index, &(offer_name, price, color, first, second)) in variants.iter().enumerate() {
        let mut offer = blank_offer(product, offer_name, Decimal::from(price));
        offer.extend(object(json!({
            "externalId": format!("{key}-{}", index + 1),
            "xmlId": format!("xml-{key}-{}", index + 1),
            "article": format!("{article}-{}", index + 1),
            "purchasePrice": price / 2,
            "properties": {"color": color},
            "quantity": first + second,
            "stores": [
                {"store": "main", "quantity": first, "purchasePrice": price / 2},
                {"store": "second", "quantity": second, "purchasePrice": price / 2},
            ],
        })));
        catalogue.offers.insert(offer);
    }
}

fn property(code: &str, name: &str, numeric: bool, variative: bool) -> Object {
    let groups: Vec<Value> = vec![json!({"id": 1, "name": "Основные"})];
    object(json!({
        "code": code, "name": name, "isNumeric": numeric, "visible": true, "variative": variative,
        "sites": [FIRST_SITE], "groups": groups,
    }))
}
