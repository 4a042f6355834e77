//! Orders: create, edit, upload, list, history, payments, links, plates, loyalty.

mod amounts;
mod check;
mod combine;
mod edit;
mod extras;
mod items;
mod list;
mod loyalty;
mod payments;
#[cfg(test)]
mod tests;
mod upload;

use serde_json::Value;

use super::account::Account;
use super::answer::{Failure, Object};
use super::call::Call;
use super::customers;
use super::history::History;
use super::route::Route;
use super::table::Table;
use super::value;

/// The orders of the account.
#[derive(Debug, Default)]
pub(super) struct Orders {
    /// Rows as they are shown, except that `customer` is a reference.
    pub(super) table: Table,
    /// Which order each payment belongs to: `{"id", "externalId", "order"}`.
    payments: Table,
    history: History,
    last_item: i64,
}

pub(super) const ROUTES: &[Route] = &[
    Route::get("orders.list", "/api/v5/orders", "order", list::list),
    Route::get(
        "orders.list_history",
        "/api/v5/orders/history",
        "order",
        list::history,
    ),
    Route::get(
        "orders.list_statuses",
        "/api/v5/orders/statuses",
        "order",
        list::statuses,
    ),
    Route::get(
        "orders.get",
        "/api/v5/orders/{externalId}",
        "order",
        list::get,
    ),
    Route::post(
        "orders.create",
        "/api/v5/orders/create",
        "order",
        edit::create,
    ),
    Route::post(
        "orders.edit",
        "/api/v5/orders/{externalId}/edit",
        "order",
        edit::edit,
    ),
    Route::post(
        "orders.upload",
        "/api/v5/orders/upload",
        "order",
        upload::upload,
    ),
    Route::post(
        "orders.fix_external_ids",
        "/api/v5/orders/fix-external-ids",
        "order",
        edit::fix_external_ids,
    ),
    Route::post(
        "orders.combine",
        "/api/v5/orders/combine",
        "order",
        combine::combine,
    ),
    Route::post(
        "orders.create_payment",
        "/api/v5/orders/payments/create",
        "order",
        payments::create,
    ),
    Route::post(
        "orders.edit_payment",
        "/api/v5/orders/payments/{externalId}/edit",
        "order",
        payments::edit,
    ),
    Route::post(
        "orders.delete_payment",
        "/api/v5/orders/payments/{id}/delete",
        "order",
        payments::delete,
    ),
    Route::post(
        "orders.create_link",
        "/api/v5/orders/links/create",
        "order",
        extras::link,
    ),
    Route::post(
        "orders.cancel_delivery",
        "/api/v5/orders/{externalId}/delivery/cancel",
        "order",
        extras::cancel_delivery,
    ),
    Route::get(
        "orders.print_plate",
        "/api/v5/orders/{externalId}/plates/{plateId}/print",
        "order",
        extras::print_plate,
    ),
    Route::post(
        "orders.apply_loyalty",
        "/api/v5/orders/loyalty/apply",
        "order",
        loyalty::apply,
    ),
    Route::post(
        "orders.cancel_bonus_operations",
        "/api/v5/orders/loyalty/cancel-bonus-operations",
        "order",
        loyalty::cancel,
    ),
];

impl Orders {
    /// The order that the path means, by `by` and `site`.
    fn in_path(account: &Account, call: &Call) -> Result<i64, Failure> {
        let site = account.narrowing_site(call)?;
        account
            .orders
            .table
            .resolve(call.segment("externalId"), call.by()?, site.as_deref())
    }

    /// The order that `{"id"}`, `{"externalId"}` or `{"number"}` means.
    pub(super) fn referred(&self, reference: &Object) -> Option<i64> {
        let by_number = || {
            let number = value::member(reference, "number")?;
            let row = self
                .table
                .iter()
                .find(|row| row.get("number") == Some(&Value::from(number.as_str())))?;
            row.get("id").and_then(value::integer)
        };
        self.table.referred(reference).or_else(by_number)
    }
}

/// The order a form field refers to; a reference to none is a 404.
fn referred(account: &Account, reference: Option<&Value>, name: &str) -> Result<i64, Failure> {
    let reference = reference
        .and_then(Value::as_object)
        .ok_or_else(|| Failure::missing(name))?;
    account
        .orders
        .referred(reference)
        .ok_or_else(Failure::not_found)
}

/// The order as the API shows it: with the whole customer.
fn shown(account: &Account, row: &Object) -> Value {
    let mut shown = row.clone();
    if let Some(Value::Object(reference)) = row.get("customer") {
        shown.insert("customer".into(), customers::expanded(account, reference));
    }
    Value::Object(shown)
}

/// What history shows of the order beside a changed field.
fn reference(row: &Object) -> Value {
    value::pick(
        row,
        &["id", "externalId", "number", "managerId", "site", "status"],
    )
    .into()
}

/// `{"id", "externalId"}`, as batches report what landed.
pub(super) fn identifiers(row: &Object) -> Value {
    value::pick(row, &["id", "externalId"]).into()
}
