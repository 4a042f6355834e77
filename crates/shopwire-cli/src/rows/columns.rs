//! The columns of CSV and Parquet, from the description of the service.
//!
//! A member of a row is a column. Members of objects are columns too, with a point between the names, as far as
//! [`DEEPEST`] names and for objects of at most [`BROADEST`] members. Lists, maps and other objects are columns with
//! JSON; their members can be chosen by name. The last column, [`OTHER`], has the members that no column has, as one
//! JSON object. The order is that of the description, so it is the same for each export with the same version of the
//! command.

use super::member::Row;
use crate::{call::Schema, failure::Failure, suggest};

/// Number of names in the name of a column.
const DEEPEST: usize = 3;

/// Number of members of an object that is split into columns. A whole customer within an order has more.
const BROADEST: usize = 24;

/// The name of the last column. No service has a member with a leading underscore.
pub(crate) const OTHER: &str = "_other";

/// A column: its name with points, and what its values are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) path: Vec<String>,
    pub(crate) kind: Kind,
}

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Integer,
    Decimal,
    Double,
    Boolean,
    Date,
    /// A date and time without a zone.
    DateTime,
    /// A date and time with a zone.
    Instant,
    Time,
    /// JSON as text: a list, a map or an object.
    Json,
    /// The members that no column has.
    Other,
}

impl Column {
    pub(crate) fn new(path: Vec<String>, kind: Kind) -> Self {
        Self { path, kind }
    }

    pub(crate) fn name(&self) -> String {
        match self.path.as_slice() {
            [] => "value".to_owned(),
            path => path.join("."),
        }
    }
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Double => "double",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::DateTime => "date and time",
            Self::Instant => "date and time with zone",
            Self::Time => "time",
            Self::Json | Self::Other => "JSON",
        }
    }

    pub(crate) fn of(schema: Schema<'_>) -> Self {
        match (schema.types().as_slice(), schema.format()) {
            (["string"], Some("date")) => Self::Date,
            (["string"], Some("date-time-local")) => Self::DateTime,
            (["string"], Some("date-time")) => Self::Instant,
            (["string"], Some("time-local")) => Self::Time,
            (["integer"], _) => Self::Integer,
            (["number"], Some("decimal")) | (["integer", "number"], _) => Self::Decimal,
            (["number"], _) => Self::Double,
            (["boolean"], _) => Self::Boolean,
            (types, _) if types.iter().any(|name| ["array", "object"].contains(name)) => Self::Json,
            ([], _) => Self::Json,
            _ => Self::Text,
        }
    }
}

/// The columns of rows with this schema.
pub(crate) fn of(schema: Schema<'_>, prefix: &[String]) -> Vec<Column> {
    let mut columns = Vec::new();
    add(
        schema,
        &mut prefix.to_vec(),
        prefix.len() + DEEPEST,
        &mut columns,
    );
    columns
}

fn add(schema: Schema<'_>, path: &mut Vec<String>, deepest: usize, columns: &mut Vec<Column>) {
    let fields = schema.fields();
    let is_row = path.len() + DEEPEST == deepest;
    let has_names = schema.types() == ["object"] && !fields.is_empty();
    let is_small = is_row || fields.len() <= BROADEST;
    if !has_names || !is_small || path.len() >= deepest {
        columns.push(Column::new(path.clone(), Kind::of(schema)));
        return;
    }
    for (name, field, _) in fields {
        path.push(name.to_owned());
        // Alternatives may have members of the same name.
        if !columns.iter().any(|column| column.path.starts_with(path)) {
            add(field, path, deepest, columns);
        }
        path.pop();
    }
}

