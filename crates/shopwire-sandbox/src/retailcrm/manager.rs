//! Changes by a manager: as an edit by the API, with another source in the history.

use serde_json::Value;

use super::described::{self, DESCRIPTION};
use super::protocol::answer::Failure;
use super::protocol::call::Call;
use super::registry;
use super::service::Crm;
use super::state::Account;
use super::state::history::History;
use super::state::party::Party;
use super::state::table::{By, Table};
use super::value::{self, Object, object};
use crate::invalid::Invalid;
use crate::journal::Notes;
use crate::schema::{self, Unknown};

/// The user who makes changes, unless the change names another one.
const MANAGER: i64 = 2;

/// Describes what a manager can change.
struct Subject {
    operation: &'static str,
    /// The form field that carries the changes.
    field: &'static str,
    /// `None` for an order.
    party: Option<Party>,
}

impl Subject {
    fn named(entity: &str) -> Option<Self> {
        let (operation, field, party) = match entity {
            "order" => ("orders.edit", "order", None),
            "customer" => ("customers.edit", "customer", Some(Party::Person)),
            "corporate_customer" => (
                "customers_corporate.edit",
                "customerCorporate",
                Some(Party::Company),
            ),
            _ => return None,
        };
        Some(Self {
            operation,
            field,
            party,
        })
    }

    fn table<'a>(&self, account: &'a Account) -> &'a Table {
        match self.party {
            Some(party) => &account.directory(party).table,
            None => &account.orders.table,
        }
    }

    /// The id of the row that the change is about.
    fn id(&self, account: &Account, change: &Object) -> Result<i64, Invalid> {
        let table = self.table(account);
        let (field, found) = match (change.get("id"), value::member(change, "externalId")) {
            (Some(id), _) => {
                let id = value::integer(id);
                ("id", id.filter(|id| table.get(*id).is_some()))
            }
            (None, Some(external)) => ("externalId", table.find(&external, By::ExternalId, None)),
            (None, None) => {
                return Err(Invalid::new("id", "\"id\" or \"externalId\" is missing"));
            }
        };
        found.ok_or_else(|| Invalid::new(field, "there is no such row"))
    }

    /// Refuses what is no field of the entity. The API ignores such members; for a manager they are mistakes.
    fn check_names(&self, changes: &Object) -> Result<(), Invalid> {
        let operation = DESCRIPTION.operation(self.operation);
        let body = operation.and_then(|operation| operation.body());
        let Some(schema) = body.and_then(|body| body.property(self.field)) else {
            return Ok(());
        };
        let given = schema::given(schema.taken(Value::Object(changes.clone())));
        let allowed = schema.violations(&given, Unknown::Allowed);
        let all = schema.violations(&given, Unknown::Refused);
        let unknown = all.into_iter().find(|one| !allowed.contains(one));
        match unknown {
            Some(unknown) => Err(of_changes(&unknown.path, unknown.message)),
            None => Ok(()),
        }
    }
}

impl Crm {
    /// Makes a change, and returns the new entries of the histories. The change is
    /// `{"entity","id" or "externalId","user","changes":{…}}`.
    pub(crate) fn change(&self, change: &Value) -> Result<Vec<Value>, Invalid> {
        let change = change.as_object();
        let change = change.ok_or_else(|| Invalid::new("", "a change is a JSON object"))?;
        let known = ["entity", "id", "externalId", "user", "changes"];
        if let Some(unknown) = change.keys().find(|name| !known.contains(&name.as_str())) {
            return Err(Invalid::new(unknown, "is unknown"));
        }
        let entity = change.get("entity").and_then(Value::as_str);
        let subject = entity.and_then(Subject::named).ok_or_else(|| {
            let text = "must be \"order\", \"customer\" or \"corporate_customer\"";
            Invalid::new("entity", text)
        })?;
        let changes = change.get("changes").and_then(Value::as_object);
        let changes = changes.ok_or_else(|| Invalid::new("changes", "must be an object"))?;
        subject.check_names(changes)?;

        let mut account = self.account();
        let user = user(&account, change)?;
        let id = subject.id(&account, change)?;
        let lengths = histories(&mut account).map(|history| history.len());
        edit(&mut account, &subject, id, changes)?;
        let histories = histories(&mut account).into_iter().zip(lengths);
        let new = histories.flat_map(|(history, length)| history.attribute(length, user));
        Ok(new.map(Value::Object).collect())
    }
}

fn user(account: &Account, change: &Object) -> Result<i64, Invalid> {
    let id = match change.get("user") {
        None => Some(MANAGER),
        Some(id) => value::integer(id),
    };
    let users = account.records.table("users");
    id.filter(|id| users.get(*id).is_some())
        .ok_or_else(|| Invalid::new("user", "the account has no such user"))
}

/// The histories that an edit may write to.
fn histories(account: &mut Account) -> [&mut History; 3] {
    [
        &mut account.orders.history,
        account.customers.history_mut(),
        account.companies.history_mut(),
    ]
}

/// Calls the method that edits, which checks the change and writes the history.
fn edit(
    account: &mut Account,
    subject: &Subject,
    id: i64,
    changes: &Object,
) -> Result<(), Invalid> {
    let text = Value::Object(changes.clone()).to_string();
    let mut call = Call {
        path: vec![("externalId".to_owned(), id.to_string())],
        form: object(serde_json::json!({"by": "id", subject.field: text})),
        ..Call::default()
    };
    let operation = DESCRIPTION.operation(subject.operation);
    let operation = operation.ok_or_else(|| Invalid::new("entity", "cannot be edited"))?;
    // The first error is told; nobody reads further reasons.
    described::take(operation, &mut call, &mut Notes::default()).map_err(refused)?;
    let handler = registry::handler(subject.operation);
    let handler = handler.ok_or_else(|| Invalid::new("entity", "cannot be edited"))?;
    handler(account, &call).map_err(refused)?;
    Ok(())
}

fn refused(failure: Failure) -> Invalid {
    match failure.first_error() {
        Some((field, text)) => of_changes(&field, text),
        None => Invalid::new("changes", failure.message()),
    }
}

fn of_changes(field: &str, text: impl Into<String>) -> Invalid {
    let dot = if field.is_empty() { "" } else { "." };
    Invalid::new(format!("changes{dot}{field}"), text)
}
