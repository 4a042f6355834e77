//! Helpers over JSON rows: reading along a path, texts, decimals, civil times.

use jiff::civil::{Date, DateTime, Time};
use rust_decimal::Decimal;
use serde_json::{Map, Number, Value};

/// A JSON object.
pub(crate) type Object = Map<String, Value>;

/// Returns the members of a JSON object; any other value has no members.
pub(crate) fn object(value: Value) -> Object {
    match value {
        Value::Object(members) => members,
        _ => Object::new(),
    }
}

/// Returns every value at a dotted path. Lists on the way are walked, and `*` stands for every key.
pub(crate) fn all_at<'a>(row: &'a Object, path: &str) -> Vec<&'a Value> {
    let (head, rest) = path.split_once('.').unwrap_or((path, ""));
    if head == "*" {
        return row
            .values()
            .flat_map(|value| flatten(value, rest))
            .collect();
    }
    match row.get(head) {
        None => Vec::new(),
        Some(value) => flatten(value, rest),
    }
}

fn flatten<'a>(value: &'a Value, rest: &str) -> Vec<&'a Value> {
    match value {
        Value::Array(items) => items.iter().flat_map(|item| flatten(item, rest)).collect(),
        Value::Object(inner) if !rest.is_empty() => all_at(inner, rest),
        _ if rest.is_empty() => vec![value],
        _ => Vec::new(),
    }
}

/// Returns these members of the row, in this order.
pub(crate) fn pick(row: &Object, names: &[&str]) -> Object {
    names
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), row.get(*name)?.clone())))
        .collect()
}

/// Returns the row's two identifiers: `{"id", "externalId"}`.
pub(crate) fn identifiers(row: &Object) -> Value {
    pick(row, &["id", "externalId"]).into()
}

/// Returns the row without these members.
pub(crate) fn without(row: &Object, names: &[&str]) -> Value {
    let kept = row
        .iter()
        .filter(|(name, _)| !names.contains(&name.as_str()));
    Value::Object(
        kept.map(|(name, value)| (name.clone(), value.clone()))
            .collect(),
    )
}

/// Returns a string or a number as text, and `None` for other values.
pub(crate) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Returns the text of a member.
pub(crate) fn member(row: &Object, name: &str) -> Option<String> {
    row.get(name).and_then(text).filter(|text| !text.is_empty())
}

/// Returns a whole number, given as number or text.
pub(crate) fn integer(value: &Value) -> Option<i64> {
    value
        .as_i64()
        .or_else(|| value.as_str()?.trim().parse().ok())
}

/// The greatest accepted number: sums over a whole request stay far within a decimal.
const MAX_NUMBER: Decimal = Decimal::from_parts(1_215_752_192, 23, 0, false, 0);

/// Returns the exact value of a number or its text, or `None` above a hundred thousand million.
pub(crate) fn decimal(value: &Value) -> Option<Decimal> {
    let text = text(value)?;
    let number = text
        .parse()
        .ok()
        .or_else(|| Decimal::from_scientific(&text).ok());
    number.filter(|number: &Decimal| number.abs() <= MAX_NUMBER)
}

/// Returns the decimal of a member, or zero.
pub(crate) fn amount(row: &Object, name: &str) -> Decimal {
    row.get(name).and_then(decimal).unwrap_or_default()
}

/// Returns a decimal as the shortest JSON number: 100.50 is 100.5, as PHP prints it.
pub(crate) fn number(value: Decimal) -> Value {
    let text = value.normalize().to_string();
    text.parse::<Number>().map_or(Value::Null, Value::Number)
}

/// Returns the truth of a parameter, as PHP reads it.
pub(crate) fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        _ => match text(value)?.to_ascii_lowercase().as_str() {
            "1" | "true" => Some(true),
            "0" | "false" => Some(false),
            _ => None,
        },
    }
}

/// Returns the values of a list or map, or the single value.
pub(crate) fn each(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(members) => members.values().collect(),
        single => vec![single],
    }
}

