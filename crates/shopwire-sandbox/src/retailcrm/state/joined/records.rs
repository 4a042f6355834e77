//! Data that lists join to costs, files, packs, shipments, tasks, segments and loyalty accounts.

use serde_json::{Value, json};

use super::resolve::{at, id_of};
use crate::retailcrm::state::account::Account;
use crate::retailcrm::state::aside::CrmRow;
use crate::retailcrm::state::party::pinned_tags;
use crate::retailcrm::value::{self, Object, object};

impl Account {
    /// The order of a cost, and the group of its item.
    pub(crate) fn joined_cost(&self, cost: &Object, path: &str) -> Vec<Value> {
        let item = value::member(cost, "costItem").unwrap_or_default();
        at(
            &object(json!({
                "order": self.order_named(cost.get("order")),
                "group": self.references.text("cost-items", &item, "group"),
            })),
            path,
        )
    }

    /// The orders and customers that a file hangs on, and their sites.
    pub(crate) fn joined_file(&self, file: &Object, path: &str) -> Vec<Value> {
        let attachments = value::all_at(file, "attachment");
        let orders: Vec<Object> = attachments
            .iter()
            .filter_map(|attachment| self.order_named(attachment.get("order")))
            .collect();
        let customers: Vec<Object> = attachments
            .iter()
            .filter_map(|attachment| self.customer_meant(attachment.get("customer")))
            .map(|(_, row)| value::pick(row, &["id", "externalId", "site"]))
            .collect();
        let rows = orders.iter().chain(&customers);
        let sites: Vec<&Value> = rows.filter_map(|row| row.get("site")).collect();
        at(
            &object(json!({"sites": sites, "orders": orders, "customers": customers})),
            path,
        )
    }

    /// The order of the item that a pack is for.
    pub(crate) fn joined_pack(&self, pack: &Object, path: &str) -> Vec<Value> {
        let order = pack.get("item").and_then(|item| item.get("order"));
        at(&object(json!({"order": self.order_named(order)})), path)
    }

    /// As `joined_pack`, for an entry of the packs' history.
    pub(crate) fn joined_pack_change(&self, entry: &Object, path: &str) -> Vec<Value> {
        let pack = entry.get("pack").and_then(Value::as_object);
        pack.map(|pack| self.joined_pack(pack, path))
            .unwrap_or_default()
    }

    /// The orders of a shipment.
    pub(crate) fn joined_shipment(&self, shipment: &Object, path: &str) -> Vec<Value> {
        let orders = value::all_at(shipment, "orders").into_iter();
        let orders = orders.map(|order| self.order_named(Some(order)));
        at(&object(json!({"orders": orders.collect::<Vec<_>>()})), path)
    }

    /// The order and the customer of a task, its state, and its tags.
    pub(crate) fn joined_task(&self, task: &Object, path: &str) -> Vec<Value> {
        let is_complete = task.get("complete").and_then(value::flag) == Some(true);
        let customer = self.customer_meant(task.get("customer"));
        let mut joined = self.aside.of(CrmRow::Task, id_of(task));
        let pinned = pinned_tags(&joined);
        joined.extend(object(json!({
            "status": if is_complete { "completed" } else { "performing" },
            "order": self.order_named(task.get("order")),
            "customer": customer.map(|(_, row)| row),
            "pinnedTags": pinned,
        })));
        at(&joined, path)
    }

    /// Whether a segment is recalculated: `dynamic`, or `static`.
    pub(crate) fn joined_segment(&self, segment: &Object, path: &str) -> Vec<Value> {
        let is_dynamic = segment.get("isDynamic").and_then(value::flag) == Some(true);
        at(
            &object(json!({"type": if is_dynamic { "dynamic" } else { "static" }})),
            path,
        )
    }

    /// The customer and the programme of a loyalty account, and the days on which its bonuses lapse.
    pub(crate) fn joined_loyalty_account(&self, account: &Object, path: &str) -> Vec<Value> {
        let customer = self.customer_meant(account.get("customer"));
        let programme = account.get("loyalty").and_then(|loyalty| loyalty.get("id"));
        let programme = programme
            .and_then(value::integer)
            .and_then(|id| self.records.table("loyalties").get(id));
        let portions = self.portions(id_of(account));
        let days = portions.filter_map(|portion| portion.get("expireDate"));
        at(
            &object(json!({
                "customer": customer.map(|(_, row)| row),
                "sites": programme.and_then(|programme| programme.get("sites")),
                "burnDates": days.collect::<Vec<_>>(),
            })),
            path,
        )
    }

    /// The identifiers and the site of the order that a reference means.
    fn order_named(&self, reference: Option<&Value>) -> Option<Object> {
        let names = ["id", "externalId", "number", "site"];
        self.order_meant(reference)
            .map(|row| value::pick(row, &names))
    }
}
