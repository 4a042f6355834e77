//! `shopwire call <service> --list [FILTER]`.

use common_api::OperationEntry;
use common_model::to_json;

use super::description::Description;
use crate::{args::Call, failure::Failure, output};

/// Prints the operations that match the filter, as a table or as JSON.
pub(super) fn print(call: &Call, operations: &[OperationEntry]) -> Result<(), Failure> {
    let description = Description::of(call.service);
    let filter = call.operation.as_deref().unwrap_or_default();
    let rows: Vec<Row<'_>> = operations
        .iter()
        .map(|entry| Row::of(entry, &description))
        .filter(|row| row.matches(filter))
        .collect();
    match call.json {
        true => output::json(&as_json(&rows), call.layout()),
        false => {
            if rows.is_empty() {
                output::hint("no operation matches; `--list` without a filter shows all");
            }
            output::write(as_table(&rows).as_bytes())
        }
    }
}

struct Row<'d> {
    name: &'static str,
    method: &'static str,
    path: &'static str,
    summary: &'d str,
}

impl<'d> Row<'d> {
    fn of(entry: &OperationEntry, description: &'d Description) -> Self {
        let described = description.operation(entry);
        Self {
            name: entry.metadata.name,
            method: entry.metadata.method.as_str(),
            path: path(entry),
            summary: described.map_or("", |described| described.summary()),
        }
    }

    /// Whether name, path or summary has the text, in any case.
    fn matches(&self, filter: &str) -> bool {
        let filter = filter.to_lowercase();
        let texts = [self.name, self.path, self.summary];
        texts
            .iter()
            .any(|text| text.to_lowercase().contains(&filter))
    }

    fn to_json(&self) -> String {
        format!(
            "{{\"operation\":{},\"method\":{},\"path\":{}}}",
            to_json(self.name),
            to_json(self.method),
            to_json(self.path)
        )
    }
}

/// `[{"operation","method","path"}, …]`.
fn as_json(rows: &[Row<'_>]) -> String {
    let rows: Vec<String> = rows.iter().map(Row::to_json).collect();
    format!("[{}]", rows.join(","))
}

/// The path from the host's root, without the fragment by which the descriptions tell RPC methods
/// apart.
pub(super) fn path(entry: &OperationEntry) -> &'static str {
    entry.metadata.path.split('#').next().unwrap_or_default()
}

fn as_table(rows: &[Row<'_>]) -> String {
    let width = |column: fn(&Row<'_>) -> &'static str| {
        let widths = rows.iter().map(|row| column(row).len());
        widths.max().unwrap_or_default()
    };
    let (names, paths) = (width(|row| row.name), width(|row| row.path));
    let line = |row: &Row<'_>| {
        format!(
            "{:<names$}  {:<6}  {:<paths$}  {}\n",
            row.name, row.method, row.path, row.summary
        )
    };
    rows.iter().map(line).collect()
}
