//! Packs and the items that they are of: a pack goes where its item goes.

use serde_json::{Value, json};

use super::account::Account;
use crate::retailcrm::value::{self, Object};

/// Where the packs are kept.
pub(crate) const TABLE: &str = "packs";

impl Account {
    /// Notes a change of a pack. History shows the store as an object, lists show its code.
    pub(crate) fn note_pack(&mut self, id: i64, mut change: Value) {
        let pack = self.records.table(TABLE).get(id);
        let mut pack = pack.cloned().unwrap_or_default();
        if let Some(store) = value::member(&pack, "store") {
            pack.insert("store".into(), json!({"code": store}));
        }
        change["pack"] = Value::Object(pack);
        self.records.history(TABLE).note_without_key(change);
    }

    /// Removes a pack, and notes it.
    pub(crate) fn remove_pack(&mut self, id: i64) -> Option<Object> {
        let pack = self.records.table(TABLE).get(id)?;
        let store = pack.get("store").cloned();
        let change = json!({"deleted": true, "field": "store", "oldValue": {"code": store}});
        self.note_pack(id, change);
        self.records.table_mut(TABLE).remove(id)
    }

    /// The packs of an order whose items may have gone: to another order, and then they go with them, or away.
    pub(crate) fn settle_packs(&mut self, order: i64) {
        let packs = self.records.table(TABLE).iter();
        let of_order = packs.filter(|pack| pack["item"]["order"]["id"] == order);
        let meant: Vec<(i64, Option<i64>)> = of_order
            .filter_map(|pack| {
                let id = pack.get("id").and_then(value::integer)?;
                Some((id, self.order_with(&pack["item"]["id"])))
            })
            .collect();
        for (id, holder) in meant {
            match holder {
                Some(holder) if holder == order => {}
                Some(holder) => {
                    let pack = self.records.table_mut(TABLE);
                    pack.update(id, |pack| pack["item"]["order"]["id"] = holder.into());
                }
                None => drop(self.remove_pack(id)),
            }
        }
    }

    /// The order that has this item.
    fn order_with(&self, item: &Value) -> Option<i64> {
        let mut orders = self.orders.table.iter();
        let order = orders.find(|order| value::all_at(order, "items.id").contains(&item))?;
        order.get("id").and_then(value::integer)
    }
}
