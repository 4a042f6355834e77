//! Reads a query or a form as PHP fills `$_GET` and `$_POST`.

use serde_json::Value;

use crate::retailcrm::value::Object;

/// Most fields; later ones are dropped, as by `max_input_vars`.
const MAX_FIELDS: usize = 1000;

/// Deepest brackets; deeper ones are dropped, as by `max_input_nesting_level`.
const MAX_DEPTH: usize = 64;

/// Reads `a=1&b[]=2&c[d][min]=3` as `{"a":"1","b":["2"],"c":{"d":{"min":"3"}}}`. Every value is text, a repeated
/// name replaces the earlier value, and keys 0, 1, 2.. make a list.
pub(crate) fn parse(text: &[u8]) -> Object {
    let mut root = Object::new();
    let pairs = text
        .split(|&byte| byte == b'&')
        .filter(|pair| !pair.is_empty());
    for pair in pairs.take(MAX_FIELDS) {
        let (name, value) = match pair.iter().position(|&byte| byte == b'=') {
            Some(at) => (&pair[..at], &pair[at + 1..]),
            None => (pair, &pair[pair.len()..]),
        };
        let name = decode(name, Plus::Space);
        if let Some((first, rest)) = keys(&name)
            && rest.len() < MAX_DEPTH
        {
            insert(&mut root, first, &rest, decode(value, Plus::Space));
        }
    }
    root.into_iter()
        .map(|(name, value)| (name, listed(value)))
        .collect()
}

/// Decodes a percent-encoded path segment.
pub(crate) fn decode_segment(segment: &str) -> String {
    decode(segment.as_bytes(), Plus::Literal)
}

/// The meaning of `+`.
#[derive(Clone, Copy, PartialEq)]
enum Plus {
    Space,
    Literal,
}

fn decode(text: &[u8], plus: Plus) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        match (byte, tail) {
            (b'%', [high, low, after @ ..]) if hex(*high).is_some() && hex(*low).is_some() => {
                let value = hex(*high).unwrap_or(0) * 16 + hex(*low).unwrap_or(0);
                bytes.push(value);
                rest = after;
            }
            (b'+', _) if plus == Plus::Space => bytes.push(b' '),
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

/// Splits `a[b][]` into `a` and `[b, ""]`. Returns `None` without a name.
fn keys(name: &str) -> Option<(&str, Vec<&str>)> {
    let name = name.trim_start_matches(' ');
    let open = name.find('[').unwrap_or(name.len());
    let (first, mut brackets) = name.split_at(open);
    if first.is_empty() {
        return None;
    }
    let mut rest = Vec::new();
    while let Some(inner) = brackets.strip_prefix('[') {
        let Some(close) = inner.find(']') else { break };
        rest.push(&inner[..close]);
        brackets = &inner[close + 1..];
    }
    Some((first, rest))
}

fn insert(into: &mut Object, key: &str, rest: &[&str], value: String) {
    let key = if key.is_empty() {
        next_index(into)
    } else {
        key.to_owned()
    };
    match rest.split_first() {
        None => {
            into.insert(key, Value::String(value));
        }
        Some((next, rest)) => {
            let slot = into
                .entry(key)
                .or_insert_with(|| Value::Object(Object::new()));
            if !slot.is_object() {
                *slot = Value::Object(Object::new());
            }
            if let Value::Object(inner) = slot {
                insert(inner, next, rest, value);
            }
        }
    }
}

fn next_index(object: &Object) -> String {
    let last = object
        .keys()
        .filter_map(|key| key.parse::<u32>().ok())
        .max();
    last.map_or(0, |last| last.saturating_add(1)).to_string()
}

/// Converts objects with the keys 0..n to lists, at every depth.
fn listed(value: Value) -> Value {
    let Value::Object(members) = value else {
        return value;
    };
    let mut members: Object = members
        .into_iter()
        .map(|(name, value)| (name, listed(value)))
        .collect();
    let indices: Vec<String> = (0..members.len()).map(|index| index.to_string()).collect();
    if indices.is_empty() || indices.iter().any(|index| !members.contains_key(index)) {
        return Value::Object(members);
    }
    Value::Array(
        indices
            .iter()
            .filter_map(|index| members.remove(index))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn r14_the_query_of_the_rules_page_is_read() {
        let query = parse(b"filter[numbers][]=1235C&filter[customFields][nps][min]=5&apiKey=K");
        let expected = json!({
            "filter": {"numbers": ["1235C"], "customFields": {"nps": {"min": "5"}}},
            "apiKey": "K"
        });
        assert_eq!(Value::Object(query), expected);
    }

    #[test]
    fn r15_empty_and_numbered_brackets_are_one_list() {
        let empty = parse(b"filter%5Bids%5D%5B%5D=7&filter%5Bids%5D%5B%5D=9");
        let numbered = parse(b"filter[ids][0]=7&filter[ids][1]=9");
        assert_eq!(empty, numbered);
        assert_eq!(empty["filter"]["ids"], json!(["7", "9"]));
        // A gap in the numbers makes a map, as in PHP.
        assert_eq!(parse(b"ids[1]=9")["ids"], json!({"1": "9"}));
        // Eleven members: the order is numeric, not alphabetic.
        let many: String = (0..11).map(|n| format!("a[]={n}&")).collect();
        assert_eq!(parse(many.as_bytes())["a"][10], json!("10"));
    }

    #[test]
    fn r16_the_form_of_the_rules_page_is_read() {
        let form = parse(
            b"site=simple-site&order=%7B%22externalId%22%3A%22a123%22%2C%22firstName%22%3A%22Tom%22%7D",
        );
        assert_eq!(form["site"], "simple-site");
        assert_eq!(form["order"], r#"{"externalId":"a123","firstName":"Tom"}"#);
    }

    // F22: as PHP reads them, in brackets and in the JSON of a field.
    #[test]
    fn f22_of_a_key_that_comes_twice_the_last_value_counts() {
        assert_eq!(
            parse(b"m[k]=1&m[k]=2&m[j]=3")["m"],
            json!({"k": "2", "j": "3"})
        );
        let form = parse(b"order=%7B%22m%22%3A%7B%22k%22%3A1%2C%22k%22%3A2%7D%7D");
        let call = crate::retailcrm::protocol::call::Call {
            form,
            ..Default::default()
        };
        assert_eq!(call.json("order").unwrap(), Some(json!({"m": {"k": 2}})));
    }

    #[test]
    fn odd_input_is_read_as_far_as_it_goes() {
        let odd = parse(b"&&=x&a&b=1&b=2&c[d=3&e=%zz%4&f=%D0%A2+%2B");
        assert_eq!(
            Value::Object(odd),
            json!({"a": "", "b": "2", "c": "3", "e": "%zz%4", "f": "Т +"})
        );
        assert_eq!(decode_segment("a%2Fb+c"), "a/b+c");
        let deep = format!("a{}=1", "[b]".repeat(100));
        assert!(parse(deep.as_bytes()).is_empty());
        let many = parse("a[]=1&".repeat(1001).as_bytes());
        assert_eq!(many["a"].as_array().map(Vec::len), Some(1000));
    }
}
