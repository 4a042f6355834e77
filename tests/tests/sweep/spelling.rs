//! All spellings in which a parameter may be given, and what each of them means.

use serde_json::Value;

use crate::{
    description::{Operation, Service},
    meaning::Meaning,
};

/// How deep entities are filled in.
const DEPTH: usize = 4;

/// A value as JSON, and what it means.
#[derive(Debug, Clone)]
pub(crate) struct Spelling {
    pub(crate) given: String,
    pub(crate) meaning: Meaning,
    /// Of how many fields it holds a spelling.
    pub(crate) count: usize,
}

impl Spelling {
    fn new(given: impl Into<String>, meaning: Meaning) -> Self {
        Self {
            given: given.into(),
            meaning,
            count: 1,
        }
    }
}

/// All spellings of a value; those of an object hold all of its fields at once, each in its next one.
pub(crate) fn all(service: &Service, schema: &Value) -> Vec<Spelling> {
    spellings(service, schema, DEPTH)
}

/// All spellings of a field of a filter that make sense: a text that ends a span of days is a day, or a moment.
pub(crate) fn of_filter(service: &Service, name: &str, schema: &Value) -> Vec<Spelling> {
    let is_text = schema["type"] == "string" && schema["format"].is_null();
    // Described as numbers, and only these are choices.
    if ["attachments", "tasksCounts"].contains(&name) {
        let choice = |text: &str| given(&[text], &Meaning::number(text));
        return ["1", "2", "3"].map(choice).concat();
    }
    match name.ends_with("From") || name.ends_with("To") {
        true if is_text => ["2026-01-02", "2026-01-02 03:04:05"].map(text).to_vec(),
        true if schema["oneOf"].is_array() => [
            vec![text("2026-01-02")],
            given(
                &[r#"["2026-01-02"]"#],
                &Meaning::List(vec![Meaning::text("2026-01-02")]),
            ),
        ]
        .concat(),
        _ => all(service, schema),
    }
}

/// How many fields an operation's parameters have, itself and nested.
pub(crate) fn fields(service: &Service, operation: &Operation) -> usize {
    operation
        .parameters
        .iter()
        .map(|parameter| count(service, &parameter.schema, DEPTH))
        .sum()
}

fn count(service: &Service, schema: &Value, depth: usize) -> usize {
    let schema = service.resolve(schema);
    let items = [&schema["items"], &schema["additionalProperties"]];
    let nested: usize = items
        .into_iter()
        .filter(|node| node.is_object())
        .map(|node| count(service, node, depth).saturating_sub(1))
        .sum();
    let properties = service.properties(schema);
    let members: usize = match depth {
        0 => 0,
        _ => properties
            .iter()
            .map(|(_, schema)| count(service, schema, depth - 1))
            .sum(),
    };
    1 + nested + members
}

fn spellings(service: &Service, schema: &Value, depth: usize) -> Vec<Spelling> {
    let schema = service.resolve(schema);
    if let Some(values) = schema["enum"].as_array() {
        return values.iter().filter_map(Value::as_str).map(text).collect();
    }
    let choices = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
    if let Some(choices) = choices {
        return alternatives(service, schema, choices, depth);
    }
    if schema["properties"].is_object() {
        return object(service, schema, depth);
    }
    let words: Vec<&str> = match &schema["type"] {
        Value::String(word) => vec![word],
        Value::Array(words) => words.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let mut all: Vec<Spelling> = match words.iter().copied().find(|word| *word != "null") {
        Some("integer") if words.contains(&"string") => identifier(),
        Some("integer") => integer(),
        Some("number") => decimal(),
        Some("boolean") => boolean(),
        Some("string") if words.contains(&"object") => anything(),
        Some("string") => string(schema),
        Some("array") => list(service, schema, depth),
        Some("object") => map(service, schema, depth),
        _ => anything(),
    };
    if words.contains(&"null") {
        all.push(Spelling::new("null", Meaning::Null));
    }
    all
}

fn text(text: &str) -> Spelling {
    Spelling::new(format!("{text:?}"), Meaning::text(text))
}

fn given(given: &[&str], meaning: &Meaning) -> Vec<Spelling> {
    given
        .iter()
        .map(|given| Spelling::new(*given, meaning.clone()))
        .collect()
}

fn integer() -> Vec<Spelling> {
    let seven = ["7", "7.0", "7e0", "70e-1", r#""7""#, r#""7.0""#, r#""7e0""#];
    given(&seven, &Meaning::number("7"))
}

/// A number, or a text, which stays as it is.
fn identifier() -> Vec<Spelling> {
    let mut all = given(&["7", "7.0", "7e0"], &Meaning::number("7"));
    all.extend(["7", "7.0", "a b/1?&ё"].map(text));
    all
}

fn decimal() -> Vec<Spelling> {
    [
        given(&["10.5", "1.05e1", r#""10.5""#], &Meaning::number("10.5")),
        given(&["10.50", r#""10.50""#], &Meaning::number("10.50")),
        given(&["12", "12.0", "1.2e1", r#""12""#], &Meaning::number("12")),
    ]
    .concat()
}

fn boolean() -> Vec<Spelling> {
    let yes = ["true", "1", "1.0", r#""1""#, r#""true""#, r#""Y""#];
    let no = ["false", "0", r#""0""#, r#""false""#, r#""N""#];
    [
        given(&yes, &Meaning::Bool(true)),
        given(&no, &Meaning::Bool(false)),
    ]
    .concat()
}

fn string(schema: &Value) -> Vec<Spelling> {
    let same = |text: &str, forms: &[&str]| given(forms, &Meaning::text(text));
    let format = schema["x-format"].as_str().or(schema["format"].as_str());
    match (schema["x-rust-type"].as_str(), format) {
        (Some("crate::SectionFilter"), _) => ["ALL", "LVL_1", "ID_123"].map(text).to_vec(),
        (Some("crate::Image"), _) | (_, Some("uri")) => {
            vec![text("https://shop.example/1.jpg?a=1&b=2")]
        }
        (_, Some("date")) => same(
            "2026-01-02",
            &[
                r#""2026-01-02""#,
                r#""2026-01-02 00:00:00""#,
                r#""2026-01-02T00:00:00""#,
            ],
        ),
        (_, Some("date-time-local")) => [
            same(
                "2026-01-02 03:04:05",
                &[r#""2026-01-02 03:04:05""#, r#""2026-01-02T03:04:05""#],
            ),
            same("2026-01-02 03:04:00", &[r#""2026-01-02 03:04""#]),
            same("2026-01-02 00:00:00", &[r#""2026-01-02""#]),
        ]
        .concat(),
        // What is written is the text it came as: each field has a form of its own.
        (_, Some("date-time" | "date-time-spaced")) => [
            "2026-01-02 03:04",
            "2026-01-02 03:04:05+03:00",
            "2026-01-02T03:04:05Z",
        ]
        .map(text)
        .to_vec(),
        (_, Some("time-local")) => same("09:30:00", &[r#""09:30:00""#, r#""09:30""#]),
        (None, None) => {
            let mut all = vec![text("a b&c=d+e%20[ё]")];
            all.extend(same("7", &["7", "7.0", "7e0", r#""7""#]));
            all.extend(same("10.50", &["10.50", r#""10.50""#]));
            all
        }
        _ => vec![text("a-1")],
    }
}

/// A list of all that an item may be, one of a single item, and an item that stands alone.
fn list(service: &Service, schema: &Value, depth: usize) -> Vec<Spelling> {
    let items = spellings(service, &schema["items"], depth);
    let is_model = matches!(items[0].meaning, Meaning::Object(_) | Meaning::List(_));
    // Pictures of a card are four at most, and a list.
    let is_strict = schema["x-rust-type"] == "crate::Pictures";
    let mut all: Vec<Spelling> = items
        .iter()
        .map(|item| Spelling {
            given: format!("[{}]", item.given),
            meaning: Meaning::List(vec![item.meaning.clone()]),
            count: item.count,
        })
        .collect();
    all.push(Spelling::new(
        format!("[{0},{0}]", items[0].given),
        Meaning::List(vec![items[0].meaning.clone(); 2]),
    ));
    if !is_model && !is_strict {
        let alone = items
            .iter()
            .filter(|item| !item.given.starts_with(['[', '{']));
        all.extend(alone.map(|item| Spelling {
            given: item.given.clone(),
            meaning: Meaning::List(vec![item.meaning.clone()]),
            count: item.count,
        }));
    }
    all
}

fn map(service: &Service, schema: &Value, depth: usize) -> Vec<Spelling> {
    let values = match &schema["additionalProperties"] {
        Value::Object(_) => spellings(service, &schema["additionalProperties"], depth),
        _ => anything(),
    };
    values
        .into_iter()
        .map(|value| Spelling {
            given: format!("{{\"key ё\":{}}}", value.given),
            meaning: Meaning::Object(vec![("key ё".to_owned(), value.meaning)]),
            count: value.count,
        })
        .collect()
}

fn anything() -> Vec<Spelling> {
    let pair = |key: &str, meaning| Meaning::Object(vec![(key.to_owned(), meaning)]);
    vec![
        text("a b"),
        Spelling::new("7", Meaning::number("7")),
        Spelling::new("true", Meaning::Bool(true)),
        Spelling::new(
            r#"["x",7]"#,
            Meaning::List(vec![Meaning::text("x"), Meaning::number("7")]),
        ),
        Spelling::new(r#"{"min":5}"#, pair("min", Meaning::number("5"))),
    ]
}

/// One thing or another: for a value and a list of it both go out as they are.
fn alternatives(
    service: &Service,
    schema: &Value,
    choices: &[Value],
    depth: usize,
) -> Vec<Spelling> {
    let rust = schema["x-rust-type"].as_str().unwrap_or_default();
    let is_list = |choice: &&Value| service.resolve(choice)["type"] == "array";
    let choices: Vec<&Value> = choices
        .iter()
        .filter(|choice| choice["const"] != false)
        .collect();
    // Of several types that are no list and its item, a value is kept as it is given.
    let is_untyped = rust.is_empty() && choices.len() > 1 && !choices.iter().any(is_list);
    let mut all = Vec::new();
    for choice in choices {
        let resolved = service.resolve(choice);
        let mut some = match (rust, resolved["type"].as_str()) {
            // A single value is no list here.
            (_, Some("array")) => list(service, resolved, depth)
                .into_iter()
                .filter(|spelling| spelling.given.starts_with('['))
                .collect(),
            ("crate::Tag", Some("object")) => vec![Spelling::new(
                r##"{"name":"vip","color":"red","colorCode":"#19976e","attached":true}"##,
                Meaning::text("vip"),
            )],
            _ if is_untyped => spellings(service, choice, depth)[..1].to_vec(),
            _ => spellings(service, choice, depth),
        };
        if rust == "crate::OrderCustomer" {
            // The type of a customer tells which of both it is.
            let company = r#""type":"customer_corporate""#;
            let name = choice["$ref"].as_str().unwrap_or_default();
            some.retain(|one| one.given.contains(company) == name.ends_with("Corporate"));
        }
        all.extend(some);
    }
    all
}

/// All fields at once, each in its next spelling.
fn object(service: &Service, schema: &Value, depth: usize) -> Vec<Spelling> {
    let fields: Vec<(String, Vec<Spelling>)> = match depth {
        0 => Vec::new(),
        _ => service
            .properties(schema)
            .into_iter()
            .map(|(name, schema)| (name, spellings(service, &schema, depth - 1)))
            .collect(),
    };
    let rounds = fields.iter().map(|(_, all)| all.len()).max().unwrap_or(1);
    let round = |round: usize| {
        let chosen: Vec<(&String, &Spelling)> = fields
            .iter()
            .map(|(name, all)| (name, &all[round % all.len()]))
            .collect();
        let members: Vec<String> = chosen
            .iter()
            .map(|(name, spelling)| format!("{name:?}:{}", spelling.given))
            .collect();
        let meanings = chosen
            .iter()
            .map(|(name, spelling)| ((*name).clone(), spelling.meaning.clone()));
        Spelling {
            given: format!("{{{}}}", members.join(",")),
            meaning: Meaning::Object(meanings.collect()),
            count: chosen.iter().map(|(_, spelling)| spelling.count).sum(),
        }
    };
    (0..rounds).map(round).collect()
}
