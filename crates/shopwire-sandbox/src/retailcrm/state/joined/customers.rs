//! What lists join to a customer.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::activity::Subject;
use super::grades::grades;
use super::resolve::id_of;
use crate::retailcrm::state::account::Account;
use crate::retailcrm::state::aside::CrmRow;
use crate::retailcrm::state::party::{Party, pinned_tags};
use crate::retailcrm::value::{self, Object, object};

impl Account {
    /// Orders, visits, tasks, files, notes, costs, cart, grades, and the contact persons of a company.
    pub(crate) fn joined_customer(&self, party: Party, customer: &Object) -> Object {
        let id = id_of(customer);
        let (first, last) = self.order_times(party, id);
        let visits = self.visits_of(party, id);
        let costs: Decimal = self
            .orders_of(party, id)
            .map(|order| self.costs_of(order))
            .sum();
        let subject = Subject::Customer(party, id);
        let mut joined = match party {
            Party::Person => self.aside.of(CrmRow::Customer, id),
            Party::Company => Object::new(),
        };
        joined.extend(object(json!({
            "grades": grades(customer, last.as_deref()),
            "firstOrderAt": first,
            "lastOrderAt": last,
            "firstVisitAt": visits.first,
            "lastVisitAt": visits.last,
            "online": visits.online,
            "costSumm": value::number(costs),
            "tasksCounts": self.task_codes(subject),
            "attachments": self.attachment_codes(subject),
            "managerGroups": self.manager_groups(customer),
            "notes": self.notes_about(party, id),
            "sexes": sexes(customer),
            "unsubscribed": is_unsubscribed(customer),
            "abandonedCart": party == Party::Person && self.has_abandoned_cart(id),
            "pinnedTags": pinned_tags(customer),
            "contacts": self.contact_persons(customer),
        })));
        joined
    }

    /// What the history of customers joins to an entry: the numbers of contact persons that it is about. Those of
    /// a company are its contacts; a person who is a contact is one itself.
    pub(crate) fn joined_customer_change(&self, party: Party, entry: &Object) -> Object {
        let customer = entry.get("customer").and_then(Value::as_object);
        let id = customer.map(id_of).unwrap_or_default();
        let contacts = match party {
            Party::Company => self.companies.table.get(id).map(contact_ids),
            Party::Person => {
                let is_contact = |row: &Object| contact_ids(row).contains(&id);
                let is_known = self.companies.table.iter().any(is_contact);
                is_known.then(|| vec![id])
            }
        };
        object(json!({"contacts": contacts}))
    }

    /// When the first and the last order of a customer was placed.
    fn order_times(&self, party: Party, id: i64) -> (Option<String>, Option<String>) {
        let placed = self.orders_of(party, id);
        let mut times: Vec<String> = placed
            .filter_map(|row| value::member(row, "createdAt"))
            .collect();
        times.sort();
        (times.first().cloned(), times.last().cloned())
    }

    fn notes_about(&self, party: Party, id: i64) -> Value {
        let notes = self.directory(party).notes.iter();
        notes
            .filter(|note| {
                let customer = note.get("customer").and_then(Value::as_object);
                customer.is_some_and(|customer| id_of(customer) == id)
            })
            .filter_map(|note| note.get("text").cloned())
            .collect()
    }

    /// Whether a cart of the customer was left with something in it.
    fn has_abandoned_cart(&self, id: i64) -> bool {
        let end = format!("/{id}");
        let is_full = |cart: &Object| {
            let items = cart.get("items").and_then(Value::as_array);
            items.is_some_and(|items| !items.is_empty())
        };
        self.records.keyed.iter().any(|(key, cart)| {
            key.starts_with("cart/")
                && key.ends_with(&end)
                && cart.contains_key("droppedAt")
                && is_full(cart)
        })
    }

    /// The persons who are contacts of a company.
    fn contact_persons(&self, company: &Object) -> Value {
        let ids = contact_ids(company).into_iter();
        ids.filter_map(|id| self.customers.table.get(id).cloned())
            .map(Value::Object)
            .collect()
    }
}

fn contact_ids(company: &Object) -> Vec<i64> {
    let ids = value::all_at(company, "customerContacts.customer.id");
    ids.into_iter().filter_map(value::integer).collect()
}

/// The values of `sex` that find the person: `male`, and `male_with_presumable` where it is known or guessed.
fn sexes(customer: &Object) -> Vec<String> {
    let (known, guessed) = (
        value::member(customer, "sex"),
        value::member(customer, "presumableSex"),
    );
    let presumed = known.iter().chain(&guessed);
    let presumed: Vec<String> = presumed
        .map(|sex| format!("{sex}_with_presumable"))
        .collect();
    known.into_iter().chain(presumed).collect()
}

/// Left the e-mail mailings, by the time of it or by the older flag.
fn is_unsubscribed(customer: &Object) -> bool {
    value::member(customer, "emailMarketingUnsubscribedAt").is_some()
        || customer.get("subscribed").and_then(value::flag) == Some(false)
}
