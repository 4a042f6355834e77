//! Data that lists join to products, offers, groups and properties.

use serde_json::{Value, json};

use super::resolve::{at, id_of};
use crate::retailcrm::state::account::Account;
use crate::retailcrm::state::aside::CrmRow;
use crate::retailcrm::value::{self, Object, object};

impl Account {
    /// The class of a product.
    pub(crate) fn joined_product(&self, product: &Object, path: &str) -> Vec<Value> {
        at(&self.aside.of(CrmRow::Product, id_of(product)), path)
    }

    /// The whole product of an offer that is stored with its product's id, or shown with a short form of it.
    pub(crate) fn joined_offer(&self, offer: &Object, path: &str) -> Vec<Value> {
        let product = offer.get("product");
        let id = product.and_then(|product| {
            value::integer(product).or_else(|| product.get("id").and_then(value::integer))
        });
        let product = id.and_then(|id| self.catalogue.products.get(id));
        at(&object(json!({"product": product})), path)
    }

    /// The catalogues of the sites (`site` or `sites`) of a group or a property.
    pub(crate) fn joined_catalogs(&self, row: &Object, path: &str) -> Vec<Value> {
        let sites = ["site", "sites"].map(|name| value::all_at(row, name));
        let catalogs: Vec<String> = sites
            .iter()
            .flatten()
            .filter_map(|site| value::text(site))
            .map(|site| self.references.text("sites", &site, "catalogId"))
            .collect();
        at(&object(json!({"catalogs": catalogs})), path)
    }
}
