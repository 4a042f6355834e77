//! Generated products, each with its offer.

use rust_decimal::Decimal;
use serde_json::json;

use crate::random::Random;
use crate::retailcrm::state::account::Account;
use crate::retailcrm::state::catalogue::blank_offer;
use crate::retailcrm::value::{self, object};
use crate::words;

/// Adds products to the groups of the catalogue.
pub(super) fn add(account: &mut Account, random: &mut Random, count: usize) {
    for index in 0..count {
        let at = account.made_at(index, count);
        let number = account.catalogue.products.next_id();
        let (kind, adjectives) = random.one_of(words::GOODS);
        let name = format!("{kind} {}", random.one_of(adjectives));
        let external = format!("product-{number}");
        let (group, group_external) = random.one_of(&[(2, "kitchen"), (3, "textile")]);
        let product = account.catalogue.products.insert(object(json!({
            "catalogId": 1, "article": format!("GEN-{number:05}"), "name": name, "externalId": external,
            "url": format!("https://shop.example/{external}"),
            "imageUrl": format!("https://shop.example/{external}.jpg"),
            "groups": [{"id": group, "externalId": group_external}],
            "manufacturer": random.one_of(&["Ранок", "Kyiv Goods", "Львів'янка"]), "active": true,
            "popular": random.below(10) == 0, "stock": true, "novelty": random.below(10) == 0,
            "recommended": false, "markable": false, "type": "product", "properties": [], "updatedAt": at,
        })));
        let price = Decimal::new(1000 + i64::try_from(random.below(500_000)).unwrap_or(0), 2);
        let cost = (price * Decimal::new(6, 1)).round_dp(2);
        let stock = random.below(100);
        let mut offer = blank_offer(product, &name, price);
        offer.extend(object(json!({
            "externalId": format!("offer-{number}"),
            "xmlId": format!("xml-{number}"),
            "article": format!("GEN-{number:05}-1"),
            "purchasePrice": value::number(cost),
            "quantity": stock,
            "stores": [{"store": "main", "quantity": stock, "purchasePrice": value::number(cost)}],
        })));
        account.catalogue.offers.insert(offer);
    }
}
