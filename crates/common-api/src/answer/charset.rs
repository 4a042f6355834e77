//! The text of a body in any charset.

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderMap, Response, header::CONTENT_TYPE};

use crate::decoding::Clock;

const BOM: &str = "\u{feff}";

/// The text of a body, without a byte order mark.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Text<'b> {
    /// The text.
    pub text: Cow<'b, str>,
    /// The certainty of the charset.
    pub trust: Trust,
}

/// Certainty that a body was read in its charset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trust {
    /// The body is UTF-8, or declares its charset by a byte order mark or in `Content-Type`.
    Sure,
    /// The body looks like Russian in windows-1251. Such a text may be shown to a person, but should not be stored.
    Guessed,
    /// The charset is unknown; invalid UTF-8 was replaced.
    Lossy,
}

impl<'b> Text<'b> {
    /// Reads the text of an answer. Valid UTF-8 takes precedence over `Content-Type`, and is checked only once: a
    /// text of another charset that is also valid UTF-8 is plain ASCII.
    ///
    /// The other known charsets are UTF-16, windows-1251, KOI8-R and KOI8-U, ISO 8859-5, CP866, windows-1252 and ISO
    /// 8859-1. A declared UTF-16 is ignored if the body is plainly UTF-8.
    pub fn of(response: &'b Response<Bytes>) -> Self {
        Self::watched(response, None)
    }

    /// As `of`, with a stop check. After a stop the text is incomplete.
    pub(crate) fn watched(response: &'b Response<Bytes>, clock: Option<&Clock>) -> Self {
        let (body, declared) = (&**response.body(), declared(response.headers()));
        let declared = declared.as_deref();
        if let Some(text) = utf16(body, declared, clock) {
            return sure(Cow::Owned(text));
        }
        match common_model::utf8(body) {
            Ok(text) => sure(Cow::Borrowed(text.strip_prefix(BOM).unwrap_or(text))),
            Err(_) => Self::of_bytes(body, declared, clock),
        }
    }

    /// Reads the text of bytes that are not UTF-8.
    fn of_bytes(body: &'b [u8], declared: Option<&str>, clock: Option<&Clock>) -> Self {
        if let Some(upper) = declared.and_then(upper_half) {
            return sure(Cow::Owned(single_bytes(body, upper, clock)));
        }
        if looks_like_russian(body) {
            return Self {
                text: Cow::Owned(single_bytes(body, windows_1251, clock)),
                trust: Trust::Guessed,
            };
        }
        Self {
            text: String::from_utf8_lossy(body),
            trust: Trust::Lossy,
        }
    }
}

const fn sure(text: Cow<'_, str>) -> Text<'_> {
    let trust = Trust::Sure;
    Text { text, trust }
}

/// Returns the charset of `Content-Type`, in lower case.
fn declared(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_TYPE)?;
    let value = String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase();
    value.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        (name.trim() == "charset").then(|| value.trim().trim_matches(['"', '\'']).to_owned())
    })
}

/// Reads UTF-16 by its byte order mark, or else as declared.
fn utf16(body: &[u8], declared: Option<&str>, clock: Option<&Clock>) -> Option<String> {
    let (rest, is_little) = match (body, declared) {
        // Wrongly declared: in UTF-16 each ASCII letter has a zero byte, and other letters have control characters.
        (_, Some("utf-16" | "utf-16le" | "utf-16be")) if is_plain_utf8(body) => return None,
        ([0xff, 0xfe, rest @ ..], _) => (rest, true),
        ([0xfe, 0xff, rest @ ..], _) => (rest, false),
        (_, Some("utf-16le")) => (body, true),
        (_, Some("utf-16" | "utf-16be")) => (body, false),
        _ => return None,
    };
    let unit = |pair: &[u8]| {
        let pair = [pair[0], pair[1]];
        if is_little {
            u16::from_le_bytes(pair)
        } else {
            u16::from_be_bytes(pair)
        }
    };
    let parts = parts(rest, clock);
    let units = parts.flat_map(|part| part.chunks_exact(2).map(unit));
    let characters = char::decode_utf16(units);
    Some(characters.map(|read| read.unwrap_or(REPLACEMENT)).collect())
}

/// Whether a body is UTF-8 without control characters.
fn is_plain_utf8(body: &[u8]) -> bool {
    let is_plain = |byte: &u8| *byte >= b' ' || matches!(byte, b'\t' | b'\n' | b'\r');
    body.iter().all(is_plain) && std::str::from_utf8(body).is_ok()
}

const REPLACEMENT: char = char::REPLACEMENT_CHARACTER;

/// Bytes that are converted between two calls of the stop check; an even number.
const PART: usize = 16 * 1024;

/// Iterates over the body in parts, until the stop check returns true.
fn parts<'p>(body: &'p [u8], clock: Option<&'p Clock>) -> impl Iterator<Item = &'p [u8]> {
    let goes_on = move |_: &&[u8]| !clock.is_some_and(Clock::says_stop);
    body.chunks(PART).take_while(goes_on)
}

