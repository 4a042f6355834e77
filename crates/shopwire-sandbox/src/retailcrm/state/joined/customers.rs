//! Data that lists join to a customer.

use serde_json::{Value, json};

use super::activity::Subject;
use super::grades::grades;
use super::resolve::{at, each, id_of};
use crate::retailcrm::state::account::Account;
use crate::retailcrm::state::aside::CrmRow;
use crate::retailcrm::state::party::{Party, pinned_tags};
use crate::retailcrm::value::{self, Object, object};

impl Account {
    /// Returns the values at a path beyond a customer: orders, visits, tasks, files, notes, costs, cart, grades, the
    /// contact persons of a company, and data that a test has added. Members of the row are found too.
    pub(crate) fn joined_customer(
        &self,
        party: Party,
        customer: &Object,
        path: &str,
    ) -> Vec<Value> {
        let id = id_of(customer);
        let subject = Subject::Customer(party, id);
        if let Some(path) = path.strip_prefix("contacts.") {
            let persons = self.contact_persons(customer);
            return persons.into_iter().flat_map(|row| at(row, path)).collect();
        }
        let found = match path {
            "grades" => grades(
                customer,
                self.order_times(party, id).1.as_deref(),
                &self.now(),
            ),
            "firstOrderAt" => json!(self.order_times(party, id).0),
            "lastOrderAt" => json!(self.order_times(party, id).1),
            "firstVisitAt" => json!(self.visits_of(party, id).first),
            "lastVisitAt" => json!(self.visits_of(party, id).last),
            "online" => self.visits_of(party, id).online.into(),
            "costSumm" => value::number(self.costs_of_customer(party, id)),
            "tasksCounts" => self.task_codes(subject),
            "attachments" => self.attachment_codes(subject),
            "managerGroups" => self.manager_groups(customer),
            "notes" => self.notes_about(party, id),
            "sexes" => json!(sexes(customer)),
            "unsubscribed" => is_unsubscribed(customer).into(),
            "abandonedCart" => (party == Party::Person && self.has_abandoned_cart(id)).into(),
            "pinnedTags" => json!(pinned_tags(customer)),
            "commentary" if party == Party::Person => {
                return at(&self.aside.of(CrmRow::Customer, id), path);
            }
            _ => return at(customer, path),
        };
        each(found)
    }

    /// As `joined_customer`, for an entry of the history: the numbers of the contact persons that it is about. Those
    /// of a company are its contacts; a person who is a contact is one itself.
    pub(crate) fn joined_customer_change(
        &self,
        party: Party,
        entry: &Object,
        path: &str,
    ) -> Vec<Value> {
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
        at(&object(json!({"contacts": contacts})), path)
    }

    /// Returns the times of the first and the last order of a customer.
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
    fn contact_persons(&self, company: &Object) -> Vec<&Object> {
        let ids = contact_ids(company).into_iter();
        ids.filter_map(|id| self.customers.table.get(id)).collect()
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
