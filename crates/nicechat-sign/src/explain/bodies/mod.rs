//! Wrong bodies that a client may have hashed.

mod form;
mod json;
mod orders;
mod values;

use crate::{Dialect, Form, canonical};

use super::{
    encoding::Encoding,
    fields::Fields,
    json::is_json,
    request::{Payload, Request},
    variant::{Kind, Mistake, Variants, mistake},
};
pub(super) use orders::other_order;

/// Maximum total size of bodies in bytes; for a long body only the likelier mistakes are tried.
pub(super) const MOST_WRITTEN: usize = 8 << 20;

/// The right body, then bodies with one mistake and with two. White space around a body is handled
/// elsewhere.
pub(super) fn variants(request: &Request, key: &str) -> Variants<Vec<u8>> {
    let key = &signed_key(request, key);
    let right = request.canonical().unwrap_or_default();
    let mut bodies = Variants::new(right);
    match &request.payload {
        Payload::Raw(bytes) => raw(&mut bodies, bytes, key),
        Payload::Form(fields, dialect) => {
            form::add(&mut bodies, fields, *dialect, key);
            if let Ok(form) = fields.of(*dialect)
                && !form.is_empty()
            {
                json::add_fields(&mut bodies, form, key);
            }
            let unsorted = match is_json(&request.body) {
                true => mistake(
                    Kind::Payload,
                    "with the body hashed as it is sent, as JSON is",
                )
                .right_in("json"),
                false => mistake(
                    Kind::Order,
                    "with the body hashed as it is sent, unsorted (no ksort)",
                ),
            };
            if !request.body.is_empty() {
                bodies.add(vec![unsorted], request.body.clone());
            }
        }
    }
    query(&mut bodies, request);
    bodies.wrong(Kind::Body, "with no body", Vec::new());
    for empty in ["{}", "[]", "null", "\"\""] {
        let text = format!("with the body {empty} in place of the one that was sent");
        bodies.rare(Kind::Body, text, empty.into());
    }
    let marked = [b"\xEF\xBB\xBF", request.body.trim_ascii()].concat();
    if !request.body.is_empty() {
        let text = "with a byte order mark before the body";
        bodies.wrong(Kind::WhiteSpace, text, marked);
    }
    bodies
}

/// A key that may have been signed, and its place among the fields.
struct SignedKey {
    name: String,
    /// The name of the signature, which may have been signed too, with an empty value.
    signature: String,
    text: String,
    at: Option<usize>,
}

/// The key in the pasted form, or else in the settings.
fn signed_key(request: &Request, key: &str) -> Option<SignedKey> {
    let name = request.names.key_parameter_name().to_owned();
    let signature = request.names.signature_parameter_name().to_owned();
    match &request.left_out.key {
        Some((at, text)) => Some(SignedKey {
            name,
            signature,
            text: text.clone(),
            at: Some(*at),
        }),
        None if key.is_empty() => None,
        None => Some(SignedKey {
            name,
            signature,
            text: key.to_owned(),
            at: None,
        }),
    }
}

impl SignedKey {
    /// The members that may have been signed, and the wording of each mistake.
    fn members(&self) -> [(Mistake, Vec<(String, String)>); 2] {
        let key = (self.name.clone(), self.text.clone());
        let empty = (self.signature.clone(), String::new());
        let told = |text: String| mistake(Kind::Key, text);
        [
            (
                told(format!("with {} among the signed fields", self.name)),
                vec![key.clone()],
            ),
            (
                told(format!(
                    "with {} and an empty {} among the signed fields",
                    self.name, self.signature
                )),
                vec![key, empty],
            ),
        ]
    }

    /// The form with these members in each possible place.
    fn added_to_form<'f>(&self, form: &'f Form) -> impl Iterator<Item = (Mistake, Form)> + use<'f> {
        let mut places = vec![form.len(), 0];
        places.extend(self.at.filter(|at| *at < form.len()));
        let members = self.members().into_iter();
        members.flat_map(move |(mistake, members)| {
            places.clone().into_iter().map(move |at| {
                let mut fields: Vec<_> = form
                    .iter()
                    .map(|(key, value)| (key.to_owned(), value.clone()))
                    .collect();
                let members = members.iter().cloned();
                fields.splice(at..at, members.map(|(name, text)| (name, text.into())));
                (mistake.clone(), fields.into_iter().collect())
            })
        })
    }
}

fn raw(bodies: &mut Variants<Vec<u8>>, bytes: &[u8], key: &Option<SignedKey>) {
    let trimmed = bytes.trim_ascii();
    bodies.wrong(
        Kind::WhiteSpace,
        "with the white space round the body (a newline at its end?) cut off",
        trimmed.to_vec(),
    );
    if let Ok(text) = std::str::from_utf8(bytes) {
        let plain = text.replace("\r\n", "\n");
        let wide = plain.replace('\n', "\r\n");
        bodies.wrong(
            Kind::WhiteSpace,
            "with LF for the body's line ends CR LF",
            plain.into(),
        );
        bodies.wrong(
            Kind::WhiteSpace,
            "with CR LF for the body's line ends",
            wide.into(),
        );
    }
    if json::add(bodies, bytes, key) {
        return;
    }
    let fields = Fields::received(trimmed);
    for (dialects, text) in by_text(|dialect| fields.canonical(dialect).ok()) {
        let label = format!("with the body sorted and encoded as a form, dialect {dialects}");
        bodies.add(
            vec![mistake(Kind::Payload, label).right_in("form")],
            text.into(),
        );
    }
}

