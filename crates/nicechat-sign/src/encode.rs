//! The table of PHP's `urlencode`, and its inverse.

use alloc::string::String;
use alloc::vec::Vec;

/// The encoding of each byte: up to three bytes of text, and its length in the fourth place.
/// Letters, digits, `-`, `.` and `_` stand for themselves; `*` and `~` do not.
// N21, N23
pub(crate) const ENCODED: [[u8; 4]; 256] = {
    let digits = b"0123456789ABCDEF";
    let mut table = [[0; 4]; 256];
    let mut code = 0;
    while code < 256 {
        let byte = code as u8;
        table[code] = match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' => [byte, 0, 0, 1],
            b' ' => [b'+', 0, 0, 1],
            _ => [b'%', digits[code >> 4], digits[code & 15], 3],
        };
        code += 1;
    }
    table
};

/// Whether each byte is encoded as itself.
const PLAIN: [bool; 256] = {
    let mut table = [false; 256];
    let mut code = 0;
    while code < 256 {
        table[code] = ENCODED[code][0] == code as u8 && ENCODED[code][3] == 1;
        code += 1;
    }
    table
};

/// [`PLAIN`] without the dot, which PHP changes in names.
const WORD: [bool; 256] = {
    let mut table = PLAIN;
    table[b'.' as usize] = false;
    table
};

/// Whether all bytes are encoded as themselves.
pub(crate) fn is_plain(bytes: &[u8]) -> bool {
    are_all(&PLAIN, bytes)
}

/// Whether all bytes are encoded as themselves, without a dot among them.
pub(crate) fn is_word(bytes: &[u8]) -> bool {
    are_all(&WORD, bytes)
}

fn are_all(table: &[bool; 256], bytes: &[u8]) -> bool {
    // No early return: a mispredicted branch costs more than eight bytes.
    let all = |bytes: &[u8]| {
        let listed = bytes.iter().map(|&byte| table[usize::from(byte)]);
        listed.fold(true, |all, listed| all & listed)
    };
    match bytes.last_chunk::<8>() {
        // The last eight overlap those before them, which saves a loop over the rest.
        Some(last) => all(last) && bytes.as_chunks::<8>().0.iter().all(|chunk| all(chunk)),
        None => all(bytes),
    }
}

/// Reads one key or value of a urlencoded text. A `%` without two digits stands for itself, as in
/// PHP and in browsers. Gives `None` for text that is not UTF-8.
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

    #[test]
    fn n23_letters_digits_and_three_signs_are_plain() {
        for byte in 0..=255_u8 {
            let plain = byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
            for length in [1, 7, 8, 9, 17] {
                let mut text = alloc::vec![b'x'; length];
                text[0] = byte;
                assert_eq!(is_plain(&text), plain, "{byte} before {length}");
                assert_eq!(is_word(&text), plain && byte != b'.', "{byte}");
                text.rotate_left(1);
                assert_eq!(is_plain(&text), plain, "{byte} behind {length}");
                assert_eq!(is_word(&text), plain && byte != b'.', "{byte}");
            }
        }
        assert!(is_plain(b""));
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
