//! Generated cards: plausible, and the same for the same seed.

use serde_json::{Map, Value, json};

use super::cards::{Cards, Stage};
use super::catalog::{self, Kind};
use crate::plan::UvygodaPlan;
use crate::random::Random;
use crate::words;

const STAGES: [Stage; 4] = [Stage::Draft, Stage::Awaiting, Stage::Public, Stage::End];

/// Makes cards as a seller would write them: each one passes the checks of `addProduct`.
pub(super) fn cards(plan: &UvygodaPlan, seed: u64) -> Cards {
    let mut random = Random::new(seed, "uvygoda rows");
    let sections: Vec<u64> = catalog::third_level().collect();
    let mut cards = Cards::default();
    for _ in 0..plan.cards {
        let section = random.one_of(&sections);
        // The rules of a section and its words are both here: a refusal would be a mistake in this file.
        if let Ok(id) = cards.add(fields(&mut random, section)) {
            cards.enter(id, random.one_of(&STAGES));
        }
    }
    cards
}

fn fields(random: &mut Random, section: u64) -> Map<String, Value> {
    let (kind, adjectives) = random.one_of(words::GOODS);
    let name = format!("{kind} {}", random.one_of(adjectives));
    let picture = |number: u64| json!(format!("https://shop.example/{section}/{number}.jpg"));
    let pictures: Vec<Value> = (0..random.below(5)).map(picture).collect();
    let mut properties = Map::new();
    for property in catalog::properties(section).unwrap_or_default() {
        let value = match property.kind {
            Kind::Text => json!(random.one_of(&["Ранок", "Kyiv Goods", "Львів'янка"])),
            Kind::Integer => json!(random.below(37)),
            Kind::List(values) => json!(random.one_of(values).0),
        };
        if property.required || random.below(2) == 0 {
            properties.insert(property.id.to_string(), value);
        }
    }
    let fields = json!({
        "SECTION_ID": section,
        "NAME": name,
        "PRICE": price(random),
        "STOCK": random.below(200),
        "DESCRIPTION": format!("<p>{}</p>", random.one_of(words::COMMENTS)),
        "PROPERTIES": properties,
        "PICTURES": pictures,
        "PREVIEV_PICTURE": format!("https://shop.example/{section}/preview.jpg"),
    });
    fields.as_object().cloned().unwrap_or_default()
}

/// A whole price, or one with decimals.
#[expect(clippy::cast_precision_loss, reason = "the prices are small")]
fn price(random: &mut Random) -> Value {
    let cents = 1000 + random.below(500_000);
    if cents.is_multiple_of(100) {
        json!(cents / 100)
    } else {
        json!(cents as f64 / 100.0)
    }
}
