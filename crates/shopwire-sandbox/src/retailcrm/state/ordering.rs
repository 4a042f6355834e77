//! The ties of an order to the rest of the account: its customer, the customer's totals, its history.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::account::Account;
use super::changes::{item, order};
use super::history::Source;
use super::orders::reference;
use super::parts::{self, Part};
use super::party::{self, Party};
use super::refusal::Refusal;
use crate::retailcrm::shown::Shown;
use crate::retailcrm::value::{self, Object};

impl Account {
    /// Returns the reference to its customer that an order will hold. If the input names no customer, a new person
    /// is made.
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
        match self.referred_customer("customer", given) {
            Ok(row) => Ok(party::reference(row)),
            // An unknown browser is a new visitor; an unknown identifier is an error.
            Err(Refusal::Form(errors))
                if errors.contains_key("customer")
                    && given.contains_key("browserId")
                    && !given.contains_key("id")
                    && !given.contains_key("externalId") =>
            {
                self.person_of_order(order, site)
            }
            Err(refusal) => Err(refusal),
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
        let browser = order
            .get("customer")
            .and_then(|given| given.get("browserId"));
        if let Some(browser) = browser {
            person.insert("browserId".into(), browser.clone());
        }
        let id = self.customers.place(&person, site)?;
        Ok(self.customers.reference(id).unwrap_or_default())
    }

    /// Returns the whole customer of an order's reference, or the reference itself when there is no such customer.
    pub(crate) fn customer<'r>(&'r self, reference: &'r Object) -> Shown<'r> {
        let party = Party::of_reference(reference);
        let directory = self.directory(party);
        let row = reference
            .get("id")
            .and_then(value::integer)
            .and_then(|id| directory.table.get(id));
        match row {
            Some(row) => self.shown_customer(party, row),
            None => Shown::stored(reference),
        }
    }

    /// The order with its whole customer, contact person and legal entity.
    pub(crate) fn shown_order<'r>(&'r self, row: &'r Object) -> Shown<'r> {
        let mut shown = Shown::stored(row);
        for name in ["customer", "contact"] {
            if let Some(Value::Object(reference)) = row.get(name) {
                shown = shown.with_row(name, self.customer(reference));
            }
        }
        match self.company_of_order(row) {
            Some(company) => shown.with("company", company),
            None => shown,
        }
    }

    /// The order as [`shown_order`](Self::shown_order) gives it, as a value.
    pub(crate) fn whole_order(&self, row: &Object) -> Value {
        self.shown_order(row).into_object().into()
    }

    /// The legal entity that the order is for, as its customer shows it.
    fn company_of_order(&self, row: &Object) -> Option<Value> {
        let id = row.get("company")?.get("id")?;
        let customer = row.get("customer")?.get("id").and_then(value::integer)?;
        let companies = parts::list(self.companies.table.get(customer)?, Part::Company);
        companies.into_iter().find(|company| &company["id"] == id)
    }

    /// Applies an order's data to its people: its contact becomes a contact of the corporate customer, and its
    /// client mark becomes the customer's latest one.
    pub(crate) fn follow_order(&mut self, row: &Object) {
        let customer = row.get("customer").and_then(Value::as_object);
        let Some(customer) = customer else { return };
        let party = Party::of_reference(customer);
        let contact = row.get("contact").and_then(|contact| contact.get("id"));
        if let Some(contact) = contact.and_then(value::integer)
            && party == Party::Company
        {
            self.customers.mark_contact(contact);
        }
        let id = customer.get("id").and_then(value::integer);
        if let (Some(id), Some(mark)) = (id, value::member(row, "clientId")) {
            self.directory_mut(party).mark_client(id, &mark);
        }
    }

    /// Adds an order to its customer's totals (1), or removes it (-1). The customer's segments follow.
    pub(crate) fn count_order(&mut self, order: &Object, by: i64) {
        if let Some(person) = self.total_order(order, by) {
            self.follow_segments(person);
        }
    }

    /// Adds an order to its customer's totals (1), or removes it (-1). Returns the customer, if it is a person.
    fn total_order(&mut self, order: &Object, by: i64) -> Option<i64> {
        let customer = order.get("customer").and_then(Value::as_object)?;
        let id = customer.get("id").and_then(value::integer)?;
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
        (Party::of_reference(customer) == Party::Person).then_some(id)
    }

    /// Replaces a customer by another one, who also gets the orders. The first customer is removed.
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
            // The removed customer's totals are gone: only the remaining customer's change.
            let Some(before) = self.orders.table.get(id).cloned() else {
                continue;
            };
            let mut row = before.clone();
            row.insert("customer".into(), survivor.clone());
            self.replace_order_as(Source::Combine, id, &before, row);
        }
        self.follow_customer(party, source, target);
        if party == Party::Person {
            self.count_segment();
        }
    }

    /// Replaces an order's row, and updates history, customer totals and index.
    pub(crate) fn replace_order(&mut self, id: i64, before: &Object, row: Object) {
        self.replace_order_as(Source::Api, id, before, row);
    }

    /// As `replace_order`, for a change from any source.
    pub(crate) fn replace_order_as(
        &mut self,
        source: Source,
        id: i64,
        before: &Object,
        row: Object,
    ) {
        let entity = reference(&row);
        let mut changes = order::changes(before, &row);
        changes.extend(item::changes(before, &row));
        let history = &mut self.orders.history;
        history.note_changes(source, "order", &entity, changes);
        // Segments look at the totals after both: between them a customer would lack the order.
        let people = [self.total_order(before, -1), self.total_order(&row, 1)];
        for person in people.into_iter().flatten() {
            self.follow_segments(person);
        }
        self.orders.table.update(id, |stored| *stored = row);
        self.settle_packs(id);
    }
}
