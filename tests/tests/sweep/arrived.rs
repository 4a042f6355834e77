//! A request as it arrived, and whether it says what was given.

use common_model::{Value, from_json};

use crate::{
    description::{Operation, Place},
    meaning::Meaning,
    recorder::Request,
};

/// What differs between the parameters that were given and the request that arrived.
pub(crate) fn compare(operation: &Operation, given: &[&Meaning], request: &Request) -> Vec<String> {
    let mut differences = Vec::new();
    let (path, rpc) = match operation.path.split_once('#') {
        Some((path, name)) => (path, Some(name)),
        None => (operation.path.as_str(), None),
    };
    let mut path = path.to_owned();
    let (mut query, mut form) = (Vec::new(), Vec::new());
    let (arrived_path, arrived_query) = request
        .target
        .split_once('?')
        .unwrap_or((&request.target, ""));
    let arrived_form = pairs(if is_form(operation) {
        &request.body
    } else {
        ""
    });
    let body: Value = from_json(&request.body).unwrap_or(Value::Null);
    for (parameter, meaning) in operation.parameters.iter().zip(given) {
        let name = &parameter.name;
        match parameter.place {
            Place::Path => path = path.replace(&format!("{{{name}}}"), &segment(meaning)),
            Place::Query => meaning.pairs(name, &mut query),
            Place::Form => meaning.pairs(name, &mut form),
            Place::FormJson => {
                let field = arrived_form.iter().find(|(key, _)| key == name);
                let json = field.and_then(|(_, text)| from_json::<Value>(text).ok());
                if json.is_none() {
                    differences.push(format!("{name}: is lost"));
                }
                differences.extend(meaning.differs(json.as_ref(), name));
                form.extend(field.cloned());
            }
            Place::Json => match &body {
                Value::Object(members) if members.get(name).is_none() => {
                    differences.push(format!("{name}: is lost"));
                }
                Value::Object(members) => {
                    differences.extend(meaning.differs(members.get(name), name))
                }
                _ => differences.push(format!("{name}: the body is no object")),
            },
        }
    }
    differences.extend(unlike("method", &operation.method, &request.method));
    differences.extend(unlike("path", &path, arrived_path));
    differences.extend(rpc.and_then(|name| unlike("rpc", name, &request.rpc)));
    differences.extend(lists("query", query, pairs(arrived_query)));
    differences.extend(lists("form", form, arrived_form));
    differences
}

fn is_form(operation: &Operation) -> bool {
    operation
        .parameters
        .iter()
        .any(|parameter| matches!(parameter.place, Place::Form | Place::FormJson))
}

fn unlike(what: &str, expected: &str, arrived: &str) -> Option<String> {
    (expected != arrived).then(|| format!("{what}: {expected} was meant and {arrived} arrived"))
}

/// Names and values, in any order of the names.
fn lists(
    what: &str,
    mut expected: Vec<(String, String)>,
    mut arrived: Vec<(String, String)>,
) -> Vec<String> {
    expected.sort();
    arrived.sort();
    let lost = expected
        .iter()
        .filter(|pair| !arrived.contains(pair))
        .map(|pair| format!("{what}: lost {pair:?}"));
    let new = arrived
        .iter()
        .filter(|pair| !expected.contains(pair))
        .map(|pair| format!("{what}: not given {pair:?}"));
    let mut differences: Vec<String> = lost.chain(new).collect();
    if differences.is_empty() && expected.len() != arrived.len() {
        differences.push(format!(
            "{what}: {expected:?} was meant and {arrived:?} arrived"
        ));
    }
    differences
}

/// A value in a path: everything but unreserved characters is escaped.
fn segment(meaning: &Meaning) -> String {
    let mut pairs = Vec::new();
    meaning.pairs("", &mut pairs);
    let text = pairs.first().map_or("", |(_, text)| text);
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).into()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

fn pairs(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after) {
            (b'%', [high, low, after @ ..]) => {
                let hex = [*high, *low];
                let hex = std::str::from_utf8(&hex).expect("two digits");
                bytes.push(u8::from_str_radix(hex, 16).expect("hexadecimal"));
                rest = after;
            }
            (b'+', _) => bytes.push(b' '),
            (byte, _) => bytes.push(*byte),
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}
