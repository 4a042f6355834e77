//! Rows of JSON Lines.

use std::io::{self, BufRead as _, Read};

use common_model::{Value, from_json};
use encoding_rs::Encoding;

use super::{
    super::feed::{
        rules::RuleId,
        text::{Noise, Text},
        visit::Fault,
    },
    Rows,
};
use crate::call;

/// Keys that come twice in one object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DoubledKeys {
    /// They are faults.
    Refused,
    /// The last one counts.
    Taken,
}

/// Reads one JSON object a line. Empty lines are passed over.
pub(crate) fn rows(
    input: &mut dyn Read,
    encoding: Option<&'static Encoding>,
    doubled: DoubledKeys,
    rows: &mut dyn Rows,
) -> io::Result<()> {
    let mut text = Text::new(input, encoding)?;
    let mut line = Vec::new();
    loop {
        let number = text.line();
        text.begin();
        line.clear();
        if let Err(error) = text.read_until(b'\n', &mut line) {
            return Err(match text.is_too_long() {
                true => io::Error::other(format!("line {number} is longer than 1 MiB")),
                false => error,
            });
        }
        if let Some((line, _)) = text
            .take_noises()
            .iter()
            .find(|(_, noise)| *noise == Noise::Malformed)
        {
            let what = Noise::Malformed.told(text.encoding());
            return Err(io::Error::other(format!("line {line}: {what}")));
        }
        if line.is_empty() {
            return Ok(());
        }
        let json = String::from_utf8_lossy(&line);
        if json.trim().is_empty() {
            continue;
        }
        let read = from_json::<Value>(json.trim()).map_err(|error| error.to_string());
        let twice = match doubled {
            DoubledKeys::Refused => call::doubled_keys(json.trim()),
            DoubledKeys::Taken => Vec::new(),
        };
        let row = match read {
            Ok(_) if !twice.is_empty() => Err(format!("{}: the key comes twice", twice.join(", "))),
            Ok(row) if row.as_object().is_some() => Ok(row),
            Ok(_) => Err("the line is not a JSON object".to_owned()),
            Err(error) => Err(format!("the line is not JSON: {error}")),
        };
        match row {
            Ok(row) => rows.row(row, number)?,
            Err(detail) => rows.fault(Fault {
                rule: RuleId::Row,
                line: number,
                offer: None,
                detail,
            })?,
        }
    }
}
