//! Values of fields as texts.

use common_model::{Value as Json, to_json};

use crate::terminal;

/// A value on one line.
pub(super) fn text(value: &Json) -> String {
    terminal::line(&words(value))
}

fn words(value: &Json) -> String {
    match value {
        Json::Null => "(empty)".to_owned(),
        Json::Bool(true) => "yes".to_owned(),
        Json::Bool(false) => "no".to_owned(),
        Json::Number(number) => number.to_plain(),
        Json::String(text) if text.is_empty() => "(empty)".to_owned(),
        Json::String(text) => text.clone(),
        Json::Array(items) if items.is_empty() => "(empty)".to_owned(),
        Json::Array(items) => {
            let items: Vec<String> = items.iter().map(words).collect();
            items.join(", ")
        }
        Json::Object(_) => object(value),
    }
}

/// An object by what names it: its code, or its id with its name.
pub(super) fn object(value: &Json) -> String {
    let get = |name: &str| value.get(name).filter(|value| is_plain(value)).map(words);
    if let Some(code) = get("code") {
        return code;
    }
    if let Some(period) = period(get("from"), get("to")) {
        return period;
    }
    let offer = value.get("offer");
    let of_offer = |name: &str| offer?.get(name).filter(|value| is_plain(value)).map(words);
    let name = get("name")
        .or_else(|| get("type"))
        .or_else(|| of_offer("displayName"))
        .or_else(|| of_offer("name"))
        .or_else(|| get("number"))
        .or_else(|| get("externalId"))
        .or_else(|| of_offer("externalId"));
    match (get("id"), name) {
        (Some(id), Some(name)) => format!("{id} ({name})"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => to_json(value),
    }
}

/// A period of the day.
fn period(from: Option<String>, to: Option<String>) -> Option<String> {
    match (from, to) {
        (Some(from), Some(to)) => Some(format!("{from} – {to}")),
        (Some(from), None) => Some(format!("from {from}")),
        (None, Some(to)) => Some(format!("until {to}")),
        (None, None) => None,
    }
}

fn is_plain(value: &Json) -> bool {
    match value {
        Json::String(text) => !text.is_empty(),
        Json::Number(_) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use common_model::from_json;

    // J9: the shapes of facts about histories.
    #[test]
    fn j9_values_are_read_by_what_names_them() {
        for (json, expected) in [
            ("null", "(empty)"),
            ("true", "yes"),
            ("1.50", "1.50"),
            (r#""two\nlines \u001b[2J""#, "two lines \u{fffd}[2J"),
            (r#"{"code":"new"}"#, "new"),
            (r#"{"id":12}"#, "12"),
            (r#"{"id":12,"externalId":"C-7","site":"main"}"#, "12 (C-7)"),
            (r#"{"id":3,"name":"Office"}"#, "3 (Office)"),
            (r#"{"id":5,"type":"cash"}"#, "5 (cash)"),
            (r#"{"from":"10:00","to":"18:00"}"#, "10:00 – 18:00"),
            (r#"{"from":"10:00","to":null}"#, "from 10:00"),
            (r#"{"id":9,"offer":{"id":1,"externalId":"O-1"}}"#, "9 (O-1)"),
            (
                r#"{"id":9,"offer":{"displayName":"Atlas","externalId":"O-1"}}"#,
                "9 (Atlas)",
            ),
            (r#"["a",2]"#, "a, 2"),
            (r#"{"x":{"y":1}}"#, r#"{"x":{"y":1}}"#),
            ("{}", "{}"),
        ] {
            assert_eq!(text(&from_json(json).expect("JSON")), expected, "{json}");
        }
    }
}
