//! Members of rows that are this command's own: an import writes them to the file of refused rows, and passes over them
//! when it reads that file.

use common_model::{Map, Value};

/// The line of the row in the file that was imported.
pub(super) const LINE: &str = "_line";

/// Why the service refused the row.
pub(super) const REASON: &str = "_reason";

/// Whether it is not known if the row has landed. Such a row is not sent again before a person has removed the mark.
pub(super) const UNKNOWN: &str = "_unknown";

const ALL: [&str; 3] = [LINE, REASON, UNKNOWN];

/// Whether a name is one of them.
pub(super) fn is_one(name: &str) -> bool {
    ALL.contains(&name)
}

/// Whether the line of the row is no number, as in a table whose cells have moved.
pub(super) fn has_wrong_line(row: &Map<Value>) -> bool {
    let is_line = |text: &str| text.trim().is_empty() || text.trim().parse::<u64>().is_ok();
    !match row.get(LINE) {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => is_line(text),
        Some(Value::Number(number)) => is_line(&number.to_string()),
        Some(_) => false,
    }
}

/// Whether a row has the mark of an unknown end.
pub(super) fn is_unknown(row: &Map<Value>) -> bool {
    !matches!(
        row.get(UNKNOWN),
        None | Some(Value::Null | Value::Bool(false))
    ) && row.get(UNKNOWN).and_then(Value::as_str) != Some("")
}

/// Removes them from a row.
pub(super) fn remove(row: &mut Map<Value>) {
    for name in ALL {
        row.remove(name);
    }
}
