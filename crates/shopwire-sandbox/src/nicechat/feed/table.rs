//! Separated values: quotes double inside of quotes, lines may end with CR LF, and quoted cells may
//! hold separators and line ends.

/// The rows of a table. Empty lines are no rows.
pub(super) fn rows(text: &str, separator: char) -> Result<Vec<Vec<String>>, String> {
    let mut reader = Reader {
        rows: Vec::new(),
        row: Vec::new(),
        cell: String::new(),
        quoted: false,
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
            '\r' if !in_quotes && rest.peek() == Some(&'\n') => {}
            '\n' if !in_quotes => reader.end_row(),
            letter if letter == separator && !in_quotes => reader.end_cell(),
            letter => reader.cell.push(letter),
        }
    }
    if in_quotes {
        return Err(format!(
            "row {}: a quote is not closed",
            reader.rows.len() + 1
        ));
    }
    reader.end_row();
    Ok(reader.rows)
}

struct Reader {
    rows: Vec<Vec<String>>,
    row: Vec<String>,
    cell: String,
    /// The cell was quoted: it counts even if it is empty.
    quoted: bool,
}

impl Reader {
    fn end_cell(&mut self) {
        self.row.push(std::mem::take(&mut self.cell));
        self.quoted = false;
    }

    fn end_row(&mut self) {
        if self.row.is_empty() && self.cell.is_empty() && !self.quoted {
            return;
        }
        self.end_cell();
        self.rows.push(std::mem::take(&mut self.row));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n73_quotes_separators_and_line_ends() {
        let text = "id,title\r\n1,\"a, \"\"b\"\"\nc\"\n\n2,it\"s\n\"\"\n";
        let expected = [
            vec!["id", "title"],
            vec!["1", "a, \"b\"\nc"],
            vec!["2", "it\"s"],
            vec![""],
        ];
        assert_eq!(rows(text, ',').expect("a table"), expected);
        assert_eq!(rows("a\tb", '\t').expect("a table"), [vec!["a", "b"]]);
        assert!(rows("", ',').expect("an empty table").is_empty());
        assert_eq!(
            rows("a\n\"b", ','),
            Err("row 2: a quote is not closed".into())
        );
    }
}
