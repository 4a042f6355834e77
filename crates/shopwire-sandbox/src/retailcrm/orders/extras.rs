//! Links between orders, delivery cancellation, printed plates.

use bytes::Bytes;
use serde_json::{Value, json};

use super::{Orders, edit, identifiers, referred};
use crate::retailcrm::account::Account;
use crate::retailcrm::answer::{Answer, Failure, Object, Outcome};
use crate::retailcrm::call::Call;
use crate::retailcrm::value;

/// Links two orders; each then shows the other.
pub(super) fn link(account: &mut Account, call: &Call) -> Outcome {
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
        referred(account, Some(one), "orders")?,
        referred(account, Some(other), "orders")?,
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
    let mut shown = identifiers(row);
    shown["number"] = row.get("number").cloned().unwrap_or_default();
    let link = json!({
        "comment": value::member(link, "comment").unwrap_or_default(), "order": shown, "createdAt": value::now(),
    });
    account.orders.table.update(to, |row| {
        let links = row.entry("links").or_insert_with(|| json!([]));
        if let Value::Array(links) = links {
            links.push(link);
        }
    });
}

/// Cancels the delivery in its service. Without a delivery service there is nothing to cancel.
pub(super) fn cancel_delivery(account: &mut Account, call: &Call) -> Outcome {
    let id = Orders::in_path(account, call)?;
    let before = account
        .orders
        .table
        .get(id)
        .cloned()
        .ok_or_else(Failure::not_found)?;
    let delivery = before.get("delivery").and_then(Value::as_object);
    if delivery
        .and_then(|delivery| value::member(delivery, "code"))
        .is_none()
    {
        return Err(Failure::validation(
            "delivery",
            "The order has no delivery to cancel.",
        ));
    }
    let mut row = before.clone();
    row["delivery"]["data"] = json!({"status": "canceled"});
    edit::store(account, id, before, row);
    Ok(Answer::ok(json!({})))
}

/// A printed form of the order, as a file (RE15).
pub(super) fn print_plate(account: &mut Account, call: &Call) -> Outcome {
    let id = Orders::in_path(account, call)?;
    let plate: u32 = call
        .segment("plateId")
        .parse()
        .map_err(|_| Failure::not_found())?;
    let row = account
        .orders
        .table
        .get(id)
        .ok_or_else(Failure::not_found)?;
    let number = value::member(row, "number").unwrap_or_default();
    Ok(Answer::File {
        name: format!("plate-{plate}-{number}.pdf"),
        media_type: "application/pdf",
        content: Bytes::from(pdf(&format!("Order {number}"))),
    })
}

/// One page with one line of ASCII text.
fn pdf(line: &str) -> Vec<u8> {
    let line: String = line
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || " -".contains(*c))
        .collect();
    let text = format!("BT /F1 18 Tf 72 720 Td ({line}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    // The comment of high bytes tells transports that the file is binary.
    let mut file = b"%PDF-1.4\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        file.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).into_bytes());
    }
    let start = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).into_bytes());
    for offset in offsets {
        file.extend(format!("{offset:010} 00000 n \n").into_bytes());
    }
    let trailer = format!(
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n",
        objects.len() + 1
    );
    file.extend(trailer.into_bytes());
    file
}
