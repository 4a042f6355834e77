//! CSV as RFC 4180 has it, in UTF-8, with a line of names. Excel in some countries wants semicolons and a byte order mark.
//!
//! An absent value and `null` are an empty field; an empty text is `""`. Strings stand without the quotes of JSON, all
//! other values as the service wrote them.

use common_model::from_json;

use super::{
    columns::{Column, Kind},
    flatten::Record,
};

/// UTF-8's byte order mark, by which Excel knows the encoding.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// How cells are separated, and what stands before the first line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    pub(crate) delimiter: u8,
    pub(crate) has_mark: bool,
}

/// Commas and no mark.
const PLAIN: Style = Style {
    delimiter: b',',
    has_mark: false,
};

/// Writes the line of names, with commas.
pub(crate) fn header(columns: &[Column], out: &mut Vec<u8>) {
    PLAIN.header(columns, out);
}

/// Writes a line, with commas.
pub(crate) fn line(columns: &[Column], record: &Record<'_>, out: &mut Vec<u8>) {
    PLAIN.line(columns, record, out);
}

impl Style {
    /// Writes the line of names.
    pub(crate) fn header(self, columns: &[Column], out: &mut Vec<u8>) {
        if self.has_mark {
            out.extend_from_slice(MARK);
        }
        for (at, column) in columns.iter().enumerate() {
            self.separate(at, out);
            self.field(&column.name(), out);
        }
        out.push(b'\n');
    }

    /// Writes a line.
    pub(crate) fn line(self, columns: &[Column], record: &Record<'_>, out: &mut Vec<u8>) {
        for (at, column) in columns.iter().enumerate() {
            self.separate(at, out);
            if column.kind == Kind::Other {
                self.field(&record.other().unwrap_or_default(), out);
            } else if let Some(json) = record.cells[at] {
                self.value(json, out);
            }
        }
        // A line of one empty field would be an empty line, which readers skip.
        if columns.len() == 1 && record.cells[0].is_none() {
            out.extend_from_slice(b"\"\"");
        }
        out.push(b'\n');
    }

    fn separate(self, at: usize, out: &mut Vec<u8>) {
        if at > 0 {
            out.push(self.delimiter);
        }
    }

    fn value(self, json: &str, out: &mut Vec<u8>) {
        match json
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'))
        {
            Some("") => out.extend_from_slice(b"\"\""),
            Some(text) if !text.contains('\\') => self.field(text, out),
            // The text was read as JSON before.
            Some(_) => self.field(&from_json::<String>(json).unwrap_or_default(), out),
            None => self.field(json, out),
        }
    }

