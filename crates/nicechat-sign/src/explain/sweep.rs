//! Tests of every common mistake, in every mode, over several payloads, alone and in pairs: the explanation names
//! exactly the mistakes made. The wrong signatures are made here step by step, not by the code under test.

use crate::{Dialect, Form, canonical};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

use super::{Input, Mode, Received, Request, Rules, search};

const SECRET: &str = "s3cret";
const KEY: &str = "k-1";
const HOST: &str = "account.nice.chat";
const PATH: &str = "/marketplaces/v1/products/";

/// A mistake of a client, identified by a word that only its explanation has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slip {
    NoSort,
    Backwards,
    KeySigned,
    TwiceEncoded,
    RawEncoded,
    JsonSpaced,
    JsonSorted,
    JsonEscaped,
    JsonTwice,
    NoSlash,
    WholeUrl,
    HostInPath,
    QueryInPath,
    OtherName,
    UpperHex,
    Base64,
    LowerMethod,
    Hmac,
    SecretNewline,
    SecretSpace,
    BodyNewline,
    BodySpace,
}

use Slip::*;

const SLIPS: [(Slip, &str); 22] = [
    (NoSort, "no ksort"),
    (Backwards, "the wrong order"),
    (KeySigned, "with _key among the signed fields"),
    (TwiceEncoded, "double encoding"),
    (RawEncoded, "RFC 3986"),
    (JsonSpaced, "written anew with spaces"),
    (JsonSorted, "its keys sorted"),
    (JsonEscaped, "escapes, as PHP does"),
    (JsonTwice, "the JSON encoded twice"),
    (NoSlash, "last slash missing"),
    (WholeUrl, "the whole URL"),
    (HostInPath, "with the host in the path"),
    (QueryInPath, "query"),
    (OtherName, "under the other name: _sing in place of _sign"),
    (UpperHex, "upper case"),
    (Base64, "Base64"),
    (LowerMethod, "the method in lower case"),
    (Hmac, "HMAC"),
    (SecretNewline, "a newline after the secret"),
    (SecretSpace, "white space (a space) before the secret"),
    (BodyNewline, "a newline after the body"),
    (BodySpace, "white space (a space) before the body"),
];

/// Fields in their given order, which is neither sorted nor reversed.
const FORMS: [&[(&str, &str)]; 3] = [
    &[
        ("title", "Товар *~"),
        ("in_stock", "1"),
        ("id", "ID 1"),
        ("name", "a&b=c"),
    ],
    &[("b", "1"), ("c", "two words"), ("a", "/x/")],
    &[
        ("name", "Ель"),
        ("sku", "A-1 b"),
        ("price", "10.00"),
        ("brand", "é"),
        ("unit", "шт"),
    ],
];

const JSONS: [&str; 3] = [
    r#"{"title":"Товар","id":"a/b","price":10}"#,
    r#"{"b":{"z":1,"y":["é/"]},"a":null}"#,
    r#"{"name":"/Ель/","tags":[{"t":true},{"s":"x"}],"id":7}"#,
];

/// A client that signs a request with mistakes.
struct Client<'s> {
    mode: Mode,
    slips: &'s [Slip],
}

