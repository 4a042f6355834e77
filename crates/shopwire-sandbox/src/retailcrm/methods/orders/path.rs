//! The order that a path or a form field names.

use serde_json::Value;

use crate::retailcrm::protocol::answer::Failure;
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::protocol::sites;
use crate::retailcrm::state::Account;
use crate::retailcrm::value::{self, Object};

/// Returns the order that the path names, by `by` and `site`.
pub(super) fn order(account: &Account, call: &Call) -> Result<i64, Failure> {
    let site = sites::narrowing(account, call)?;
    account
        .orders
        .table
        .find(call.segment("externalId"), call.by()?, site.as_deref())
        .ok_or_else(Failure::not_found)
}

/// Returns the order that a field refers to. A reference to a missing order is refused with the field's name.
pub(super) fn referred(
    account: &Account,
    reference: Option<&Value>,
    name: &str,
) -> Result<i64, Failure> {
    let reference = reference
        .and_then(Value::as_object)
        .ok_or_else(|| Failure::missing(name))?;
    let row = account.referred_order(name, reference)?;
    row.get("id")
        .and_then(value::integer)
        .ok_or_else(Failure::not_found)
}

/// The order that the form field with this name refers to.
pub(super) fn in_field(account: &Account, call: &Call, name: &str) -> Result<i64, Failure> {
    let reference = Value::Object(call.object(name)?);
    referred(account, Some(&reference), name)
}

/// The row of an order that was found.
pub(super) fn row(account: &Account, id: i64) -> Result<Object, Failure> {
    let row = account.orders.table.get(id).cloned();
    row.ok_or_else(Failure::not_found)
}
