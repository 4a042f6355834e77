//! Files: raw bytes up, raw bytes down.

use bytes::Bytes;
use serde_json::{Value, json};

use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::protocol::collection::Collection;
use crate::retailcrm::protocol::filter::Rule;
use crate::retailcrm::state::Account;
use crate::retailcrm::state::resolve;
use crate::retailcrm::value::{self, object};

const FILES: Collection = Collection {
    table: "files",
    item: "file",
    list: "files",
    required: &[],
    filters: &[
        ("ids", Rule::OneOf("id")),
        ("filename", Rule::Contains(&["filename"])),
        ("type", Rule::OneOf("type")),
        ("sizeFrom", Rule::Min("size")),
        ("sizeTo", Rule::Max("size")),
        ("createdAtFrom", Rule::From("createdAt")),
        ("createdAtTo", Rule::To("createdAt")),
        ("orderIds", Rule::OneOf("joined.orders.id")),
        ("orderExternalIds", Rule::OneOf("joined.orders.externalId")),
        ("customerIds", Rule::OneOf("joined.customers.id")),
        (
            "customerExternalIds",
            Rule::OneOf("joined.customers.externalId"),
        ),
        ("isAttached", Rule::Present("attachment")),
        ("sites", Rule::OneOf("joined.sites")),
    ],
    join: Account::joined_file,
    hidden: &[],
};

pub(crate) fn list(account: &mut Account, call: &Call) -> Outcome {
    FILES.list(account, call)
}

pub(crate) fn get(account: &mut Account, call: &Call) -> Outcome {
    FILES.get(account, call)
}

/// The body is the file, whatever its content type says.
pub(crate) fn upload(account: &mut Account, call: &Call) -> Outcome {
    if call.body.is_empty() {
        return Err(Failure::bad_request("Your request is empty."));
    }
    let file = json!({
        "filename": "file", "type": media_type(&call.body), "createdAt": account.now(), "size": call.body.len(), "attachment": [],
    });
    let id = FILES.insert(account, object(file))?;
    account.records.contents.insert(id, call.body.clone());
    Ok(Answer::ok(json!({"file": {"id": id}})))
}

pub(crate) fn download(account: &mut Account, call: &Call) -> Outcome {
    let id = call.id()?;
    let row = account
        .records
        .table(FILES.table)
        .get(id)
        .ok_or_else(Failure::not_found)?;
    let content = account
        .records
        .contents
        .get(&id)
        .cloned()
        .unwrap_or_default();
    let name = value::member(row, "filename").unwrap_or_else(|| "file".to_owned());
    Ok(Answer::File {
        name,
        media_type: media_type(&content),
        content,
    })
}

/// The name and the attachments may change; size, type and time may not.
pub(crate) fn edit(account: &mut Account, call: &Call) -> Outcome {
    let (id, input) = (call.id()?, call.object(FILES.item)?);
    let mut allowed = value::pick(&input, &["filename", "attachment"]);
    if let Some(given) = allowed.get("attachment").and_then(Value::as_array) {
        let attachments = given.iter().enumerate();
        let shown: Vec<Value> = attachments
            .map(|(index, one)| attachment(account, index, one))
            .collect::<Result<_, Failure>>()?;
        allowed.insert("attachment".into(), shown.into());
    }
    let changed = account.records.table_mut(FILES.table).update(id, |row| {
        row.extend(allowed);
        Value::Object(row.clone())
    });
    changed
        .map(|file| Answer::ok(json!({"file": file})))
        .ok_or_else(Failure::not_found)
}

/// Checks the attachment of a file: an order or a customer, which must exist.
fn attachment(account: &Account, index: usize, given: &Value) -> Result<Value, Failure> {
    let of = |name: &str| (given.get(name), format!("attachment[{index}].{name}"));
    if let (Some(order), field) = of("order") {
        let row = account.referred_order(&field, resolve::reference(&field, order)?)?;
        let shown = resolve::shown_order(row, &["id", "number", "externalId", "site"]);
        return Ok(json!({"order": shown}));
    }
    if let (Some(customer), field) = of("customer") {
        let row = account.referred_customer(&field, resolve::reference(&field, customer)?)?;
        return Ok(json!({"customer": resolve::shown_customer(row)}));
    }
    let text = "\"order\" or \"customer\" should not be blank.";
    Err(Failure::field(&format!("attachment[{index}]"), text))
}

pub(crate) fn delete(account: &mut Account, call: &Call) -> Outcome {
    account.records.contents.remove(&call.id()?);
    FILES.delete(account, call)
}

/// Detects the media type by the first bytes.
fn media_type(content: &Bytes) -> &'static str {
    match content.as_ref() {
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [0xff, 0xd8, ..] => "image/jpeg",
        [b'%', b'P', b'D', b'F', ..] => "application/pdf",
        text if std::str::from_utf8(text).is_ok() => "text/plain",
        _ => "application/octet-stream",
    }
}
