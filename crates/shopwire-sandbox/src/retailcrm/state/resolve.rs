//! References in requests: the row behind `{"id"}` or `{"externalId"}`, and the form in which the account shows it.

use serde_json::{Value, json};

use super::account::Account;
use super::parts::{self, Part};
use super::party::{self, Party};
use super::refusal::Refusal;
use super::table::{By, Table};
use crate::retailcrm::value::{self, Object};

/// The members by which a reference can name its row, in the order in which the service looks.
const NAMES: [&str; 5] = ["id", "externalId", "number", "xmlId", "browserId"];

impl Account {
    /// Returns the customer of the reference's `type`; without a type, a person.
    pub(crate) fn referred_customer(
        &self,
        field: &str,
        reference: &Object,
    ) -> Result<&Object, Refusal> {
        let party = match value::member(reference, "type") {
            None => Party::Person,
            Some(kind) => Party::of_type(&kind).ok_or_else(|| {
                let text = "The value you selected is not a valid choice.";
                Refusal::field(&format!("{field}.type"), text)
            })?,
        };
        self.referred_party(field, reference, party)
    }

    /// The customer of this kind.
    pub(crate) fn referred_party(
        &self,
        field: &str,
        reference: &Object,
        party: Party,
    ) -> Result<&Object, Refusal> {
        let table = &self.directory(party).table;
        let by_browser = || {
            let browser = value::member(reference, "browserId")?;
            let is_theirs =
                |row: &&Object| value::member(row, "browserId") == Some(browser.clone());
            table.iter().find(is_theirs)
        };
        self.in_table(table, reference)
            .or_else(by_browser)
            .ok_or_else(|| missing(field, "customer", reference))
    }

    /// The order that `{"id"}`, `{"externalId"}` or `{"number"}` means.
    pub(crate) fn referred_order(
        &self,
        field: &str,
        reference: &Object,
    ) -> Result<&Object, Refusal> {
        let table = &self.orders.table;
        let by_number = || {
            let number = value::member(reference, "number")?;
            table
                .iter()
                .filter(|row| self.sees(row))
                .find(|row| value::member(row, "number").as_ref() == Some(&number))
        };
        self.in_table(table, reference)
            .or_else(by_number)
            .ok_or_else(|| missing(field, "order", reference))
    }

    /// The legal entity of a corporate customer.
    pub(crate) fn referred_company(
        &self,
        field: &str,
        reference: &Object,
        customer: &Object,
    ) -> Result<Object, Refusal> {
        let corporate = match Party::of_reference(customer) {
            Party::Company => self.in_table(&self.companies.table, customer),
            Party::Person => None,
        };
        let companies = corporate.map(|row| parts::list(row, Part::Company));
        let names = ["id", "externalId"];
        let name = names.into_iter().find(|name| reference.contains_key(*name));
        let found = companies.into_iter().flatten().find(|company| {
            name.is_some_and(|name| {
                company.get(name).and_then(value::text) == reference.get(name).and_then(value::text)
            })
        });
        match found {
            Some(Value::Object(company)) => Ok(company),
            _ => Err(missing(field, "company", reference)),
        }
    }

    /// A user's number.
    pub(crate) fn check_user(&self, field: &str, given: &Value) -> Result<(), Refusal> {
        let users = self.records.table("users");
        match value::integer(given) {
            Some(id) if users.get(id).is_some() => Ok(()),
            _ => Err(Refusal::field(field, &unknown("user", "id", given))),
        }
    }

    /// Checks a code of a reference book; `what` is the service's name of a row.
    pub(crate) fn check_code(
        &self,
        field: &str,
        book: &str,
        what: &str,
        given: &Value,
    ) -> Result<(), Refusal> {
        match value::text(given) {
            Some(code) if self.references.has(book, &code) => Ok(()),
            _ => Err(Refusal::field(field, &unknown(what, "code", given))),
        }
    }

    /// Returns the row that a reference means, on its own `site` or on any site that the key sees.
    fn in_table<'t>(&self, table: &'t Table, reference: &Object) -> Option<&'t Object> {
        if let Some(id) = reference.get("id").filter(|id| !id.is_null()) {
            return table.get(value::integer(id)?).filter(|row| self.sees(row));
        }
        let external = value::member(reference, "externalId")?;
        let site = value::member(reference, "site");
        let on_site = |site: &str| table.find(&external, By::ExternalId, Some(site));
        let id = match &site {
            Some(site) => on_site(site),
            None => self.key.sites.iter().find_map(|site| on_site(site)),
        };
        table.get(id?).filter(|row| self.sees(row))
    }
}

/// Returns the short form of an order in orders, tasks, costs and files.
pub(crate) fn shown_order(row: &Object, names: &[&str]) -> Value {
    value::pick(row, names).into()
}

/// Returns the short form of a customer in tasks, notes and files.
pub(crate) fn shown_customer(row: &Object) -> Value {
    party::reference(row)
}

/// The refusal of a reference to a missing row.
fn missing(field: &str, what: &str, reference: &Object) -> Refusal {
    let named = NAMES
        .into_iter()
        .find_map(|name| Some((name, reference.get(name).filter(|given| !given.is_null())?)));
    match named {
        Some((name, given)) => Refusal::field(field, &unknown(what, name, given)),
        None => Refusal::field(field, "This value should not be blank."),
    }
}

fn unknown(what: &str, name: &str, given: &Value) -> String {
    let given = value::text(given).unwrap_or_else(|| given.to_string());
    format!("\"{what}\" with \"{name}\"=\"{given}\" does not exist.")
}

/// Returns the members of a reference; a list or a scalar is refused.
pub(crate) fn reference<'r>(field: &str, given: &'r Value) -> Result<&'r Object, Refusal> {
    given
        .as_object()
        .ok_or_else(|| Refusal::field(field, "This value should be of type array."))
}

/// The member that refers to something; null and `[]` refer to nothing.
pub(crate) fn given<'r>(input: &'r Object, name: &str) -> Option<&'r Value> {
    let is_nothing = |given: &&Value| **given == json!([]) || **given == json!({});
    let given = input.get(name).filter(|given| !given.is_null());
    given.filter(|given| !is_nothing(given))
}
