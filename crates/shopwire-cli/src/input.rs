//! Reading files and standard input.

use std::{fs, io::Read as _, path::Path};

use crate::{args::Source, failure::Failure};

impl Source {
    /// Reads the whole source.
    pub(crate) fn read(&self) -> Result<Vec<u8>, Failure> {
        match self {
            Self::File(path) => read_file(path),
            Self::Stdin => {
                let mut bytes = Vec::new();
                std::io::stdin()
                    .read_to_end(&mut bytes)
                    .map_err(|error| Failure::new(format_args!("standard input: {error}")))?;
                Ok(bytes)
            }
        }
    }

    /// Reads the whole source as UTF-8, without its byte order mark.
    pub(crate) fn read_text(&self) -> Result<String, Failure> {
        let bytes = self.read()?;
        text(&bytes)
            .map(str::to_owned)
            .map_err(|why| Failure::new(format_args!("{self}: {why}")))
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Stdin => f.write_str("standard input"),
            Self::File(path) => shown(path).fmt(f),
        }
    }
}

/// Reads a whole file; the error names it.
pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| {
        let hint = match is_shown(path) {
            false => "; give a file's name, or `-` and the content on standard input",
            true => "",
        };
        Failure::new(format_args!("{}: {error}{hint}", shown(path)))
    })
}

/// A path for messages. A path is hidden if it names no file and has no known file ending: it may be a key, or
/// the content that should be in the file.
pub(crate) fn shown(path: &Path) -> String {
    match is_shown(path) {
        false => "the file (its name is not shown, since it may be a secret)".to_owned(),
        true => path.display().to_string(),
    }
}

fn is_shown(path: &Path) -> bool {
    !is_content(path) && (has_known_ending(path) || path.symlink_metadata().is_ok())
}

/// Whether the path ends in a known file ending, which no key has.
pub(crate) fn has_known_ending(path: &Path) -> bool {
    const KNOWN: [&str; 21] = [
        "bin", "csv", "doc", "docx", "gif", "gz", "htm", "html", "jpeg", "jpg", "json", "jsonl",
        "parquet", "pdf", "png", "toml", "tsv", "txt", "xls", "xlsx", "xml",
    ];
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| KNOWN.contains(&ending))
}

fn is_content(path: &Path) -> bool {
    let text = path.to_string_lossy();
    text.contains(['{', '"', '=', '&', '\n'])
}

/// The text of bytes from a user or another program: UTF-8, without its byte order mark.
///
/// # Errors
/// The bytes are in another encoding; the error names its best guess and does not quote the content.
pub(crate) fn text(bytes: &[u8]) -> Result<&str, String> {
    if let Some(encoding) = wide_encoding(bytes) {
        return Err(format!(
            "the text is {encoding}, not UTF-8: convert it first"
        ));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        format!(
            "the text is not UTF-8: byte {at}{}; convert it first",
            narrow_encoding(&bytes[at..])
        )
    })
}

/// Detects UTF-16 and UTF-32 by their byte order mark, or by the zero bytes in letters of ASCII.
pub(crate) fn wide_encoding(bytes: &[u8]) -> Option<&'static str> {
    // UTF-32 first: one of its marks begins like one of UTF-16.
    const MARKS: [(&[u8], &str); 4] = [
        (b"\xFF\xFE\0\0", "UTF-32 LE"),
        (b"\0\0\xFE\xFF", "UTF-32 BE"),
        (b"\xFF\xFE", "UTF-16 LE"),
        (b"\xFE\xFF", "UTF-16 BE"),
    ];
    if let Some((_, encoding)) = MARKS.iter().find(|(mark, _)| bytes.starts_with(mark)) {
        return Some(encoding);
    }
    match bytes {
        [0, 0, 0, first, ..] if *first != 0 => Some("UTF-32 BE"),
        [first, 0, 0, 0, ..] if *first != 0 => Some("UTF-32 LE"),
        [0, first, ..] if *first != 0 => Some("UTF-16 BE"),
        [first, 0, ..] if *first != 0 => Some("UTF-16 LE"),
        _ => None,
    }
}

/// Guesses an encoding with one byte for each letter. Russian letters of windows-1251 are in the upper quarter of
/// all bytes, and occur next to each other.
fn narrow_encoding(rest: &[u8]) -> &'static str {
    let upper = |byte: &&u8| **byte >= 0xC0;
    let run = rest.iter().take_while(upper).count();
    let all = rest.iter().filter(|byte| !byte.is_ascii()).count();
    match (run, all) {
        (3.., _) => " (it looks like windows-1251)",
        (_, 1..) => " (perhaps windows-1251 or latin-1)",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    // F9
    #[test]
    fn f9_utf8_is_taken_with_and_without_a_mark() {
        for (given, read) in [
            (&b""[..], ""),
            (b"\xEF\xBB\xBF", ""),
            (b"\xEF\xBB\xBF{}\r\n", "{}\r\n"),
            ("Товар".as_bytes(), "Товар"),
        ] {
            assert_eq!(text(given), Ok(read));
        }
        assert_eq!(
            text("\u{feff}\u{feff}".as_bytes()),
            Ok("\u{feff}"),
            "the second is content"
        );
    }

    // F9
    #[test]
    fn f9_another_encoding_is_named_and_the_content_is_not_shown() {
        let json = r#"{"name":"Hidden Товар"}"#;
        let with_mark = format!("\u{feff}{json}");
        let utf32: Vec<u8> = json
            .chars()
            .flat_map(|letter| u32::from(letter).to_le_bytes())
            .collect();
        // "Товар" in windows-1251, "café" in latin-1.
        let russian = b"{\"a\":\"\xD2\xEE\xE2\xE0\xF0\"}".to_vec();
        let french = b"{\"a\":\"caf\xE9\"}".to_vec();
        for (bytes, name) in [
            (utf16(json, u16::to_le_bytes), "UTF-16 LE"),
            (utf16(json, u16::to_be_bytes), "UTF-16 BE"),
            (utf16(&with_mark, u16::to_le_bytes), "UTF-16 LE"),
            (utf16(&with_mark, u16::to_be_bytes), "UTF-16 BE"),
            (utf32, "UTF-32 LE"),
            (russian, "not UTF-8: byte 6 (it looks like windows-1251)"),
            (
                french,
                "not UTF-8: byte 9 (perhaps windows-1251 or latin-1)",
            ),
        ] {
            let error = text(&bytes).expect_err("refused");
            assert!(error.contains(name), "{name}: {error}");
            assert!(
                !error.contains("idden") && !error.contains("caf"),
                "{error}"
            );
        }
    }
}
