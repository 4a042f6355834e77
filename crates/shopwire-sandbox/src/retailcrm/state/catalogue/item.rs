//! What an order item takes from the catalogue.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::Catalogue;
use crate::retailcrm::value::{self, Object};

impl Catalogue {
    /// What an order item says about its offer must make sense.
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

    /// The offer as an order item shows it, and its price. An offer that is not in the catalogue
    /// is shown as it was given.
    pub(crate) fn offer_of_item(&self, item: &Object) -> (Option<Value>, Decimal) {
        let Some(given) = item.get("offer").and_then(Value::as_object) else {
            let name = value::member(item, "productName");
            return (name.map(|name| json!({"displayName": name})), Decimal::ZERO);
        };
        let Some(offer) = self.offer(given) else {
            let mut shown = given.clone();
            if let Some(name) = value::member(item, "productName") {
                shown.insert("displayName".into(), name.into());
            }
            return (Some(Value::Object(shown)), Decimal::ZERO);
        };
        let mut shown = Object::new();
        shown.insert("displayName".into(), offer["name"].clone());
        for name in [
            "id",
            "externalId",
            "xmlId",
            "name",
            "article",
            "vatRate",
            "properties",
            "unit",
            "barcode",
        ] {
            if let Some(value) = offer.get(name) {
                shown.insert(name.into(), value.clone());
            }
        }
        (Some(Value::Object(shown)), value::amount(offer, "price"))
    }
}
