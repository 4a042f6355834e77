//! Describes what an import did, at its end.

use std::{collections::BTreeMap, io::Write as _, path::Path, time::Duration};

use common_model::to_json;

use super::checkpoint::Totals;
use crate::{
    args::{Import, ImportMode},
    failure::Failure,
    job::{Counts, counted, span},
};

/// The end of an import.
pub(super) struct Summary<'j> {
    pub(super) kind: &'static str,
    pub(super) mode: ImportMode,
    /// Rows of the file.
    pub(super) rows: u64,
    /// Rows by their end, of this run and those before it.
    pub(super) totals: Totals,
    /// Rows whose end was known before this run.
    pub(super) before: u64,
    /// Rows that would be sent, of a dry run.
    pub(super) planned: Option<u64>,
    /// The file that has refused rows; none if no row of it was refused.
    pub(super) rejects: Option<&'j Path>,
    pub(super) left_out: &'j BTreeMap<String, u64>,
    pub(super) took: Duration,
    pub(super) counts: &'j Counts,
}

impl Summary<'_> {
    /// Rows that were not sent.
    fn left(&self) -> u64 {
        self.rows.saturating_sub(self.totals.rows())
    }

    /// `{"import":{…}}` on one line.
    fn json(&self) -> String {
        let rejects = self.rejects.map(|path| path.display().to_string());
        let left_out: Vec<&str> = self.left_out.keys().map(String::as_str).collect();
        format!(
            "{{\"import\":{{\"service\":\"retailcrm\",\"kind\":{},\"mode\":\"{}\",\"dry_run\":{},\"planned\":{},\
             \"rows\":{},\"landed\":{},\"refused\":{},\"unknown\":{},\"left\":{},\"resumed\":{},\"rejects\":{},\
             \"left_out\":{},\"seconds\":{:.3},\"requests\":{},\"repeated\":{},\"throttled\":{},\"waited_seconds\":{:.3}}}}}",
            to_json(self.kind),
            match self.mode {
                ImportMode::Create => "create",
                ImportMode::Edit => "edit",
            },
            self.planned.is_some(),
            to_json(&self.planned),
            self.rows,
            self.totals.landed,
            self.totals.refused,
            self.totals.unknown,
            self.left(),
            self.before,
            to_json(&rejects),
            to_json(&left_out),
            self.took.as_secs_f64(),
            self.counts.requests(),
            self.counts.repeated(),
            self.counts.throttled(),
            self.counts.waited().as_secs_f64(),
        )
    }

    /// The same for people.
    fn text(&self) -> String {
        let (kind, totals) = (self.kind, self.totals);
        let rows = counted(self.rows, "rows");
        let mut text = match self.planned {
            Some(planned) => format!("{kind}: {planned} of {rows} would be sent"),
            None => format!("{kind}: {} of {rows} landed", totals.landed),
        };
        if self.before > 0 {
            text += &format!(" ({} by an earlier run)", self.before);
        }
        text += &format!(
            " in {}, requests: {}",
            span(self.took),
            self.counts.requests()
        );
        if totals.refused > 0 {
            text += &format!(", refused: {}", totals.refused);
        }
        if totals.unknown > 0 {
            text += &format!(", perhaps landed: {}", totals.unknown);
        }
        if self.planned.is_none() && self.left() > 0 {
            text += &format!("\nrows left: {}; --resume sends them", self.left());
        }
        text
    }

    /// Tells it, and the failure behind it. As JSON, both are one document.
    pub(super) fn end(&self, args: &Import, ended: Result<(), Failure>) -> Result<(), Failure> {
        match ended {
            Err(failure) if args.json => Err(failure.with_summary(&self.json())),
            ended => {
                self.tell(args);
                ended
            }
        }
    }

    /// Writes it to standard error, as JSON when that was asked for.
    pub(super) fn tell(&self, args: &Import) {
        let text = match (args.json, args.quiet) {
            (true, _) => self.json(),
            (false, false) => self.text(),
            (false, true) => return,
        };
        // Without standard error, the exit code remains.
        let _ = writeln!(std::io::stderr(), "{text}");
    }
}

/// The rows that did not land, and what there is to do about them.
pub(super) struct Verdict<'j> {
    pub(super) totals: Totals,
    /// The file that has refused rows; none if all of them are in a file that was moved away.
    pub(super) rejects: Option<&'j Path>,
    /// Rows that were not sent.
    pub(super) left: u64,
    /// The command that imports the file of refused rows.
    pub(super) next: String,
}

impl Verdict<'_> {
    /// The failure of an import of which a part did not land.
    pub(super) fn end(&self) -> Result<(), Failure> {
        let Totals {
            refused, unknown, ..
        } = self.totals;
        let told = match (refused, unknown) {
            (0, 0) => return Ok(()),
            (refused, 0) => format!("refused rows: {refused}"),
            (refused, unknown) => {
                format!("refused rows: {refused}; rows that may have landed: {unknown}")
            }
        };
        let Some(path) = self.rejects else {
            return Err(Failure::partial(format_args!(
                "{told}; they are in the file of refused rows that was moved away"
            )));
        };
        let path = path.display();
        let mend = match (self.left, unknown) {
            (0, 0) => "mend them there and import that file",
            (0, _) => "look in the account for those with `_unknown` before you import that file",
            (_, 0) => "finish with --resume first, or mend a copy and import that",
            _ => {
                "finish with --resume first; or copy it, look in the account for those with `_unknown`, and import the copy"
            }
        };
        Err(Failure::partial(format_args!(
            "{told}; {path} has them with the reasons: {mend}: `{}`",
            self.next
        )))
    }
}
