//! The shop as a whole: reset, seed, snapshot, and a look inside.

use std::sync::{Arc, MutexGuard};

use serde_json::Value;

use super::generated;
use super::import;
use super::saved::Saved;
use super::shop::{Data, Shop};
use crate::entities::{Entities, RowQuery, Rows};
use crate::invalid::Invalid;
use crate::plan::NiceChatPlan;

impl Shop {
    /// Puts everything back to the start, with generated data by a plan. Tokens come from the seed.
    pub(crate) fn restart(self: &Arc<Self>, seed: u64, plan: Option<&NiceChatPlan>) {
        let mut data = self.data();
        let keys = super::shop::Keys::of(&self.origin);
        let mut fresh = Data::new(keys, &self.options, &self.clock, seed);
        if let Some(plan) = plan {
            generated::fill(&mut fresh, plan, seed);
        }
        self.replace(&mut data, fresh);
    }

    /// Holds the data still, and gives it as a snapshot has it.
    pub(crate) fn saved(&self) -> (Saved, impl Sized + use<'_>) {
        let data = self.data();
        (Saved::of(&data), data)
    }

    /// Reads the data of a snapshot.
    pub(crate) fn read(&self, saved: Saved) -> Result<Loaded, Invalid> {
        let data = saved.into_data(&self.clock);
        data.map(Loaded).map_err(|text| {
            let (place, text) = text.split_once(": ").unwrap_or(("", &text));
            Invalid::new(format!("nicechat.{place}"), text)
        })
    }

    /// Replaces all data. Imports go on where the snapshot left them.
    pub(crate) fn load(self: &Arc<Self>, loaded: Loaded) {
        let mut data = self.data();
        self.replace(&mut data, loaded.0);
        for task in data.imports.iter() {
            if let Some(until) = task.state.until() {
                import::follow(self, task.token.clone(), until);
            }
        }
    }

    fn replace(&self, data: &mut MutexGuard<'_, Data>, new: Data) {
        self.background.restart();
        self.gate
            .replace_account(&new.keys.api_key, &new.keys.api_secret);
        **data = new;
    }
}

/// The data of a snapshot that was read and can be loaded.
pub(crate) struct Loaded(Data);

impl Entities for Shop {
    fn counts(&self) -> Vec<(String, usize)> {
        let data = self.data();
        [
            ("categories", data.categories.len()),
            ("products", data.products.len()),
            ("orders", data.orders.len()),
            ("imports", data.imports.iter().count()),
        ]
        .map(|(name, count)| (name.to_owned(), count))
        .into()
    }

    fn rows(&self, entity: &str, query: &RowQuery) -> Option<Rows> {
        let data = self.data();
        Some(match entity {
            "categories" => query.cut(data.categories.iter()),
            "products" => query.cut(data.products.iter()),
            "orders" => query.cut(data.orders.iter()),
            "imports" => query.cut(imports(&data).iter()),
            _ => return None,
        })
    }

    fn row(&self, entity: &str, id: &str) -> Option<Value> {
        let data = self.data();
        match entity {
            "categories" => data.categories.find(id).cloned(),
            "products" => data.products.find(id).cloned(),
            "orders" => {
                let mut orders = data.orders.iter();
                let is_meant = |order: &&Value| order["id"].as_u64() == id.parse().ok();
                orders.find(is_meant).cloned()
            }
            "imports" => imports(&data).into_iter().find(|task| task["token"] == id),
            _ => None,
        }
    }

    /// The shop keeps none.
    fn history(&self, _: &str, _: &str) -> Option<Vec<Value>> {
        None
    }
}

/// The imports with what was asked for, beside what the API says of them.
fn imports(data: &Data) -> Vec<Value> {
    let row = |task: &super::imports::Task| {
        let mut row = serde_json::json!({
            "token": task.token, "url": task.push.url, "format": task.push.format, "callback": task.push.callback,
        });
        if let (Value::Object(row), Value::Object(shown)) = (&mut row, task.to_json()) {
            row.extend(shown);
        }
        row
    };
    data.imports.iter().map(row).collect()
}
