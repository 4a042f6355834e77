//! Reads what bodies and answers hold.

use crate::codegen::{
    documents::{self, Document},
    ir::{Field, Operation, Output, Param, Place, Type},
    node::{Findings, Node},
    schemas,
};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const BINARY: &str = "application/octet-stream";

/// Adds the fields of the request body to the parameters.
pub(super) fn read_body(
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
    for mut field in schemas::read_fields(documents, &schema, findings) {
        let place = match *media {
            JSON => Place::Body,
            _ => form_place(content, &mut field, findings),
        };
        let by = None;
        operation.params.push(Param { field, place, by });
    }
}

/// How a form field is written: as OpenAPI's `encoding` says, as plain text without one.
fn form_place(content: &Node<'_>, field: &mut Field, findings: &mut Findings) -> Place {
    let encoding = content.at(&["encoding", &field.wire]);
    let word = |key| encoding.as_ref().and_then(|encoding| encoding.str(key));
    let is_list = matches!(field.ty, Type::List(_));
    let is_nested = is_list || matches!(field.ty, Type::Map(_) | Type::ListOrMap(_));
    match (word("contentType"), word("style")) {
        (Some(JSON), _) => Place::FormJson,
        (_, Some("deepObject")) if !is_list => Place::FormBrackets,
        _ if is_list && schemas::take_brackets(field) => Place::FormBrackets,
        _ => {
            if is_nested {
                let why = format!(
                    "{} is nested: say in encoding how it is written",
                    field.wire
                );
                content.report(findings, why);
            }
            Place::Form
        }
    }
}

/// The answer of the first success status; all of them have to agree.
pub(super) fn read_output(
    documents: &[Document],
    node: &Node<'_>,
    findings: &mut Findings,
) -> Output {
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
