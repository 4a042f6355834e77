//! A history without entries: whether its object exists.

use common_api::{AnyOutput, Sender};
use common_model::{Value as Json, from_json, to_json};
use common_transport::{Error, ErrorKind};
use shopwire::retailcrm;

use crate::{
    args::{History, Service, Subject},
    call,
    failure::Failure,
};

/// Whether the service has the object. `None`: the key has no right to look it up.
///
/// # Errors
/// Those of the call.
pub(super) async fn exists(args: &History, sender: &dyn Sender) -> Result<Option<bool>, Error> {
    let operation = match args.subject {
        Subject::Orders => "orders.list",
        Subject::Customers => "customers.list",
        Subject::CorporateCustomers => "customers_corporate.list",
    };
    let params = match args.external {
        true => format!(
            "{{\"filter\":{{\"externalIds\":[{}]}}}}",
            to_json(args.id.as_str())
        ),
        false => format!("{{\"filter\":{{\"ids\":[{}]}}}}", args.id),
    };
    let Some(entry) = call::entry(Service::Retailcrm, operation) else {
        return Ok(None);
    };
    let answer = match sender.send(&entry.operation(&params)?).await {
        Ok(AnyOutput::Json(text)) => from_json::<Json>(&text).unwrap_or_default(),
        Ok(_) => return Ok(None),
        Err(error) if error.kind() == ErrorKind::AccessDenied => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut lists = retailcrm::lists().iter();
    let list = lists.find(|list| list.operation() == operation);
    let members = list.map_or(&[][..], |list| list.members());
    let found = members
        .iter()
        .filter_map(|name| answer.get(name)?.as_array());
    Ok(Some(found.map(<[Json]>::len).sum::<usize>() > 0))
}

/// The failure: there is no such object.
pub(super) fn failure(args: &History) -> Failure {
    let object = match args.subject {
        Subject::Orders => "order",
        Subject::Customers => "customer",
        Subject::CorporateCustomers => "corporate customer",
    };
    Failure::not_found(match args.external {
        true => format!(
            "there is no {object} with this externalId; for an id of the service leave out --external"
        ),
        false => format!(
            "there is no {object} with this id; for an id of your own system add --external"
        ),
    })
}
