//! Reads paths: one operation per method.

use super::{
    documents::{self, Document},
    ir::{Operation, Output, Param, Place, Type},
    names,
    node::{Findings, Node},
    schemas,
};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const BINARY: &str = "application/octet-stream";

const WORDS: &[&str] = &[
    "callbacks",
    "deprecated",
    "description",
    "externalDocs",
    "operationId",
    "parameters",
    "requestBody",
    "responses",
    "security",
    "servers",
    "summary",
    "tags",
    "x-idempotent",
    "x-partial",
    "x-rate-class",
    "x-rust-name",
];

/// All operations of all documents, in the order of the files.
pub(crate) fn read_all(documents: &[Document], findings: &mut Findings) -> Vec<Operation> {
    let mut operations: Vec<Operation> = Vec::new();
    for document in documents {
        for (path, item) in document.root().get("paths").iter().flat_map(Node::members) {
            for (method, node) in item.members() {
                let Some(operation) = read(documents, document, path, method, &node, findings)
                else {
                    continue;
                };
                if let Some(why) = clash(&operations, &operation) {
                    node.report(findings, why);
                }
                operations.push(operation);
            }
        }
    }
    operations
}

fn clash(known: &[Operation], new: &Operation) -> Option<String> {
    if known.iter().any(|other| other.name == new.name) {
        return Some(format!("the operation {} is described twice", new.name));
    }
    let same = |other: &&Operation| other.group == new.group && other.rust == new.rust;
    let other = known.iter().find(same)?;
    let (other, rust) = (&other.name, &new.rust);
    Some(format!("{rust} is {other} in Rust too: give x-rust-name"))
}

fn read(
    documents: &[Document],
    document: &Document,
    path: &str,
    method: &str,
    node: &Node<'_>,
    findings: &mut Findings,
) -> Option<Operation> {
    if !["get", "post", "put", "patch", "delete"].contains(&method) {
        node.report(findings, format!("{method} is not supported as a method"));
        return None;
    }
    node.only(WORDS, findings);
    let Some(name) = node.str("operationId") else {
        node.report(findings, "an operation needs an operationId");
        return None;
    };
    let tags = node.get("tags");
    let tag = tags
        .iter()
        .flat_map(Node::items)
        .find_map(|tag| tag.json.as_str());
    let group = tag.unwrap_or(&document.stem);
    let verb = name.rsplit_once('.').map_or(name, |(_, verb)| verb);
    let mut operation = Operation {
        name: name.to_owned(),
        group: names::field(group),
        rust: node
            .str("x-rust-name")
            .map_or_else(|| names::type_name(verb), str::to_owned),
        method_name: names::field(verb),
        doc: describe(node),
        method: method.to_uppercase(),
        path: path.to_owned(),
        params: read_parameters(documents, node, findings),
        idempotent: node
            .bool("x-idempotent")
            .unwrap_or(!matches!(method, "post" | "patch")),
        rate_class: node.str("x-rate-class").map(str::to_owned),
        partial: node.bool("x-partial").unwrap_or(false),
        binary_body: false,
        output: read_output(documents, node, findings),
    };
    read_body(documents, node, &mut operation, findings);
    check_parameters(node, &operation, findings);
    Some(operation)
}

