//! The columns of a kind, as `--describe` shows them.

use super::{check::RowPlace, kind::Method};
use crate::{
    call::Schema,
    rows::{self, Column, Kind},
};

/// The columns that the method takes, with their types.
pub(super) fn table(place: RowPlace<'_>, method: &Method) -> String {
    let all = rows::columns_of(place.taken, &[]).into_iter();
    let taken = all.filter(|column| is_taken(place.taken, column, method));
    let mut columns = Vec::new();
    for column in taken {
        let elements = elements(place.taken, &column);
        columns.push((column, ""));
        columns.extend(
            elements
                .into_iter()
                .map(|element| (element, ", an element a line")),
        );
    }
    let width = columns.iter().map(|(column, _)| column.name().len()).max();
    let width = width.unwrap_or_default();
    let line = |(column, note): &(Column, &str)| {
        format!("{:<width$}  {}{note}\n", column.name(), column.kind.name())
    };
    columns.iter().map(line).collect()
}

/// Whether a column is not left out.
fn is_taken(row: Schema<'_>, column: &Column, method: &Method) -> bool {
    let mut schema = Some(row);
    let is_computed = column.path.iter().any(|name| {
        schema = schema.and_then(|schema| schema.child(name));
        schema.is_some_and(Schema::is_read_only)
    });
    let is_given = method.given.iter().any(|name| column.name() == *name);
    !is_computed && !is_given
}

/// The columns of the elements of a list.
fn elements(row: Schema<'_>, column: &Column) -> Vec<Column> {
    let mut names = column.path.iter();
    let schema = names.try_fold(row, |schema, name| schema.child(name));
    let element = schema
        .filter(|_| column.kind == Kind::Json)
        .and_then(Schema::items);
    let Some(element) = element.filter(|element| !element.fields().is_empty()) else {
        return Vec::new();
    };
    let all = rows::columns_of(element, &column.path).into_iter();
    all.filter(|inner| {
        let name = inner.path.get(column.path.len());
        let member = name.and_then(|name| element.child(name));
        member.is_some_and(|member| !member.is_read_only())
    })
    .collect()
}
