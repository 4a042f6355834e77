//! Describes what an export did, at its end.

use std::{io::Write as _, path::Path, time::Duration};

use common_model::to_json;

use super::plan::Plan;
use crate::{
    args::{Export, Format},
    call,
    job::{Counts, counted, span},
};

/// The end of an export.
pub(super) struct Summary<'j> {
    pub(super) service: &'static str,
    pub(super) list: &'j str,
    pub(super) format: &'static str,
    pub(super) output: Option<&'j Path>,
    /// Rows in the file.
    pub(super) rows: u64,
    /// Rows of these that an earlier run wrote.
    pub(super) resumed: u64,
    /// Values that the columns cannot hold.
    pub(super) lost: u64,
    /// Size of the older file that had the name.
    pub(super) replaced: Option<u64>,
    /// The change from which the next export goes on.
    pub(super) since: Option<i64>,
    pub(super) took: Duration,
    pub(super) counts: &'j Counts,
}

impl<'j> Summary<'j> {
    /// An export without rows.
    pub(super) fn of(args: &'j Export, plan: &'j Plan, counts: &'j Counts) -> Self {
        Self {
            service: call::service_name(args.service),
            list: &plan.list.name,
            format: match plan.format {
                Format::Jsonl => "jsonl",
                Format::Csv => "csv",
                #[cfg(feature = "parquet")]
                Format::Parquet => "parquet",
            },
            output: args.file(),
            rows: 0,
            resumed: 0,
            lost: 0,
            replaced: None,
            since: None,
            took: Duration::ZERO,
            counts,
        }
    }

    /// `{"export":{…}}` on one line.
    pub(super) fn json(&self) -> String {
        let output = self.output.map(|path| path.display().to_string());
        format!(
            "{{\"export\":{{\"service\":{},\"list\":{},\"format\":{},\"output\":{},\"rows\":{},\"resumed\":{},\
             \"without_column\":{},\"replaced_bytes\":{},\"since\":{},\"seconds\":{:.3},\"requests\":{},\"repeated\":{},\"throttled\":{},\
             \"waited_seconds\":{:.3}}}}}",
            to_json(self.service),
            to_json(self.list),
            to_json(self.format),
            to_json(&output),
            self.rows,
            self.resumed,
            self.lost,
            to_json(&self.replaced),
            to_json(&self.since),
            self.took.as_secs_f64(),
            self.counts.requests(),
            self.counts.repeated(),
            self.counts.throttled(),
            self.counts.waited().as_secs_f64(),
        )
    }

    /// The same for people.
    pub(super) fn text(&self) -> String {
        let mut text = format!("{}: {}", self.list, counted(self.rows, "rows"));
        if self.resumed > 0 {
            text += &format!(" ({} of them by an earlier run)", self.resumed);
        }
        text += &format!(
            " in {}, {}, {} of waits for the rate limit",
            span(self.took),
            counted(self.counts.requests(), "requests"),
            span(self.counts.waited())
        );
        if self.counts.throttled() > 0 {
            text += &format!(", {} refused as too fast", self.counts.throttled());
        }
        if let Some(output) = self.output {
            text += &format!("; wrote {}", output.display());
            if let Some(bytes) = self.replaced {
                text += &format!(" in place of an older file of {}", counted(bytes, "bytes"));
            }
        }
        if self.lost > 0 {
            text += &format!(
                "\n{} did not fit the column and became null; --columns …,_other keeps such values",
                counted(self.lost, "values")
            );
        }
        if let Some(since) = self.since {
            text += &format!("\nthe changes after this export: --since {since}");
        }
        text
    }

    /// Writes it to standard error, as JSON when that was asked for.
    pub(super) fn tell(&self, as_json: bool, is_quiet: bool) {
        let text = match (as_json, is_quiet) {
            (true, _) => self.json(),
            (false, false) => self.text(),
            (false, true) => return,
        };
        // Without standard error, the exit code remains.
        let _ = writeln!(std::io::stderr(), "{text}");
    }
}
