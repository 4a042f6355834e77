//! The site of a call.

use super::answer::Failure;
use super::call::Call;
use crate::retailcrm::state::Account;
use crate::retailcrm::state::table::By;

/// Returns the site for a new entity: the named one, or the only one that the key sees.
pub(crate) fn of_new(account: &Account, call: &Call) -> Result<String, Failure> {
    Ok(account.site(call.text("site"))?)
}

/// Returns the site that narrows a search by external id. It is required when the key sees several.
pub(crate) fn narrowing(account: &Account, call: &Call) -> Result<Option<String>, Failure> {
    match account.granted(call.text("site"))? {
        Some(site) => Ok(Some(site)),
        None if account.key.sites.len() > 1 && call.by()? == By::ExternalId => {
            Err(Failure::missing("site"))
        }
        None => Ok(None),
    }
}
