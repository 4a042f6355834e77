//! Customers, persons and companies: one directory of each, the same methods over both.

mod corporate;
mod edit;
mod list;
mod notes;
mod of_order;
mod party;
mod sub;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub(super) use of_order::{count_order, expanded, of_order};
pub(super) use party::{COMPANIES, PERSONS};

use super::account::Account;
use super::answer::{Failure, Object};
use super::call::Call;
use super::history::History;
use super::route::Route;
use super::table::Table;
use party::Party;

/// The customers of one kind.
#[derive(Debug)]
pub(super) struct Directory {
    party: &'static Party,
    pub(super) table: Table,
    notes: Table,
    history: History,
    /// Who was combined into whom.
    combined: BTreeMap<i64, i64>,
    last_part: i64,
}

impl Directory {
    pub(super) fn new(party: &'static Party) -> Self {
        Self {
            party,
            table: Table::default(),
            notes: Table::default(),
            history: History::default(),
            combined: BTreeMap::new(),
            last_part: 0,
        }
    }

    /// An id for an address, company or contact.
    fn next_part(&mut self) -> i64 {
        self.last_part += 1;
        self.last_part
    }

    /// Stores a changed row and notes every difference in the history.
    fn store(&mut self, id: i64, before: &Object, row: Object) {
        let entity = party::reference(&row);
        let changes = super::history::differences(before, &row, party::COMPUTED);
        self.history
            .note_changes(self.party.history, &entity, changes);
        self.table.update(id, |stored| *stored = row);
    }
}

/// Picks the directory out of the account.
pub(super) type Pick = fn(&mut Account) -> &mut Directory;

fn persons(account: &mut Account) -> &mut Directory {
    &mut account.customers
}

fn companies(account: &mut Account) -> &mut Directory {
    &mut account.companies
}

/// The customer that the path means. One that was combined away is not found, and the answer says
/// who lives on.
fn in_path(account: &mut Account, call: &Call, pick: Pick) -> Result<i64, Failure> {
    let (by, site) = (call.by()?, account.narrowing_site(call)?);
    let directory = pick(account);
    let identifier = call.segment("externalId");
    directory
        .table
        .resolve(identifier, by, site.as_deref())
        .map_err(|failure| {
            let survivor = identifier
                .parse()
                .ok()
                .and_then(|id: i64| directory.combined.get(&id));
            match survivor.and_then(|&id| directory.table.get(id)) {
                Some(row) if by == super::call::By::Id => {
                    failure.with("combinedTo", party::reference(row))
                }
                _ => failure,
            }
        })
}

