//! References between books: a given code must exist in the other book.

use serde_json::Value;

use crate::retailcrm::protocol::answer::Failure;
use crate::retailcrm::state::references::References;
use crate::retailcrm::value::{self, Object};

/// Book, member, the book that the member's code or codes must be in.
const TIES: &[(&str, &str, &str)] = &[
    ("cost-items", "group", "cost-groups"),
    ("delivery-types", "deliveryServices", "delivery-services"),
    ("delivery-types", "paymentTypes", "payment-types"),
    ("delivery-types", "sites", "sites"),
    ("delivery-types", "currency", "currencies"),
    ("payment-statuses", "paymentTypes", "payment-types"),
    ("payment-types", "deliveryTypes", "delivery-types"),
    ("payment-types", "paymentStatuses", "payment-statuses"),
    ("payment-types", "sites", "sites"),
    ("price-types", "currency", "currencies"),
    ("sites", "contragentCode", "legal-entities"),
    ("sites", "currency", "currencies"),
    ("statuses", "group", "status-groups"),
];

/// Refuses a row that refers to a code which is not there.
pub(super) fn check(references: &References, book: &str, row: &Object) -> Result<(), Failure> {
    let mut errors = Object::new();
    for (_, member, other) in TIES.iter().filter(|(tied, ..)| *tied == book) {
        let Some(given) = row.get(*member).filter(|given| !given.is_null()) else {
            continue;
        };
        let codes = given
            .as_array()
            .map_or(std::slice::from_ref(given), Vec::as_slice);
        let unknown = codes.iter().find(|code| !is_known(references, other, code));
        if let Some(code) = unknown.and_then(value::text) {
            let text = format!("\"{member}\" with \"code\"=\"{code}\" does not exist.");
            errors.insert((*member).into(), text.into());
        }
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Failure::format(errors))
    }
}

fn is_known(references: &References, book: &str, code: &Value) -> bool {
    value::text(code).is_none_or(|code| code.is_empty() || references.has(book, &code))
}
