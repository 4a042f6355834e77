//! What a client may have hashed as the body instead of what it should have.

use std::collections::BTreeMap;

use common_model::{Map, Value as Json, from_json_bytes, to_json};
use nicechat_sign::{Dialect, Form, canonical};

use super::{
    fields::Fields,
    request::{Payload, Request},
    typed,
};

/// A way to build one part of the signed text; the right way has no label.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Variant<T> {
    /// What was done wrong, as the end of "it is what comes out …".
    pub(super) label: String,
    pub(super) value: T,
}

impl<T> Variant<T> {
    pub(super) fn right(value: T) -> Self {
        Self {
            label: String::new(),
            value,
        }
    }

    pub(super) fn wrong(label: impl Into<String>, value: T) -> Self {
        Self {
            label: label.into(),
            value,
        }
    }
}

/// The right body first, then the mistakes.
pub(super) fn variants(request: &Request, key: &str) -> Vec<Variant<Vec<u8>>> {
    let mut bodies = match &request.payload {
        Payload::Raw(bytes) => raw(bytes),
        Payload::Form(fields, dialect) => form_bodies(fields, *dialect, key),
    };
    bodies.extend(query(request));
    bodies.push(Variant::wrong("with no body", Vec::new()));
    bodies
}

/// The query in place of the body that a GET does not have: a mistake or the other rule (N27).
fn query(request: &Request) -> Vec<Variant<Vec<u8>>> {
    let Some(fields) = request.query() else {
        return Vec::new();
    };
    let mut bodies: Vec<Variant<Vec<u8>>> = Vec::new();
    for dialect in Dialect::ALL {
        let Ok(text) = fields.canonical(dialect).map(String::into_bytes) else {
            continue;
        };
        if bodies.iter().all(|body| body.value != text) {
            let label = format!("with the query signed like a form, dialect {dialect}");
            bodies.push(Variant::wrong(label, text));
        }
    }
    bodies
}

fn raw(bytes: &[u8]) -> Vec<Variant<Vec<u8>>> {
    let mut bodies = vec![Variant::right(bytes.to_vec())];
    let trimmed = bytes.trim_ascii();
    bodies.push(Variant::wrong(
        "with the white space around the body cut off",
        trimmed.to_vec(),
    ));
    bodies.push(Variant::wrong(
        "with a line end after the body",
        [trimmed, b"\n"].concat(),
    ));
    let Ok(json) = from_json_bytes::<Json>(bytes) else {
        return bodies;
    };
    for (order, json) in [("", json.clone()), (" and its keys sorted", sorted(&json))] {
        let mut add = |how: &str, text: String| {
            let label = format!("with the JSON written again {how}{order}");
            bodies.push(Variant::wrong(label, text.into_bytes()));
        };
        add("without spaces", to_json(&json));
        add("with spaces, as Python does", spaced(&json));
        add(
            "with escapes, as PHP does",
            escaped(&to_json(&json), Slash::Escaped),
        );
        add(
            "with escapes and spaces, as Python does",
            escaped(&spaced(&json), Slash::Plain),
        );
        add(
            "without spaces and with escapes",
            escaped(&to_json(&json), Slash::Plain),
        );
    }
    if let Some(Ok(form)) = json.as_object().map(|members| typed::form(members.iter())) {
        for dialect in Dialect::ALL {
            let label = format!("with the JSON's members as a form, dialect {dialect}");
            bodies.extend(canonical(dialect, &form).map(|text| Variant::wrong(label, text.into())));
        }
    }
    bodies
}

fn form_bodies(fields: &Fields, meant: Dialect, key: &str) -> Vec<Variant<Vec<u8>>> {
    let dialects =
        std::iter::once(meant).chain(Dialect::ALL.into_iter().filter(|one| *one != meant));
    let mut bodies = Vec::new();
    for dialect in dialects {
        let Ok(form) = fields.of(dialect) else {
            continue;
        };
        let of = |what: &str| match dialect == meant {
            true => what.to_owned(),
            false if what.is_empty() => format!("in the dialect {dialect}"),
            false => format!("{what}, in the dialect {dialect}"),
        };
        let mut add = |what: &str, text: Option<String>| {
            let Some(body) = text.map(String::into_bytes) else {
                return;
            };
            // The same text by one mistake less is said already.
            let is_twofold = dialect != meant && !what.is_empty();
            if !is_twofold || bodies.iter().all(|known: &Variant<_>| known.value != body) {
                bodies.push(Variant::wrong(of(what), body));
            }
        };
        let plain = canonical(dialect, form).ok();
        add("", plain.clone());
        add("with the fields unsorted", unsorted(dialect, form));
        add(
            "with _key among the fields",
            canonical(dialect, &form.clone().with("_key", key)).ok(),
        );
        if dialect != Dialect::Python {
            let rfc = plain
                .as_ref()
                .map(|text| text.replace('+', "%20").replace("%7E", "~"));
            add("with RFC 3986 encoding (space as %20, ~ bare)", rfc);
            let whatwg = plain.as_ref().map(|text| text.replace("%2A", "*"));
            add("with the encoding of browsers (* bare)", whatwg);
        }
    }
    bodies
}

/// The fields in the order they were given.
fn unsorted(dialect: Dialect, form: &Form) -> Option<String> {
    let fields: Result<Vec<String>, _> = form
        .iter()
        .map(|(key, value)| canonical(dialect, &Form::new().with(key, value.clone())))
        .collect();
    fields.ok().map(|fields| fields.join("&"))
}

/// The same JSON with the members of every object in the order of their names.
fn sorted(json: &Json) -> Json {
    match json {
        Json::Array(items) => Json::Array(items.iter().map(sorted).collect()),
        Json::Object(members) => {
            let members: BTreeMap<&str, Json> = members
                .iter()
                .map(|(name, member)| (name, sorted(member)))
                .collect();
            let mut map = Map::new();
            for (name, member) in members {
                map.insert(name, member);
            }
            Json::Object(map)
        }
        plain => plain.clone(),
    }
}

/// JSON with `", "` and `": "`.
pub(super) fn spaced(json: &Json) -> String {
    match json {
        Json::Array(items) => format!(
            "[{}]",
            items.iter().map(spaced).collect::<Vec<_>>().join(", ")
        ),
        Json::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(name, member)| format!("{}: {}", to_json(name), spaced(member)))
                .collect();
            format!("{{{}}}", members.join(", "))
        }
        plain => to_json(plain),
    }
}

/// What a JSON writer makes of `/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slash {
    Plain,
    Escaped,
}

/// JSON text with `\uXXXX` for everything beyond ASCII.
fn escaped(text: &str, slash: Slash) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut units = [0; 2];
    for letter in text.chars() {
        match letter {
            '/' if slash == Slash::Escaped => out.push_str("\\/"),
            letter if letter.is_ascii() => out.push(letter),
            letter => {
                for unit in letter.encode_utf16(&mut units) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    out
}