    fn field(self, text: &str, out: &mut Vec<u8>) {
        // A comma is quoted always: a reader takes it for the separator of a table with one column.
        let is_special = |letter: char| {
            matches!(letter, ',' | '"' | '\n' | '\r') || letter == char::from(self.delimiter)
        };
        let is_quoted = text.contains(is_special) || text.starts_with(' ') || text.ends_with(' ');
        if !is_quoted {
            out.extend_from_slice(text.as_bytes());
            return;
        }
        out.push(b'"');
        for part in text.split_inclusive('"') {
            out.extend_from_slice(part.as_bytes());
            if part.ends_with('"') {
                out.push(b'"');
            }
        }
        out.push(b'"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::Flattener;

    fn csv(names: &[&str], list: Option<&str>, row: &str) -> String {
        let path = |name: &str| name.split('.').map(str::to_owned).collect::<Vec<_>>();
        let kind = |name: &str| match name {
            "_other" => Kind::Other,
            _ => Kind::Text,
        };
        let columns: Vec<Column> = names
            .iter()
            .map(|name| Column::new(path(name), kind(name)))
            .collect();
        let flattener = Flattener::new(&columns, list.map(path).as_deref());
        let mut out = Vec::new();
        flattener
            .each::<common_model::Error>(row, &mut |record| {
                line(&columns, &record, &mut out);
                Ok(())
            })
            .expect("JSON");
        String::from_utf8(out).expect("UTF-8")
    }

    // J2
    #[test]
    fn j2_values_keep_their_text_and_absent_ones_differ_from_empty_ones() {
        let row =
            r#"{"a":1.50,"b":"","c":null,"e":"x, \"y\"","f":true,"g":[1, 2],"h":"Це\nтовар"}"#;
        let line = csv(&["a", "b", "c", "d", "e", "f", "g", "h"], None, row);
        assert_eq!(
            line,
            "1.50,\"\",,,\"x, \"\"y\"\"\",true,\"[1, 2]\",\"Це\nтовар\"\n"
        );
        assert_eq!(csv(&["z"], None, row), "\"\"\n");
    }

    // J2
    #[test]
    fn j2_cells_are_separated_by_the_delimiter_and_quoted_where_they_have_it() {
        let columns = [
            Column::new(vec!["a".to_owned()], Kind::Text),
            Column::new(vec!["b".to_owned()], Kind::Text),
        ];
        let flattener = Flattener::new(&columns, None);
        let written = |delimiter, has_mark| {
            let style = Style {
                delimiter,
                has_mark,
            };
            let mut out = Vec::new();
            style.header(&columns, &mut out);
            flattener
                .each::<common_model::Error>(r#"{"a":"x;y","b":"x\ty"}"#, &mut |record| {
                    style.line(&columns, &record, &mut out);
                    Ok(())
                })
                .expect("JSON");
            String::from_utf8(out).expect("UTF-8")
        };
        assert_eq!(written(b';', true), "\u{feff}a;b\n\"x;y\";x\ty\n");
        assert_eq!(written(b'\t', false), "a\tb\nx;y\t\"x\ty\"\n");
    }

    // J2
    #[test]
    fn j2_members_of_objects_have_columns_and_the_rest_is_kept() {
        let row = r#"{"id":1,"delivery":{"cost":2.0,"address":{"city":"Kyiv"},"new":[7]},"more":"x","none":[]}"#;
        let line = csv(
            &["id", "delivery.cost", "delivery.address.city", "_other"],
            None,
            row,
        );
        assert_eq!(
            line,
            "1,2.0,Kyiv,\"{\"\"delivery.new\"\":[7],\"\"more\"\":\"\"x\"\"}\"\n"
        );
        // PHP writes an empty object as a list; another value in its place is kept.
        let line = csv(
            &["id", "delivery.cost", "_other"],
            None,
            r#"{"id":1,"delivery":[]}"#,
        );
        assert_eq!(line, "1,,\n");
        let line = csv(
            &["id", "delivery.cost", "_other"],
            None,
            r#"{"id":1,"delivery":5}"#,
        );
        assert_eq!(line, "1,,\"{\"\"delivery\"\":5}\"\n");
    }

    // J2
    #[test]
    fn j2_each_element_of_a_list_is_a_line() {
        let row = r#"{"id":1,"items":[{"n":2,"x":0},{"n":3}]}"#;
        let columns = ["id", "items.n", "_other"];
        assert_eq!(
            csv(&columns, Some("items"), row),
            "1,2,\"{\"\"items.x\"\":0}\"\n1,3,\n"
        );
        assert_eq!(
            csv(&columns, Some("items"), r#"{"id":1,"items":[]}"#),
            "1,,\n"
        );
        let keyed = r#"{"id":1,"items":{"a":{"n":2}}}"#;
        assert_eq!(csv(&columns, Some("items"), keyed), "1,2,\n");
    }

    // J2
    #[test]
    fn j2_a_row_that_is_no_object_is_one_value() {
        let columns = [Column::new(Vec::new(), Kind::Text)];
        let flattener = Flattener::new(&columns, None);
        let mut out = Vec::new();
        header(&columns, &mut out);
        flattener
            .each::<common_model::Error>(r#""UA""#, &mut |record| {
                line(&columns, &record, &mut out);
                Ok(())
            })
            .expect("JSON");
        assert_eq!(out, b"value\nUA\n");
    }
}