pub(super) const ROUTES: &[Route] = &[
    Route::get("customers.list", "/api/v5/customers", "customer", |a, c| {
        list::list(a, c, persons)
    }),
    Route::get(
        "customers.list_history",
        "/api/v5/customers/history",
        "customer",
        |a, c| list::history(a, c, persons),
    ),
    Route::get(
        "customers.get",
        "/api/v5/customers/{externalId}",
        "customer",
        |a, c| list::get(a, c, persons),
    ),
    Route::post(
        "customers.create",
        "/api/v5/customers/create",
        "customer",
        |a, c| edit::create(a, c, persons),
    ),
    Route::post(
        "customers.edit",
        "/api/v5/customers/{externalId}/edit",
        "customer",
        |a, c| edit::edit(a, c, persons),
    ),
    Route::post(
        "customers.upload",
        "/api/v5/customers/upload",
        "customer",
        |a, c| edit::upload(a, c, persons),
    ),
    Route::post(
        "customers.combine",
        "/api/v5/customers/combine",
        "customer",
        |a, c| edit::combine(a, c, persons),
    ),
    Route::post(
        "customers.fix_external_ids",
        "/api/v5/customers/fix-external-ids",
        "customer",
        |a, c| edit::fix_external_ids(a, c, persons),
    ),
    Route::post(
        "customers.update_subscriptions",
        "/api/v5/customers/{externalId}/subscriptions",
        "customer",
        edit::update_subscriptions,
    ),
    Route::get(
        "customers.list_notes",
        "/api/v5/customers/notes",
        "customer",
        |a, c| notes::list(a, c, persons),
    ),
    Route::post(
        "customers.create_note",
        "/api/v5/customers/notes/create",
        "customer",
        |a, c| notes::create(a, c, persons),
    ),
    Route::post(
        "customers.delete_note",
        "/api/v5/customers/notes/{id}/delete",
        "customer",
        |a, c| notes::delete(a, c, persons),
    ),
    Route::get(
        "customers_corporate.list",
        "/api/v5/customers-corporate",
        "customer",
        |a, c| list::list(a, c, companies),
    ),
    Route::get(
        "customers_corporate.list_history",
        "/api/v5/customers-corporate/history",
        "customer",
        |a, c| list::history(a, c, companies),
    ),
    Route::get(
        "customers_corporate.get",
        "/api/v5/customers-corporate/{externalId}",
        "customer",
        |a, c| list::get(a, c, companies),
    ),
    Route::post(
        "customers_corporate.create",
        "/api/v5/customers-corporate/create",
        "customer",
        |a, c| edit::create(a, c, companies),
    ),
    Route::post(
        "customers_corporate.edit",
        "/api/v5/customers-corporate/{externalId}/edit",
        "customer",
        |a, c| edit::edit(a, c, companies),
    ),
    Route::post(
        "customers_corporate.upload",
        "/api/v5/customers-corporate/upload",
        "customer",
        |a, c| edit::upload(a, c, companies),
    ),
    Route::post(
        "customers_corporate.combine",
        "/api/v5/customers-corporate/combine",
        "customer",
        |a, c| edit::combine(a, c, companies),
    ),
    Route::post(
        "customers_corporate.fix_external_ids",
        "/api/v5/customers-corporate/fix-external-ids",
        "customer",
        |a, c| edit::fix_external_ids(a, c, companies),
    ),
    Route::get(
        "customers_corporate.list_notes",
        "/api/v5/customers-corporate/notes",
        "customer",
        |a, c| notes::list(a, c, companies),
    ),
    Route::post(
        "customers_corporate.create_note",
        "/api/v5/customers-corporate/notes/create",
        "customer",
        |a, c| notes::create(a, c, companies),
    ),
    Route::post(
        "customers_corporate.delete_note",
        "/api/v5/customers-corporate/notes/{id}/delete",
        "customer",
        |a, c| notes::delete(a, c, companies),
    ),
    Route::get(
        "customers_corporate.list_addresses",
        "/api/v5/customers-corporate/{externalId}/addresses",
        "customer",
        |a, c| sub::list(a, c, &corporate::ADDRESSES),
    ),
    Route::post(
        "customers_corporate.create_address",
        "/api/v5/customers-corporate/{externalId}/addresses/create",
        "customer",
        |a, c| sub::create(a, c, &corporate::ADDRESSES),
    ),
    Route::post(
        "customers_corporate.edit_address",
        "/api/v5/customers-corporate/{externalId}/addresses/{entityExternalId}/edit",
        "customer",
        |a, c| sub::edit(a, c, &corporate::ADDRESSES),
    ),
    Route::get(
        "customers_corporate.list_companies",
        "/api/v5/customers-corporate/{externalId}/companies",
        "customer",
        |a, c| sub::list(a, c, &corporate::COMPANIES),
    ),
    Route::post(
        "customers_corporate.create_company",
        "/api/v5/customers-corporate/{externalId}/companies/create",
        "customer",
        |a, c| sub::create(a, c, &corporate::COMPANIES),
    ),
    Route::post(
        "customers_corporate.edit_company",
        "/api/v5/customers-corporate/{externalId}/companies/{entityExternalId}/edit",
        "customer",
        |a, c| sub::edit(a, c, &corporate::COMPANIES),
    ),
    Route::get(
        "customers_corporate.list_contacts",
        "/api/v5/customers-corporate/{externalId}/contacts",
        "customer",
        |a, c| sub::list(a, c, &corporate::CONTACTS),
    ),
    Route::post(
        "customers_corporate.create_contact",
        "/api/v5/customers-corporate/{externalId}/contacts/create",
        "customer",
        |a, c| sub::create(a, c, &corporate::CONTACTS),
    ),
    Route::post(
        "customers_corporate.edit_contact",
        "/api/v5/customers-corporate/{externalId}/contacts/{entityExternalId}/edit",
        "customer",
        |a, c| sub::edit(a, c, &corporate::CONTACTS),
    ),
];
