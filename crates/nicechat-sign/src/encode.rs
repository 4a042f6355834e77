//! PHP's `urlencode`, and its inverse.

use alloc::string::String;
use alloc::vec::Vec;

const DIGITS: &[u8; 16] = b"0123456789ABCDEF";

/// What stands as it is: letters, digits, `-`, `.`, `_`. Not `*` and not `~` (N21, N23).
const LITERAL: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "below 256 by the loop")]
        let letter = byte as u8;
        table[byte] = letter.is_ascii_alphanumeric() || matches!(letter, b'-' | b'.' | b'_');
        byte += 1;
    }
    table
};

/// Appends the text percent-encoded, a space as `+`.
pub(crate) fn urlencode(text: &str, out: &mut Vec<u8>) {
    for &byte in text.as_bytes() {
        if LITERAL[usize::from(byte)] {
            out.push(byte);
        } else if byte == b' ' {
            out.push(b'+');
        } else {
            let (high, low) = (usize::from(byte >> 4), usize::from(byte & 15));
            out.extend_from_slice(&[b'%', DIGITS[high], DIGITS[low]]);
        }
    }
}

/// Reads one key or value of a urlencoded text. A `%` without two digits stands for itself, as in
/// PHP and in browsers. `None`: not UTF-8.
pub(crate) fn urldecode(bytes: &[u8]) -> Option<String> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        out.push(match byte {
            b'+' => b' ',
            b'%' => match hex_pair(tail) {
                Some(value) => {
                    rest = &tail[2..];
                    value
                }
                None => b'%',
            },
            _ => byte,
        });
    }
    String::from_utf8(out).ok()
}

fn hex_pair(bytes: &[u8]) -> Option<u8> {
    let high = char::from(*bytes.first()?).to_digit(16)?;
    let low = char::from(*bytes.get(1)?).to_digit(16)?;
    u8::try_from(high * 16 + low).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(text: &str) -> String {
        let mut out = Vec::new();
        urlencode(text, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn n23_encoding_is_phps_and_not_the_browsers() {
        assert_eq!(encoded("a b*~"), "a+b%2A%7E");
        assert_eq!(encoded("AZaz09-._"), "AZaz09-._");
        assert_eq!(encoded("@[`{/:\u{7f}"), "%40%5B%60%7B%2F%3A%7F");
        assert_eq!(encoded("Товар"), "%D0%A2%D0%BE%D0%B2%D0%B0%D1%80");
    }

    #[test]
    fn n23_decoding_reads_what_clients_write() {
        assert_eq!(urldecode(b"a+b%2a%7E*~").as_deref(), Some("a b*~*~"));
        assert_eq!(urldecode(b"100%").as_deref(), Some("100%"));
        assert_eq!(urldecode(b"%4").as_deref(), Some("%4"));
        assert_eq!(urldecode(b"%zz%41").as_deref(), Some("%zzA"));
        assert_eq!(urldecode(b"%FF"), None);
    }
}
