//! Mistakes in JSON: serialised again, in another style, order or form.

mod members;
mod style;

use crate::{Form, canonical};

use super::{
    super::{
        encoding::Encoding,
        json::{self, Json},
        variant::{Kind, Mistake, Variants, mistake},
    },
    MOST_WRITTEN, SignedKey, by_text,
    values::{self, Respelled},
};
use members::{Depth, listed, sorted};
pub(super) use style::Style;

/// Adds the texts that JSON may have become; returns whether the bytes are JSON.
pub(super) fn add(bodies: &mut Variants<Vec<u8>>, bytes: &[u8], key: &Option<SignedKey>) -> bool {
    let Some(json) = Json::parse(bytes) else {
        return false;
    };
    let trimmed = bytes.trim_ascii();
    written_anew(bodies, &json, trimmed, key);
    respelled(bodies, &json, trimmed);
    if let Some(Ok(form)) = json.members().map(json::form) {
        for (dialects, text) in by_text(|dialect| canonical(dialect, &form).ok()) {
            let label = format!("with the JSON's members as a form, dialect {dialects}");
            bodies.wrong(Kind::Payload, label, text.into());
        }
    }
    twice(bodies);
    for encoding in Encoding::CLIENTS {
        bodies.wrong(
            Kind::Encoding,
            "with the JSON percent-encoded",
            encoding.encode(trimmed),
        );
    }
    true
}

/// Adds the texts of a form's fields written as JSON, which is not how a form is signed.
pub(super) fn add_fields(bodies: &mut Variants<Vec<u8>>, form: &Form, key: &Option<SignedKey>) {
    for (numbers, typed) in [(false, ""), (true, ", its numbers as numbers")] {
        let json = json::of_form(form, numbers);
        for (order, json) in [
            ("", json.clone()),
            (" and its keys sorted", sorted(&json, Depth::All)),
        ] {
            for style in Style::distinct(&json) {
                if bodies.bytes() > MOST_WRITTEN {
                    return;
                }
                let text = format!(
                    "with the fields hashed as JSON {}{order}{typed} (a form is hashed urlencoded)",
                    style.label()
                );
                let label = mistake(Kind::Payload, text);
                for (signed, with_key) in key.iter().flat_map(|key| key.added_to_json(&json)) {
                    let mistakes = vec![signed, label.clone()];
                    bodies.add(mistakes, style.write(&with_key).into());
                }
                bodies.add(vec![label], style.write(&json).into());
            }
        }
    }
}

/// JSON encoded once more as a JSON string, for each body with at most one mistake.
fn twice(bodies: &mut Variants<Vec<u8>>) {
    let plain = Style::default();
    let slashed = plain.with_escaped_slashes();
    let once: Vec<_> = bodies
        .iter()
        .filter(|body| body.mistakes.len() < 2)
        .filter(|body| {
            body.mistakes
                .iter()
                .all(|mistake| mistake.kind != Kind::Payload)
        })
        .cloned()
        .collect();
    for body in once {
        if bodies.bytes() > MOST_WRITTEN {
            return;
        }
        let Ok(text) = String::from_utf8(body.value) else {
            continue;
        };
        let text = Json::Text(text);
        for style in [plain, slashed, Style::PHP] {
            let label = "with the JSON encoded twice, as a text in JSON (double encoding)";
            let mistakes = [&body.mistakes[..], &[mistake(Kind::DoubleEncoding, label)]].concat();
            bodies.add(mistakes, style.write(&text).into());
        }
    }
}

/// Every style, with the members unsorted and sorted, and with the key among them. The simplest styles come
/// first, so that a label names only the necessary differences.
fn written_anew(bodies: &mut Variants<Vec<u8>>, json: &Json, sent: &[u8], key: &Option<SignedKey>) {
    let orders = [
        ("", json.clone()),
        (" and its keys sorted", sorted(json, Depth::All)),
        (" and its outer keys sorted", sorted(json, Depth::Outer)),
        (" and its empty objects as lists", listed(json)),
    ];
    let styles = Style::distinct(json);
    let label = |style: &Style, order: &str| {
        mistake(
            Kind::Json,
            format!("with the JSON written anew {}{order}", style.label()),
        )
    };
    for (order, json) in &orders {
        for style in &styles {
            if bodies.bytes() > MOST_WRITTEN {
                return;
            }
            let text = style.write(json);
            // It differs from the sent text only in the white space around it.
            if text.as_bytes() != sent {
                bodies.add(vec![label(style, order)], text.into());
            }
        }
    }
    let Some(key) = key else {
        return;
    };
    let with_key = orders.iter().flat_map(|(order, json)| {
        key.added_to_json(json)
            .map(move |with_key| (*order, json, with_key))
    });
    let sorted_with_key = orders.iter().skip(1).flat_map(|(order, json)| {
        let with_key = key.added_to_json(json);
        with_key.map(move |(mistake, with_key)| {
            (*order, json, (mistake, sorted(&with_key, Depth::Outer)))
        })
    });
    for (order, json, (signed, with_key)) in with_key.chain(sorted_with_key) {
        for style in &styles {
            if bodies.bytes() > MOST_WRITTEN {
                return;
            }
            let mut mistakes = vec![signed.clone()];
            if !order.is_empty() || style.write(json).as_bytes() != sent {
                mistakes.push(label(style, order));
            }
            bodies.add(mistakes, style.write(&with_key).into());
        }
    }
}

/// Adds the JSON with its values in other spellings. A value alone is tried in the style of the sent text, or else in the simplest one.
fn respelled(bodies: &mut Variants<Vec<u8>>, json: &Json, sent: &[u8]) {
    let [plain, wide] = Style::BASIC;
    let styles = [plain, wide, Style::PHP];
    let sent = styles
        .into_iter()
        .find(|style| style.write(json).as_bytes() == sent);
    for Respelled {
        mistake: spelled,
        json,
        is_whole,
    } in values::respelled(json, values::OF_JSON)
    {
        if bodies.bytes() > MOST_WRITTEN {
            return;
        }
        let text = sent.unwrap_or(plain).write(&json).into_bytes();
        if !is_whole {
            bodies.rare(Kind::Value, spelled.text(), text);
            continue;
        }
        bodies.add(vec![spelled.clone()], text);
        for style in styles.into_iter().filter(|style| Some(*style) != sent) {
            let anew = format!("with the JSON written anew {}", style.label());
            let mistakes = vec![spelled.clone(), mistake(Kind::Json, anew)];
            bodies.add(mistakes, style.write(&json).into());
        }
    }
}

impl SignedKey {
    /// The object with the key as its last and as its first member; nothing for other JSON.
    fn added_to_json(&self, json: &Json) -> impl Iterator<Item = (Mistake, Json)> + use<> {
        let object = json.members().map(<[_]>::to_vec);
        let signed = self.members();
        object.into_iter().flat_map(move |object| {
            signed
                .clone()
                .into_iter()
                .flat_map(move |(mistake, members)| {
                    let members = members
                        .into_iter()
                        .map(|(name, text)| (name, Json::Text(text)));
                    let members: Vec<_> = members.collect();
                    let last = Json::object(object.iter().chain(&members).cloned());
                    let first = Json::object(members.iter().chain(&object).cloned());
                    [last, first].map(|object| (mistake.clone(), object))
                })
        })
    }
}
