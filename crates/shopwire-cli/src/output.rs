//! Standard output.

use std::{
    borrow::Cow,
    io::{self, Write as _},
    sync::atomic::{AtomicBool, Ordering},
};

use anstyle::Style;

use crate::{color, failure::Failure, layout::Layout, terminal};

/// Writes a line.
pub(crate) fn line(text: &str) -> Result<(), Failure> {
    write(format!("{text}\n").as_bytes())
}

/// Writes JSON as one line, also for readers that take other characters for the end of a line.
pub(crate) fn json_line(json: &str) -> Result<(), Failure> {
    line(&one_line(json))
}

/// Writes JSON in a layout.
pub(crate) fn json(json: &str, layout: Layout) -> Result<(), Failure> {
    line(&layout.apply(&one_line(json)))
}

/// Escapes the line separators beyond ASCII (U+0085, U+2028, U+2029), at which some readers, such as Python's
/// `str.splitlines`, end a line, and DEL and the controls from U+0080, which steer some terminals. In JSON they can only
/// occur in strings.
pub(crate) fn one_line(json: &str) -> Cow<'_, str> {
    if !json.contains(breaks) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len() + 16);
    let mut rest = json;
    while let Some((at, letter)) = rest.char_indices().find(|(_, letter)| breaks(*letter)) {
        out.push_str(&rest[..at]);
        out.push_str(&format!("\\u{:04x}", u32::from(letter)));
        rest = &rest[at + letter.len_utf8()..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn breaks(letter: char) -> bool {
    matches!(letter, '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}')
}

/// Writes bytes and flushes, since a pipe is not flushed automatically. If the reader has gone (`| head`), the
/// command ends without a message, which is no error.
pub(crate) fn write(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Failure::closed()),
        Err(error) => Err(Failure::new(format_args!("standard output: {error}"))),
    }
}

/// Whether hints and warnings are left out.
static IS_QUIET: AtomicBool = AtomicBool::new(false);

/// Leaves out hints and warnings from now on.
pub(crate) fn be_quiet() {
    IS_QUIET.store(true, Ordering::Relaxed);
}

/// Writes a hint to standard error: not an error, but the result may not be the expected one.
pub(crate) fn hint(text: &str) {
    note(color::NOTE, "hint:", text);
}

/// Writes a warning to standard error: the command goes on, but the input is probably wrong.
pub(crate) fn warning(text: &str) {
    note(color::CAUTION, "warning:", text);
}

fn note(style: Style, kind: &str, text: &str) {
    if !IS_QUIET.load(Ordering::Relaxed) {
        let kind = color::on_stderr(style, kind);
        // It may be lost without standard error.
        let _ = writeln!(io::stderr(), "{kind} {}", terminal::plain(text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use common_model::{from_json, to_json};

    // X9
    #[test]
    fn x9_no_character_that_ends_a_line_somewhere_is_left_in_json() {
        let text: String = (0..=0x3000).filter_map(char::from_u32).collect();
        let json = to_json(&text);
        let line = one_line(&json);
        let enders = [
            '\n', '\r', '\u{b}', '\u{c}', '\u{1c}', '\u{1d}', '\u{1e}', '\u{7f}', '\u{85}',
            '\u{2028}', '\u{2029}',
        ];
        assert!(!line.contains(enders) && !line.contains(char::is_control));
        assert_eq!(from_json::<String>(&line).expect("JSON"), text);
        assert!(line.contains(r"\u007f") && line.contains(r"\u2028"));
        assert!(matches!(one_line("{\"a\":\"Товар\"}"), Cow::Borrowed(_)));
    }
}
