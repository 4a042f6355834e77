//! A service's list or map of errors, flattened.

use common_model::Value;
use common_transport::FieldError;

/// Flattens a list or map of errors, given as JSON. A list yields texts without a field. A map yields a field for
/// each text, and several entries for a field with a list of texts. A value that is not a text is kept as JSON.
///
/// ```
/// let fields = common_api::answer::fields(r#"{"name":"required","price":["no number","too low"]}"#);
/// assert_eq!((&*fields[2].field, &*fields[2].message), ("price", "too low"));
/// ```
pub fn fields(json: &str) -> Vec<FieldError> {
    match json.parse::<Value>() {
        Ok(Value::Array(items)) => items.iter().map(|item| entry("", item)).collect(),
        Ok(Value::Object(map)) => map.iter().flat_map(|(key, value)| of(key, value)).collect(),
        Ok(Value::String(text)) if !text.is_empty() => vec![FieldError::new("", text)],
        _ => Vec::new(),
    }
}

fn of(field: &str, value: &Value) -> Vec<FieldError> {
    let texts = value.as_array().unwrap_or_default();
    match texts.is_empty() || texts.iter().any(|text| text.as_str().is_none()) {
        true => vec![entry(field, value)],
        false => texts.iter().map(|text| entry(field, text)).collect(),
    }
}

fn entry(field: &str, value: &Value) -> FieldError {
    let text = value.as_str();
    FieldError::new(field, text.map_or_else(|| value.to_string(), str::to_owned))
}
