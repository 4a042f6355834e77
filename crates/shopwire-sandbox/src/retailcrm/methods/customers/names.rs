//! The names of the two kinds of customers in parameters and answers.

use crate::retailcrm::state::party::Party;

/// Name of one customer.
pub(super) fn item(party: Party) -> &'static str {
    match party {
        Party::Person => "customer",
        Party::Company => "customerCorporate",
    }
}

/// Name of a list of customers.
pub(super) fn list(party: Party) -> &'static str {
    match party {
        Party::Person => "customers",
        Party::Company => "customersCorporate",
    }
}