/// The upper half of a single-byte charset whose lower half is ASCII: maps a byte to its character.
type UpperHalf = fn(u8) -> char;

fn upper_half(charset: &str) -> Option<UpperHalf> {
    match charset {
        "windows-1251" | "cp1251" | "cp-1251" | "x-cp1251" | "win-1251" | "1251" => {
            Some(windows_1251)
        }
        "koi8-r" | "koi8" | "cskoi8r" => Some(koi8_r),
        "koi8-u" | "koi8-ru" => Some(koi8_u),
        "iso-8859-5" | "iso8859-5" | "iso_8859-5" | "cyrillic" => Some(iso_8859_5),
        "cp866" | "ibm866" | "866" | "csibm866" | "dos-866" => Some(cp866),
        "windows-1252" | "cp1252" | "iso-8859-1" | "latin1" | "us-ascii" | "ascii" => {
            Some(windows_1252)
        }
        _ => None,
    }
}

fn single_bytes(body: &[u8], upper: UpperHalf, clock: Option<&Clock>) -> String {
    let mut characters = ['\0'; 256];
    for (byte, character) in (0..=u8::MAX).zip(&mut characters) {
        *character = match byte.is_ascii() {
            true => char::from(byte),
            false => upper(byte),
        };
    }
    let mut text = String::with_capacity(body.len());
    for part in parts(body, clock) {
        text.extend(part.iter().map(|byte| characters[usize::from(*byte)]));
    }
    text
}

/// 0x80 to 0xbf; above are the letters in the order of Unicode.
const WINDOWS_1251: &str = "ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—\u{98}™љ›њќћџ\
    \u{a0}ЎўЈ¤Ґ¦§Ё©Є«¬\u{ad}®Ї°±Ііґµ¶·ё№є»јЅѕї";

const KOI8_R: &str = "─│┌┐└┘├┤┬┴┼▀▄█▌▐░▒▓⌠■∙√≈≤≥\u{a0}⌡°²·÷═║╒ё╓╔╕╖╗╘╙╚╛╜╝╞╟╠╡Ё╢╣╤╥╦╧╨╩╪╫╬©\
    юабцдефгхийклмнопярстужвьызшэщчъЮАБЦДЕФГХИЙКЛМНОПЯРСТУЖВЬЫЗШЭЩЧЪ";

/// The signs of 0xb0 to 0xdf and of 0xf0 to 0xff; the rest are letters in the order of Unicode.
const CP866: [&str; 2] = [
    "░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀",
    "ЁёЄєЇїЎў°∙·√№¤■\u{a0}",
];

/// 0x80 to 0x9f; above it is Unicode.
const WINDOWS_1252: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";

fn windows_1251(byte: u8) -> char {
    match byte {
        0xc0.. => char::from_u32(0x410 + u32::from(byte - 0xc0)).unwrap_or('\u{fffd}'),
        _ => nth(WINDOWS_1251, byte),
    }
}

fn koi8_r(byte: u8) -> char {
    nth(KOI8_R, byte)
}

/// The Ukrainian letters replace line drawing characters of KOI8-R.
fn koi8_u(byte: u8) -> char {
    match byte {
        0xa4 => 'є',
        0xa6 => 'і',
        0xa7 => 'ї',
        0xad => 'ґ',
        0xb4 => 'Є',
        0xb6 => 'І',
        0xb7 => 'Ї',
        0xbd => 'Ґ',
        _ => koi8_r(byte),
    }
}

fn iso_8859_5(byte: u8) -> char {
    match byte {
        ..0xa1 | 0xad => char::from(byte),
        0xf0 => '№',
        0xfd => '§',
        _ => char::from_u32(0x0400 + u32::from(byte - 0xa0)).unwrap_or('\u{fffd}'),
    }
}

fn cp866(byte: u8) -> char {
    let letter = |first: u32, from: u8| char::from_u32(first + u32::from(byte - from));
    let sign = |table: usize, from: u8| CP866[table].chars().nth(usize::from(byte - from));
    let character = match byte {
        ..0x80 => Some(char::from(byte)),
        0x80..0xb0 => letter(0x410, 0x80),
        0xb0..0xe0 => sign(0, 0xb0),
        0xe0..0xf0 => letter(0x440, 0xe0),
        0xf0.. => sign(1, 0xf0),
    };
    character.unwrap_or('\u{fffd}')
}

fn windows_1252(byte: u8) -> char {
    match byte {
        0xa0.. => char::from(byte),
        _ => nth(WINDOWS_1252, byte),
    }
}

fn nth(table: &str, byte: u8) -> char {
    let place = usize::from(byte.saturating_sub(0x80));
    table.chars().nth(place).unwrap_or('\u{fffd}')
}

