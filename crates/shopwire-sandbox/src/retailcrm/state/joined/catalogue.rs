//! What lists join to products, offers, groups and properties.

use serde_json::{Value, json};

use super::resolve::id_of;
use crate::retailcrm::state::account::Account;
use crate::retailcrm::state::aside::CrmRow;
use crate::retailcrm::value::{self, Object, object};

impl Account {
    /// The class of a product.
    pub(crate) fn joined_product(&self, product: &Object) -> Object {
        self.aside.of(CrmRow::Product, id_of(product))
    }

    /// The whole product of an offer that is stored with its product's id, or shown with a short form of it.
    pub(crate) fn joined_offer(&self, offer: &Object) -> Object {
        let product = offer.get("product");
        let id = product.and_then(|product| {
            value::integer(product).or_else(|| product.get("id").and_then(value::integer))
        });
        let product = id.and_then(|id| self.catalogue.products.get(id));
        object(json!({"product": product}))
    }

    /// The catalogues of the sites (`site` or `sites`) of a group or a property.
    pub(crate) fn joined_catalogs(&self, row: &Object) -> Object {
        let sites = ["site", "sites"].map(|name| value::all_at(row, name));
        let catalogs: Vec<String> = sites
            .iter()
            .flatten()
            .filter_map(|site| value::text(site))
            .map(|site| self.references.text("sites", &site, "catalogId"))
            .collect();
        object(json!({"catalogs": Value::from(catalogs)}))
    }
}
