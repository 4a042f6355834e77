//! What a description says, in the words of `retailcrm.txt`.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::Statements;

/// What the bundled description says.
pub(super) fn read(text: &str) -> Result<Statements, String> {
    let document: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let mut statements = Statements::new();
    for (path, item) in members(&document["paths"]) {
        for (verb, node) in members(item) {
            if let Some(name) = node["operationId"].as_str() {
                let call = format!("{} {path}", verb.to_uppercase());
                statements.insert(format!("op {name}"), call);
                operation(&document, &format!("op {name}"), node, &mut statements);
            }
        }
    }
    let requests = requests(&document);
    for (name, schema) in members(&document["components"]["schemas"]) {
        if let Some(values) = schema["enum"].as_array() {
            let values = values.iter().filter_map(Value::as_str);
            let values: Vec<String> = values.map(|value| value.replace(' ', "_")).collect();
            statements.insert(format!("enum {name}"), values.join(" "));
        }
        // What only stands in requests is compared field by field of their operations.
        if requests.contains(name) {
            continue;
        }
        for (field, property) in members(&schema["properties"]) {
            let of = format!("model {name}.{}", field.replace(' ', "_"));
            if is_required(schema, field) {
                statements.insert(format!("{of} needed"), "yes".to_owned());
            }
            statements.insert(of, type_name(property));
        }
    }
    Ok(statements)
}

fn operation(document: &Value, of: &str, node: &Value, statements: &mut Statements) {
    let mut say = |of: String, ty: String, is_needed: bool| {
        if is_needed {
            statements.insert(format!("{of} needed"), "yes".to_owned());
        }
        statements.insert(of, ty);
    };
    for parameter in node["parameters"].as_array().into_iter().flatten() {
        let parameter = resolve(document, parameter);
        let (place, name) = (text(&parameter["in"]), bare(text(&parameter["name"])));
        let is_needed = place != "path" && parameter["required"] == true;
        say(
            format!("{of} {place} {name}"),
            type_name(&parameter["schema"]),
            is_needed,
        );
    }
    let bodies = &node["requestBody"]["content"];
    for (media, content) in members(bodies) {
        if media == "application/octet-stream" {
            say(format!("{of} body"), "binary".to_owned(), false);
        }
        // Where a body may be JSON or a form, it has the same members in both.
        let is_json = media == "application/json";
        if !is_json && bodies["application/json"].is_object() {
            continue;
        }
        let body = resolve(document, &content["schema"]);
        for (name, schema) in members(&body["properties"]) {
            let encoding = &content["encoding"][name];
            let place = match (text(&encoding["contentType"]), text(&encoding["style"])) {
                _ if is_json => "field",
                ("application/json", _) => "json",
                (_, "deepObject") => "brackets",
                _ if name.ends_with("[]") => "brackets",
                _ => "form",
            };
            let of = format!("{of} {place} {}", bare(name));
            say(of, type_name(schema), is_required(body, name));
        }
    }
    let success = members(&node["responses"]).find(|(status, _)| status.starts_with('2'));
    let answer = success.and_then(|(_, answer)| members(&answer["content"]).next());
    let answer = answer.map_or("nothing".to_owned(), |(media, content)| {
        match media.as_str() {
            "application/json" => type_name(&content["schema"]),
            _ => "binary".to_owned(),
        }
    });
    say(format!("{of} answer"), answer, false);
}

/// The schemas that are a whole body.
fn requests(document: &Value) -> BTreeSet<String> {
    let items = members(&document["paths"]).flat_map(|(_, item)| members(item));
    let bodies = items.flat_map(|(_, node)| members(&node["requestBody"]["content"]));
    let names = bodies.filter_map(|(_, content)| content["schema"]["$ref"].as_str());
    let names = names.filter_map(|reference| reference.rsplit('/').next());
    names.map(str::to_owned).collect()
}

fn is_required(schema: &Value, field: &str) -> bool {
    let required = schema["required"].as_array().into_iter().flatten();
    required.into_iter().any(|one| one == field)
}

/// A type: `integer`, `array<Order>`, `string|array<string>`.
fn type_name(schema: &Value) -> String {
    if schema["const"] == false {
        return "false".to_owned();
    }
    if let Some(reference) = schema["$ref"].as_str() {
        return reference.rsplit('/').next().unwrap_or_default().to_owned();
    }
    if let Some(choices) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
        let choices = choices.iter().filter(|choice| choice["maxItems"] != 0);
        let names: Vec<String> = choices.map(type_name).collect();
        return names.join("|");
    }
    let words: Vec<&str> = match &schema["type"] {
        Value::String(word) => vec![word],
        Value::Array(words) => words
            .iter()
            .filter_map(Value::as_str)
            .filter(|word| *word != "null")
            .collect(),
        _ => return "any".to_owned(),
    };
    let member = |key: &str| match &schema[key] {
        Value::Object(_) => type_name(&schema[key]),
        _ => "any".to_owned(),
    };
    let format = schema["format"].as_str();
    match (&words[..], format) {
        (["string"], _) if schema["x-format"] == "date-time-spaced" => "date-time".to_owned(),
        (["array"], _) => format!("array<{}>", member("items")),
        // An empty map may come as an empty list.
        (["object"] | ["object", "array"], _) => format!("map<{}>", member("additionalProperties")),
        (["string"], Some(format @ ("date" | "date-time" | "date-time-local" | "time-local"))) => {
            format.to_owned()
        }
        _ => words.join("/"),
    }
}

fn resolve<'d>(document: &'d Value, node: &'d Value) -> &'d Value {
    let pointer = node["$ref"]
        .as_str()
        .and_then(|text| text.strip_prefix('#'));
    pointer
        .and_then(|pointer| document.pointer(pointer))
        .unwrap_or(node)
}

/// The name of a list without PHP's brackets.
fn bare(name: &str) -> &str {
    name.strip_suffix("[]").unwrap_or(name)
}

fn members(node: &Value) -> impl Iterator<Item = (&String, &Value)> {
    node.as_object().into_iter().flat_map(Map::iter)
}

fn text(node: &Value) -> &str {
    node.as_str().unwrap_or_default()
}
