//! Search for objects by the externalIds or ids of rows.

use std::collections::BTreeMap;

use common_api::{AnyOutput, Sender};
use common_model::{Value, from_json, to_json};
use common_transport::Error;

use super::{
    answer,
    kind::{Look, entry},
    request::Row,
};

/// Size of the ids in one address.
const MOST_BYTES: usize = 3000;

/// The filter by the service's ids, which each list has.
pub(super) const IDS: &str = "ids";

/// Finds the rows whose objects are there, with the ids of these.
///
/// # Errors
/// Those of the list.
pub(super) async fn find(
    look: Look,
    sender: &dyn Sender,
    site: Option<&str>,
    rows: &[Row],
) -> Result<BTreeMap<u64, String>, Error> {
    let mut found = BTreeMap::new();
    for rows in portions(look, rows) {
        let items = list(look, sender, site, &rows).await?;
        for row in rows {
            let is_it = |item: &&Value| is_it(item, row, site);
            if let Some(item) = items.iter().find(is_it) {
                let id = item.get("id").map(ToString::to_string);
                found.insert(row.at, id.unwrap_or_default());
            }
        }
    }
    Ok(found)
}

/// Rows whose ids fit into one address.
fn portions(look: Look, rows: &[Row]) -> Vec<Vec<&Row>> {
    let mut portions: Vec<Vec<&Row>> = Vec::new();
    let mut bytes = 0;
    for row in rows {
        let Some(key) = row.key() else { continue };
        let more = key.len() * 3 + 40;
        let fits = |portion: &[&Row]| {
            let takes_many = look.takes_many || by_id(portion);
            takes_many && by_id(portion) == by_id(&[row]) && bytes + more <= MOST_BYTES
        };
        match portions.last_mut() {
            Some(portion) if fits(portion) => {
                portion.push(row);
                bytes += more;
            }
            _ => {
                portions.push(vec![row]);
                bytes = more;
            }
        }
    }
    portions
}

/// Whether these rows name their objects by the service's ids.
fn by_id(rows: &[&Row]) -> bool {
    rows.first().is_some_and(|row| row.external_id.is_none())
}

async fn list(
    look: Look,
    sender: &dyn Sender,
    site: Option<&str>,
    rows: &[&Row],
) -> Result<Vec<Value>, Error> {
    let keys: Vec<&str> = rows.iter().filter_map(|row| row.key()).collect();
    let (filter, keys) = match (by_id(rows), look.takes_many, keys.first()) {
        (true, ..) => (IDS, format!("[{}]", keys.join(","))),
        (false, false, Some(id)) => (look.filter, to_json(id)),
        (false, ..) => (look.filter, to_json(&keys)),
    };
    // A product has no shop of its own.
    let sites = match site.filter(|_| look.takes_many) {
        Some(site) => format!(",\"sites\":[{}]", to_json(site)),
        None => String::new(),
    };
    let params = format!(
        "{{\"limit\":100,\"filter\":{{{}:{keys}{sites}}}}}",
        to_json(filter)
    );
    let list = entry(look.operation)
        .map_err(|_| Error::invalid_input("operation", "there is no such list"))?
        .operation(&params)?;
    let AnyOutput::Json(answer) = sender.send(&list).await? else {
        return Ok(Vec::new());
    };
    let found: Value = from_json(&answer).unwrap_or_default();
    let items = answer::list(found.get(look.list)).into_iter();
    Ok(items.cloned().collect())
}

/// Whether an object is that of a row: filters of texts may ignore case.
fn is_it(item: &Value, row: &Row, site: Option<&str>) -> bool {
    let text = |name: &str| match item.get(name) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_plain()),
        _ => None,
    };
    let of_site = match (text("site"), site) {
        (Some(own), Some(site)) => own == site,
        _ => true,
    };
    let is_same = match &row.external_id {
        Some(_) => text("externalId") == row.external_id,
        None => row.id.is_some() && text("id") == row.id,
    };
    of_site && is_same
}
