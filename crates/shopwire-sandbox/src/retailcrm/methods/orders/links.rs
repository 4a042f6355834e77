//! Links between orders.

use serde_json::{Value, json};

use super::path;
use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::state::Account;
use crate::retailcrm::value::{self, Object};

/// Links two orders; each then shows the other.
pub(crate) fn link(account: &mut Account, call: &Call) -> Outcome {
    let link = call.object("link")?;
    let orders = link
        .get("orders")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let [one, other] = orders.as_slice() else {
        return Err(Failure::field(
            "link.orders",
            "This collection should contain exactly 2 elements.",
        ));
    };
    let (one, other) = (
        path::referred(account, Some(one), "link.orders[0]")?,
        path::referred(account, Some(other), "link.orders[1]")?,
    );
    if one == other {
        return Err(Failure::validation(
            "link.orders",
            "An order cannot be linked with itself.",
        ));
    }
    add_link(account, one, other, &link);
    add_link(account, other, one, &link);
    Ok(Answer::created(json!({})))
}

fn add_link(account: &mut Account, to: i64, linked: i64, link: &Object) {
    let Some(row) = account.orders.table.get(linked) else {
        return;
    };
    let mut shown = value::identifiers(row);
    shown["number"] = row.get("number").cloned().unwrap_or_default();
    let link = json!({
        "comment": value::member(link, "comment").unwrap_or_default(), "order": shown, "createdAt": account.now(),
    });
    account.orders.table.update(to, |row| {
        let links = row.entry("links").or_insert_with(|| json!([]));
        if let Value::Array(links) = links {
            links.push(link);
        }
    });
}
