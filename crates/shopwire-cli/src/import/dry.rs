//! A dry run: the requests of the plan, printed instead of sent.

use super::{
    checkpoint::Totals,
    kind::Kind,
    plan::Plan,
    request::{self, Row},
    send::Goal,
    summary::Summary,
};
use crate::{
    args::{Import, ImportMode},
    failure::Failure,
    job::Counts,
    output,
};

/// Prints the requests.
pub(super) async fn run(
    args: &Import,
    (kind, mode): (&'static Kind, ImportMode),
    mut plan: Plan,
    goal: &Goal,
    counts: &Counts,
) -> Result<(), Failure> {
    let (mut requests, mut planned, mut existing) = (0, 0, 0);
    let mut left = args.limit.unwrap_or(u64::MAX);
    loop {
        let rows = plan.batch(goal.method, left)?;
        if rows.is_empty() {
            break;
        }
        left -= rows.len() as u64;
        let found = goal.existing(&rows).await;
        let found = found.map_err(|error| goal.failure(&error))?;
        let rows: Vec<&Row> = rows
            .iter()
            .filter(|row| !found.contains_key(&row.at))
            .collect();
        existing += found.len() as u64;
        planned += rows.len() as u64;
        if rows.is_empty() {
            continue;
        }
        requests += 1;
        let operation = request::operation(goal.method, goal.entry, &rows)?;
        let line = request::shown(requests, &*goal.sender, &operation, &rows)?;
        output::json_line(&line)?;
    }
    let summary = Summary {
        kind: kind.name,
        mode,
        rows: plan.rows,
        totals: Totals {
            refused: existing,
            ..Totals::default()
        },
        before: 0,
        planned: Some(planned),
        rejects: None,
        left_out: &plan.left_out,
        took: plan.took(),
        counts,
    };
    summary.tell(args);
    Ok(())
}
