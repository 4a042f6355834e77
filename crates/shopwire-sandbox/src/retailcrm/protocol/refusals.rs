//! The service's messages for refusals by the account.

use super::answer::Failure;
use crate::retailcrm::state::account::NoSite;
use crate::retailcrm::state::refusal::Refusal;
use crate::retailcrm::state::table::NotRenamed;

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Form(errors) => Self::format(errors),
            Refusal::Conflict(field, text) => Self::validation(field, text),
        }
    }
}

impl From<NoSite> for Failure {
    fn from(refusal: NoSite) -> Self {
        match refusal {
            NoSite::Unknown(code) => {
                Self::input("site", format!("Site with code \"{code}\" does not exist."))
            }
            NoSite::Denied => Self::denied(),
            NoSite::Needed => Self::missing("site"),
        }
    }
}

impl From<NotRenamed> for Failure {
    fn from(refusal: NotRenamed) -> Self {
        match refusal {
            NotRenamed::Blank(index) => Self::field(
                &index.to_string(),
                "\"id\" and \"externalId\" should not be blank.",
            ),
            NotRenamed::Unknown => Self::not_found(),
            NotRenamed::Taken(external) => Self::validation(
                "externalId",
                format!("An entity with externalId={external} already exists."),
            ),
        }
    }
}