impl Client<'_> {
    fn has(&self, slip: Slip) -> bool {
        self.slips.contains(&slip)
    }

    fn dialect(&self) -> Option<Dialect> {
        match self.mode {
            Mode::Json => None,
            Mode::Form(dialect) => Some(dialect),
        }
    }

    /// The text of a form, in its order and encoding.
    fn form(&self, dialect: Dialect, fields: &[(&str, &str)]) -> String {
        let mut fields = fields.to_vec();
        if self.has(KeySigned) {
            fields.push(("_key", KEY));
        }
        if !self.has(NoSort) {
            fields.sort_unstable();
        }
        if self.has(Backwards) {
            fields.reverse();
        }
        let write = |(key, value): &(&str, &str)| {
            let field = |value: &str| {
                let form = Form::new().with(*key, value);
                canonical(dialect, &form).expect("texts are defined")
            };
            if self.has(TwiceEncoded) {
                let once = field(value);
                let (_, once) = once.split_once('=').expect("a field");
                field(once)
            } else if self.has(RawEncoded) {
                field(value).replace('+', "%20").replace("%7E", "~")
            } else {
                field(value)
            }
        };
        fields.iter().map(write).collect::<Vec<_>>().join("&")
    }

    fn json(&self, sent: &str) -> String {
        let mut text = sent.to_owned();
        if self.has(JsonSorted) {
            text = match sent {
                _ if sent == JSONS[0] => r#"{"id":"a/b","price":10,"title":"Товар"}"#,
                _ if sent == JSONS[1] => r#"{"a":null,"b":{"y":["é/"],"z":1}}"#,
                _ => r#"{"id":7,"name":"/Ель/","tags":[{"t":true},{"s":"x"}]}"#,
            }
            .to_owned();
        }
        if self.has(KeySigned) {
            text.truncate(text.len() - 1);
            text.push_str(&format!(",\"_key\":\"{KEY}\"}}"));
        }
        if self.has(JsonSpaced) {
            // No text has these characters within a string.
            text = text.replace(',', ", ").replace(':', ": ");
        }
        if self.has(JsonEscaped) {
            text = text.replace('/', "\\/");
            let escaped = |letter: char| match letter.is_ascii() {
                true => letter.to_string(),
                false => format!("\\u{:04x}", u32::from(letter)),
            };
            text = text.chars().map(escaped).collect();
        }
        if self.has(JsonTwice) {
            text = format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
        }
        text
    }

    /// The signature as the client sends it.
    fn sign(&self, method: &str, body: &str) -> String {
        let mut path = PATH.to_owned();
        if self.has(NoSlash) {
            path.truncate(path.len() - 1);
        }
        if self.has(QueryInPath) {
            path.push_str("?page=2");
        }
        if self.has(WholeUrl) {
            path.insert_str(0, &format!("https://{HOST}"));
        }
        if self.has(HostInPath) {
            path.insert_str(0, HOST);
        }
        let method = match self.has(LowerMethod) {
            true => method.to_lowercase(),
            false => method.to_owned(),
        };
        let round = |before: bool, after: bool, text: &str| {
            let (before, after) = (if before { " " } else { "" }, if after { "\n" } else { "" });
            format!("{before}{text}{after}")
        };
        let secret = round(self.has(SecretSpace), self.has(SecretNewline), SECRET);
        let body = round(self.has(BodySpace), self.has(BodyNewline), body);
        let digest: [u8; 32] = if self.has(Hmac) {
            let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length");
            mac.update(format!("{path}{body}{method}").as_bytes());
            mac.finalize().into_bytes().into()
        } else {
            Sha256::digest(format!("{secret}{path}{body}{method}")).into()
        };
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        match (self.has(Base64), self.has(UpperHex)) {
            (true, _) => base64(&digest),
            (_, true) => hex.to_uppercase(),
            _ => hex,
        }
    }
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let mut padded = [0; 4];
        padded[1..=group.len()].copy_from_slice(group);
        let bits = u32::from_be_bytes(padded);
        for at in 0..4 {
            match at <= group.len() {
                true => out.push(LETTERS[(bits >> (18 - 6 * at)) as usize & 63].into()),
                false => out.push('='),
            }
        }
    }
    out
}

