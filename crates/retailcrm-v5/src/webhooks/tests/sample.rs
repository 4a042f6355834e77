//! Documents and forms that are made from the description.

use common_model::{Map, Value};

/// The description; the models are generated from it, what is asked of them here is not.
pub(super) fn description() -> Value {
    include_str!("../../../openapi/webhooks.json")
        .parse()
        .unwrap()
}

pub(super) fn members(value: Option<&Value>) -> &Map<Value> {
    value.and_then(Value::as_object).expect("an object")
}

pub(super) fn schemas(description: &Value) -> &Map<Value> {
    members(description.pointer("/components/schemas"))
}

/// A value of this schema with all its fields, as JSON.
pub(super) fn sample(schema: &Value, all: &Map<Value>) -> String {
    let text = |key| schema.get(key).and_then(Value::as_str);
    if let Some(target) = text("$ref") {
        return match target.strip_prefix("#/components/schemas/") {
            Some(name) => sample(all.get(name).expect(name), all),
            // Of another file: whatever it is, a field that it does not know has to survive in it.
            None => r#"{"ново":[1.50,{"a":null}]}"#.to_owned(),
        };
    }
    let is_choice = schema.get("oneOf").is_some();
    match (text("type"), text("format")) {
        _ if is_choice => r#"{"code":["x",1.0,{}],"7":false}"#.to_owned(),
        (Some("string"), Some("date")) => r#""2024-05-21""#.to_owned(),
        (Some("string"), Some("date-time-local")) => r#""2024-05-21 10:26:03""#.to_owned(),
        (Some("string"), _) => r#""ул. «Мира» \"5\"""#.to_owned(),
        (Some("integer"), _) => "7".to_owned(),
        (Some("number"), _) => "19.90".to_owned(),
        (Some("boolean"), _) => "true".to_owned(),
        (Some("array"), _) => {
            let item = sample(schema.get("items").expect("items"), all);
            format!("[{item},{item}]")
        }
        (Some("object"), _) => match schema.get("properties") {
            Some(properties) => {
                let fields = members(Some(properties)).iter();
                let fields: Vec<_> = fields
                    .map(|(name, schema)| format!("{name:?}:{}", sample(schema, all)))
                    .collect();
                format!("{{{}}}", fields.join(","))
            }
            None => r#"{"a":{"b":[]}}"#.to_owned(),
        },
        other => panic!("{other:?}"),
    }
}

/// Other forms in which PHP may write a value of this schema.
pub(super) fn php_forms(schema: &Value, all: &Map<Value>) -> Vec<String> {
    let has = |key, value| schema.get(key).and_then(Value::as_str) == Some(value);
    let nothing = ["null", "false", "\"\"", "[]"];
    let mut forms: Vec<String> = nothing.map(str::to_owned).to_vec();
    if has("type", "string") && schema.get("format").is_none() {
        forms = vec!["null".into(), "false".into(), "\"\"".into(), "12".into()];
    } else if has("type", "boolean") {
        forms = ["null", "0", "\"1\"", "\"Y\""].map(str::to_owned).to_vec();
    } else if has("type", "integer") || has("type", "number") {
        forms.push("\"12\"".to_owned());
    } else if has("type", "array") {
        let item = sample(schema.get("items").expect("items"), all);
        forms.push(format!("{{\"3\":{item},\"x\":{item}}}"));
    } else if schema.get("oneOf").is_some() {
        forms.push("[1,\"x\"]".to_owned());
    }
    forms
}

/// Whether any text is a value of this schema.
pub(super) fn is_text(schema: &Value) -> bool {
    let says = |key| schema.get(key).and_then(Value::as_str);
    says("type") == Some("string") && matches!(says("format"), None | Some("password"))
}

pub(super) fn percent_encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// The webhook's fields as the description has them: name, whether required, whether JSON, sample.
pub(super) fn described(operation: &Value, all: &Map<Value>) -> Vec<(String, bool, bool, String)> {
    let mut fields = Vec::new();
    for parameter in operation
        .get("parameters")
        .iter()
        .flat_map(|list| list.as_array().unwrap())
    {
        let name = parameter.get("name").and_then(Value::as_str).unwrap();
        let required = parameter.get("required").and_then(Value::as_bool) == Some(true);
        fields.push((name.to_owned(), required, false, "п а&р=1".to_owned()));
    }
    let form = "/requestBody/content/application~1x-www-form-urlencoded";
    if let Some(form) = operation.pointer(form) {
        let required = form.pointer("/schema/required").map(ToString::to_string);
        for (name, schema) in members(form.pointer("/schema/properties")).iter() {
            let is_json = form
                .pointer(&format!("/encoding/{name}/contentType"))
                .is_some();
            let is_required = required
                .as_ref()
                .is_some_and(|list| list.contains(&format!("{name:?}")));
            let text = if is_json {
                sample(schema, all)
            } else {
                "п а&р=1".to_owned()
            };
            fields.push((name.to_owned(), is_required, is_json, text));
        }
    }
    fields
}
