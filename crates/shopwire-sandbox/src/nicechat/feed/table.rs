//! Separated values: quotes double inside of quotes, lines end with LF, CR LF or CR, and quoted
//! cells may hold separators and line ends.

/// A row and the line it begins on.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Counted from 1.
    pub(super) line: usize,
    pub(super) cells: Vec<String>,
}

/// Returns the rows of a table, without empty lines.
pub(super) fn rows(text: &str, separator: char) -> Result<Vec<Row>, String> {
    let mut reader = Reader {
        rows: Vec::new(),
        cells: Vec::new(),
        cell: String::new(),
        quoted: false,
        line: 1,
        began: 1,
    };
    let mut rest = text.chars().peekable();
    let mut in_quotes = false;
    while let Some(letter) = rest.next() {
        match letter {
            '"' if in_quotes && rest.peek() == Some(&'"') => {
                rest.next();
                reader.cell.push('"');
            }
            '"' if in_quotes => in_quotes = false,
            '"' if reader.cell.is_empty() => {
                in_quotes = true;
                reader.quoted = true;
            }
            '\r' | '\n' => {
                if letter == '\r' && rest.peek() == Some(&'\n') {
                    rest.next();
                }
                reader.line += 1;
                if in_quotes {
                    reader.cell.push('\n');
                } else {
                    reader.end_row();
                }
            }
            letter if letter == separator && !in_quotes => reader.end_cell(),
            letter => reader.cell.push(letter),
        }
    }
    if in_quotes {
        return Err(format!("line {}: a quote is not closed", reader.began));
    }
    reader.end_row();
    Ok(reader.rows)
}

struct Reader {
    rows: Vec<Row>,
    cells: Vec<String>,
    cell: String,
    /// Whether the cell was quoted: it then counts even if it is empty.
    quoted: bool,
    /// Number of the current line.
    line: usize,
    /// Number of the line on which the row began.
    began: usize,
}

impl Reader {
    fn end_cell(&mut self) {
        self.cells.push(std::mem::take(&mut self.cell));
        self.quoted = false;
    }

    fn end_row(&mut self) {
        if !self.cells.is_empty() || !self.cell.is_empty() || self.quoted {
            self.end_cell();
            self.rows.push(Row {
                line: self.began,
                cells: std::mem::take(&mut self.cells),
            });
        }
        self.began = self.line;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n73_quotes_separators_and_line_ends() {
        for end in ["\n", "\r\n", "\r"] {
            let text = "id,title|1,\"a, \"\"b\"\"|c\"||2,it\"s|\"\"|".replace('|', end);
            let expected = [
                (1, vec!["id", "title"]),
                (2, vec!["1", "a, \"b\"\nc"]),
                (5, vec!["2", "it\"s"]),
                (6, vec![""]),
            ];
            let rows = rows(&text, ',').expect("a table");
            let read: Vec<_> = rows
                .iter()
                .map(|row| (row.line, row.cells.iter().map(String::as_str).collect()))
                .collect();
            assert_eq!(read, expected, "{end:?}");
        }
        assert_eq!(rows("a\tb", '\t').expect("a table")[0].cells, ["a", "b"]);
        assert!(rows("", ',').expect("an empty table").is_empty());
        let open = rows("a\n\"b\nc", ',');
        assert_eq!(open, Err("line 2: a quote is not closed".into()));
    }
}
