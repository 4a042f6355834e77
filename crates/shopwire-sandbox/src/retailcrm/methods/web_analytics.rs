//! Web analytics: client marks, sources, visits, and whom they are tied to.

use serde_json::{Value, json};

use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::batch;
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::state::Account;
use crate::retailcrm::state::party::Party;
use crate::retailcrm::state::refusal::Refusal;
use crate::retailcrm::state::resolve;
use crate::retailcrm::value::{self, Object, object};

/// Ties marks to customers and orders.
pub(crate) fn upload_client_ids(account: &mut Account, call: &Call) -> Outcome {
    upload(
        account,
        call,
        "clientIds",
        "failedClientIds",
        |account, mark| {
            let text = needed(mark, "value")?;
            let tied = tied(account, mark)?;
            mark_customer(account, &tied, &text);
            if let Some(order) = tied.order {
                change_order(account, order, "clientId", text.into());
            }
            Ok(())
        },
    )
}

/// Says where customers and orders came from; those with the same client mark follow.
pub(crate) fn upload_sources(account: &mut Account, call: &Call) -> Outcome {
    upload(
        account,
        call,
        "sources",
        "failedSources",
        |account, given| {
            needed(given, "source")?;
            let tied = tied(account, given)?;
            let names = ["source", "medium", "campaign", "keyword", "content"];
            let source = Value::Object(value::pick(given, &names));
            if let Some((party, customer)) = tied.customer {
                let directory = account.directory_mut(party);
                if let Some(before) = directory.table.get(customer).cloned() {
                    let mut row = before.clone();
                    row.insert("source".into(), source.clone());
                    directory.store(customer, &before, row);
                }
            }
            let mark = value::member(given, "clientId");
            let marked = mark
                .into_iter()
                .flat_map(|mark| orders_with(account, &mark));
            let orders: Vec<i64> = marked.chain(tied.order).collect();
            for order in orders {
                change_order(account, order, "source", source.clone());
            }
            Ok(())
        },
    )
}

/// Keeps visits; no method shows them.
pub(crate) fn upload_visits(account: &mut Account, call: &Call) -> Outcome {
    upload(account, call, "visits", "failedVisits", |account, visit| {
        needed(visit, "createdAt")?;
        let tied = tied(account, visit)?;
        if let Some(mark) = value::member(visit, "clientId") {
            mark_customer(account, &tied, &mark);
        }
        Ok(())
    })
}

/// Elements that cannot be taken fail and come back; the others take effect.
fn upload(
    account: &mut Account,
    call: &Call,
    field: &'static str,
    failed: &str,
    apply: impl Fn(&mut Account, &Object) -> Result<(), Refusal>,
) -> Outcome {
    let mut bad = Vec::new();
    for element in call.elements(field, batch::MOST)? {
        let given = object(element.value.clone());
        if element.fault.is_none() && apply(account, &given).is_ok() {
            account.records.table_mut(field).insert(given);
        } else {
            bad.push(element.value);
        }
    }
    if bad.is_empty() {
        return Ok(Answer::ok(json!({ failed: bad })));
    }
    Err(Failure::bad_request("ClientIds are loaded with errors").with(failed, bad.into()))
}

/// Whom an element is about.
struct Tied {
    customer: Option<(Party, i64)>,
    order: Option<i64>,
}

/// The customer and the order that are named must exist, and so must the site.
fn tied(account: &Account, given: &Object) -> Result<Tied, Refusal> {
    if let Some(site) = resolve::given(given, "site") {
        account.check_code("site", "sites", "site", site)?;
    }
    let id = |row: &Object| row.get("id").and_then(value::integer).unwrap_or_default();
    let customer = match resolve::given(given, "customer") {
        None => None,
        Some(one) => {
            let reference = resolve::reference("customer", one)?;
            let row = account.referred_customer("customer", reference)?;
            Some((Party::of_reference(row), id(row)))
        }
    };
    let order = match resolve::given(given, "order") {
        None => None,
        Some(one) => Some(id(
            account.referred_order("order", resolve::reference("order", one)?)?
        )),
    };
    Ok(Tied { customer, order })
}

fn mark_customer(account: &mut Account, tied: &Tied, mark: &str) {
    if let Some((party, customer)) = tied.customer {
        account.directory_mut(party).mark_client(customer, mark);
    }
}

fn orders_with(account: &Account, mark: &str) -> Vec<i64> {
    let orders = account.orders.table.iter();
    orders
        .filter(|row| value::member(row, "clientId").as_deref() == Some(mark))
        .filter_map(|row| row.get("id").and_then(value::integer))
        .collect()
}

fn change_order(account: &mut Account, order: i64, name: &str, shown: Value) {
    let Some(before) = account.orders.table.get(order).cloned() else {
        return;
    };
    let mut row = before.clone();
    row.insert(name.into(), shown);
    account.follow_order(&row);
    account.replace_order(order, &before, row);
}

fn needed(given: &Object, name: &str) -> Result<String, Refusal> {
    value::member(given, name)
        .ok_or_else(|| Refusal::field(name, "This value should not be blank."))
}
