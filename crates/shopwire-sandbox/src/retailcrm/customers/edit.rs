//! Creating and editing customers, one by one and in batches.

use serde_json::{Value, json};

use super::{Directory, Pick, in_path, party};
use crate::retailcrm::account::Account;
use crate::retailcrm::answer::{Answer, Failure, Object, Outcome};
use crate::retailcrm::call::{By, Call};
use crate::retailcrm::orders;
use crate::retailcrm::{batch, value};

pub(super) fn create(account: &mut Account, call: &Call, pick: Pick) -> Outcome {
    let site = account.site(call)?;
    let directory = pick(account);
    let input = call.object(directory.party.item)?;
    let id = place(directory, &input, &site)?;
    Ok(Answer::created(json!({"id": id})))
}

pub(super) fn edit(account: &mut Account, call: &Call, pick: Pick) -> Outcome {
    let id = in_path(account, call, pick)?;
    let directory = pick(account);
    let input = call.object(directory.party.item)?;
    party::check(directory.party, &input)?;
    let before = directory
        .table
        .get(id)
        .cloned()
        .ok_or_else(Failure::not_found)?;
    let site = value::member(&before, "site").unwrap_or_default();
    free(directory, &input, &site, Some(id))?;
    let mut row = before.clone();
    party::apply(directory, &mut row, &input);
    directory.store(id, &before, row);
    Ok(Answer::ok(json!({"id": id, "state": "processing"})))
}

/// A batch: the good ones land, the bad ones are reported (RE7).
pub(super) fn upload(account: &mut Account, call: &Call, pick: Pick) -> Outcome {
    let site = account.site(call)?;
    let directory = pick(account);
    let customers = call.batch(directory.party.list, batch::MOST)?;
    let report = batch::run(&customers, |customer| {
        let id = place(directory, customer, &site)?;
        Ok(directory
            .table
            .get(id)
            .map(orders::identifiers)
            .unwrap_or_default())
    });
    Ok(report.answer(
        "uploadedCustomers",
        "failedCustomers",
        "Customers are loaded with errors",
    ))
}

pub(super) fn fix_external_ids(account: &mut Account, call: &Call, pick: Pick) -> Outcome {
    let directory = pick(account);
    let rows = call.batch(directory.party.list, batch::MOST)?;
    directory.table.fix_external_ids(&rows)?;
    Ok(Answer::ok(json!({})))
}

/// The customers listed go into `resultCustomer`, with their orders.
pub(super) fn combine(account: &mut Account, call: &Call, pick: Pick) -> Outcome {
    let referred = |directory: &Directory, reference: &Value| {
        let reference = reference.as_object().cloned().unwrap_or_default();
        directory
            .table
            .referred(&reference)
            .ok_or_else(Failure::not_found)
    };
    let directory = pick(account);
    let target = referred(directory, &Value::Object(call.object("resultCustomer")?))?;
    let customers = call.batch("customers", batch::MOST)?;
    let sources: Vec<i64> = customers
        .iter()
        .map(|one| referred(directory, one))
        .collect::<Result<_, _>>()?;
    if sources.contains(&target) {
        return Err(Failure::validation(
            "customers",
            "A customer cannot be combined with itself.",
        ));
    }
    for source in sources {
        combine_one(account, pick, source, target);
    }
    Ok(Answer::ok(json!({})))
}

fn combine_one(account: &mut Account, pick: Pick, source: i64, target: i64) {
    let directory = pick(account);
    let kind = directory.party.kind;
    let Some(gone) = directory.table.remove(source) else {
        return;
    };
    let survivor = directory
        .table
        .get(target)
        .map(party::reference)
        .unwrap_or_default();
    directory.combined.insert(source, target);
    for combined in directory
        .combined
        .values_mut()
        .filter(|combined| **combined == source)
    {
        *combined = target;
    }
    directory.history.note(json!({
        "deleted": true, "field": "combined_to", "oldValue": null, "newValue": {"id": target},
        directory.party.history: party::reference(&gone), "combinedTo": survivor,
    }));
    super::of_order::move_orders(account, kind, source, &survivor);
}

pub(super) fn update_subscriptions(account: &mut Account, call: &Call) -> Outcome {
    let id = in_path(account, call, super::persons)?;
    let given = call.list("subscriptions")?;
    let directory = &mut account.customers;
    let before = directory
        .table
        .get(id)
        .cloned()
        .ok_or_else(Failure::not_found)?;
    let mut shown = before
        .get("customerSubscriptions")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    for subscription in given {
        let (channel, code) = (
            subscription["channel"].clone(),
            subscription["subscription"].clone(),
        );
        let (Some(active), true) = (
            subscription.get("active").and_then(value::flag),
            channel.is_string(),
        ) else {
            return Err(Failure::field(
                "subscriptions",
                "\"channel\" and \"active\" should not be blank.",
            ));
        };
        let meant = json!({"channel": channel, "code": code, "active": true});
        shown.retain(|one| one["subscription"] != meant);
        shown.push(json!({"subscription": meant, "subscribed": active, "changedAt": value::now()}));
    }
    let mut row = before.clone();
    row.insert("customerSubscriptions".into(), shown.into());
    directory.store(id, &before, row);
    Ok(Answer::ok(json!({})))
}

/// Stores a new customer.
pub(super) fn place(directory: &mut Directory, input: &Object, site: &str) -> Result<i64, Failure> {
    party::check(directory.party, input)?;
    free(directory, input, site, None)?;
    let mut row = party::blank(directory.party, site);
    party::apply(directory, &mut row, input);
    super::corporate::parts_of_new(directory, &mut row, input);
    let id = directory.table.insert(row);
    let whole = directory.table.get(id).cloned().unwrap_or_default();
    directory.history.note(json!({
        "created": true, "field": "id", "oldValue": null, "newValue": id, directory.party.history: whole,
    }));
    Ok(id)
}

/// An external id is used once on a site.
fn free(
    directory: &Directory,
    input: &Object,
    site: &str,
    except: Option<i64>,
) -> Result<(), Failure> {
    let Some(external) = value::member(input, "externalId") else {
        return Ok(());
    };
    match directory.table.find(&external, By::ExternalId, Some(site)) {
        Some(other) if Some(other) != except => {
            let text = format!("Customer with externalId={external} already exists.");
            Err(Failure::validation("externalId", text))
        }
        _ => Ok(()),
    }
}
