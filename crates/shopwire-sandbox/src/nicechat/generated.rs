//! Generated products and orders: plausible, and the same for the same seed.

use serde_json::{Map, Value, json};

use super::orders;
use super::shop::Data;
use crate::plan::NiceChatPlan;
use crate::random::Random;
use crate::words;

/// The most orders that the numbering of the samples has.
const GROUP: usize = 10;

/// Adds products in categories, and puts orders in place of those of the options.
pub(super) fn fill(data: &mut Data, plan: &NiceChatPlan, seed: u64) {
    let mut random = Random::new(seed, "nicechat rows");
    for number in 0..plan.products.div_ceil(GROUP).min(words::GOODS.len()) {
        let fields = json!({"name": words::GOODS[number].0, "is_enabled": true});
        data.categories
            .upsert(&format!("c-{}", number + 1), object(fields));
    }
    for number in 1..=plan.products {
        data.products
            .upsert(&format!("p-{number}"), product(&mut random, plan, number));
    }
    if plan.orders > 0 {
        let count = u32::try_from(plan.orders).unwrap_or(u32::MAX);
        data.orders = orders::seeded(count);
        for order in &mut data.orders {
            vary(&mut random, order);
        }
    }
}

fn product(random: &mut Random, plan: &NiceChatPlan, number: usize) -> Map<String, Value> {
    let groups = plan.products.div_ceil(GROUP).min(words::GOODS.len());
    let group = (number - 1) % groups;
    let (kind, adjectives) = words::GOODS[group];
    let cents = 1000 + random.below(500_000);
    let description = match random.below(3) {
        0 => Value::Null,
        1 => json!(format!("{kind}: {}", random.one_of(words::COMMENTS))),
        _ => json!("Made in Ukraine, 100% real & \"tested\""),
    };
    object(json!({
        "category": format!("c-{}", group + 1),
        "title": format!("{kind} {}", random.one_of(adjectives)),
        "price": price(cents),
        "currency": random.one_of(&["uah", "usd", "eur"]),
        "description": description,
        "url": format!("https://shop.example/p/{number}"),
        "image_url": (random.below(4) > 0).then(|| format!("https://shop.example/i/{number}.png")),
        "in_stock": random.below(5) > 0,
    }))
}

/// Gives an order of the samples a buyer and prices of its own.
fn vary(random: &mut Random, order: &mut Value) {
    let buyer = words::person(random);
    order["contacts"]["client"]["name"] = json!(format!("{} {}", buyer.first, buyer.last));
    let products = order["deal"]["products"].as_array_mut();
    for product in products.into_iter().flatten() {
        let (kind, adjectives) = random.one_of(words::GOODS);
        product["title"] = json!(format!("{kind} {}", random.one_of(adjectives)));
        product["price"] = price(1000 + random.below(500_000));
        product["qty"] = json!(1 + random.below(4));
    }
}

/// A price with two decimals.
#[expect(clippy::cast_precision_loss, reason = "the prices are small")]
fn price(cents: u64) -> Value {
    json!(cents as f64 / 100.0)
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