/// The query of a GET in place of its missing body: a mistake, or the other query rule.
// N27
fn query(bodies: &mut Variants<Vec<u8>>, request: &Request) {
    let Some(fields) = request.query() else {
        return;
    };
    for (dialects, text) in by_text(|dialect| fields.canonical(dialect).ok()) {
        let label = format!("with the query signed like a form, dialect {dialects}");
        bodies.wrong(Kind::Payload, label, text.into());
    }
}

/// The texts of the dialects, each with the names of its dialects.
fn by_text(text: impl Fn(Dialect) -> Option<String>) -> Vec<(String, String)> {
    let mut texts: Vec<(String, String)> = Vec::new();
    for dialect in Dialect::ALL {
        let Some(text) = text(dialect) else { continue };
        match texts.iter_mut().find(|(_, known)| *known == text) {
            Some((names, _)) => names.push_str(&format!(" or {dialect}")),
            None => texts.push((dialect.to_string(), text)),
        }
    }
    texts
}

/// The canonical text of a form in another encoding; `None` for a dialect without encoding.
fn encoded(text: &str, dialect: Dialect, encode: &dyn Fn(&[u8]) -> Vec<u8>) -> Option<String> {
    if dialect == Dialect::Python {
        return None;
    }
    let of = |part: &str| encode(&super::encoding::form_decoded(part.as_bytes()));
    let fields: Vec<Vec<u8>> = text
        .split('&')
        .map(|field| match field.split_once('=') {
            Some((name, value)) => [of(name), b"=".to_vec(), of(value)].concat(),
            None => of(field),
        })
        .collect();
    String::from_utf8(fields.join(&b'&')).ok()
}

/// Other encodings of a form, by the mistake.
fn encodings(text: &str, dialect: Dialect) -> Vec<(Mistake, String)> {
    let mut encodings = Vec::new();
    let mut add =
        |mistake: Mistake, text: Option<String>| encodings.extend(text.map(|text| (mistake, text)));
    for (encoding, what) in [
        (
            Encoding::Rfc3986,
            "with RFC 3986 encoding (space as %20, ~ bare)",
        ),
        (Encoding::Browser, "with the encoding of browsers (* bare)"),
        (
            Encoding::JavaScript,
            "with the encoding of encodeURIComponent (space as %20, ~ and * bare)",
        ),
        (
            Encoding::LowerDigits,
            "with the digits of the percent-encoding in lower case",
        ),
    ] {
        add(
            mistake(Kind::Encoding, what),
            encoded(text, dialect, &|bytes| encoding.encode(bytes)),
        );
    }
    let what = "with the fields not percent-encoded";
    add(
        mistake(Kind::Dialect, what),
        encoded(text, dialect, &|bytes| bytes.to_vec()),
    );
    let twice = || {
        mistake(
            Kind::DoubleEncoding,
            "with the fields percent-encoded twice (double encoding)",
        )
    };
    for first in Encoding::CLIENTS {
        for second in Encoding::CLIENTS {
            let encode = |bytes: &[u8]| second.encode(&first.encode(bytes));
            add(twice(), encoded(text, dialect, &encode));
        }
        // Only the values are encoded twice, once before `http_build_query`; names are encoded
        // once.
        for second in Encoding::CLIENTS {
            let encode = |bytes: &[u8]| second.encode(&first.encode(bytes));
            add(twice(), with_values(text, dialect, &encode));
        }
        let whole = String::from_utf8(first.encode(text.as_bytes())).ok();
        let what = "with the whole form percent-encoded once more (double encoding)";
        add(mistake(Kind::DoubleEncoding, what), whole);
    }
    if dialect != Dialect::Python {
        let doubled = |value: &str| value.replace('%', "%25");
        add(twice(), Some(doubled(text)));
        let values = text.split('&').map(|field| match field.split_once('=') {
            Some((name, value)) => format!("{name}={}", doubled(value)),
            None => field.to_owned(),
        });
        add(twice(), Some(values.collect::<Vec<_>>().join("&")));
    }
    encodings
}

/// The canonical text of a form with its values in another encoding, and its names unchanged.
fn with_values(text: &str, dialect: Dialect, encode: &dyn Fn(&[u8]) -> Vec<u8>) -> Option<String> {
    let fields = text.split('&').map(|field| {
        let Some((name, _)) = field.split_once('=') else {
            return Some(field.to_owned());
        };
        let other = encoded(field, dialect, encode)?;
        let (_, value) = other.split_once('=')?;
        Some(format!("{name}={value}"))
    });
    fields
        .collect::<Option<Vec<_>>>()
        .map(|fields| fields.join("&"))
}

/// The fields of a form, each written by the dialect on its own.
fn alone(form: &Form, dialect: Dialect) -> Option<Vec<(String, String)>> {
    form.iter()
        .map(|(key, value)| {
            let field = Form::new().with(key, value.clone());
            Some((key.to_owned(), canonical(dialect, &field).ok()?))
        })
        .collect()
}
