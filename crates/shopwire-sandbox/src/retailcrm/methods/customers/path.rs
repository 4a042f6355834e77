//! The customer that a path names.

use crate::retailcrm::protocol::answer::Failure;
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::protocol::sites;
use crate::retailcrm::state::Account;
use crate::retailcrm::state::party::{self, Party};
use crate::retailcrm::state::table::By;

/// Returns the customer that the path names. A customer that was combined into another is not found, and the answer
/// names the other one.
pub(super) fn customer(account: &Account, call: &Call, party: Party) -> Result<i64, Failure> {
    let (by, site) = (call.by()?, sites::narrowing(account, call)?);
    let directory = account.directory(party);
    let identifier = call.segment("externalId");
    let found = directory.table.find(identifier, by, site.as_deref());
    found.ok_or_else(|| {
        let combined = identifier
            .parse()
            .ok()
            .and_then(|id| directory.survivor(id));
        match combined {
            Some(row) if by == By::Id => {
                Failure::not_found().with("combinedTo", party::reference(row))
            }
            _ => Failure::not_found(),
        }
    })
}
