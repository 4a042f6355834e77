//! The programs.

use serde_json::json;

use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::protocol::collection::{self, Collection};
use crate::retailcrm::protocol::filter::Rule;
use crate::retailcrm::state::Account;

pub(super) const LOYALTIES: Collection = Collection {
    table: "loyalties",
    item: "loyalty",
    list: "loyalties",
    required: &[],
    filters: &[
        ("ids", Rule::OneOf("id")),
        ("active", Rule::Flag("active")),
        ("blocked", Rule::Flag("blocked")),
        ("sites", Rule::OneOf("sites")),
    ],
    join: collection::alone,
    hidden: &["sites"],
};

pub(crate) fn list(account: &mut Account, call: &Call) -> Outcome {
    LOYALTIES.list(account, call)
}

pub(crate) fn get(account: &mut Account, call: &Call) -> Outcome {
    let row = account
        .records
        .table(LOYALTIES.table)
        .get(call.id()?)
        .ok_or_else(Failure::not_found)?;
    Ok(Answer::ok(
        json!({"loyalty": LOYALTIES.shown(row), "requiredFields": []}),
    ))
}
