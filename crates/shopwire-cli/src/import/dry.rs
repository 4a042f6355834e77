//! A dry run: the requests of the plan, printed instead of sent.

use std::{
    collections::BTreeMap,
    io::{self, Write as _},
};

use super::{
    checkpoint::Totals,
    faults::FEW,
    kind::Kind,
    plan::Plan,
    request::{self, Row},
    send::Goal,
    summary::Summary,
};
use crate::{
    args::{Import, ImportMode},
    failure::Failure,
    job::{Counts, counted},
    output, terminal,
};

/// Number of rows whose objects are looked for at once, where each is a request.
const AT_ONCE: usize = 50;

/// Prints the requests, and tells the rows that would be refused.
///
/// # Errors
/// Rows would be refused.
pub(super) async fn run(
    args: &Import,
    (kind, mode): (&'static Kind, ImportMode),
    mut plan: Plan,
    goal: &Goal,
    counts: &Counts,
) -> Result<(), Failure> {
    let name = args.file.as_ref().map(ToString::to_string);
    let mut refused = Refused {
        name: name.unwrap_or_default(),
        found: 0,
    };
    let (mut requests, mut planned) = (0, 0);
    let mut left = args.limit.unwrap_or(u64::MAX);
    loop {
        let batches = batches(&mut plan, goal, left)?;
        let rows = batches.concat();
        if rows.is_empty() {
            break;
        }
        left -= rows.len() as u64;
        let there = goal.existing(&rows).await;
        let there = there.map_err(|error| goal.failure(&error))?;
        refused.tell_existing(&rows, &there);
        let changed = goal.changed(&rows).await;
        if let Some(changed) = changed.map_err(|error| goal.failure(&error))? {
            refused.tell_missing(&rows, &changed);
        }
        for batch in batches {
            let rows: Vec<&Row> = batch
                .iter()
                .filter(|row| !there.contains_key(&row.at))
                .collect();
            if rows.is_empty() {
                continue;
            }
            planned += rows.len() as u64;
            requests += 1;
            let operation = request::operation(goal.method, goal.entry, &rows)?;
            let line = request::shown(requests, &*goal.sender, &operation, &rows)?;
            output::json_line(&line)?;
        }
    }
    let summary = Summary {
        kind: kind.name,
        mode,
        rows: plan.rows,
        totals: Totals {
            refused: refused.found,
            ..Totals::default()
        },
        before: 0,
        planned: Some(planned),
        rejects: None,
        left_out: &plan.left_out,
        took: plan.took(),
        counts,
    };
    let ended = refused.end();
    if ended.is_err() && planned == 0 && mode == ImportMode::Create && kind.has_edit() {
        output::hint("they exist already: did you mean --mode edit?");
    }
    summary.end(args, ended)
}

/// The rows of the next requests, whose objects are looked for at once.
fn batches(plan: &mut Plan, goal: &Goal, most: u64) -> Result<Vec<Vec<Row>>, Failure> {
    let mut batches: Vec<Vec<Row>> = Vec::new();
    let mut left = most;
    while batches.len() * goal.method.most() < AT_ONCE {
        let rows = plan.batch(goal.method, left)?;
        if rows.is_empty() {
            break;
        }
        left -= rows.len() as u64;
        batches.push(rows);
    }
    Ok(batches)
}

/// The rows that would be refused, told as they are found.
struct Refused {
    /// The file.
    name: String,
    found: u64,
}

impl Refused {
    fn tell_existing(&mut self, rows: &[Row], there: &BTreeMap<u64, String>) {
        for row in rows {
            if let Some(id) = there.get(&row.at) {
                self.tell(row, &there_already(id));
            }
        }
    }

    fn tell_missing(&mut self, rows: &[Row], there: &BTreeMap<u64, String>) {
        for row in rows {
            if !there.contains_key(&row.at) {
                self.tell(row, "the service has no such object");
            }
        }
    }

    fn tell(&mut self, row: &Row, why: &str) {
        self.found += 1;
        if self.found > FEW {
            return;
        }
        let object = row.object().unwrap_or_default();
        let text = format!("{}: line {}, {object}: {why}", self.name, row.line);
        // Without standard error, the exit code remains.
        let _ = writeln!(io::stderr(), "{}", terminal::line(&text));
    }

    /// # Errors
    /// There were such rows.
    fn end(&self) -> Result<(), Failure> {
        if self.found > FEW {
            let _ = writeln!(io::stderr(), "… and {} more", self.found - FEW);
        }
        match self.found {
            0 => Ok(()),
            found => Err(Failure::invalid(format_args!(
                "{} would be refused; nothing was sent",
                counted(found, "rows")
            ))),
        }
    }
}

/// The reason of a row whose object is there.
pub(super) fn there_already(id: &str) -> String {
    format!("the service has an object with this externalId already, id {id}")
}