/// Returns the texts among the values of a list, or the single text.
pub(crate) fn texts(value: &Value) -> Vec<String> {
    each(value).into_iter().filter_map(text).collect()
}

/// Returns a map as PHP writes it: an empty map is `[]`.
pub(crate) fn php_map(members: Object) -> Value {
    if members.is_empty() {
        Value::Array(Vec::new())
    } else {
        Value::Object(members)
    }
}

/// Returns a time as `Y-m-d H:i:s` in the account's zone.
pub(crate) fn at(moment: jiff::Timestamp) -> String {
    let time = moment.to_zoned(jiff::tz::TimeZone::UTC).datetime();
    time.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// Adds seconds to a time in the format `Y-m-d H:i:s`; returns `None` for another text.
pub(crate) fn later(text: &str, seconds: i64) -> Option<String> {
    let time = DateTime::strptime("%Y-%m-%d %H:%M:%S", text).ok()?;
    let time = time
        .checked_add(jiff::SignedDuration::from_secs(seconds))
        .ok()?;
    Some(time.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

/// Whether the text is `Y-m-d H:i:s`.
pub(crate) fn is_date_time(text: &str) -> bool {
    text.len() == 19 && DateTime::strptime("%Y-%m-%d %H:%M:%S", text).is_ok()
}

/// Whether the text is `Y-m-d`.
pub(crate) fn is_date(text: &str) -> bool {
    text.len() == 10 && Date::strptime("%Y-%m-%d", text).is_ok()
}

/// Returns the seconds since midnight of `H:i` or `H:i:s`.
pub(crate) fn time_of_day(text: &str) -> Option<u32> {
    let time = Time::strptime("%H:%M:%S", text).or_else(|_| Time::strptime("%H:%M", text));
    let time = time.ok()?;
    let parts = [time.hour(), time.minute(), time.second()];
    parts
        .into_iter()
        .try_fold(0, |sum, part| Some(sum * 60 + u32::try_from(part).ok()?))
}

/// Converts a name to the style of histories: `firstName` to `first_name`, `INN` to `i_n_n`.
pub(crate) fn snake(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_walk_lists_and_maps() {
        let row =
            object(json!({"tags": [{"name": "a"}, {"name": "b"}], "delivery": {"code": "c"}}));
        assert_eq!(all_at(&row, "tags.name"), [&json!("a"), &json!("b")]);
        assert_eq!(all_at(&row, "delivery.code"), [&json!("c")]);
        assert!(all_at(&row, "delivery.code.more").is_empty());
        let row = object(json!({"payments": {"7": {"type": "cash"}, "9": {"type": "card"}}}));
        assert_eq!(
            all_at(&row, "payments.*.type"),
            [&json!("cash"), &json!("card")]
        );
    }

    #[test]
    fn r5_r6_dates_and_times_have_one_form() {
        assert!(is_date("2014-03-21") && is_date_time("2014-03-21 05:14:07"));
        for wrong in [
            "2014-3-21",
            "2014-02-30",
            "21.03.2014",
            "2014-03-21T05:14:07",
        ] {
            assert!(!is_date(wrong) && !is_date_time(wrong), "{wrong}");
        }
        assert!(is_date_time(&at(jiff::Timestamp::now())));
    }

    #[test]
    fn decimals_print_as_php_does() {
        assert_eq!(number("100.50".parse().unwrap()).to_string(), "100.5");
        assert_eq!(number("1000".parse().unwrap()).to_string(), "1000");
        assert_eq!(
            decimal(&json!("0.1")).unwrap() + decimal(&json!(0.2)).unwrap(),
            "0.3".parse().unwrap()
        );
        assert_eq!(decimal(&json!("100000000000")), Some(MAX_NUMBER));
        assert_eq!(
            (decimal(&json!(1e12)), decimal(&json!("1e40"))),
            (None, None)
        );
        assert_eq!(snake("customerComment"), "customer_comment");
        assert_eq!(snake("OGRNIP"), "o_g_r_n_i_p");
    }
}