/// Whether most bytes outside of ASCII are letters of windows-1251, mostly in lower case.
fn looks_like_russian(body: &[u8]) -> bool {
    let (mut upper, mut letters, mut small) = (0_usize, 0_usize, 0_usize);
    for byte in body.iter().filter(|byte| !byte.is_ascii()) {
        upper += 1;
        letters += usize::from(matches!(byte, 0xa8 | 0xb8 | 0xc0..));
        small += usize::from(matches!(byte, 0xb8 | 0xe0..));
    }
    let is_most = |part: usize, whole: usize, tenths: usize| part * 10 >= whole * tenths;
    is_most(letters, upper, 8) && is_most(small, letters, 5)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(body: &[u8], content_type: Option<&str>) -> (String, Trust) {
        let mut response = Response::new(Bytes::copy_from_slice(body));
        if let Some(value) = content_type {
            response
                .headers_mut()
                .insert(CONTENT_TYPE, value.parse().unwrap());
        }
        let Text { text, trust } = Text::of(&response);
        (text.into_owned(), trust)
    }

    // F3
    #[test]
    fn f3_declared_charsets_are_read_however_they_are_spelt() {
        let json = |charset: &str| Some(format!("application/json; charset={charset}"));
        for (charset, body) in [
            ("windows-1251", &b"\xc7\xe0\xea\xe0\xe7 \xb9 5"[..]),
            ("\"CP1251\"", b"\xc7\xe0\xea\xe0\xe7 \xb9 5"),
            (
                "utf-16le",
                b"\x17\x04\x30\x04\x3a\x04\x30\x04\x37\x04 \0\x16\x21 \x005\0",
            ),
            ("iso-8859-5", b"\xb7\xd0\xda\xd0\xd7 \xf0 5"),
            ("cp866", b"\x87\xa0\xaa\xa0\xa7 \xfc 5"),
            ("utf-16", "Заказ № 5".as_bytes()),
            ("utf-16le", "Заказ № 5".as_bytes()),
            ("utf-8", "\u{feff}Заказ № 5".as_bytes()),
            ("windows-1251", "Заказ № 5".as_bytes()),
        ] {
            let read = text(body, json(charset).as_deref());
            assert_eq!(read, ("Заказ № 5".into(), Trust::Sure), "{charset}");
        }
        let ukrainian = text(b"\xfa\xa4\xa6\xa7", json("koi8-u").as_deref());
        assert_eq!(ukrainian.0, "Зєії");
        let letters = text(b"\x17\x04\x30\x04", json("utf-16le").as_deref());
        assert_eq!(letters.0, "За");
        let koi = text(b"\xfa\xc1\xcb\xc1\xda", json("KOI8-R").as_deref());
        assert_eq!(koi.0, "Заказ");
        let latin = text(b"\x80 \xe9t\xe9", json("ISO-8859-1").as_deref());
        assert_eq!(latin.0, "€ été");
        let marked = text(b"\xfe\xff\x04\x17", None);
        assert_eq!(marked, ("З".into(), Trust::Sure));
    }

    // F3
    #[test]
    fn f3_what_is_not_declared_is_guessed_and_never_sure() {
        let guessed = text(
            b"{\"errorMsg\":\"\xc7\xe0\xea\xe0\xe7\"}",
            Some("application/json"),
        );
        assert_eq!(guessed, ("{\"errorMsg\":\"Заказ\"}".into(), Trust::Guessed));
        assert_eq!(text(b"\x80\x81\x82ok", None).1, Trust::Lossy);
    }

    // F3: against the tables of the Unicode consortium, of which Russian and signs are enough.
    #[test]
    fn f3_every_byte_has_its_character() {
        for byte in 0x80..=0xff {
            for upper in [
                windows_1251,
                koi8_r,
                koi8_u,
                iso_8859_5,
                cp866,
                windows_1252,
            ] {
                assert_ne!(upper(byte), '\u{fffd}', "{byte:x}");
            }
        }
        // No charset has a character twice.
        for upper in [
            windows_1251,
            koi8_r,
            koi8_u,
            iso_8859_5,
            cp866,
            windows_1252,
        ] {
            let all: std::collections::HashSet<char> = (0x80..=0xff).map(upper).collect();
            assert_eq!(all.len(), 128);
        }
        let all = |upper: UpperHalf| (0xe0..=0xff).map(upper).collect::<String>();
        assert_eq!(all(windows_1251), "абвгдежзийклмнопрстуфхцчшщъыьэюя");
        assert_eq!(all(koi8_r), "ЮАБЦДЕФГХИЙКЛМНОПЯРСТУЖВЬЫЗШЭЩЧЪ");
        assert_eq!((windows_1251(0xb8), windows_1251(0xb9)), ('ё', '№'));
        assert_eq!((koi8_r(0xa3), koi8_r(0xbf), koi8_r(0x80)), ('ё', '©', '─'));
    }
}
