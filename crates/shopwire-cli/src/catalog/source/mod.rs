//! Where `catalog write` takes its offers from: rows of JSON or CSV, or what a service exported.

mod csv;
mod groups;
pub(crate) mod json;
mod mapping;
mod retailcrm;
mod shapes;

pub(super) use groups::Groups;
pub(super) use mapping::Mapped;
pub(crate) use mapping::Mapping;

use std::io::{self, Read};

use encoding_rs::Encoding;

use common_model::Value;

use super::feed::{Offer, adapt::Losses, visit::Fault};
use crate::args::SourceKind;

/// Takes the rows of a source.
pub(crate) trait Rows {
    /// The names of a table's header.
    fn header(&mut self, _: &[String]) -> io::Result<()> {
        Ok(())
    }

    /// A row with its line.
    fn row(&mut self, row: Value, line: u64) -> io::Result<()>;

    /// A row that cannot be read.
    fn fault(&mut self, fault: Fault) -> io::Result<()>;
}

/// How rows become offers.
pub(super) struct Source<'a> {
    pub(super) kind: SourceKind,
    pub(super) mapping: &'a Mapping,
    /// Units of an export, which does not name them.
    pub(super) weight_unit: Option<&'a str>,
    pub(super) length_unit: Option<&'a str>,
}

impl Source<'_> {
    /// Reads all rows: CSV, with names by its header, or JSON Lines.
    pub(super) fn rows(
        &self,
        input: &mut dyn Read,
        encoding: Option<&'static Encoding>,
        rows: &mut dyn Rows,
    ) -> io::Result<()> {
        match self.kind {
            SourceKind::Csv => csv::rows(input, encoding, rows),
            _ => json::rows(input, encoding, json::DoubledKeys::Taken, rows),
        }
    }

    /// The offers of a row: several, if it is a product with variants. Content that no field has is counted.
    pub(super) fn offers(&self, row: &Value, losses: &mut Losses) -> Vec<Mapped> {
        let mut offers = match self.kind {
            SourceKind::Csv | SourceKind::Jsonl => return vec![self.mapping.offer(row, losses)],
            SourceKind::Retailcrm => retailcrm::offers(row, self, losses),
            SourceKind::Nicechat => vec![shapes::nicechat(row, self.mapping, losses)],
            SourceKind::Uvygoda => vec![shapes::uvygoda(row, self.mapping, losses)],
        };
        for offer in &mut offers {
            self.mapping.put(row, offer);
        }
        offers
    }
}

/// A scalar as a text. Numbers keep their digits.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => {
            let text = number.to_string();
            Some(if text.contains(['e', 'E']) {
                number.to_plain()
            } else {
                text
            })
        }
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Adds a scalar member to an offer.
fn put(offer: &mut Offer, field: super::feed::Field, row: &Value, name: &str) {
    if let Some(text) = row.get(name).and_then(scalar) {
        offer.push(field, text);
    }
}

/// Counts the members that nothing was made of.
fn count_rest(row: &Value, known: impl Fn(&str) -> bool, losses: &mut Losses) {
    for (name, value) in row.as_object().into_iter().flat_map(|row| row.iter()) {
        let is_empty = match value {
            Value::Null | Value::Bool(false) => true,
            Value::String(text) => text.is_empty(),
            Value::Array(items) => items.is_empty(),
            Value::Object(members) => members.is_empty(),
            Value::Number(_) | Value::Bool(true) => false,
        };
        if !is_empty && !known(name) {
            losses.add(&format!("source: {name}"));
        }
    }
}
