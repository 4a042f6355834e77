//! Strings: runs without escapes are found eight bytes at a time, and copied in one piece.

use std::fmt::Write as _;

use crate::reader::{plain, special};

/// Appends `text` in quotes, with quotes, backslashes and control characters escaped.
pub(super) fn quote(text: &str, out: &mut String) {
    out.reserve(text.len() + 2);
    out.push('"');
    if is_plain(text.as_bytes()) {
        out.push_str(text);
    } else {
        escape_all(text, out);
    }
    out.push('"');
}

/// Whether `text` needs no escapes. It always reads the whole text: texts with escapes are rare.
#[inline]
pub(super) fn is_plain(text: &[u8]) -> bool {
    let Some(last) = text.last_chunk::<8>() else {
        let is_plain = |byte: &u8| !matches!(byte, b'"' | b'\\' | 0..0x20);
        return text.iter().fold(true, |all, byte| all & is_plain(byte));
    };
    let (words, _) = text.as_chunks::<8>();
    let found = words
        .iter()
        // The bytes after the last whole word are checked in a word that overlaps it.
        .chain([last])
        .fold(0, |found, word| found | special(u64::from_le_bytes(*word)));
    found == 0
}

#[cold]
#[inline(never)]
fn escape_all(text: &str, out: &mut String) {
    let mut from = 0;
    loop {
        let at = plain(text.as_bytes(), from);
        out.push_str(&text[from..at]);
        let Some(byte) = text.as_bytes().get(at) else {
            return;
        };
        escape(*byte, out);
        from = at + 1;
    }
}

fn escape(byte: u8, out: &mut String) {
    out.push_str(match byte {
        b'"' => "\\\"",
        b'\\' => "\\\\",
        b'\n' => "\\n",
        b'\r' => "\\r",
        b'\t' => "\\t",
        0x8 => "\\b",
        0xC => "\\f",
        _ => {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\u{byte:04x}");
            return;
        }
    });
}

#[cfg(test)]
mod tests {
    use crate::to_json;

    // A special byte is found wherever it stands, in texts of every length.
    #[test]
    fn each_byte_is_escaped_at_each_place() {
        for length in 0..40 {
            for at in 0..length {
                for byte in 0..0x80_u8 {
                    let mut text = "x".repeat(length).into_bytes();
                    text[at] = byte;
                    let text = String::from_utf8(text).unwrap();
                    assert_eq!(to_json(&*text), serde_json::to_string(&text).unwrap());
                }
            }
        }
    }
}