/// Puts the columns of an element of this list in place of the column of the list.
///
/// # Errors
/// Wrong usage: the rows have no such list.
pub(crate) fn flattened(
    columns: Vec<Column>,
    row: Schema<'_>,
    prefix: &[String],
    list: &str,
) -> Result<(Vec<Column>, Vec<String>), Failure> {
    let names: Vec<&str> = list.split('.').collect();
    let schema = names
        .iter()
        .try_fold(row, |schema, name| schema.child(name));
    let element = schema.and_then(|schema| schema.items().or_else(|| schema.values()));
    let mut path = prefix.to_vec();
    path.extend(names.iter().map(ToString::to_string));
    let (Some(element), true) = (element, columns.iter().any(|column| column.path == path)) else {
        let lists = columns.iter().filter(|column| column.kind == Kind::Json);
        let lists: Vec<String> = lists.map(Column::name).collect();
        let nearest = suggest::nearest(list, lists.iter().map(String::as_str));
        let hint = nearest
            .first()
            .map_or(String::new(), |name| format!("; did you mean {name}?"));
        return Err(Failure::usage(format_args!(
            "--flatten: the rows have no such list{hint}"
        )));
    };
    let elements = of(element, &path);
    let columns = columns
        .into_iter()
        .flat_map(|column| match column.path == path {
            true => elements.clone(),
            false => vec![column],
        });
    Ok((columns.collect(), path))
}

/// The columns that were chosen, in their order; all and [`OTHER`] when none was.
///
/// # Errors
/// Wrong usage: a name is no column and no member within a column of JSON, or stands twice.
pub(crate) fn chosen(
    all: Vec<Column>,
    row: Option<Row<'_>>,
    names: &[String],
) -> Result<Vec<Column>, Failure> {
    if names.is_empty() {
        let other = Column::new(vec![OTHER.to_owned()], Kind::Other);
        return Ok(all.into_iter().chain([other]).collect());
    }
    let mut columns: Vec<Column> = Vec::new();
    for name in names {
        let column = find(&all, row, name)?;
        if columns.contains(&column) {
            return Err(Failure::usage(format_args!(
                "--columns: {name} stands twice"
            )));
        }
        columns.push(column);
    }
    if let Some((outer, inner)) = overlap(&columns) {
        let text = format!("--columns: {inner} is a part of {outer}; name one of them");
        return Err(Failure::usage(text));
    }
    Ok(columns)
}

/// Two columns of which one is a part of the other.
fn overlap(columns: &[Column]) -> Option<(String, String)> {
    columns.iter().find_map(|outer| {
        let inner = columns
            .iter()
            .find(|inner| *inner != outer && inner.path.starts_with(&outer.path))?;
        Some((outer.name(), inner.name()))
    })
}

fn find(all: &[Column], row: Option<Row<'_>>, name: &str) -> Result<Column, Failure> {
    if name == OTHER {
        return Ok(Column::new(vec![OTHER.to_owned()], Kind::Other));
    }
    if let Some(column) = all.iter().find(|column| column.name() == name) {
        return Ok(column.clone());
    }
    let path: Vec<String> = name.split('.').map(ToOwned::to_owned).collect();
    // Whole objects, such as delivery.
    if all.iter().any(|column| column.path.starts_with(&path)) {
        return Ok(Column::new(path, Kind::Json));
    }
    // Members within JSON, such as customer.phones and customFields.colour.
    let within = all.iter().any(|column| {
        column.kind == Kind::Json
            && path.len() > column.path.len()
            && path.starts_with(&column.path)
    });
    if within {
        let kind = row.map_or(Ok(Kind::Text), |row| row.kind(all, &path))?;
        return Ok(Column::new(path, kind));
    }
    let names: Vec<String> = all.iter().map(Column::name).collect();
    let nearest = suggest::nearest(name, names.iter().map(String::as_str));
    let hint = match nearest.as_slice() {
        [] => "--describe shows them all".to_owned(),
        names => format!("did you mean {}?", names.join(", ")),
    };
    Err(Failure::usage(format_args!(
        "--columns: there is no such column; {hint}"
    )))
}

/// The columns with their types, as text.
pub(crate) fn table(columns: &[Column]) -> String {
    let names: Vec<String> = columns.iter().map(Column::name).collect();
    let width = names.iter().map(String::len).max().unwrap_or_default();
    let lines = names.iter().zip(columns);
    lines
        .map(|(name, column)| format!("{name:<width$}  {}\n", column.kind.name()))
        .collect()
}
