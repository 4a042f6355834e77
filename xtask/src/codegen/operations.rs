//! Reads paths, one operation per method, and webhooks, which are described in the same words.

mod content;

use super::{
    documents::{self, Document},
    ir::{Operation, Param, Place, Scope, Type},
    names,
    node::{Findings, Node},
    schemas,
};

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
    "x-read",
    "x-rust-name",
    "x-scope",
];

/// Where operations are described.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Section {
    /// What the service offers, by path.
    Paths,
    /// What the service sends by itself, by name.
    Webhooks,
}

impl Section {
    fn key(self) -> &'static str {
        match self {
            Self::Paths => "paths",
            Self::Webhooks => "webhooks",
        }
    }
}

/// All operations of one section of all documents, in the order of the files.
pub(crate) fn read_all(
    documents: &[Document],
    section: Section,
    findings: &mut Findings,
) -> Vec<Operation> {
    let mut operations: Vec<Operation> = Vec::new();
    for document in documents {
        let items = document.root().get(section.key());
        for (path, item) in items.iter().flat_map(Node::members) {
            for (method, node) in item.members() {
                let read = read(documents, document, section, path, method, &node, findings);
                let Some(operation) = read else {
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
    section: Section,
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
    let name = match section {
        Section::Paths => node.str("operationId"),
        Section::Webhooks => Some(path),
    };
    let Some(name) = name else {
        node.report(findings, "an operation needs an operationId");
        return None;
    };
    let tags = node.get("tags");
    let tag = tags
        .iter()
        .flat_map(Node::items)
        .find_map(|tag| tag.json.as_str());
    let group = tag.unwrap_or(&document.stem);
    let verb = match section {
        Section::Paths => name.rsplit_once('.').map_or(name, |(_, verb)| verb),
        // One module holds them all.
        Section::Webhooks => name,
    };
    let reads = node.bool("x-read").unwrap_or(false);
    let mut operation = Operation {
        name: name.to_owned(),
        group: names::field(group),
        method_name: names::method(node.str("x-rust-name").unwrap_or(verb)),
        rust: node
            .str("x-rust-name")
            .map_or_else(|| names::type_name(verb), str::to_owned),
        doc: describe(node),
        method: method.to_uppercase(),
        path: path.to_owned(),
        params: read_parameters(documents, node, findings),
        idempotent: node
            .bool("x-idempotent")
            .unwrap_or(reads || !matches!(method, "post" | "patch")),
        reads,
        rate_class: node.str("x-rate-class").map(str::to_owned),
        scope: read_scope(node, findings),
        partial: node.bool("x-partial").unwrap_or(false),
        binary_body: false,
        output: content::read_output(documents, node, findings),
    };
    content::read_body(documents, node, &mut operation, findings);
    check_parameters(node, &operation, findings);
    Some(operation)
}

/// `"x-scope": { "name": "order_read", "basis": "stated" }`.
fn read_scope(node: &Node<'_>, findings: &mut Findings) -> Option<Scope> {
    let scope = node.get("x-scope")?;
    scope.only(&["basis", "name"], findings);
    let basis = match scope.str("basis") {
        Some("stated") => "Stated",
        Some("official-code") => "OfficialCode",
        Some("inferred") => "Inferred",
        _ => {
            scope.report(findings, "basis is stated, official-code or inferred");
            return None;
        }
    };
    let Some(name) = scope.str("name") else {
        scope.report(findings, "a scope needs a name");
        return None;
    };
    Some(Scope {
        name: name.to_owned(),
        basis,
    })
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
        let is_list = matches!(field.ty, Type::List(_));
        if place == Place::Query && schemas::take_brackets(&mut field) != is_list {
            parameter.report(
                findings,
                format!("{name}: a list in the query is named with [], and nothing else"),
            );
        }
        if let Some(doc) = parameter.str("description") {
            doc.clone_into(&mut field.doc);
        }
        if let Some(rust) = parameter.str("x-rust-name") {
            rust.clone_into(&mut field.rust);
        }
        let by = parameter.str("x-by").map(str::to_owned);
        params.push(Param { field, place, by });
    }
    params
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
        if let Some(by) = &param.by {
            let mut selectors = operation.params.iter();
            if !selectors.any(|other| other.field.wire == *by && !other.field.required) {
                node.report(
                    findings,
                    format!("{wire} is told by {by}, which is no optional parameter"),
                );
            }
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
