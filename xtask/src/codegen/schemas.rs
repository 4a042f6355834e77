//! Reads schemas: which Rust type stands for what.

use super::{
    documents::{self, Document},
    ir::{Field, Schema, Shape, Type},
    json::Json,
    names,
    node::{Findings, Node},
};

/// Words that describe a value further without changing its Rust type.
const NOTES: &[&str] = &[
    "$comment",
    "title",
    "description",
    "default",
    "deprecated",
    "discriminator",
    "example",
    "examples",
    "exclusiveMinimum",
    "maxItems",
    "maxLength",
    "maximum",
    "minItems",
    "minLength",
    "minimum",
    "readOnly",
    "multipleOf",
    "pattern",
    "readOnly",
    "uniqueItems",
    "writeOnly",
    "minProperties",
    "maxProperties",
    "const",
];

/// Words that decide the Rust type.
const TYPE_WORDS: &[&str] = &[
    "$ref",
    "additionalProperties",
    "anyOf",
    "enum",
    "format",
    "items",
    "oneOf",
    "properties",
    "required",
    "type",
    "x-clear",
    "x-edit",
    "x-format",
    "x-rust-name",
    "x-rust-type",
];

/// All named schemas of all documents that stand for a type, in the order of the files.
pub(crate) fn read_all(documents: &[Document], findings: &mut Findings) -> Vec<Schema> {
    let mut schemas: Vec<Schema> = Vec::new();
    let bodies = documents::bodies_alone(documents);
    for document in documents {
        let Some(all) = document.root().at(&["components", "schemas"]) else {
            continue;
        };
        let models = all.members().into_iter();
        for (name, node) in models.filter(|(name, _)| !bodies.contains(name)) {
            let schema = read_named(documents, document, name, &node, findings);
            if let Some(other) = schemas.iter().find(|other| other.wire == name) {
                node.report(
                    findings,
                    format!("{name} is described in {}.json too", other.file),
                );
            } else if let Some(other) = schemas.iter().find(|other| other.rust == schema.rust) {
                let (other, rust) = (&other.wire, &schema.rust);
                node.report(
                    findings,
                    format!("{rust} is {other} in Rust too: give x-rust-name"),
                );
            }
            schemas.push(schema);
        }
    }
    schemas
}

fn read_named(
    documents: &[Document],
    document: &Document,
    name: &str,
    node: &Node<'_>,
    findings: &mut Findings,
) -> Schema {
    let shape = if node.has("enum") {
        Shape::Enum(read_values(node, findings))
    } else if node.has("properties") {
        check_words(node, findings);
        Shape::Model(read_fields(documents, node, findings))
    } else {
        Shape::Alias(read_type(documents, node, findings))
    };
    Schema {
        wire: name.to_owned(),
        rust: node
            .str("x-rust-name")
            .map_or_else(|| names::type_name(name), str::to_owned),
        doc: node.str("description").unwrap_or_default().to_owned(),
        file: document.stem.clone(),
        shape,
    }
}

fn read_values(node: &Node<'_>, findings: &mut Findings) -> Vec<String> {
    check_words(node, findings);
    let mut values = Vec::new();
    for value in node.get("enum").iter().flat_map(Node::items) {
        match value.json.as_str() {
            Some(text) => values.push(text.to_owned()),
            None => value.report(findings, "an enum holds texts alone"),
        }
    }
    values
}

/// The properties of an object, as fields.
pub(crate) fn read_fields(
    documents: &[Document],
    node: &Node<'_>,
    findings: &mut Findings,
) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    let is_edit = node.bool("x-edit").unwrap_or(false);
    for (wire, property) in node.get("properties").iter().flat_map(Node::members) {
        let mut field = read_field(
            documents,
            wire,
            &property,
            is_required(node, wire),
            findings,
        );
        field.clears = clears(is_edit, &field, &property, findings);
        if let Some(other) = fields.iter().find(|other| other.rust == field.rust) {
            let (other, rust) = (&other.wire, &field.rust);
            property.report(
                findings,
                format!("{rust} is {other} in Rust too: give x-rust-name"),
            );
        }
        fields.push(field);
    }
    for name in node.get("required").iter().flat_map(Node::items) {
        let known = name
            .json
            .as_str()
            .is_some_and(|name| fields.iter().any(|field| field.wire == name));
        if !known {
            name.report(findings, "a required property has to be described");
        }
    }
    fields
}

