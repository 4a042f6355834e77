//! Rows of CSV, with the names of the header.

use std::io::{self, Read};

use common_model::{Map, Value};
use encoding_rs::Encoding;

use super::{
    super::feed::{
        google::table::{self, Row},
        rules::RuleId,
        text::Text,
        visit::Fault,
    },
    Rows,
};

/// Reads rows under a header. Cells are separated by tabs, semicolons or commas, as the header is.
pub(super) fn rows(
    input: &mut dyn Read,
    encoding: Option<&'static Encoding>,
    rows: &mut dyn Rows,
) -> io::Result<()> {
    let text = Text::new(input, encoding)?;
    let mut header: Option<Vec<String>> = None;
    table::rows(text, b"\t;,", &mut |row| {
        let (record, line) = match row {
            Row::Cells(record, line) => (record, line),
            Row::Fault(fault) => {
                return Err(io::Error::other(format!(
                    "line {}: {}",
                    fault.line, fault.detail
                )));
            }
        };
        let Some(names) = &header else {
            let names: Vec<String> = record.iter().map(|name| name.trim().to_owned()).collect();
            let again = names
                .iter()
                .enumerate()
                .find(|(at, name)| !name.is_empty() && names[..*at].contains(name));
            if let Some((_, name)) = again {
                return Err(io::Error::other(format!(
                    "line {line}: the column `{name}` comes again"
                )));
            }
            rows.header(&names)?;
            header = Some(names);
            return Ok(());
        };
        if record
            .iter()
            .skip(names.len())
            .any(|cell| !cell.trim().is_empty())
        {
            return rows.fault(Fault {
                rule: RuleId::Cells,
                line,
                offer: None,
                detail: format!("{} cells under a header of {}", record.len(), names.len()),
            });
        }
        let mut object = Map::new();
        for (name, cell) in names
            .iter()
            .zip(record.iter())
            .filter(|(_, cell)| !cell.trim().is_empty())
        {
            object.insert(name, Value::String(cell.trim().to_owned()));
        }
        rows.row(Value::Object(object), line)
    })?;
    Ok(())
}
