//! What ties an order to the rest of the account: its customer, the customer's totals, its history.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::account::Account;
use super::history::differences;
use super::orders::reference;
use super::party::Party;
use super::refusal::Refusal;
use crate::retailcrm::value::{self, Object};

/// Members that history does not compare: computed, or noted on their own.
const UNNOTED: &[&str] = &[
    "items",
    "payments",
    "customer",
    "statusUpdatedAt",
    "fullPaidAt",
    "links",
];

impl Account {
    /// The reference to its customer that an order will hold. Without a customer in the input a new
    /// person is made.
    pub(crate) fn customer_of_order(
        &mut self,
        order: &Object,
        site: &str,
    ) -> Result<Value, Refusal> {
        let given = order
            .get("customer")
            .and_then(Value::as_object)
            .filter(|given| !given.is_empty());
        let Some(given) = given else {
            return self.person_of_order(order, site);
        };
        let party = match value::member(given, "type") {
            None => Party::Person,
            Some(kind) => Party::of_type(&kind).ok_or_else(|| {
                Refusal::field(
                    "customer.type",
                    "The value you selected is not a valid choice.",
                )
            })?,
        };
        let directory = self.directory(party);
        let by_browser = || {
            let browser = value::member(given, "browserId")?;
            let row = directory.table.iter().find(|row| {
                row.get("browserId")
                    .is_some_and(|id| *id == browser.as_str())
            })?;
            row.get("id").and_then(value::integer)
        };
        match directory.table.referred(given).or_else(by_browser) {
            Some(id) => Ok(directory.reference(id).unwrap_or_default()),
            // An unknown browser is a new visitor; an unknown identifier is a mistake.
            None if !given.contains_key("id") && !given.contains_key("externalId") => {
                self.person_of_order(order, site)
            }
            None => Err(Refusal::field("customer", "Customer does not exist.")),
        }
    }

    /// A new person, made from the order's contact data.
    fn person_of_order(&mut self, order: &Object, site: &str) -> Result<Value, Refusal> {
        let mut person = Object::new();
        for name in ["firstName", "lastName", "patronymic", "email"] {
            if let Some(value) = order.get(name) {
                person.insert(name.into(), value.clone());
            }
        }
        if let Some(phone) = value::member(order, "phone") {
            person.insert("phones".into(), json!([{"number": phone}]));
        }
        let id = self.customers.place(&person, site)?;
        Ok(self.customers.reference(id).unwrap_or_default())
    }

    /// The whole customer that an order's reference means; the reference itself when there is none.
    pub(crate) fn customer(&self, reference: &Object) -> Value {
        let party = Party::of_reference(reference);
        let directory = self.directory(party);
        let row = reference
            .get("id")
            .and_then(value::integer)
            .and_then(|id| directory.table.get(id));
        Value::Object(match row {
            Some(row) => self.shown_customer(party, row),
            None => reference.clone(),
        })
    }

    /// The order with its whole customer.
    pub(crate) fn whole_order(&self, row: &Object) -> Value {
        let mut whole = row.clone();
        if let Some(Value::Object(reference)) = row.get("customer") {
            whole.insert("customer".into(), self.customer(reference));
        }
        Value::Object(whole)
    }

    /// Counts an order in (1) or out (-1) of its customer's totals.
    pub(crate) fn count_order(&mut self, order: &Object, by: i64) {
        let Some(customer) = order.get("customer").and_then(Value::as_object) else {
            return;
        };
        let Some(id) = customer.get("id").and_then(value::integer) else {
            return;
        };
        let sum = value::amount(order, "totalSumm") * Decimal::from(by);
        let directory = self.directory_mut(Party::of_reference(customer));
        directory.table.update(id, |row| {
            let count = value::amount(row, "ordersCount") + Decimal::from(by);
            let total = value::amount(row, "totalSumm") + sum;
            let average = total.checked_div(count).unwrap_or_default().round_dp(2);
            for (name, value) in [
                ("ordersCount", count),
                ("totalSumm", total),
                ("averageSumm", average),
            ] {
                row.insert(name.into(), value::number(value));
            }
        });
    }

    /// Puts one customer in the place of another, who is gone: the orders go over too.
    pub(crate) fn combine_customers(&mut self, party: Party, source: i64, target: i64) {
        let Some(survivor) = self.directory_mut(party).combine(source, target) else {
            return;
        };
        let is_theirs = |row: &&Object| {
            let customer = row.get("customer");
            customer.is_some_and(|customer| {
                customer["type"] == party.kind() && customer["id"] == source
            })
        };
        let moved: Vec<i64> = self
            .orders
            .table
            .iter()
            .filter(is_theirs)
            .filter_map(|row| row.get("id").and_then(value::integer))
            .collect();
        for id in moved {
            self.orders
                .table
                .update(id, |row| row.insert("customer".into(), survivor.clone()));
            if let Some(row) = self.orders.table.get(id).cloned() {
                self.count_order(&row, 1);
            }
        }
    }

    /// Puts an order's row in place of the one before it: history, customer totals, index.
    pub(crate) fn replace_order(&mut self, id: i64, before: &Object, row: Object) {
        let entity = reference(&row);
        let changes = differences(before, &row, UNNOTED);
        self.orders.history.note_changes("order", &entity, changes);
        self.note_items(&entity, before, &row);
        if before.get("customer") != row.get("customer") {
            let id_of = |row: &Object| {
                row.get("customer")
                    .and_then(|customer| customer.get("id"))
                    .cloned()
            };
            self.orders.history.note(json!({
                "field": "customer", "oldValue": {"id": id_of(before)}, "newValue": {"id": id_of(&row)}, "order": entity,
            }));
        }
        self.count_order(before, -1);
        self.count_order(&row, 1);
        self.orders.table.update(id, |stored| *stored = row);
    }

    /// Notes the items that came, went or changed.
    fn note_items(&mut self, entity: &Value, before: &Object, after: &Object) {
        let history = &mut self.orders.history;
        let list = |row: &Object| {
            row.get("items")
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default()
        };
        let (old, new) = (list(before), list(after));
        let same =
            |items: &[Value], id: &Value| items.iter().find(|item| &item["id"] == id).cloned();
        for item in &new {
            match same(&old, &item["id"]) {
                None => history.note(json!({
                    "field": "order_product", "oldValue": null, "newValue": {"id": item["id"]},
                    "order": entity, "item": item,
                })),
                Some(was) if was["quantity"] != item["quantity"] => history.note(json!({
                    "field": "order_product.quantity", "oldValue": was["quantity"], "newValue": item["quantity"],
                    "order": entity, "item": item,
                })),
                Some(was) if was["initialPrice"] != item["initialPrice"] => history.note(json!({
                    "field": "order_product.initial_price", "oldValue": was["initialPrice"], "newValue": item["initialPrice"],
                    "order": entity, "item": item,
                })),
                Some(_) => {}
            }
        }
        for item in old.iter().filter(|item| same(&new, &item["id"]).is_none()) {
            history.note(json!({
                "field": "order_product", "oldValue": {"id": item["id"]}, "newValue": null,
                "order": entity, "item": item,
            }));
        }
    }
}
