//! Rows of CSV, with the names of the columns in the first line.

use std::io::{self, Read};

use common_model::{Map, Value, from_json};
use encoding_rs::Encoding;

use super::{Cell, Fault, Header, Rows, joined::Joined};
use crate::{
    call,
    catalog::feed::{
        google::table::{self, Row},
        text::Text,
    },
    import::check::RowPlace,
    rows::Kind,
};

/// Reads rows. Cells are separated by tabs, semicolons or commas, as those of the first line.
pub(super) fn rows(
    input: &mut dyn Read,
    encoding: Option<&'static Encoding>,
    place: RowPlace<'_>,
    rows: &mut dyn Rows,
) -> io::Result<()> {
    let text = Text::new(input, encoding)?;
    let mut table = Table {
        place,
        header: None,
        has_bad_header: false,
        joined: Joined::default(),
        rows,
    };
    table::rows(text, b"\t;,", &mut |row| match row {
        Row::Fault(fault) => table.rows.fault(Fault {
            line: fault.line,
            path: String::new(),
            why: fault.detail,
        }),
        Row::Cells(record, line) => table.line(record.iter().collect(), line),
    })?;
    table.end()
}

struct Table<'r, 'd> {
    place: RowPlace<'d>,
    header: Option<Header>,
    /// Its lines mean nothing then.
    has_bad_header: bool,
    joined: Joined,
    rows: &'r mut dyn Rows,
}

impl Table<'_, '_> {
    fn line(&mut self, cells: Vec<&str>, line: u64) -> io::Result<()> {
        if self.has_bad_header {
            return Ok(());
        }
        let Some(header) = &self.header else {
            return self.names(&cells, line);
        };
        if cells.iter().all(|cell| cell.is_empty()) {
            return Ok(());
        }
        if cells.len() != header.cells.len() {
            let why = format!(
                "{} cells under a header of {}",
                cells.len(),
                header.cells.len()
            );
            return self.rows.fault(Fault {
                line,
                path: String::new(),
                why,
            });
        }
        let bytes = cells.iter().map(|cell| cell.len()).sum();
        let mut values = Vec::with_capacity(cells.len());
        let mut is_fine = true;
        for (cell, text) in header.cells.iter().zip(cells) {
            match value(cell, text) {
                Ok(value) => values.push(value),
                Err(why) => {
                    is_fine = false;
                    self.rows.fault(Fault {
                        line,
                        path: cell.column.name(),
                        why,
                    })?;
                }
            }
        }
        match is_fine {
            true => self
                .joined
                .line(header, (line, bytes), values, &mut *self.rows),
            false => Ok(()),
        }
    }

    fn names(&mut self, cells: &[&str], line: u64) -> io::Result<()> {
        let names: Vec<String> = cells.iter().map(|name| name.trim().to_owned()).collect();
        match Header::find(&names, self.place) {
            Ok(header) => {
                self.rows.header(&header);
                self.header = Some(header);
                Ok(())
            }
            Err(faults) => {
                self.has_bad_header = true;
                let mut faults = faults.into_iter();
                faults.try_for_each(|(path, why)| self.rows.fault(Fault { line, path, why }))
            }
        }
    }

    fn end(&mut self) -> io::Result<()> {
        match &self.header {
            Some(header) => self.joined.end(header, &mut *self.rows),
            None => Ok(()),
        }
    }
}

/// The value of a cell; `None` for an empty one.
///
/// # Errors
/// The cell holds no JSON, where it must.
fn value(cell: &Cell, text: &str) -> Result<Option<Value>, String> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Ok(None);
    }
    Ok(Some(match cell.column.kind {
        Kind::Json | Kind::Other => {
            let json = from_json(trimmed);
            let json = json.map_err(|error| format!("it must be JSON: {}", error.message()))?;
            match call::doubled_keys(trimmed).as_slice() {
                [] => json,
                twice => return Err(format!("{}: the key comes twice", twice.join(", "))),
            }
        }
        Kind::Boolean => match trimmed.to_ascii_lowercase().as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            // The check tells what is needed.
            _ => Value::from(trimmed),
        },
        Kind::Integer | Kind::Decimal | Kind::Double => {
            // A number keeps its digits. The check tells what is wrong with other texts.
            match from_json::<Value>(trimmed) {
                Ok(number @ Value::Number(_)) => number,
                _ => Value::from(trimmed),
            }
        }
        Kind::Date | Kind::DateTime | Kind::Instant | Kind::Time => Value::from(trimmed),
        Kind::Text => Value::from(text),
    }))
}

/// Puts a value under a path of names.
///
/// # Errors
/// Another value stands on the way.
pub(super) fn put(row: &mut Map<Value>, path: &[String], value: Value) -> Result<(), String> {
    let Some((name, rest)) = path.split_first() else {
        return Ok(());
    };
    if rest.is_empty() {
        return match row.insert(name, value) {
            None => Ok(()),
            Some(_) => Err("the row has this value twice".to_owned()),
        };
    }
    if !row.contains_key(name) {
        row.insert(name, Value::Object(Map::new()));
    }
    match row.get_mut(name) {
        Some(Value::Object(inner)) => put(inner, rest, value),
        _ => Err(format!("{name} is no object")),
    }
}
