//! Legal details: every capital letter of their names stands apart.

use serde_json::Value;

use crate::retailcrm::value::{self, Object};

/// `contragent.i_n_n`, `contragent.legal_name`, and so on.
pub(super) fn fields(fields: &mut Object, prefix: &str, contragent: &Value) {
    for (name, member) in contragent.as_object().into_iter().flatten() {
        fields.insert(format!("{prefix}{}", value::snake(name)), member.clone());
    }
}
