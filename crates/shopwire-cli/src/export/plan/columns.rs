//! The columns of an export: those of the description, and those that were chosen.

use super::super::lists::{List, Shape};
use crate::{
    args::Export,
    call::Description,
    failure::Failure,
    rows::{self, Column, Kind},
};

/// The columns, and the list of which each element is a line.
pub(super) fn of(
    args: &Export,
    list: &List,
    has_gone: bool,
) -> Result<(Vec<Column>, Option<Vec<String>>), Failure> {
    let description = Description::of(args.service);
    let row = list
        .parts
        .first()
        .and_then(|part| description.items(args.service, part));
    let text = |name: &str| Column::new(vec![name.to_owned()], Kind::Text);
    let json = |name: &str| Column::new(vec![name.to_owned()], Kind::Json);
    let named =
        |of: &str, name: &str, kind| Column::new(vec![of.to_owned(), name.to_owned()], kind);
    let (mut all, schema, prefix) = match (list.shape, row) {
        (Shape::Named, _) => (vec![text("list"), json("row")], None, Vec::new()),
        (Shape::Item, row) => {
            let all = row.map_or_else(Vec::new, |row| rows::columns_of(row, &[]));
            (all, row, Vec::new())
        }
        (
            Shape::Member {
                of,
                member,
                row: name,
            },
            row,
        ) => {
            let element = row.and_then(|row| row.child(member));
            let element = element.and_then(|list| list.items().or_else(|| list.values()));
            let mut all = vec![
                named(of, "id", Kind::Integer),
                named(of, "externalId", Kind::Text),
                named(of, "number", Kind::Text),
            ];
            let prefix = vec![name.to_owned()];
            all.extend(element.map_or_else(Vec::new, |element| rows::columns_of(element, &prefix)));
            (all, element, prefix)
        }
    };
    if has_gone && list.history.is_some() {
        all.push(Column::new(vec!["deleted".to_owned()], Kind::Boolean));
    }
    let flatten = match (&args.flatten, schema) {
        (None, _) => None,
        (Some(_), None) => {
            return Err(Failure::usage("--flatten: the rows have no lists"));
        }
        (Some(list), Some(schema)) => {
            let (columns, path) = rows::flattened(all, schema, &prefix, list)?;
            all = columns;
            Some(path)
        }
    };
    let row = schema.map(|schema| rows::Row {
        schema,
        prefix: &prefix,
        flatten: flatten.as_deref(),
    });
    Ok((rows::chosen(all, row, &args.columns)?, flatten))
}
