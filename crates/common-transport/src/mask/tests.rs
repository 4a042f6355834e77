//! Secrets in all spellings.

use super::*;

fn mask(secret: &str) -> Mask {
    Mask::new([Secret::new(secret)])
}

// H13
#[test]
fn h13_a_secret_is_hidden_in_every_spelling() {
    let mask = mask("K/е\"y &'1");
    for quoted in [
        "K/е\"y &'1",
        "k/е\"Y &'1",
        "K%2F%D0%B5%22y%20%26%271",
        "k%2f%d0%b5%22y+%26%271",
        r#"K/е\"y &'1"#,
        r#"K\/\u0435\"y &'1"#,
        "K/е&quot;y &amp;&#39;1",
        "K/е&quot;y &amp;&#039;1",
    ] {
        let text = format!("Ключ {quoted}{quoted} неверен");
        let shown = mask.text(&text);
        assert_eq!(shown, "Ключ [hidden][hidden] неверен", "{quoted}");
    }
    let plain = "no secret, but K/ and е";
    assert!(matches!(mask.text(plain), Cow::Borrowed(_)));
}

// H13
#[test]
fn h13_bytes_keep_all_but_the_secret() {
    let mask = mask("S3CRET");
    let shown = mask.bytes(b"\xFF key=S3CRET \x00").unwrap();
    assert_eq!(shown, b"\xFF key=[hidden] \x00");
    assert_eq!(mask.bytes(b"\xFF key= \x00"), None);
}

// H13
#[test]
fn h13_half_a_secret_at_a_cut_is_hidden() {
    let mask = mask("0123456789abcdef");
    assert_eq!(mask.cut_text("key=0123456789abcde"), "key=[hidden]");
    assert_eq!(mask.cut_text("key=0123"), "key=[hidden]");
    assert_eq!(mask.cut_text("key=012"), "key=012");
    assert_eq!(mask.cut_text("key=0123456789abcdef"), "key=[hidden]");
}

// H13
// H13: a path cuts long keys in the middle of a text.
#[test]
fn h13_half_a_secret_before_an_ellipsis_is_hidden() {
    let secret = "k3y/AbCdEf0123456789";
    let mask = mask(secret);
    for length in 4..secret.len() {
        let half = &secret[..length];
        for spelled in [
            half.to_owned(),
            half.to_uppercase(),
            half.replace('/', "%2F"),
            half.replace('/', "\\/"),
        ] {
            let text = format!(
                "expected a number at order.{spelled}….quantity and {spelled}…[3] (byte 5)"
            );
            let shown = mask.text(&text);
            assert_eq!(
                shown, "expected a number at order.[hidden]….quantity and [hidden]…[3] (byte 5)",
                "{text}"
            );
        }
    }
    for plain in [
        "at order.k3….a",
        "at order.some other key….a",
        "k3y without an end",
        "……",
    ] {
        assert_eq!(mask.text(plain), plain);
    }
    assert_eq!(mask.text("a…k3y/AbCdEf0123456789…b"), "a…[hidden]…b");
}

#[test]
fn h13_what_is_too_short_to_be_a_secret_hides_no_words() {
    assert_eq!(mask("id").text("the id is wrong"), "the id is wrong");
    assert!(mask(" \n").is_empty());
}

// H13
#[test]
fn h13_several_secrets_are_hidden_the_longest_first() {
    let mask = Mask::new([Secret::new("abcd"), Secret::new("abcd-efgh")]);
    assert_eq!(mask.text("x abcd-efgh abcd"), "x [hidden] [hidden]");
    assert_eq!(format!("{mask:?}"), "Mask { .. }");
}

/// Random numbers from a seed (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % bound
    }

    fn of<'t, T>(&mut self, items: &'t [T]) -> &'t T {
        &items[self.below(items.len())]
    }

    fn secret(&mut self) -> String {
        const LETTERS: [&str; 3] = [
            "0123456789abcdef",
            "abcXYZ0189-_/+=.~",
            "aB4 %41\\\"'&;#<>/+=uxé€😀",
        ];
        let letters: Vec<char> = self.of(&LETTERS).chars().collect();
        let middle: String = (0..6 + self.below(30))
            .map(|_| *self.of(&letters))
            .collect();
        format!("k{middle}y")
    }
}

const ESCAPES: usize = 9;
const SPELLINGS: usize = ESCAPES + 3;

