//! Members that have no column of their own: values within a column of JSON, such as `customer.phones`.

use super::columns::{Column, Kind};
use crate::{call::Schema, failure::Failure, suggest};

/// The description of a row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'d> {
    pub(crate) schema: Schema<'d>,
    /// The names before those of the row.
    pub(crate) prefix: &'d [String],
    /// The list of which each element is a line.
    pub(crate) flatten: Option<&'d [String]>,
}

/// The place that a name leads to within a value.
enum Step<'d> {
    Member(Schema<'d>),
    /// The description leaves it open.
    Any,
    /// The value is a list, whose elements have the members.
    List,
    /// The value has other members, or none.
    Unknown,
}

impl<'d> Row<'d> {
    /// The kind of the values at a path within a column of JSON. A member that the description leaves open is text.
    ///
    /// # Errors
    /// Wrong usage: a name on the way is no member, or stands below a list. Its column would be empty in each line.
    pub(super) fn kind(self, all: &[Column], path: &[String]) -> Result<Kind, Failure> {
        let (mut schema, from) = self.start(path);
        for (at, name) in path.iter().enumerate().skip(from) {
            schema = match step(schema, name) {
                Step::Member(member) => member,
                Step::Any => return Ok(Kind::Text),
                Step::List => return Err(self.is_list(all, &path[..at])),
                Step::Unknown => return Err(unknown(schema, &path[..at], name)),
            };
        }
        Ok(match schema.types().is_empty() {
            true => Kind::Text,
            false => Kind::of(schema),
        })
    }

    /// The row or the element that the path leads into, and the number of names before it.
    fn start(self, path: &[String]) -> (Schema<'d>, usize) {
        let list = self.flatten.filter(|list| path.starts_with(list));
        let element = list.and_then(|list| {
            let mut names = list.iter().skip(self.prefix.len());
            let schema = names.try_fold(self.schema, |schema, name| schema.child(name))?;
            let element = schema.items().or_else(|| schema.values())?;
            Some((element, list.len()))
        });
        element.unwrap_or((self.schema, self.prefix.len()))
    }

    fn is_list(self, all: &[Column], path: &[String]) -> Failure {
        let name = path.join(".");
        let can_flatten =
            self.flatten.is_none() && all.iter().any(|column| column.path.as_slice() == path);
        Failure::usage(match can_flatten {
            true => {
                let list = path[self.prefix.len()..].join(".");
                format!(
                    "--columns: {name} is a list: --flatten {list} makes a line of each element"
                )
            }
            false => {
                format!("--columns: {name} is a list, which is JSON in one column: name {name}")
            }
        })
    }
}

fn step<'d>(schema: Schema<'d>, name: &str) -> Step<'d> {
    if schema.items().is_some() {
        // A map by codes may come as a list, and a list as an object under keys. The members of the elements are meant.
        let is_of_element = |map: &Schema<'_>| map.fields().iter().any(|(of, ..)| *of == name);
        let map = schema.values().filter(|values| !is_of_element(values));
        return map.map_or(Step::List, Step::Member);
    }
    match schema.child(name) {
        Some(member) => Step::Member(member),
        None if schema.types().is_empty() => Step::Any,
        None if schema.is_object() && schema.fields().is_empty() => Step::Any,
        None => Step::Unknown,
    }
}

/// The error does not show the name: it may be a key that was typed in the wrong place.
fn unknown(schema: Schema<'_>, path: &[String], name: &str) -> Failure {
    let of = path.join(".");
    let fields = schema.fields();
    // Alternatives may have members of the same name.
    let mut names: Vec<&str> = Vec::new();
    for (name, ..) in &fields {
        if !names.contains(name) {
            names.push(name);
        }
    }
    let nearest = suggest::nearest(name, names.iter().copied());
    let whole = |name: &&str| format!("{of}.{name}");
    let hint = match (nearest.as_slice(), names.is_empty()) {
        ([], true) => "it is a plain value".to_owned(),
        ([], false) => format!("its members are {}", names.join(", ")),
        (near, _) => {
            let near: Vec<String> = near.iter().map(whole).collect();
            format!("did you mean {}?", near.join(", "))
        }
    };
    Failure::usage(format_args!("--columns: {of} has no such member; {hint}"))
}
