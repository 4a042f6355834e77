//! Rows of JSON Lines.

use std::io::{self, Read};

use common_model::Value;
use encoding_rs::Encoding;

use super::{Fault, Rows};
use crate::catalog::{
    feed::visit,
    source::{self, json::DoubledKeys},
};

pub(super) fn rows(
    input: &mut dyn Read,
    encoding: Option<&'static Encoding>,
    rows: &mut dyn Rows,
) -> io::Result<()> {
    source::json::rows(input, encoding, DoubledKeys::Refused, &mut Taker(rows))
}

/// Takes the rows that the reader of catalogues reads.
struct Taker<'r>(&'r mut dyn Rows);

impl source::Rows for Taker<'_> {
    fn row(&mut self, row: Value, line: u64) -> io::Result<()> {
        match row {
            Value::Object(row) => self.0.row(line, row),
            // The reader hands on objects alone.
            _ => Ok(()),
        }
    }

    fn fault(&mut self, fault: visit::Fault) -> io::Result<()> {
        self.0.fault(Fault {
            line: fault.line,
            path: String::new(),
            why: fault.detail,
        })
    }
}
