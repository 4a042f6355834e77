//! `shopwire call <service> --list`.

use common_api::OperationEntry;
use common_model::to_json;

use crate::{failure::Failure, output};

/// Prints the operations as a table, or as JSON for scripts.
pub(super) fn print(operations: &[OperationEntry], format: Format) -> Result<(), Failure> {
    match format {
        Format::Json => output::json_line(&as_json(operations)),
        Format::Table => output::write(as_table(operations).as_bytes()),
    }
}

/// Output format of the operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// For scripts.
    Json,
    /// For people.
    Table,
}

/// `[{"operation","method","path"}, …]`.
fn as_json(operations: &[OperationEntry]) -> String {
    let rows: Vec<String> = operations.iter().map(row).collect();
    format!("[{}]", rows.join(","))
}

fn row(entry: &OperationEntry) -> String {
    let metadata = entry.metadata;
    format!(
        "{{\"operation\":{},\"method\":{},\"path\":{}}}",
        to_json(metadata.name),
        to_json(metadata.method.as_str()),
        to_json(path(entry))
    )
}

/// The path from the host's root, without the fragment by which the descriptions tell RPC methods
/// apart.
fn path(entry: &OperationEntry) -> &'static str {
    entry.metadata.path.split('#').next().unwrap_or_default()
}

fn as_table(operations: &[OperationEntry]) -> String {
    let width = operations
        .iter()
        .map(|entry| entry.metadata.name.len())
        .max()
        .unwrap_or_default();
    let line = |entry: &OperationEntry| {
        let metadata = entry.metadata;
        format!(
            "{:<width$}  {:<6}  {}\n",
            metadata.name,
            metadata.method.as_str(),
            path(entry)
        )
    };
    operations.iter().map(line).collect()
}
