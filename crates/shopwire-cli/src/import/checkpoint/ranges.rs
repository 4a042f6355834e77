//! Sets of rows as lists of ranges.

use std::collections::BTreeSet;

use common_model::Value;

/// Rows as a list of ranges, each with its first row and the row behind its last.
pub(super) fn ranges(rows: &BTreeSet<u64>) -> String {
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for row in rows {
        match ranges.last_mut() {
            Some((_, end)) if end == row => *end += 1,
            _ => ranges.push((*row, row + 1)),
        }
    }
    let ranges: Vec<String> = ranges
        .iter()
        .map(|(from, to)| format!("[{from},{to}]"))
        .collect();
    format!("[{}]", ranges.join(","))
}

pub(super) fn rows_of(ranges: &Value) -> Option<BTreeSet<u64>> {
    let mut rows = BTreeSet::new();
    for range in ranges.as_array()? {
        let [from, to] = range.as_array()? else {
            return None;
        };
        rows.extend(from.as_number()?.as_u64()?..to.as_number()?.as_u64()?);
    }
    Some(rows)
}
