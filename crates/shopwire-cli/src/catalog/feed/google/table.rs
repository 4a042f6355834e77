//! Tables of separated values: quoted cells may hold separators and line ends.

use std::io::{self, BufRead as _, Read as _};

use super::{
    super::{
        rules::RuleId,
        text::{Noise, Text},
        visit::{Ended, Fault},
    },
    quotes::Quotes,
};

/// The last row, which no table has: if it becomes a part of the row before, a quote of that row is not closed.
const END: &str = "\u{4}";

/// A row, or what is wrong with the table.
pub(crate) enum Row<'t> {
    /// Its cells and the line it begins on.
    Cells(&'t csv::StringRecord, u64),
    Fault(Fault),
}

/// Reads all rows, the header too. The separator is the first of these characters that is in the first line.
///
/// # Errors
/// The table cannot be read, or the caller has ended it.
pub(crate) fn rows(
    mut text: Text<'_>,
    separators: &[u8],
    each: &mut dyn FnMut(Row<'_>) -> io::Result<()>,
) -> io::Result<Ended> {
    let delimiter = delimiter(&mut text, separators)?;
    let mut table = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(false)
        .from_reader(Quotes::new(text, delimiter).chain("\n\u{4}\n".as_bytes()));
    let mut record = csv::StringRecord::new();
    loop {
        table.get_mut().get_mut().0.text.begin();
        let outcome = table.read_record(&mut record);
        let end = table.position().line();
        let quotes = table.get_mut().get_mut().0;
        for line in quotes.take_found() {
            let what = "there is text behind the closing quote of a cell; a quote within a cell is doubled";
            each(Row::Fault(fault(RuleId::Quote, line, what.to_owned())))?;
        }
        let text = &mut quotes.text;
        let encoding = text.encoding();
        for (line, noise) in text.take_noises() {
            let rule = match noise {
                Noise::Malformed => RuleId::Encoding,
                Noise::Control => RuleId::XmlCharacter,
            };
            let detail = noise.told(encoding);
            each(Row::Fault(fault(rule, line, detail)))?;
        }
        match outcome {
            Ok(true) => {}
            Ok(false) => return Ok(Ended::Complete),
            Err(_) if text.is_too_long() => {
                let what =
                    "a row is longer than 1 MiB: is a quote not closed? Reading stopped here";
                each(Row::Fault(fault(RuleId::Size, end, what.to_owned())))?;
                return Ok(Ended::Stopped);
            }
            Err(error) => return Err(io::Error::from(error)),
        }
        // Lines inside of cells belong to the row.
        let inside: usize = record
            .iter()
            .map(|cell| memchr::memchr_iter(b'\n', cell.as_bytes()).count())
            .sum();
        let line = end.saturating_sub(1 + inside as u64).max(1);
        if record.len() == 1 && &record[0] == END {
            return Ok(Ended::Complete);
        }
        let is_open = |cell: &str| cell.ends_with("\n\u{4}\n") || cell.ends_with("\n\u{4}");
        if record.iter().next_back().is_some_and(is_open) {
            let what = "a quote is not closed; reading stopped here".to_owned();
            each(Row::Fault(fault(RuleId::Quote, line.min(end), what)))?;
            return Ok(Ended::Stopped);
        }
        // Spreadsheets name the separator in such a line.
        if !(line == 1 && is_separator_line(&record)) {
            each(Row::Cells(&record, line))?;
        }
    }
}

fn delimiter(text: &mut Text<'_>, separators: &[u8]) -> io::Result<u8> {
    let head = text.fill_buf()?;
    let mut lines = head
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    if let Some([separator]) = first
        .get(..4)
        .filter(|head| head.eq_ignore_ascii_case(b"sep="))
        .and(first.get(4..))
        && separators.contains(separator)
    {
        return Ok(*separator);
    }
    let found = separators
        .iter()
        .find(|separator| first.contains(separator));
    Ok(found.copied().unwrap_or(b','))
}

/// Whether it is the line `sep=;`, whose separator parts it.
fn is_separator_line(record: &csv::StringRecord) -> bool {
    let mut cells = record.iter();
    let head = cells.next().unwrap_or_default();
    head.eq_ignore_ascii_case("sep=") && cells.all(str::is_empty) && record.len() == 2
}

fn fault(rule: RuleId, line: u64, detail: String) -> Fault {
    Fault {
        rule,
        line,
        offer: None,
        detail,
    }
}
