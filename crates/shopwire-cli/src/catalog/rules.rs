//! `shopwire catalog rules`: the rules of the checker.

use std::io::{self, BufWriter, Write as _};

use common_model::to_json;

use super::{
    feed::{Format, rules::RuleId},
    report,
};
use crate::{args::CatalogRules, failure::Failure};

/// Prints the rules, as text or a line of JSON each.
pub(super) fn run(args: &CatalogRules) -> Result<(), Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    let is_wanted = |id: &&RuleId| args.format.is_none_or(|format| id.is_of(format));
    for id in RuleId::ALL.iter().filter(is_wanted) {
        let rule = id.rule();
        let formats: Vec<&str> = rule
            .formats
            .iter()
            .map(|format| Format::name(*format))
            .collect();
        let text = match args.json {
            true => format!(
                "{{\"rule\":\"{}\",\"severity\":\"{}\",\"formats\":{},\"text\":{},\"source\":{}}}\n",
                rule.id,
                rule.severity,
                to_json(
                    &formats
                        .iter()
                        .map(|name| (*name).to_owned())
                        .collect::<Vec<_>>()
                ),
                to_json(rule.text),
                to_json(rule.source),
            ),
            false => format!(
                "{} ({}; {})\n  {}\n  {}\n",
                rule.id,
                rule.severity,
                formats.join(", "),
                rule.text,
                rule.source
            ),
        };
        report::written(out.write_all(text.as_bytes()))?;
    }
    report::written(out.flush())
}
