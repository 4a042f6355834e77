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

/// Reads one JSON object a line. Empty lines are passed over.
pub(crate) fn rows(
    input: &mut dyn Read,
    encoding: Option<&'static Encoding>,
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
            let what = format!(
                "line {line}: bytes that {} does not have; name the encoding with --encoding",
                text.encoding().name()
            );
            return Err(io::Error::other(what));
        }
        if line.is_empty() {
            return Ok(());
        }
        let json = String::from_utf8_lossy(&line);
        if json.trim().is_empty() {
            continue;
        }
        let read = from_json::<Value>(json.trim()).map_err(|error| error.to_string());
        let row = match read {
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
