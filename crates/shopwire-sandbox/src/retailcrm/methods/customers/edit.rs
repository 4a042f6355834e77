//! Creating and editing customers, one by one and in batches.

use serde_json::json;

use super::{names, path};
use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::protocol::{batch, sites};
use crate::retailcrm::state::Account;
use crate::retailcrm::state::party::Party;
use crate::retailcrm::value::{self, Object};

pub(crate) fn create(account: &mut Account, call: &Call, party: Party) -> Outcome {
    let site = sites::of_new(account, call)?;
    let input = call.object(names::item(party))?;
    let id = account.directory_mut(party).place(&input, &site)?;
    Ok(Answer::created(json!({"id": id})))
}

pub(crate) fn edit(account: &mut Account, call: &Call, party: Party) -> Outcome {
    let id = path::customer(account, call, party)?;
    let input = call.object(names::item(party))?;
    account
        .directory_mut(party)
        .change(id, &input)?
        .ok_or_else(Failure::not_found)?;
    Ok(Answer::ok(json!({"id": id, "state": "processing"})))
}

/// A batch: the good ones land, the bad ones are reported.
pub(crate) fn upload(account: &mut Account, call: &Call, party: Party) -> Outcome {
    let site = sites::of_new(account, call)?;
    let directory = account.directory_mut(party);
    let customers = call.batch(names::list(party), batch::MOST)?;
    let report = batch::run(&customers, |customer| {
        let id = directory.place(customer, &site)?;
        Ok(directory
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
    let table = &account.directory(party).table;
    let referred = |reference: &Object| table.referred(reference).ok_or_else(Failure::not_found);
    let target = referred(&call.object("resultCustomer")?)?;
    let customers = call.batch("customers", batch::MOST)?;
    let nobody = Object::new();
    let sources: Vec<i64> = customers
        .iter()
        .map(|one| referred(one.as_object().unwrap_or(&nobody)))
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