/// Spells a text in one way, letter by letter; a patchy spelling leaves some letters unchanged.
fn spelled(text: &str, spelling: usize, is_patchy: bool, random: &mut Random) -> String {
    if spelling >= ESCAPES {
        return coded(text.as_bytes(), spelling - ESCAPES);
    }
    let mut out = String::new();
    for letter in text.chars() {
        let is_special = !letter.is_ascii_alphanumeric();
        let needs_escape = match spelling {
            // Only letters that must be escaped there are always escaped.
            0 | 1 | 8 => letter == '%' || letter == '+',
            2..=4 => letter == '&',
            _ => letter == '\\' || letter == '"',
        };
        let is_kept = match spelling {
            0 | 4 | 7 => !is_special,
            _ => is_patchy && !needs_escape && random.below(2) == 0,
        };
        if is_kept {
            out.push(letter);
            continue;
        }
        let number = u32::from(letter);
        let zeros = "0".repeat(random.below(6));
        let mut units = [0; 2];
        let units = letter.encode_utf16(&mut units);
        out += &match spelling {
            0 | 1 | 8 => {
                let mut bytes = [0; 4];
                let bytes = letter.encode_utf8(&mut bytes).bytes();
                match spelling {
                    8 => bytes.map(|byte| format!("%{byte:02x}")).collect(),
                    _ => bytes.map(|byte| format!("%{byte:02X}")).collect(),
                }
            }
            2 => format!("&#{zeros}{number};"),
            3 => format!("&#x{zeros}{number:X};"),
            4 => match letter {
                '&' => "&amp;".to_owned(),
                '<' => "&lt;".to_owned(),
                '>' => "&gt;".to_owned(),
                '"' => "&quot;".to_owned(),
                '\'' => "&#039;".to_owned(),
                '/' => "&sol;".to_owned(),
                letter => letter.to_string(),
            },
            5 => units.iter().map(|unit| format!("\\u{unit:04x}")).collect(),
            6 => units.iter().map(|unit| format!("\\u{unit:04X}")).collect(),
            _ => match letter {
                '"' | '\\' | '/' => format!("\\{letter}"),
                letter if letter.is_ascii() => letter.to_string(),
                _ => units.iter().map(|unit| format!("\\u{unit:04x}")).collect(),
            },
        };
    }
    out
}

/// Base64 without padding in both alphabets, or hexadecimal digits.
fn coded(bytes: &[u8], coding: usize) -> String {
    if coding == 2 {
        return bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    }
    let mut letters: Vec<u8> = (b'A'..=b'Z')
        .chain(b'a'..=b'z')
        .chain(b'0'..=b'9')
        .collect();
    letters.extend(if coding == 0 { b"+/" } else { b"-_" });
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let mut bits = 0;
        for at in 0..3 {
            bits = bits << 8 | usize::from(group.get(at).copied().unwrap_or(0));
        }
        for at in 0..=group.len() {
            out.push(letters[bits >> (18 - 6 * at) & 63].into());
        }
    }
    out
}

/// Whether a text shows only the parts before and after the secret.
fn shows_only(shown: &str, before: &str, after: &str) -> bool {
    let parts: Vec<&str> = shown.split(HIDDEN).collect();
    let [first, middle @ .., last] = parts.as_slice() else {
        return false;
    };
    parts.len() > 1
        && before.starts_with(first)
        && after.ends_with(last)
        && middle.iter().all(|part| part.is_empty())
}

// H13
#[test]
fn h13_no_nesting_of_spellings_shows_a_secret() {
    // A text that begins an escape would form a new one with the layers after it, which is ambiguous.
    const AROUND: [&str; 8] = ["", " ", "Ключ ", "x", "\"", "\\\"", "%", "\\"];
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut wrong = Vec::new();
    for _ in 0..6_000 {
        let secret = random.secret();
        let mut text = secret.clone();
        let (mut nesting, mut codings) = (Vec::new(), 0);
        // Patches over several layers may look like another escape.
        let depth = random.below(5);
        let patchy = if depth < 3 { random.below(3) } else { 0 };
        for at in 0..depth {
            let spelling = random.below(if codings < 2 { SPELLINGS } else { ESCAPES });
            codings += usize::from(spelling >= ESCAPES);
            text = spelled(&text, spelling, at == patchy, &mut random);
            nesting.push(spelling);
        }
        let before = AROUND[random.below(if nesting.len() < 2 { 8 } else { 6 })];
        let after = *random.of(&[" ", ".", "\"}", "я"]);
        let shown = mask(&secret)
            .text(&format!("{before}{text}{after}"))
            .into_owned();
        if !shows_only(&shown, before, after) {
            wrong.push(format!("{secret:?} {nesting:?} {before:?} {after:?}"));
        }
    }
    let few = &wrong[..wrong.len().min(5)];
    assert!(
        wrong.is_empty(),
        "{} wrong\n{}",
        wrong.len(),
        few.join("\n")
    );
}

