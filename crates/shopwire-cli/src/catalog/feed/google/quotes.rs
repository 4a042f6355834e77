//! Text behind the closing quote of a cell, which readers of tables take for a part of the cell.

use std::io::{self, Read};

use super::super::text::Text;

/// The number of findings that are kept until they are taken.
const MOST: usize = 1000;

/// The place of a byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Begin,
    Bare,
    Quoted,
    /// Behind a quote within a quoted cell: it closes the cell, unless another quote follows.
    Closed,
    /// Behind spaces that follow a closing quote. They do no harm.
    Spaced,
}

/// Hands on a text, and notes the lines with text behind a closing quote.
pub(super) struct Quotes<'t> {
    pub(super) text: Text<'t>,
    delimiter: u8,
    place: Place,
    line: u64,
    found: Vec<u64>,
}

impl<'t> Quotes<'t> {
    pub(super) fn new(text: Text<'t>, delimiter: u8) -> Self {
        Self {
            text,
            delimiter,
            place: Place::Begin,
            line: 1,
            found: Vec::new(),
        }
    }

    /// Takes the lines that were found.
    pub(super) fn take_found(&mut self) -> Vec<u64> {
        std::mem::take(&mut self.found)
    }

    fn note(&mut self, byte: u8) {
        let is_end = byte == self.delimiter || byte == b'\n';
        self.place = match (self.place, byte) {
            (Place::Begin, b'"') | (Place::Closed, b'"') => Place::Quoted,
            (Place::Quoted, b'"') => Place::Closed,
            (Place::Quoted, _) => Place::Quoted,
            (_, _) if is_end => Place::Begin,
            (Place::Closed | Place::Spaced, b' ') => Place::Spaced,
            (Place::Closed | Place::Spaced, _) => {
                if self.found.len() < MOST {
                    self.found.push(self.line);
                }
                Place::Bare
            }
            _ => Place::Bare,
        };
        self.line += u64::from(byte == b'\n');
    }
}

impl Read for Quotes<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.text.read(into)?;
        into[..read].iter().for_each(|byte| self.note(*byte));
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // J6: quotes within bare cells, doubled quotes, and separators and line ends within quotes are fine, and so are spaces behind them.
    #[test]
    fn j6_text_behind_a_closing_quote_is_found_on_its_line() {
        let table =
            "a;b\n\"x;\n\"\"y\";5\" tyre\n\"x\" ;\"\" \n\"x\" \"y\"\n\"\";\"z\"y\"\n\"a\"b\"c\";d";
        for size in 1..9 {
            let text = Text::new(table.as_bytes(), None).expect("text");
            let mut quotes = Quotes::new(text, b';');
            let mut buffer = vec![0; size];
            while quotes.read(&mut buffer).expect("read") > 0 {}
            assert_eq!(quotes.take_found(), [5, 6, 7], "{size}");
        }
    }
}
