//! The catalogue: products, offers, stock, prices, groups, properties.

mod groups;
mod list;
mod offers;
mod products;
mod properties;
mod seed;
mod stock;
#[cfg(test)]
mod tests;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::answer::Object;
use super::call::By;
use super::route::Route;
use super::table::Table;
use super::value;

/// Everything that the account sells.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    /// Products without their offers.
    products: Table,
    /// Offers; `product` is an id, `stores` has the stock.
    offers: Table,
    groups: Table,
    properties: Vec<Object>,
}

pub(super) const ROUTES: &[Route] = &[
    Route::get(
        "store.list_products",
        "/api/v5/store/products",
        "store",
        list::products,
    ),
    Route::post(
        "store.create_products_batch",
        "/api/v5/store/products/batch/create",
        "store",
        products::create,
    ),
    Route::post(
        "store.edit_products_batch",
        "/api/v5/store/products/batch/edit",
        "store",
        products::edit,
    ),
    Route::get(
        "store.list_product_properties",
        "/api/v5/store/products/properties",
        "store",
        properties::list,
    ),
    Route::get(
        "store.list_product_property_values",
        "/api/v5/store/products/properties/values",
        "store",
        properties::list_values,
    ),
    Route::get(
        "store.list_offers",
        "/api/v5/store/offers",
        "store",
        list::offers,
    ),
    Route::get(
        "store.list_inventories",
        "/api/v5/store/inventories",
        "store",
        stock::list,
    ),
    Route::post(
        "store.upload_inventories",
        "/api/v5/store/inventories/upload",
        "store",
        stock::upload,
    ),
    Route::post(
        "store.upload_prices",
        "/api/v5/store/prices/upload",
        "store",
        stock::upload_prices,
    ),
    Route::get(
        "store.list_product_groups",
        "/api/v5/store/product-groups",
        "store",
        groups::list,
    ),
    Route::post(
        "store.create_product_group",
        "/api/v5/store/product-groups/create",
        "store",
        groups::create,
    ),
    Route::post(
        "store.edit_product_group",
        "/api/v5/store/product-groups/{externalId}/edit",
        "store",
        groups::edit,
    ),
];

impl Catalog {
    /// What an order item says about its offer must make sense.
    pub(super) fn check_offer(&self, item: &Object) -> Result<(), String> {
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
    pub(super) fn offer_of_item(&self, item: &Object) -> (Option<Value>, Decimal) {
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

    fn offer(&self, reference: &Object) -> Option<&Object> {
        self.offer_id(reference).and_then(|id| self.offers.get(id))
    }

    /// The offer that `{"id"}`, `{"externalId"}` or `{"xmlId"}` means.
    fn offer_id(&self, reference: &Object) -> Option<i64> {
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
    fn product_id(&self, reference: &Object) -> Option<i64> {
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
