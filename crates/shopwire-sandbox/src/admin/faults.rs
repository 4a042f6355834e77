//! `/api/faults`: trouble on purpose.

use serde_json::{Value, json};

use super::answer::Answer;
use super::call::Call;
use super::context::Context;
use super::failure::Failure;
use super::handled::Handled;
use crate::fault;
use crate::names::ServiceName;

/// `GET /api/faults`: the faults that are set, and the last that are over.
pub(super) fn list(context: &Context, _: &Call) -> Handled {
    let faults = context.ledger.list(None);
    shown(faults.iter().map(fault::QueuedFault::to_json).collect())
}

/// `POST /api/faults`: sets one fault, or all of a list, or none if one of them is wrong.
pub(super) fn set(context: &Context, call: &Call) -> Handled {
    let faults = fault::read_all(&call.body).map_err(|error| Failure::bad(&error))?;
    let ids = faults
        .into_iter()
        .map(|(service, fault)| context.ledger.add(service, fault));
    let ids: Vec<u64> = ids.collect();
    let set = ids.into_iter().filter_map(|id| context.ledger.get(id));
    shown(set.map(|fault| fault.to_json()).collect())
}

/// `DELETE /api/faults`: removes the faults of a service, or of all.
pub(super) fn clear(context: &Context, call: &Call) -> Handled {
    let named = call.text("service").and_then(|name| name.parse().ok());
    let services: Vec<ServiceName> = named.map_or(ServiceName::ALL.to_vec(), |one| vec![one]);
    context.ledger.clear(&services);
    Ok(Answer::Nothing)
}

/// `DELETE /api/faults/{id}`: removes one fault.
pub(super) fn remove(context: &Context, call: &Call) -> Handled {
    let id = call.number("id").unwrap_or_default();
    match context.ledger.remove(id) {
        true => Ok(Answer::Nothing),
        false => Err(Failure::missing(
            "id",
            format_args!("there is no fault {id}"),
        )),
    }
}

/// `GET /api/faults/kinds`: what can be set.
pub(super) fn kinds(_: &Context, _: &Call) -> Handled {
    Ok(Answer::Json(fault::Fault::kinds()))
}

fn shown(faults: Vec<Value>) -> Handled {
    Ok(Answer::Json(json!({ "faults": faults })))
}
