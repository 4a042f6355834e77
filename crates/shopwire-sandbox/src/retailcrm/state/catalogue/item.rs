//! The data that an order item takes from the catalogue.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::Catalogue;
use crate::retailcrm::value::{self, Object};

impl Catalogue {
    /// Checks that the fields of an order item about its offer are consistent.
    pub(crate) fn check_offer(&self, item: &Object) -> Result<(), String> {
        let Some(offer) = item.get("offer").and_then(Value::as_object) else {
            return Ok(());
        };
        if self.offer(offer).is_some()
            || value::member(item, "productName").is_some() && !offer.contains_key("id")
        {
            return Ok(());
        }
        let names = ["id", "externalId", "xmlId"];
        let named = names
            .iter()
            .find_map(|name| Some(format!("{name}={}", value::member(offer, name)?)));
        match named {
            Some(named) => Err(format!("Offer with {named} does not exist.")),
            None => Ok(()),
        }
    }

    /// Returns the data that a new order item takes from the catalogue. An offer outside of the catalogue is shown
    /// as it was given.
    pub(crate) fn taken_by_item(&self, item: &Object) -> Taken {
        let name = value::member(item, "productName");
        let Some(given) = item.get("offer").and_then(Value::as_object) else {
            return Taken::outside(name.map(|name| json!({"displayName": name})));
        };
        let Some(offer) = self.offer(given) else {
            let mut shown = given.clone();
            shown.extend(name.map(|name| ("displayName".to_owned(), name.into())));
            return Taken::outside(Some(Value::Object(shown)));
        };
        let mut shown = Object::new();
        shown.insert("displayName".into(), offer["name"].clone());
        shown.extend(value::pick(offer, SHOWN));
        Taken {
            shown: Some(Value::Object(shown)),
            price: price(offer, item),
            purchase_price: value::amount(offer, "purchasePrice"),
            vat_rate: value::member(offer, "vatRate").unwrap_or_else(|| "none".to_owned()),
        }
    }
}

/// Members of its offer that an order item shows.
const SHOWN: &[&str] = &[
    "id",
    "externalId",
    "xmlId",
    "name",
    "article",
    "vatRate",
    "properties",
    "unit",
    "barcode",
];

/// The data that a new order item takes from its offer.
#[derive(Debug)]
pub(crate) struct Taken {
    /// The offer as the item shows it.
    pub(crate) shown: Option<Value>,
    /// The price of the item's price type.
    pub(crate) price: Decimal,
    pub(crate) purchase_price: Decimal,
    pub(crate) vat_rate: String,
}

impl Taken {
    /// An item outside of the catalogue, with the given data only.
    fn outside(shown: Option<Value>) -> Self {
        Self {
            shown,
            price: Decimal::ZERO,
            purchase_price: Decimal::ZERO,
            vat_rate: "none".to_owned(),
        }
    }
}

/// Returns the offer's price of the item's price type, or the base price without a type.
fn price(offer: &Object, item: &Object) -> Decimal {
    let named = item.get("priceType").and_then(|kind| kind.get("code"));
    let prices = offer.get("prices").and_then(Value::as_array);
    let mut prices = prices.into_iter().flatten().filter_map(Value::as_object);
    let of_type = named.and_then(|code| prices.find(|price| price.get("priceType") == Some(code)));
    of_type.map_or_else(
        || value::amount(offer, "price"),
        |row| value::amount(row, "price"),
    )
}
