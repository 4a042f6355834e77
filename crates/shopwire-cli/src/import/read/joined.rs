//! Lines of a table that are one row: each has an element of the row's list.

use std::io;

use common_model::{Map, Value};

use super::{Fault, Header, Rows, csv::put};
use crate::{catalog::feed::text::MOST, rows::Kind};

/// The row whose lines are read.
#[derive(Default)]
pub(super) struct Joined {
    row: Option<Pending>,
}

struct Pending {
    line: u64,
    /// The values of the row itself, by which further lines are told to belong to it.
    own: Vec<Option<Value>>,
    elements: Vec<Value>,
    /// Size of the cells of its lines.
    bytes: usize,
}

impl Joined {
    /// Takes a line. The row before it is handed on, if the line is not a further element of it.
    pub(super) fn line(
        &mut self,
        header: &Header,
        (line, bytes): (u64, usize),
        mut values: Vec<Option<Value>>,
        rows: &mut dyn Rows,
    ) -> io::Result<()> {
        let element = element(header, &mut values);
        let element = match element {
            Ok(element) => element,
            Err((path, why)) => return rows.fault(Fault { line, path, why }),
        };
        if let Some(row) = self.row.as_mut().filter(|row| row.own == values)
            && header.list.is_some()
        {
            let before = row.bytes;
            row.bytes += bytes;
            if row.bytes <= MOST {
                row.elements.extend(element);
                return Ok(());
            }
            row.elements.clear();
            let why = "the lines from this one on are one row, which is longer than 1 MiB";
            return match before <= MOST {
                true => rows.fault(Fault {
                    line: row.line,
                    path: String::new(),
                    why: why.to_owned(),
                }),
                false => Ok(()),
            };
        }
        self.end(header, rows)?;
        self.row = Some(Pending {
            line,
            own: values,
            elements: element.into_iter().collect(),
            bytes,
        });
        Ok(())
    }

    /// Hands on the last row.
    pub(super) fn end(&mut self, header: &Header, rows: &mut dyn Rows) -> io::Result<()> {
        let Some(Pending {
            line,
            own,
            elements,
            bytes: 0..=MOST,
        }) = self.row.take()
        else {
            return Ok(());
        };
        let mut row = Map::new();
        let mut others = Map::new();
        let put_all = || {
            for (cell, value) in header.cells.iter().zip(own) {
                let Some(value) = value else { continue };
                match (cell.column.kind, value) {
                    (Kind::Other, Value::Object(members)) => others = members,
                    (Kind::Other, _) => {
                        return Err((cell.column.name(), "it must be a JSON object".to_owned()));
                    }
                    (_, value) => put(&mut row, &cell.column.path, value)
                        .map_err(|why| (cell.column.name(), why))?,
                }
            }
            if let Some(list) = header.list.as_ref().filter(|_| !elements.is_empty()) {
                put(&mut row, list, Value::Array(elements)).map_err(|why| (list.join("."), why))?;
            }
            for (name, value) in std::mem::take(&mut others) {
                let path: Vec<String> = name.split('.').map(str::to_owned).collect();
                put(&mut row, &path, value).map_err(|why| (name, why))?;
            }
            Ok(())
        };
        match put_all() {
            Ok(()) => rows.row(line, row),
            Err((path, why)) => rows.fault(Fault { line, path, why }),
        }
    }
}

/// Takes the values of a line that are those of an element; `None` if the line has none.
fn element(
    header: &Header,
    values: &mut [Option<Value>],
) -> Result<Option<Value>, (String, String)> {
    let mut element = Map::new();
    for (cell, value) in header.cells.iter().zip(values) {
        if cell.list > 0
            && let Some(value) = value.take()
        {
            put(&mut element, &cell.column.path[cell.list..], value)
                .map_err(|why| (cell.column.name(), why))?;
        }
    }
    Ok((!element.is_empty()).then_some(Value::Object(element)))
}
