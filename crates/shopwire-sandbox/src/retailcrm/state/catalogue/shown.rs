//! Offers and products with what belongs to them.

use rust_decimal::Decimal;

use super::Catalogue;
use crate::retailcrm::value::{self, Object, object};

impl Catalogue {
    /// The product with its offers, prices from and to, and stock.
    pub(crate) fn shown_product(&self, row: &Object) -> Object {
        let offers: Vec<&Object> = self
            .offers
            .iter()
            .filter(|offer| offer.get("product") == row.get("id"))
            .collect();
        let prices: Vec<Decimal> = offers
            .iter()
            .map(|offer| value::amount(offer, "price"))
            .collect();
        let quantity: Decimal = offers
            .iter()
            .map(|offer| value::amount(offer, "quantity"))
            .sum();
        let mut shown = row.clone();
        let extreme = |price: Option<&Decimal>| value::number(price.copied().unwrap_or_default());
        shown.insert("minPrice".into(), extreme(prices.iter().min()));
        shown.insert("maxPrice".into(), extreme(prices.iter().max()));
        shown.insert("quantity".into(), value::number(quantity));
        shown.insert(
            "offers".into(),
            offers
                .into_iter()
                .map(|offer| value::without(offer, &["product", "stores"]))
                .collect(),
        );
        shown
    }

    /// The offer with a short form of its product.
    pub(crate) fn shown_offer(&self, row: &Object) -> Object {
        let mut shown = object(value::without(row, &["product", "stores", "price"]));
        let product = row
            .get("product")
            .and_then(value::integer)
            .and_then(|id| self.products.get(id));
        if let Some(product) = product {
            let names = [
                "catalogId",
                "id",
                "externalId",
                "type",
                "name",
                "groups",
                "active",
            ];
            shown.insert("product".into(), value::pick(product, &names).into());
        }
        shown
    }
}
