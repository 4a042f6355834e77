//! What the two kinds of customers are called in parameters and answers.

use crate::retailcrm::state::party::Party;

/// The name of one.
pub(super) fn item(party: Party) -> &'static str {
    match party {
        Party::Person => "customer",
        Party::Company => "customerCorporate",
    }
}

/// The name of a list of them.
pub(super) fn list(party: Party) -> &'static str {
    match party {
        Party::Person => "customers",
        Party::Company => "customersCorporate",
    }
}
