//! Web analytics: client ids, sources, visits.

use serde_json::{Value, json};

use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::batch;
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::state::Account;
use crate::retailcrm::value::{self, object};

pub(crate) fn upload_client_ids(account: &mut Account, call: &Call) -> Outcome {
    upload(account, call, "clientIds", "failedClientIds", "value")
}

pub(crate) fn upload_sources(account: &mut Account, call: &Call) -> Outcome {
    upload(account, call, "sources", "failedSources", "source")
}

pub(crate) fn upload_visits(account: &mut Account, call: &Call) -> Outcome {
    upload(account, call, "visits", "failedVisits", "createdAt")
}

/// Elements without the member that matters fail; the others are kept.
fn upload(
    account: &mut Account,
    call: &Call,
    field: &'static str,
    failed: &str,
    needed: &str,
) -> Outcome {
    let elements = call.batch(field, batch::MOST)?;
    let (good, bad): (Vec<Value>, Vec<Value>) = elements
        .into_iter()
        .partition(|element| element.get(needed).and_then(value::text).is_some());
    let table = account.records.table_mut(field);
    for element in good {
        table.insert(object(element));
    }
    if bad.is_empty() {
        return Ok(Answer::ok(json!({ failed: bad })));
    }
    Err(Failure::bad_request("ClientIds are loaded with errors").with(failed, bad.into()))
}
