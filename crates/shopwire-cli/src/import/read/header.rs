//! The columns of a table, found in the description by their names.

use crate::{
    call::Schema,
    import::{check::RowPlace, reserved},
    rows::{self, Column, Kind},
    suggest,
};

/// The columns in the order of the file.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Header {
    pub(in super::super) cells: Vec<Cell>,
    /// The path of the list whose elements are lines.
    pub(super) list: Option<Vec<String>>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Cell {
    pub(in super::super) column: Column,
    /// Number of names that lead to the list of which each line is an element; 0 for a column of the row itself.
    pub(super) list: usize,
}

impl Header {
    /// Finds the columns with these names.
    ///
    /// # Errors
    /// The names that are no columns, each with its fault.
    pub(super) fn find(
        names: &[String],
        place: RowPlace<'_>,
    ) -> Result<Self, Vec<(String, String)>> {
        let mut header = Self::default();
        let mut faults = Vec::new();
        for (at, name) in names.iter().enumerate() {
            if name.is_empty() {
                let why = format!("the column {} has no name", at + 1);
                faults.push((String::new(), why));
                continue;
            }
            match cell(name, place) {
                Ok(cell) => header.add(cell, &mut faults),
                Err(why) => faults.push((name.clone(), why)),
            }
        }
        match faults.is_empty() {
            true => Ok(header),
            false => Err(faults),
        }
    }

    /// The path of the list whose elements are lines.
    pub(in super::super) fn list(&self) -> Option<&[String]> {
        self.list.as_deref()
    }

    fn add(&mut self, cell: Cell, faults: &mut Vec<(String, String)>) {
        let name = cell.column.name();
        let mut refuse = |why: &str| faults.push((name.clone(), why.to_owned()));
        if self.cells.iter().any(|other| overlaps(other, &cell)) {
            refuse("the column comes again, or is a part of another one");
        }
        if cell.list > 0 {
            let list = &cell.column.path[..cell.list];
            match &self.list {
                None => self.list = Some(list.to_vec()),
                Some(known) if known == list => {}
                Some(known) => {
                    let why = format!(
                        "each line is an element of {}: write the other list as JSON in one cell",
                        known.join(".")
                    );
                    refuse(&why);
                }
            }
        }
        self.cells.push(cell);
    }
}

/// Whether two columns have the same value, or one has a part of the other's.
fn overlaps(one: &Cell, other: &Cell) -> bool {
    let (one, other) = (&one.column, &other.column);
    one.kind != Kind::Other
        && other.kind != Kind::Other
        && (one.path.starts_with(&other.path) || other.path.starts_with(&one.path))
}

/// The column of this name.
fn cell(name: &str, place: RowPlace<'_>) -> Result<Cell, String> {
    let path: Vec<String> = name.split('.').map(str::to_owned).collect();
    if name == rows::OTHER {
        return Ok(Cell {
            column: Column::new(path, Kind::Other),
            list: 0,
        });
    }
    if reserved::is_one(name) {
        return Ok(Cell {
            column: Column::new(path, Kind::Text),
            list: 0,
        });
    }
    let found = walk(place.taken, &path).or_else(|| walk(place.shown?, &path));
    match found {
        Some((kind, list)) => Ok(Cell {
            column: Column::new(path, kind),
            list,
        }),
        None => {
            let known = rows::columns_of(place.taken, &[]);
            let known: Vec<String> = known.iter().map(Column::name).collect();
            let near = suggest::nearest(name, known.iter().map(String::as_str));
            Err(match near.first() {
                Some(near) => format!("there is no such column; did you mean {near}?"),
                None => "there is no such column; --describe shows them".to_owned(),
            })
        }
    }
}

/// The kind of the values at a path, and the number of names that lead to a list on the way.
fn walk(row: Schema<'_>, path: &[String]) -> Option<(Kind, usize)> {
    let (mut schema, mut list) = (row, 0);
    for (at, name) in path.iter().enumerate() {
        // Where PHP may write a list as an object, its elements are meant all the same.
        let element = schema.items().filter(|_| at > 0 && list == 0);
        schema = match element.and_then(|element| element.child(name)) {
            Some(child) => {
                list = at;
                child
            }
            None => schema.child(name)?,
        };
    }
    // A member that the description leaves open, such as a custom field, is text.
    let kind = match schema.types().is_empty() {
        true => Kind::Text,
        false => Kind::of(schema),
    };
    Some((kind, list))
}
