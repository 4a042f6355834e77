//! Creating and editing customers, one by one and in batches.

use serde_json::json;

use super::{check, names, path};
use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::protocol::{batch, sites};
use crate::retailcrm::state::Account;
use crate::retailcrm::state::parts::{self, Part};
use crate::retailcrm::state::party::Party;
use crate::retailcrm::value::{self, Object};

pub(crate) fn create(account: &mut Account, call: &Call, party: Party) -> Outcome {
    let site = sites::of_new(account, call)?;
    let input = call.object(names::item(party))?;
    let id = place(account, party, &input, &site)?;
    Ok(Answer::created(json!({"id": id})))
}

/// Stores a new customer that the account has nothing against.
fn place(account: &mut Account, party: Party, input: &Object, site: &str) -> Result<i64, Failure> {
    let input = check::customer(account, party, input)?;
    let id = account.directory_mut(party).place(&input, site)?;
    if let Some(row) = account.directory(party).table.get(id) {
        let contacts = parts::list(row, Part::Contact);
        check::mark_contacts(account, &contacts);
    }
    Ok(id)
}

pub(crate) fn edit(account: &mut Account, call: &Call, party: Party) -> Outcome {
    let id = path::customer(account, call, party)?;
    let input = check::customer(account, party, &call.object(names::item(party))?)?;
    account
        .directory_mut(party)
        .change(id, &input)?
        .ok_or_else(Failure::not_found)?;
    Ok(Answer::ok(json!({"id": id, "state": "processing"})))
}

/// A batch: the good ones land, the bad ones are reported.
pub(crate) fn upload(account: &mut Account, call: &Call, party: Party) -> Outcome {
    let site = sites::of_new(account, call)?;
    let customers = call.elements(names::list(party), batch::MOST)?;
    let report = batch::run(&customers, |customer| {
        let id = place(account, party, customer, &site)?;
        Ok(account
            .directory(party)
            .table
            .get(id)
            .map(value::identifiers)
            .unwrap_or_default())
    });
    Ok(report.answer(
        "uploadedCustomers",
        "failedCustomers",
        "Customers are loaded with errors",
    ))
}

pub(crate) fn fix_external_ids(account: &mut Account, call: &Call, party: Party) -> Outcome {
    let rows = call.batch(names::list(party), batch::MOST)?;
    account.directory_mut(party).table.fix_external_ids(&rows)?;
    Ok(Answer::ok(json!({})))
}

/// The customers listed go into `resultCustomer`, with their orders.
pub(crate) fn combine(account: &mut Account, call: &Call, party: Party) -> Outcome {
    let referred = |field: &str, reference: &Object| -> Result<i64, Failure> {
        let row = account.referred_party(field, reference, party)?;
        Ok(row.get("id").and_then(value::integer).unwrap_or_default())
    };
    let target = referred("resultCustomer", &call.object("resultCustomer")?)?;
    let customers = call.batch("customers", batch::MOST)?;
    let nobody = Object::new();
    let sources: Vec<i64> = customers
        .iter()
        .enumerate()
        .map(|(index, one)| {
            let field = format!("customers[{index}]");
            referred(&field, one.as_object().unwrap_or(&nobody))
        })
        .collect::<Result<_, _>>()?;
    if sources.contains(&target) {
        return Err(Failure::validation(
            "customers",
            "A customer cannot be combined with itself.",
        ));
    }
    for source in sources {
        account.combine_customers(party, source, target);
    }
    Ok(Answer::ok(json!({})))
}
