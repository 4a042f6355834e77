//! All orders in which the parts of a payload may have been hashed.

use crate::Dialect;

use super::{
    super::{
        found::Explained,
        json::{Json, quoted},
        request::{Payload, Request},
        variant::{Kind, Mistake, mistake},
    },
    SignedKey, alone, encodings,
    json::Style,
    signed_key,
};

/// Maximum number of parts whose orders are tried without another mistake: 40,320 orders.
const MOST: usize = 8;

/// Maximum number of parts whose orders are tried together with another mistake, which multiplies
/// their number.
const MOST_BESIDE: usize = 6;

/// Maximum total size of the tried texts, in bytes.
const MOST_BYTES: usize = 32 << 20;

/// Returns the other mistakes, up to a maximum number, with which a body gives the signature.
type IsIt<'a> = dyn Fn(&[u8], Beside) -> Option<Explained> + 'a;

/// Maximum number of mistakes beside a wrong order.
type Beside = usize;

/// Tries the orders of the payload's parts. `is_it` returns the other mistakes with which a body gives the
/// signature.
pub(in super::super) fn other_order(
    request: &Request,
    key: &str,
    beside: Beside,
    is_it: &IsIt<'_>,
) -> Option<Explained> {
    let key = signed_key(request, key);
    let payloads = match &request.payload {
        Payload::Raw(bytes) => json(bytes),
        Payload::Form(fields, dialect) => forms(fields.of(*dialect).ok()?, *dialect, &key),
    };
    payloads
        .into_iter()
        .filter(|payload| payload.mistakes.len() <= beside)
        .find_map(|payload| {
            let left = beside - payload.mistakes.len();
            let most = if beside == 0 {
                MOST
            } else {
                MOST_BESIDE + payload.mistakes.len()
            };
            let (names, others) = search(payload.parts, &payload.frame, most, &|body| {
                is_it(body, left)
            })?;
            let order = mistake(Kind::Order, format!("{} {names}", payload.what));
            Some(Explained {
                mistakes: [vec![order], payload.mistakes, others.mistakes].concat(),
                text: others.text,
            })
        })
}

/// Parts with their names, and the texts before, between and after them.
struct Parts {
    what: &'static str,
    mistakes: Vec<Mistake>,
    parts: Vec<(String, String)>,
    frame: [String; 3],
}

fn json(bytes: &[u8]) -> Vec<Parts> {
    let Some(Json::Object(members)) = Json::parse(bytes) else {
        return Vec::new();
    };
    let of = |style: Style| {
        let ([first, between, end], colon) = style.separators(0);
        let member = |(name, member): &(String, Json)| {
            (
                name.clone(),
                format!("{}{colon}{}", quoted(name), style.write(member)),
            )
        };
        Parts {
            what: "with the JSON written anew, its members in the wrong order:",
            mistakes: Vec::new(),
            parts: members.iter().map(member).collect(),
            frame: [format!("{{{first}"), between, format!("{end}}}")],
        }
    };
    Style::BASIC.into_iter().map(of).collect()
}

fn forms(form: &crate::Form, dialect: Dialect, key: &Option<SignedKey>) -> Vec<Parts> {
    let of = |mistakes: Vec<Mistake>, parts: Vec<(String, String)>| Parts {
        what: "with the fields in the wrong order:",
        mistakes,
        parts: parts
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .collect(),
        frame: [String::new(), "&".to_owned(), String::new()],
    };
    let Some(plain) = alone(form, dialect) else {
        return Vec::new();
    };
    let mut forms = vec![of(Vec::new(), plain.clone())];
    if let Some(key) = key
        && let Some((mistake, form)) = key.added_to_form(form).next()
        && let Some(with_key) = alone(&form, dialect)
    {
        forms.push(of(vec![mistake], with_key));
    }
    let texts: Vec<Vec<(Mistake, String)>> = plain
        .iter()
        .map(|(_, text)| encodings(text, dialect))
        .collect();
    // All fields have the same encoding; a dialect without encoding has none to change.
    let count = texts.iter().map(Vec::len).min().unwrap_or_default();
    for at in 0..count {
        let mistake = texts[0][at].0.clone();
        let names = plain.iter().map(|(name, _)| name.clone());
        let parts = names
            .zip(texts.iter().map(|texts| texts[at].1.clone()))
            .collect();
        forms.push(of(vec![mistake], parts));
    }
    forms
}

/// Tries the orders by Heap's algorithm: each differs from the previous one by one exchange.
fn search<T>(
    mut parts: Vec<(String, String)>,
    [open, join, close]: &[String; 3],
    most: usize,
    is_it: &dyn Fn(&[u8]) -> Option<T>,
) -> Option<(String, T)> {
    let length: usize = parts.iter().map(|(_, text)| text.len() + join.len()).sum();
    let orders = (1..=parts.len()).fold(1_usize, usize::saturating_mul);
    if parts.len() > most || orders.saturating_mul(length) > MOST_BYTES {
        return None;
    }
    let mut body = String::new();
    let mut hit = |parts: &[(String, String)]| {
        body.clear();
        body.push_str(open);
        for (at, (_, text)) in parts.iter().enumerate() {
            if at > 0 {
                body.push_str(join);
            }
            body.push_str(text);
        }
        body.push_str(close);
        let found = is_it(body.as_bytes())?;
        let names: Vec<&str> = parts.iter().map(|(name, _)| name.as_str()).collect();
        Some((names.join(", "), found))
    };
    let mut counters = vec![0; parts.len()];
    let mut level = 0;
    let mut found = hit(&parts);
    while found.is_none() && level < parts.len() {
        if counters[level] < level {
            let other = if level % 2 == 0 { 0 } else { counters[level] };
            parts.swap(other, level);
            found = hit(&parts);
            counters[level] += 1;
            level = 0;
        } else {
            counters[level] = 0;
            level += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, collections::HashSet};

    use super::*;

    // N16, N17
    #[test]
    fn n17_every_order_is_tried_once() {
        let parts = ["a", "b", "c", "d", "e"].map(|name| (name.to_owned(), name.to_owned()));
        let (seen, tried) = (RefCell::new(HashSet::new()), RefCell::new(0));
        let frame = [const { String::new() }; 3];
        let none = search(parts.into(), &frame, MOST, &|text| {
            seen.borrow_mut().insert(text.to_vec());
            *tried.borrow_mut() += 1;
            None::<()>
        });
        assert_eq!(
            (none, seen.borrow().len(), *tried.borrow()),
            (None, 120, 120)
        );
        let many = vec![("a".to_owned(), String::new()); MOST + 1];
        assert_eq!(search(many, &frame, MOST, &|_| Some(())), None);
    }
}