/// The explanation of a signature with these slips; `None` if they have no effect or are not possible.
fn told(mode: Mode, payload: usize, slips: &[Slip]) -> Option<Option<String>> {
    let client = Client { mode, slips };
    let right = Client { mode, slips: &[] };
    let (input, body, plain) = match client.dialect() {
        Some(dialect) => {
            let fields = FORMS[payload];
            let mut form: Vec<String> = fields
                .iter()
                .map(|(key, value)| {
                    format!(
                        "{key}={}",
                        String::from_utf8_lossy(
                            &super::encoding::Encoding::Php.encode(value.as_bytes())
                        )
                    )
                })
                .collect();
            if client.has(OtherName) {
                form.push(format!("_key={KEY}&_sing={}", "0".repeat(64)));
            }
            let input = Input::Body(form.join("&").into_bytes());
            (
                input,
                client.form(dialect, fields),
                right.form(dialect, fields),
            )
        }
        None => {
            let sent = JSONS[payload];
            (Input::Body(sent.into()), client.json(sent), sent.to_owned())
        }
    };
    let is_idle = |slip: &Slip| {
        let alone = [*slip];
        let alone = Client {
            mode,
            slips: &alone,
        };
        let body = match client.dialect() {
            Some(dialect) => alone.form(dialect, FORMS[payload]),
            None => alone.json(JSONS[payload]),
        };
        let is_seen = *slip == OtherName && client.dialect().is_some();
        alone.sign("POST", &body) == right.sign("POST", &plain) && !is_seen
    };
    if slips.iter().any(is_idle) {
        return None;
    }
    let address = format!("https://{HOST}{PATH}?page=2");
    let request = Request::new("POST", &address, Some(mode), input, &Rules::new()).ok()?;
    let received: Received = client.sign("POST", &body).parse().ok()?;
    Some(search(&request, SECRET, KEY, &received).sentence())
}

const MODES: [Mode; 5] = [
    Mode::Json,
    Mode::Form(Dialect::Php),
    Mode::Form(Dialect::Php81),
    Mode::Form(Dialect::Python),
    Mode::Form(Dialect::Prose),
];

// F20, N13 to N22
#[test]
fn f20_each_mistake_is_named_alone_in_every_mode() {
    let (mut count, mut wrong) = (0, Vec::new());
    for mode in MODES {
        for payload in 0..3 {
            assert_eq!(told(mode, payload, &[]), Some(Some(String::new())));
            for (slip, word) in SLIPS {
                let Some(told) = told(mode, payload, &[slip]) else {
                    continue;
                };
                let told = told.unwrap_or_default();
                let is_alone = !told.contains("; or ") && !told.contains(", and ");
                if !told.contains(word) || !is_alone {
                    wrong.push(format!("{slip:?} {mode:?} {payload}: {told:?}"));
                }
                count += 1;
            }
        }
    }
    assert!(
        wrong.is_empty() && count > 200,
        "{count}\n{}",
        wrong.join("\n")
    );
}

/// Pairs that are not possible, since one replaces the other, and pairs that are reported as one
/// mistake.
const ONE: [&[Slip]; 6] = [
    &[NoSort, Backwards],
    &[WholeUrl, HostInPath],
    &[UpperHex, Base64],
    &[TwiceEncoded, RawEncoded],
    &[SecretNewline, SecretSpace],
    &[BodyNewline, BodySpace],
];

// F20
#[test]
fn f20_white_space_on_both_sides_is_one_mistake() {
    for (slips, part) in [
        ([SecretNewline, SecretSpace], "the secret"),
        ([BodyNewline, BodySpace], "the body"),
    ] {
        for mode in MODES {
            let told = told(mode, 0, &slips).flatten().unwrap_or_default();
            let expected = "with white space (a space before, a newline after) round";
            assert_eq!(told, format!("{expected} {part}"));
        }
    }
}

// F20
#[test]
fn f20_pairs_of_mistakes_are_found() {
    let (mut count, mut wrong) = (0, Vec::new());
    for (at, (first, word)) in SLIPS.iter().enumerate() {
        for (second, other) in &SLIPS[at + 1..] {
            let is_one = ONE
                .iter()
                .any(|one| one.contains(first) && one.contains(second));
            for mode in [
                Mode::Json,
                Mode::Form(Dialect::Php),
                Mode::Form(Dialect::Python),
            ] {
                let Some(told) = told(mode, 0, &[*first, *second]).filter(|_| !is_one) else {
                    continue;
                };
                let told = told.unwrap_or_default();
                if !told.contains(word) || !told.contains(other) {
                    wrong.push(format!("{first:?} {second:?} {mode:?}: {told:?}"));
                }
                count += 1;
            }
        }
    }
    assert!(
        wrong.is_empty() && count > 300,
        "{count}\n{}",
        wrong.join("\n")
    );
}