/// Summary and description, as two paragraphs.
fn describe(node: &Node<'_>) -> String {
    let texts = [node.str("summary"), node.str("description")];
    texts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

fn read_parameters(documents: &[Document], node: &Node<'_>, findings: &mut Findings) -> Vec<Param> {
    let mut params = Vec::new();
    for parameter in node.get("parameters").iter().flat_map(Node::items) {
        let Some(parameter) = documents::resolve(documents, parameter, findings) else {
            continue;
        };
        let place = match parameter.str("in") {
            Some("path") => Place::Path,
            Some("query") => Place::Query,
            // The service's own header that says which method is called; the client writes it.
            Some("header") => continue,
            _ => {
                parameter.report(findings, "a parameter is in path or query");
                continue;
            }
        };
        let (Some(name), Some(schema)) = (parameter.str("name"), parameter.get("schema")) else {
            parameter.report(findings, "a parameter needs a name and a schema");
            continue;
        };
        let required = parameter.bool("required").unwrap_or(false);
        let mut field = schemas::read_field(documents, name, &schema, required, findings);
        if let Some(doc) = parameter.str("description") {
            doc.clone_into(&mut field.doc);
        }
        if let Some(rust) = parameter.str("x-rust-name") {
            rust.clone_into(&mut field.rust);
        }
        params.push(Param { field, place });
    }
    params
}

fn read_body(
    documents: &[Document],
    node: &Node<'_>,
    operation: &mut Operation,
    findings: &mut Findings,
) {
    let Some(body) = node.get("requestBody") else {
        return;
    };
    let Some(body) = documents::resolve(documents, body, findings) else {
        return;
    };
    let contents = body.get("content").map(|content| content.members());
    let Some([(media, content), ..]) = contents.as_deref() else {
        body.report(findings, "a request body needs a content");
        return;
    };
    if *media == BINARY {
        operation.binary_body = true;
        return;
    }
    if ![JSON, FORM].contains(media) {
        content.report(findings, format!("the media type {media} is not supported"));
        return;
    }
    let schema = content.get("schema");
    let Some(schema) = schema.and_then(|schema| documents::resolve(documents, schema, findings))
    else {
        content.report(findings, "a request body needs a schema");
        return;
    };
    if schema.str("type") == Some("array") && schema.json.get("maxItems").is_some() {
        // PHP's empty array: a call without parameters, which the crate's `wire` writes.
        return;
    }
    if !schema.has("properties") {
        schema.report(findings, "a request body is an object with properties");
    }
    for field in schemas::read_fields(documents, &schema, findings) {
        let place = match *media {
            JSON => Place::Body,
            _ => form_place(content, &field.wire, &field.ty, findings),
        };
        operation.params.push(Param { field, place });
    }
}

/// How a form field is written: as OpenAPI's `encoding` says, as plain text without one.
fn form_place(content: &Node<'_>, wire: &str, ty: &Type, findings: &mut Findings) -> Place {
    let encoding = content.at(&["encoding", wire]);
    let word = |key| encoding.as_ref().and_then(|encoding| encoding.str(key));
    match (word("contentType"), word("style")) {
        (Some(JSON), _) => Place::FormJson,
        (_, Some("deepObject")) => Place::FormBrackets,
        _ => {
            if matches!(ty, Type::List(_) | Type::Map(_) | Type::ListOrMap(_)) {
                content.report(
                    findings,
                    format!("{wire} is nested: say in encoding how it is written"),
                );
            }
            Place::Form
        }
    }
}

/// The answer of the first success status; all of them have to agree.
fn read_output(documents: &[Document], node: &Node<'_>, findings: &mut Findings) -> Output {
    let responses = node
        .get("responses")
        .map(|all| all.members())
        .unwrap_or_default();
    let mut outputs = Vec::new();
    for (status, response) in responses {
        if !status.starts_with('2') {
            continue;
        }
        let Some(response) = documents::resolve(documents, response, findings) else {
            continue;
        };
        outputs.push((read_answer(documents, &response, findings), response));
    }
    if let [(first, _), rest @ ..] = &outputs[..] {
        for (other, response) in rest {
            if format!("{first:?}") != format!("{other:?}") {
                response.report(
                    findings,
                    "all success answers of an operation have one schema",
                );
            }
        }
    } else {
        node.report(findings, "an operation needs a success answer");
    }
    outputs
        .into_iter()
        .next()
        .map_or(Output::Nothing, |(output, _)| output)
}

fn read_answer(documents: &[Document], response: &Node<'_>, findings: &mut Findings) -> Output {
    let contents = response.get("content").map(|content| content.members());
    let Some([(media, content), ..]) = contents.as_deref() else {
        return Output::Nothing;
    };
    match (*media, content.get("schema")) {
        (JSON, Some(schema)) => Output::Json(schemas::read_type(documents, &schema, findings)),
        (JSON, None) => Output::Json(Type::Value),
        _ => Output::Binary,
    }
}

/// The path's templates and its parameters name the same things, and no name travels twice.
fn check_parameters(node: &Node<'_>, operation: &Operation, findings: &mut Findings) {
    let templates: Vec<&str> = operation
        .path
        .split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}').map(|(name, _)| name))
        .collect();
    for (index, param) in operation.params.iter().enumerate() {
        let wire = &param.field.wire;
        let mut earlier = operation.params[..index].iter();
        if earlier.any(|other| other.field.wire == *wire || other.field.rust == param.field.rust) {
            node.report(findings, format!("the parameter {wire} stands twice"));
        }
        if param.place == Place::Path && !templates.contains(&wire.as_str()) {
            node.report(findings, format!("the path has no {{{wire}}}"));
        }
        if param.place == Place::Path && !param.field.required {
            node.report(
                findings,
                format!("the path parameter {wire} has to be required"),
            );
        }
    }
    for template in templates {
        let mut params = operation.params.iter();
        if !params.any(|param| param.place == Place::Path && param.field.wire == template) {
            node.report(findings, format!("{{{template}}} is not described"));
        }
    }
}
