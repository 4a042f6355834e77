//! The encoding of a feed: its byte order mark, its own declaration, or the charset of the answer; otherwise UTF-8.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Bytes of a document that are searched for its XML declaration.
const DECLARATION: usize = 256;

/// Returns the encoding in the XML declaration: `<?xml version="1.0" encoding="windows-1251"?>`.
pub(super) fn declared(bytes: &[u8]) -> Option<String> {
    let head = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let head = &head[..head.len().min(DECLARATION)];
    let end = head.windows(2).position(|pair| pair == b"?>")?;
    let head = std::str::from_utf8(&head[..end]).ok()?;
    let rest = head.strip_prefix("<?xml")?.split_once("encoding")?.1;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|&c| c == '"' || c == '\'')?;
    let name = rest[1..].split_once(quote)?.0;
    Some(name.trim().to_owned())
}

/// Decodes a feed. Bytes that the encoding does not have are an error and not replaced: a wrong text must not be
/// imported.
pub(super) fn decoded(
    bytes: &[u8],
    declared: Option<String>,
    said: Option<&str>,
) -> Result<String, String> {
    let (encoding, bytes) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, &bytes[length..]),
        None => (without_mark(bytes, declared, said)?, bytes),
    };
    match encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => Ok(text.into_owned()),
        None => Err(format!("the feed is not {}", encoding.name())),
    }
}

fn without_mark(
    bytes: &[u8],
    declared: Option<String>,
    said: Option<&str>,
) -> Result<&'static Encoding, String> {
    // An XML document begins with `<`: two bytes of it tell UTF-16 without a mark.
    match bytes {
        [b'<', 0, ..] => return Ok(UTF_16LE),
        [0, b'<', ..] => return Ok(UTF_16BE),
        _ => {}
    }
    let Some(label) = declared.as_deref().or(said) else {
        return Ok(UTF_8);
    };
    let encoding = Encoding::for_label(label.as_bytes());
    encoding.ok_or_else(|| format!("unknown encoding `{label}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "<?xml version='1.0' encoding=\"ENC\"?><a>Чайник</a>";

    fn utf_16(text: &str, mark: bool, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
        let mark = mark.then_some(0xfeff);
        let units = mark.into_iter().chain(text.encode_utf16());
        units.flat_map(order).collect()
    }

    // F10
    #[test]
    fn f10_a_feed_is_read_in_the_encoding_it_declares() {
        for label in [
            "windows-1251",
            "Windows-1251",
            "koi8-r",
            "utf-8",
            "UTF-8",
            "cp1251",
        ] {
            let text = TEXT.replace("ENC", label);
            let encoding = Encoding::for_label(label.as_bytes()).expect("a label");
            let (bytes, ..) = encoding.encode(&text);
            // The declaration in the document takes precedence over the server's.
            let read = decoded(&bytes, declared(&bytes), Some("iso-8859-1"));
            assert_eq!(read.as_deref(), Ok(text.as_str()), "{label}");
        }
        let text = TEXT.replace("ENC", "UTF-16");
        for mark in [true, false] {
            for order in [u16::to_le_bytes, u16::to_be_bytes] {
                let bytes = utf_16(&text, mark, order);
                assert_eq!(
                    decoded(&bytes, declared(&bytes), None).as_deref(),
                    Ok(text.as_str())
                );
            }
        }
        let marked = [b"\xef\xbb\xbf", TEXT.replace("ENC", "utf-8").as_bytes()].concat();
        let read = decoded(&marked, declared(&marked), None).expect("a text");
        assert!(read.starts_with("<?xml"), "the mark is no part of the text");
    }

    // F10
    #[test]
    fn f10_a_feed_that_is_not_what_it_declares_is_no_feed() {
        let (cyrillic, ..) = encoding_rs::WINDOWS_1251.encode("id\nЧайник");
        assert_eq!(
            decoded(&cyrillic, None, Some("windows-1251")).as_deref(),
            Ok("id\nЧайник")
        );
        assert_eq!(
            decoded(&cyrillic, None, None),
            Err("the feed is not UTF-8".into())
        );
        assert_eq!(
            decoded(b"id", None, Some("klingon")),
            Err("unknown encoding `klingon`".into())
        );
        for none in [
            "<a/>",
            "<?xml version='1.0'?>",
            "<?xml encoding=?>",
            "<?xml encoding='u",
        ] {
            assert_eq!(declared(none.as_bytes()), None, "{none}");
        }
    }
}
