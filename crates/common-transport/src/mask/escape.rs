//! Escapes: of URLs (`%2F`, `%u002F`), of JSON and programs (`\u002F`, `\x2F`, `\/`), of HTML (`&#47;`, `&#x2F;`, `&sol;`).

/// Longest escape in bytes: an entity with many leading zeros.
const LONGEST: usize = 24;

/// The decoded value of an escape: a byte, or the UTF-8 of a character.
pub(super) struct Letter {
    bytes: [u8; 4],
    length: usize,
}

impl Letter {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    fn byte(byte: u8) -> Self {
        Self {
            bytes: [byte, 0, 0, 0],
            length: 1,
        }
    }

    fn of(letter: char) -> Self {
        let mut bytes = [0; 4];
        let length = letter.encode_utf8(&mut bytes).len();
        Self { bytes, length }
    }
}

/// The meaning of two backslashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pairs {
    /// One escaped backslash.
    Escape,
    /// Two backslashes: in a text that was escaped several times and only in part, their pairing is unknown.
    Two,
}

/// Returns the length and the value of the escape at the end of the bytes.
pub(super) fn escape_at_end(bytes: &[u8], pairs: Pairs) -> Option<(usize, Letter)> {
    match bytes.last()? {
        b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F' => by_digits(bytes),
        b';' => entity(bytes),
        b'\\' if pairs == Pairs::Two => None,
        quoted @ (b'"' | b'\'' | b'\\' | b'/') if bytes.ends_with(&[b'\\', *quoted]) => {
            Some((2, Letter::byte(*quoted)))
        }
        _ => None,
    }
}

fn by_digits(bytes: &[u8]) -> Option<(usize, Letter)> {
    if let Some(byte) = coded(bytes, &[b"%", b"\\x"], 2) {
        let length = if bytes[bytes.len() - 3] == b'%' { 3 } else { 4 };
        return Some((length, Letter::byte(u8::try_from(byte).ok()?)));
    }
    let unit = coded(bytes, &[b"\\u", b"%u"], 4)?;
    if let Some(letter) = char::from_u32(unit) {
        return Some((6, Letter::of(letter)));
    }
    // The second half of a character beyond 16 bits.
    let high = coded(&bytes[..bytes.len() - 6], &[b"\\u", b"%u"], 4)?;
    let pair = [u16::try_from(high).ok()?, u16::try_from(unit).ok()?];
    let letter = char::decode_utf16(pair).next()?.ok()?;
    Some((12, Letter::of(letter)))
}

/// Parses a number of this many digits at the end, if one of the signs stands before it.
fn coded(bytes: &[u8], signs: &[&[u8]], digits: usize) -> Option<u32> {
    let (before, number) = bytes.split_at_checked(bytes.len().checked_sub(digits)?)?;
    let is_coded = signs.iter().any(|sign| before.ends_with(sign));
    is_coded.then(|| hexadecimal(number))?
}

fn hexadecimal(digits: &[u8]) -> Option<u32> {
    let is_hex = !digits.is_empty() && digits.iter().all(u8::is_ascii_hexdigit);
    let text = std::str::from_utf8(digits).ok()?;
    is_hex.then(|| u32::from_str_radix(text, 16).ok())?
}

fn entity(bytes: &[u8]) -> Option<(usize, Letter)> {
    let near = &bytes[bytes.len().saturating_sub(LONGEST)..bytes.len() - 1];
    let start = near.iter().rposition(|byte| *byte == b'&')?;
    let length = near.len() - start + 1;
    let letter = match &near[start + 1..] {
        [b'#', b'x' | b'X', digits @ ..] => char::from_u32(hexadecimal(digits)?)?,
        [b'#', digits @ ..] => {
            let is_number = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
            let text = std::str::from_utf8(digits).ok().filter(|_| is_number)?;
            char::from_u32(text.parse().ok()?)?
        }
        name => {
            let known = NAMED
                .iter()
                .find(|(known, _)| known.eq_ignore_ascii_case(name));
            known?.1
        }
    };
    Some((length, Letter::of(letter)))
}

/// The HTML 5 names of ASCII signs.
const NAMED: [(&[u8], char); 36] = [
    (b"amp", '&'),
    (b"lt", '<'),
    (b"gt", '>'),
    (b"quot", '"'),
    (b"apos", '\''),
    (b"sol", '/'),
    (b"bsol", '\\'),
    (b"plus", '+'),
    (b"equals", '='),
    (b"percnt", '%'),
    (b"num", '#'),
    (b"excl", '!'),
    (b"quest", '?'),
    (b"colon", ':'),
    (b"semi", ';'),
    (b"comma", ','),
    (b"period", '.'),
    (b"lowbar", '_'),
    (b"commat", '@'),
    (b"dollar", '$'),
    (b"ast", '*'),
    (b"lpar", '('),
    (b"rpar", ')'),
    (b"lsqb", '['),
    (b"lbrack", '['),
    (b"rsqb", ']'),
    (b"rbrack", ']'),
    (b"lcub", '{'),
    (b"lbrace", '{'),
    (b"rcub", '}'),
    (b"rbrace", '}'),
    (b"vert", '|'),
    (b"verbar", '|'),
    (b"hat", '^'),
    (b"grave", '`'),
    (b"hyphen", '-'),
];
