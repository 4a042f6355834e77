//! Flattening: the values of the columns in a row of JSON.

use std::{borrow::Cow, collections::HashMap};

use common_model::{Error, Kind as JsonKind, Reader, to_json};

use super::{
    columns::{Column, Kind},
    elements::elements,
};

/// Finds the values of the columns in rows.
#[derive(Debug)]
pub(crate) struct Flattener {
    root: Node,
    columns: usize,
    /// Whether members without a column are kept.
    keeps_other: bool,
    elements: Option<Elements>,
}

/// The list of which each element is a line.
#[derive(Debug)]
struct Elements {
    /// The cell of the list's JSON, behind those of the columns.
    cell: usize,
    node: Node,
    path: String,
}

#[derive(Debug)]
enum Node {
    /// A value: the numbers of the columns, since a column may be a part of another one.
    Leaf(usize),
    Object(HashMap<Box<str>, Node>),
}

impl Default for Node {
    fn default() -> Self {
        Self::Object(HashMap::new())
    }
}

/// The values of one line: JSON texts by column, and the members without a column.
#[derive(Debug, Clone, Default)]
pub(crate) struct Record<'r> {
    pub(crate) cells: Vec<Option<&'r str>>,
    other: Vec<(String, &'r str)>,
}

impl<'r> Record<'r> {
    /// Keeps a value that its column cannot hold among the others.
    #[cfg(feature = "parquet")]
    pub(crate) fn set_aside(&mut self, name: String, json: &'r str) {
        self.other.push((name, json));
    }

    /// The members without a column, as one JSON object; `None` when every member has a column.
    pub(crate) fn other(&self) -> Option<String> {
        let member = |(name, json): &(String, &str)| format!("{}:{json}", to_json(name.as_str()));
        let members: Vec<String> = self.other.iter().map(member).collect();
        (!members.is_empty()).then(|| format!("{{{}}}", members.join(",")))
    }
}

impl Flattener {
    /// A flattener for these columns. Columns below `list` get the members of its elements.
    pub(crate) fn new(columns: &[Column], list: Option<&[String]>) -> Self {
        let mut root = Node::default();
        let mut node = Node::default();
        for (at, column) in columns.iter().enumerate() {
            match list.and_then(|list| column.path.strip_prefix(list)) {
                _ if column.kind == Kind::Other => {}
                Some(rest) => node.insert(rest, at),
                None => root.insert(&column.path, at),
            }
        }
        let elements = list.map(|list| {
            root.insert(list, columns.len());
            Elements {
                cell: columns.len(),
                node,
                path: list.join("."),
            }
        });
        Self {
            root,
            columns: columns.len(),
            keeps_other: columns.iter().any(|column| column.kind == Kind::Other),
            elements,
        }
    }

    /// Calls `line` with each line of a row: one, or one for each element of the list. A row with an empty list is one
    /// line without an element.
    pub(crate) fn each<'r, E: From<Error>>(
        &self,
        row: &'r str,
        line: &mut dyn FnMut(Record<'r>) -> Result<(), E>,
    ) -> Result<(), E> {
        let cells = self.columns + usize::from(self.elements.is_some());
        let mut record = Record {
            cells: vec![None; cells],
            other: Vec::new(),
        };
        self.read(&self.root, &mut Reader::new(row), &mut record, "")?;
        let Some(elements_of) = &self.elements else {
            return line(record);
        };
        let list = record.cells[elements_of.cell];
        let found = list.map_or(Ok(Vec::new()), |list| elements(&mut Reader::new(list)))?;
        record.cells.truncate(self.columns);
        if found.is_empty() {
            return line(record);
        }
        for element in found {
            let mut record = record.clone();
            let mut reader = Reader::new(element);
            self.read(
                &elements_of.node,
                &mut reader,
                &mut record,
                &elements_of.path,
            )?;
            line(record)?;
        }
        Ok(())
    }

    fn read<'r>(
        &self,
        node: &Node,
        reader: &mut Reader<'r>,
        record: &mut Record<'r>,
        path: &str,
    ) -> Result<(), Error> {
        let members = match node {
            Node::Leaf(at) => {
                let raw = reader.raw()?;
                record.cells[*at] = (raw != "null").then_some(raw);
                return Ok(());
            }
            Node::Object(members) => members,
        };
        if reader.peek()? != JsonKind::Object {
            let raw = reader.raw()?;
            self.keep(record, path, raw);
            return Ok(());
        }
        reader.object(&mut |key, reader| match members.get(key) {
            Some(node @ Node::Leaf(_)) => self.read(node, reader, record, ""),
            Some(node) => self.read(node, reader, record, &joined(path, key)),
            None => {
                let raw = reader.raw()?;
                if self.keeps_other {
                    self.keep(record, &joined(path, key), raw);
                }
                Ok(())
            }
        })
    }

    /// Keeps a value without a column. The shapes that PHP writes for nothing are left out.
    fn keep<'r>(&self, record: &mut Record<'r>, path: &str, raw: &'r str) {
        if self.keeps_other && !matches!(raw, "null" | "[]" | "{}" | r#""""# | "false") {
            record.other.push((path.to_owned(), raw));
        }
    }
}

impl Node {
    /// Inserts a column. A column within another one wins: the outer one has no value of its own then.
    fn insert(&mut self, path: &[String], column: usize) {
        let Some((name, rest)) = path.split_first() else {
            *self = Self::Leaf(column);
            return;
        };
        if let Self::Leaf(_) = self {
            *self = Self::default();
        }
        if let Self::Object(members) = self {
            members
                .entry(name.as_str().into())
                .or_default()
                .insert(rest, column);
        }
    }
}

fn joined<'p>(path: &str, key: &'p str) -> Cow<'p, str> {
    match path {
        "" => Cow::Borrowed(key),
        path => Cow::Owned(format!("{path}.{key}")),
    }
}
