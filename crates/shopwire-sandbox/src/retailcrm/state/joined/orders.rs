//! Data that lists join to an order.

use serde_json::{Value, json};

use super::activity::Subject;
use super::resolve::{at, each, id_of};
use crate::retailcrm::state::account::Account;
use crate::retailcrm::state::aside::CrmRow;
use crate::retailcrm::value::{self, Object};

/// The states of a registration with a delivery service, as the filter names them.
const DELIVERY_STATES: &[&str] = &[
    "cancel",
    "cancel_force",
    "error",
    "none",
    "processing",
    "success",
];

impl Account {
    /// Returns the values at a path beyond an order: its customer, costs and profit, tasks, files, statuses,
    /// delivery, the groups of its products, and data that a test has added.
    pub(crate) fn joined_order(&self, order: &Object, path: &str) -> Vec<Value> {
        let id = id_of(order);
        if let Some(path) = path.strip_prefix("customer.") {
            let customer = self.customer_meant(order.get("customer"));
            return customer
                .map(|(party, row)| self.joined_customer(party, row, path))
                .unwrap_or_default();
        }
        let costs = || self.costs_of(order);
        let found = match path {
            "company" => json!(self.company_name(order)),
            "costSumm" => value::number(costs()),
            "marginSumm" => value::number(self.margin_of(order, costs())),
            "tasksCounts" => self.task_codes(Subject::Order(id)),
            "attachments" => self.attachment_codes(Subject::Order(id)),
            "managerGroups" => self.manager_groups(order),
            "statuses" => self.status_and_group(order),
            "statusHistory" => self.status_history(id),
            "deliveryState" => delivery_state(order).into(),
            "couriers" => couriers(order),
            "productGroups" => self.product_groups(order),
            _ => return at(&self.aside.of(CrmRow::Order, id), path),
        };
        each(found)
    }

    /// The status of an order, and that of its group as the filter writes it.
    fn status_and_group(&self, order: &Object) -> Value {
        let status = value::member(order, "status").unwrap_or_default();
        let group = self.references.text("statuses", &status, "group");
        json!([status, format!("{group}-group")])
    }

    /// The statuses that an order went through, in their order.
    fn status_history(&self, id: i64) -> Value {
        let entries = self.orders.history.about("order", id);
        entries
            .filter(|entry| entry.get("field").is_some_and(|field| field == "status"))
            .filter_map(|entry| Some(entry.get("newValue")?.get("code")?.clone()))
            .collect()
    }

    /// The numbers of the groups of the products in an order.
    fn product_groups(&self, order: &Object) -> Value {
        let offers = value::all_at(order, "items.offer.id");
        let products = offers
            .into_iter()
            .filter_map(value::integer)
            .filter_map(|id| self.catalogue.offers.get(id))
            .filter_map(|offer| offer.get("product").and_then(value::integer))
            .filter_map(|id| self.catalogue.products.get(id));
        products
            .flat_map(|product| value::all_at(product, "groups.id"))
            .cloned()
            .collect()
    }

    /// The name of the order's company, which may stand in the order as its id alone.
    fn company_name(&self, order: &Object) -> Option<String> {
        let company = order.get("company").and_then(Value::as_object)?;
        if let Some(name) = value::member(company, "name") {
            return Some(name);
        }
        let is_meant = |part: &&Value| {
            ["id", "externalId"].iter().any(|name| {
                let own = part.get(name).and_then(value::text);
                own.is_some() && own == value::member(company, name)
            })
        };
        let rows = self.companies.table.iter();
        let mut parts = rows.flat_map(|row| value::all_at(row, "companies"));
        parts.find(is_meant)?.get("name").and_then(value::text)
    }
}

/// The state that the delivery service gave, or what follows from its data.
fn delivery_state(order: &Object) -> String {
    let nothing = Value::Null;
    let data = order
        .get("delivery")
        .and_then(|delivery| delivery.get("data"))
        .unwrap_or(&nothing);
    let has = |name: &str| data.get(name).and_then(value::text).is_some();
    match data.get("status").and_then(value::text) {
        Some(status) if DELIVERY_STATES.contains(&status.as_str()) => status,
        Some(status) if status == "canceled" => "cancel".to_owned(),
        _ if has("externalId") || has("trackNumber") => "success".to_owned(),
        _ => "none".to_owned(),
    }
}

/// The courier's number stands in the data of the delivery, under one of two names.
fn couriers(order: &Object) -> Value {
    let paths = ["delivery.data.id", "delivery.data.courierId"];
    let numbers = paths.iter().flat_map(|path| value::all_at(order, path));
    numbers.cloned().collect()
}
