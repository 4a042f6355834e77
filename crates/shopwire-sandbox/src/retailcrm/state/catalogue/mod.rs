//! The catalogue: products, offers with their stock and prices, groups, properties.

mod item;
mod shown;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::references::FIRST_SITE;
use super::table::{By, Table};
use crate::retailcrm::value::{self, Object, object};

/// Everything that the account sells.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(crate) struct Catalogue {
    /// Products without their offers.
    pub(crate) products: Table,
    /// Offers; `product` is an id, `stores` has the stock.
    pub(crate) offers: Table,
    pub(crate) groups: Table,
    pub(crate) properties: Vec<Object>,
}

impl Catalogue {
    /// Adds a product, with one offer of its own, and gives its id.
    pub(crate) fn add_product(&mut self, row: Object) -> i64 {
        let (name, external) = (
            value::member(&row, "name").unwrap_or_default(),
            row.get("externalId").cloned(),
        );
        let id = self.products.insert(row);
        let mut offer = blank_offer(id, &name, Decimal::ZERO);
        if let Some(external) = external {
            offer.insert("externalId".into(), external);
        }
        self.offers.insert(offer);
        id
    }

    /// The offer that a reference means.
    pub(crate) fn offer(&self, reference: &Object) -> Option<&Object> {
        self.offer_id(reference).and_then(|id| self.offers.get(id))
    }

    /// The offer that `{"id"}`, `{"externalId"}` or `{"xmlId"}` means.
    pub(crate) fn offer_id(&self, reference: &Object) -> Option<i64> {
        let by_xml_id = || {
            let xml_id = value::member(reference, "xmlId")?;
            let row = self
                .offers
                .iter()
                .find(|row| row.get("xmlId").is_some_and(|own| *own == xml_id.as_str()))?;
            row.get("id").and_then(value::integer)
        };
        self.offers.referred(reference).or_else(by_xml_id)
    }

    /// The product that `{"id"}` or `{"externalId"}` means.
    pub(crate) fn product_id(&self, reference: &Object) -> Option<i64> {
        match reference.get("id").and_then(value::integer) {
            Some(id) => self.products.get(id).map(|_| id),
            None => self.products.find(
                &value::member(reference, "externalId")?,
                By::ExternalId,
                None,
            ),
        }
    }
}

/// A new offer of a product, without stock.
pub(crate) fn blank_offer(product: i64, name: &str, price: Decimal) -> Object {
    object(json!({
        "name": name,
        "price": value::number(price),
        "images": [],
        "prices": [{"priceType": "base", "price": value::number(price), "ordering": 10, "currency": "RUB"}],
        "purchasePrice": 0,
        "vatRate": "none",
        "properties": [],
        "quantity": 0,
        "active": true,
        "unit": {"code": "pc", "name": "Штука", "sym": "pc."},
        "site": FIRST_SITE,
        "product": product,
        "stores": [],
    }))
}