/// Whether null clears the field. An `id` says which object is meant; it is no content.
fn clears(is_edit: bool, field: &Field, property: &Node<'_>, findings: &mut Findings) -> bool {
    if property.has("x-clear") && (!is_edit || property.bool("x-clear") != Some(false)) {
        property.report(
            findings,
            "x-clear is false, in a schema with x-edit: the field cannot be cleared",
        );
    }
    let can_be_none = !field.required && !field.read_only && field.wire != "id";
    is_edit && can_be_none && !property.has("x-clear")
}

pub(crate) fn read_field(
    documents: &[Document],
    wire: &str,
    node: &Node<'_>,
    required: bool,
    findings: &mut Findings,
) -> Field {
    // Models write the names of their fields as they are.
    if wire.contains(|c: char| c.is_control() || matches!(c, '"' | '\\')) {
        node.report(findings, "the name would need an escape in JSON");
    }
    Field {
        wire: wire.to_owned(),
        rust: node
            .str("x-rust-name")
            .map_or_else(|| names::field(wire), str::to_owned),
        doc: node.str("description").unwrap_or_default().to_owned(),
        ty: read_type(documents, node, findings),
        required,
        read_only: node.bool("readOnly").unwrap_or(false),
        is_one: is_one(node),
        clears: false,
    }
}

/// Reads PHP's name of a list, `ids[]`: the field is `ids`. False for any other name.
pub(crate) fn take_brackets(field: &mut Field) -> bool {
    let Some(name) = field.wire.strip_suffix("[]").map(str::to_owned) else {
        return false;
    };
    field.rust = names::field(&name);
    field.wire = name;
    true
}

fn is_required(object: &Node<'_>, wire: &str) -> bool {
    let names = object.get("required");
    names
        .iter()
        .flat_map(Node::items)
        .any(|name| name.json.as_str() == Some(wire))
}

/// The Rust type of a schema where it is used.
pub(crate) fn read_type(documents: &[Document], node: &Node<'_>, findings: &mut Findings) -> Type {
    check_words(node, findings);
    if let Some(path) = node.str("x-rust-type") {
        return Type::Custom(path.to_owned(), alternatives(documents, node, findings));
    }
    if node.has("$ref") {
        return read_reference(documents, node, findings).map_or(Type::Value, Type::Ref);
    }
    if let Some(choices) = choices(node) {
        return read_choice(documents, &choices, findings);
    }
    if node.has("properties") {
        node.report(
            findings,
            "an object with properties needs a name: move it to components.schemas",
        );
        return Type::Value;
    }
    if node.has("enum") {
        node.report(
            findings,
            "an enum needs a name: move it to components.schemas",
        );
        return Type::String;
    }
    match &type_words(node)[..] {
        [] => Type::Value,
        ["string"] => read_text(node, findings),
        ["integer"] => Type::Integer,
        ["number"] => Type::Decimal,
        ["boolean"] => Type::Bool,
        ["integer", "string"] | ["string", "integer"] => Type::Id,
        ["array"] => Type::List(Box::new(read_member(documents, node, "items", findings))),
        ["object"] => {
            let member = read_member(documents, node, "additionalProperties", findings);
            Type::Map(Box::new(member))
        }
        _ => Type::Value,
    }
}

/// The words of `type` without `null`, since everything that is read may be null or missing, and without `array`
/// beside `object`: PHP writes a map as a list when it can.
fn type_words<'a>(node: &Node<'a>) -> Vec<&'a str> {
    let words = match node.get("type") {
        None => Vec::new(),
        Some(word) if word.json.as_str().is_some() => word.json.as_str().into_iter().collect(),
        Some(list) => list
            .items()
            .iter()
            .filter_map(|item| item.json.as_str())
            .collect(),
    };
    let is_map = words.contains(&"object");
    let is_type = |word: &&str| *word != "null" && !(is_map && *word == "array");
    words.into_iter().filter(is_type).collect()
}

