//! The shop in a snapshot.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::imports::Imports;
use super::shop::{Data, Keys};
use super::store::Store;
use crate::clock::Clock;
use crate::random::Random;

/// The data of a shop, as a snapshot has it.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Saved {
    keys: Keys,
    random: Random,
    categories: Vec<Map<String, Value>>,
    products: Vec<Map<String, Value>>,
    orders: Vec<Value>,
    imports: Imports,
}

impl Saved {
    pub(super) fn of(data: &Data) -> Self {
        let rows = |store: &Store| store.all().into_iter().filter_map(as_object).collect();
        Self {
            keys: data.keys.clone(),
            random: data.random.clone(),
            categories: rows(&data.categories),
            products: rows(&data.products),
            orders: data.orders.clone(),
            imports: data.imports.clone(),
        }
    }

    /// The data again. The error names the path of what is wrong.
    pub(super) fn into_data(self, clock: &Clock) -> Result<Data, String> {
        let (mut categories, mut products) = (
            Store::categories(clock.clone()),
            Store::products(clock.clone()),
        );
        categories
            .load(self.categories)
            .map_err(|text| format!("categories{text}"))?;
        products
            .load(self.products)
            .map_err(|text| format!("products{text}"))?;
        Ok(Data {
            keys: self.keys,
            categories,
            products,
            orders: self.orders,
            imports: self.imports,
            random: self.random,
        })
    }
}

fn as_object(row: Value) -> Option<Map<String, Value>> {
    match row {
        Value::Object(row) => Some(row),
        _ => None,
    }
}