// H13
#[test]
fn h13_codings_are_seen_through_with_other_bytes_around() {
    let secret = "k3yAbCdEf0123456789";
    for before in ["", "a", "ab", "abc", "user:", "{\"key\":\""] {
        for after in ["", "\n", "\"}", "x@y"] {
            for coding in 0..3 {
                let text = coded(format!("{before}{secret}{after}").as_bytes(), coding);
                for (front, back) in [("", ""), ("Basic ", "=="), ("x/", ".y")] {
                    let shown = mask(secret)
                        .text(&format!("{front}{text}{back}"))
                        .into_owned();
                    let left = shown.replace(HIDDEN, "").len() - front.len() - back.len();
                    assert!(shown.contains(HIDDEN), "{text} {front:?}");
                    assert!(left <= 2 * (before.len() + after.len()), "{shown}");
                }
            }
        }
    }
}

// H13
#[test]
fn h13_half_a_spelling_at_a_cut_is_hidden() {
    let secret = "k3yAbCdEf0123456789";
    let mut random = Random(7);
    for spelling in 0..SPELLINGS {
        let text = spelled(secret, spelling, false, &mut random);
        let whole = text.len();
        let mut shown_most = 0;
        for cut in 0..whole {
            let shown = mask(secret)
                .cut_text(&format!("key {}", &text[..cut])[..])
                .into_owned();
            let shown = shown.strip_prefix("key ").unwrap_or("");
            shown_most = shown_most.max(shown.replace(HIDDEN, "").len());
        }
        // Fewer than four letters of it, and the part of an escape before its last digit.
        assert!(
            shown_most < 4 * (whole / secret.len() + 1) + 8,
            "{spelling}: {shown_most}"
        );
    }
}

// H13
#[test]
fn h13_ordinary_texts_are_left_as_they_are() {
    let mask = Mask::new([
        "k3yAbCdEf0123456789".into(),
        "0123456789abcdef0123456789abcdef".into(),
    ]);
    for text in [
        "Order with externalId=\"a-1\" already exists.",
        "{\"success\":false,\"errorMsg\":\"\\u041e\\u0448\\u0438\\u0431\\u043a\\u0430\",\"url\":\"https:\\/\\/a.b\\/?x=%D0%B5&amp;y\"}",
        "%%%\\\\\\&&&;;;&#;&#x;%u\\u\\ud83d",
        "[hidden]",
    ] {
        assert!(matches!(mask.cut_text(text), Cow::Borrowed(_)), "{text}");
    }
}

// H13
#[test]
fn h13_the_work_grows_with_the_text_and_no_faster() {
    let mask = Mask::new(["k3yAbCdEf0123456789".into(), "short".into()]);
    let texts: [fn(usize) -> String; 6] = [
        |bytes| "a ".repeat(bytes / 2),
        |bytes| "%25".repeat(bytes / 3),
        |bytes| format!("%{}", "25".repeat(bytes / 2)),
        |bytes| "\\\\".repeat(bytes / 2),
        |bytes| "QUJDREVG".repeat(bytes / 8),
        |bytes| "&#48;%41\\u0041QUJDREVGZ0hJSktM".repeat(bytes / 32),
    ];
    for text in texts {
        let looked = |bytes: usize| {
            let (text, mut looked) = (text(bytes), 0);
            mask.found_with(text.as_bytes(), true, &mut |bytes| looked += bytes);
            looked
        };
        let (short, long) = (looked(8 << 10), looked(64 << 10));
        assert!(long <= 9 * short, "{short} and {long}");
        assert!(long <= (4 * WORK[0] + 1) * (64 << 10), "{long}");
    }
    let mut looked = 0;
    let plain = "{\"errorMsg\":\"Order not found\"}".repeat(30);
    mask.found_with(plain.as_bytes(), true, &mut |bytes| looked += bytes);
    assert!(
        looked < 3 * plain.len(),
        "{looked} bytes for {}",
        plain.len()
    );
}