/// Whether only an empty list fits: PHP writes an empty map so.
fn is_empty_list(node: &Node<'_>) -> bool {
    node.json.get("maxItems").and_then(Json::as_u64) == Some(0)
}

/// Whether a list or a map holds one element at most.
fn is_one(node: &Node<'_>) -> bool {
    let holds_one = |shape: &Node<'_>| {
        let most = shape
            .json
            .get("maxItems")
            .or(shape.json.get("maxProperties"));
        most.and_then(Json::as_u64) == Some(1)
    };
    let alternatives = choices(node);
    holds_one(node)
        || alternatives
            .iter()
            .flat_map(Node::items)
            .any(|shape| holds_one(&shape))
}

/// The alternatives: exactly one, or any of them.
fn choices<'a>(node: &Node<'a>) -> Option<Node<'a>> {
    node.get("oneOf").or_else(|| node.get("anyOf"))
}

fn read_text(node: &Node<'_>, findings: &mut Findings) -> Type {
    match node.str("x-format").or_else(|| node.str("format")) {
        None | Some("uri" | "email" | "uuid" | "phone") => Type::String,
        Some("password") => Type::Secret,
        Some("decimal") => Type::Decimal,
        Some("date") => Type::Date,
        Some("date-time-local") => Type::DateTime,
        Some("date-time" | "date-time-spaced") => Type::Timestamp,
        Some("time-local") => Type::Time,
        Some(other) => {
            node.report(
                findings,
                format!("the format {other} of a text is not supported"),
            );
            Type::String
        }
    }
}

/// The type of `items` or `additionalProperties`; anything where it says nothing.
fn read_member(
    documents: &[Document],
    node: &Node<'_>,
    key: &str,
    findings: &mut Findings,
) -> Type {
    match node.get(key) {
        Some(member) if member.json.as_bool().is_none() => read_type(documents, &member, findings),
        _ => Type::Value,
    }
}

/// A list or an object of the same thing is one type; any other choice is kept as it comes. PHP's `false` for null
/// and empty list for an empty object are no types of their own: everything that is read may be so or missing.
fn read_choice(documents: &[Document], choices: &Node<'_>, findings: &mut Findings) -> Type {
    let types: Vec<Type> = choices
        .items()
        .iter()
        .filter(|choice| choice.bool("const") != Some(false) && !is_empty_list(choice))
        .map(|choice| read_type(documents, choice, findings))
        .collect();
    match &types[..] {
        [only] => only.clone(),
        [Type::List(item), Type::Map(member)] if item == member => Type::ListOrMap(item.clone()),
        _ => Type::Value,
    }
}

fn alternatives(documents: &[Document], node: &Node<'_>, findings: &mut Findings) -> Vec<String> {
    let choices = choices(node);
    let mut names = Vec::new();
    for choice in choices.iter().flat_map(Node::items) {
        let choice = read_type(documents, &choice, findings);
        names.extend(choice.references().into_iter().map(str::to_owned));
    }
    names
}

/// The name behind a `$ref`, once it is known to lead somewhere.
fn read_reference(
    documents: &[Document],
    node: &Node<'_>,
    findings: &mut Findings,
) -> Option<String> {
    documents::resolve(documents, node.clone(), findings)?;
    let text = node.str("$ref")?;
    let to = documents::reference(text, documents::stem_of(documents, node.file))?;
    if to.kind != "schemas" {
        node.report(findings, format!("{text} is no schema"));
        return None;
    }
    Some(to.name.to_owned())
}

fn check_words(node: &Node<'_>, findings: &mut Findings) {
    for (word, at) in node.members() {
        if !NOTES.contains(&word) && !TYPE_WORDS.contains(&word) {
            at.report(findings, format!("{word} is not supported in a schema"));
        }
    }
}
