//! `cargo xtask codegen`: from the OpenAPI descriptions of an API crate to its `src/generated`, and to the one
//! document per service that the sandbox embeds. `--check` writes nothing and names what is stale.
//!
//! Input is the part of OpenAPI 3.1 that the descriptions use; anything else is a finding with file and JSON
//! pointer, and all findings of a run are reported together. What the descriptions may say:
//!
//! - A file per group, `common.json` for what groups share; `$ref` within a file or into a sibling. Names of
//!   schemas are unique in a service.
//! - Types: `string`, `integer`, `number` (a decimal), `boolean`, `[integer, string]` (an id), no type (any
//!   value), `array`, `object` with `additionalProperties` (a map), `oneOf` of a list and a map of the same
//!   thing, `oneOf` of a type and `const: false` (that type; PHP's null) or a list of `maxItems: 0` (that type; PHP's
//!   empty object), `[object, array]` (a map that PHP may write as a list), other `oneOf` and `anyOf` (any value); the formats `decimal`, `date`,
//!   `date-time-local`, `date-time`, `time-local`, `password` (hidden from `Debug`). `x-format` is for a format that
//!   other tools do not know: `date-time-spaced` (a space for the T, perhaps no offset). `x-rust-type` names a hand-written type instead.
//! - A named object with properties is a model, a named enum of texts an open enum. `required` means: always
//!   sent by the service, or needed by it.
//! - An operation's parameters are its path and query parameters and the properties of its body: JSON, or a
//!   form whose fields are text, JSON (`encoding.contentType`) or brackets (`encoding.style: deepObject`).
//!   A list in brackets has them in its name, `ids[]`, since `deepObject` is for objects; the field is `ids`.
//!   A named schema that bodies alone refer to is no model. A body of `application/octet-stream` is bytes.
//! - A webhook (OpenAPI 3.1's top-level `webhooks`) is what the service sends to somebody: a model of its
//!   parameters and body, named by the whole of its name, that tells its places and the type of its answer by
//!   the crate's trait `webhooks::Webhook`. It is no operation: no table, no handle.
//! - `x-by` beside a parameter: the optional parameter that says what kind of identifier it is (`by` of RetailCRM).
//!   Constructors then take the crate's `ObjectRef`, which sets both.
//! - `x-idempotent` where the method does not say it, `x-read` (it changes nothing although its method may),
//!   `x-rate-class`, `x-scope` (the right that the key needs, and who says so: `stated`, `official-code`, `inferred`), `x-partial` (the answer may be a partial
//!   success), `x-rust-name`.
//!
//! - `readOnly`: the service computes the field, so that there is a field and no setter.
//! - `x-edit` on a schema: it is sent to change an object, and null clears each of its optional fields, which gets a
//!   `clear_…` method; but not an `id`, which says what is meant, and no field with `x-clear: false`.
//!
//! A constructor takes at most four arguments. More of them are the fields of a struct, `AddFields` for `Add`, so that
//! one that is missing does not compile and none is taken for another.
//!
//! Names in Rust are the wire's in Rust's case; a keyword, and what a type needs for itself, gets a trailing
//! underscore (`type_`). A model of more than 256 bytes stands in a box where it is a field, so that a list of
//! models stays small; setters and constructors take it without one.
//!
//! The generated code stands on the crate's hand-written `wire` module: on `Wire`, which implements `WireFormat` of
//! `common_api`, and where a description calls for them on `PartialWire`, `request_binary`, `decode_empty` with
//! `row::empty`, `decode_binary` with `row::binary`, and `row::value` for an answer that is no model. It stands on its
//! `Client` with `call(operation)`, and on `Call<'c, O>`.
//!
//! A list is what an answer with one list says it is: a page of a number (a parameter `page` and a member `pagination`), a page
//! of a cursor (a parameter `cursor`), a page in an object that links to the next one (`next`), or all items at once, in
//! services and groups that have it so ([`Whole`]). A list or map of at most one element (`maxItems`, `maxProperties`)
//! is none. Lists are walked through `Paged`, `History` and `Page` of `common_api`; the table `LISTS` has a row for
//! each that belongs to no other object. Of the crate they need `lists`, and where the description calls for it `page`,
//! `PageSize`, `Cursors` with `cursors`, and `Links` with `PageCursor`. The answer of `x-partial` is a `Batch` of the crate.

mod bundle;
mod documents;
mod format;
mod ir;
mod json;
mod lists;
mod names;
mod node;
mod operations;
mod output;
mod plan;
mod render;
mod schemas;
mod sizes;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, path::Path};

use documents::Document;
use ir::Service;
use lists::Whole;
use node::Findings;
use operations::Section;
use output::Mode;
use plan::Plan;
use render::{Context, Target};

/// The crates that are generated.
const CRATES: &[(&str, Target)] = &[
    (
        "nicechat-api",
        Target {
            service: "nicechat",
            features: false,
            whole: Whole::Never,
        },
    ),
    (
        "uvygoda-rpc",
        Target {
            service: "uvygoda",
            features: false,
            whole: Whole::Always,
        },
    ),
    (
        "retailcrm-v5",
        Target {
            service: "retailcrm",
            features: true,
            whole: Whole::Books("references"),
        },
    ),
];

/// Runs the task; `args` is what follows `codegen`.
///
/// # Errors
/// Everything found wrong, a line each; with `--check` also each stale file and the command that repairs.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let mode = match args {
        [] => Mode::Write,
        [flag] if flag == "--check" => Mode::Check,
        _ => return Err("usage: cargo xtask codegen [--check]".to_owned()),
    };
    let crates = crate::root().join("crates");
    let mut errors = Vec::new();
    let mut bundles = BTreeMap::new();
    for (name, target) in CRATES {
        match generate_crate(&crates.join(name), name, *target, mode) {
            Ok(bundle) => {
                bundles.insert(format!("{}.json", target.service), bundle);
            }
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() {
        let embedded = crates.join("shopwire-sandbox").join("openapi");
        errors.extend(output::put_all(&embedded, "json", &bundles, mode).err());
    }
    match errors.is_empty() {
        true => Ok(()),
        false => Err(errors.join("\n")),
    }
}

/// Writes one crate's `src/generated`; the answer is its bundled description.
fn generate_crate(
    directory: &Path,
    name: &str,
    target: Target,
    mode: Mode,
) -> Result<String, String> {
    let documents = documents::load(
        &directory.join("openapi"),
        &format!("crates/{name}/openapi"),
    )?;
    let generated = generate(&documents, target)?;
    output::put_all(&directory.join("src/generated"), "rs", &generated, mode)?;
    let mut findings = Findings::default();
    let bundle = bundle::bundle(&documents, &mut findings)?;
    findings.into_result()?;
    Ok(bundle)
}

/// The generated files of a service by name, formatted.
fn generate(documents: &[Document], target: Target) -> Result<BTreeMap<String, String>, String> {
    let mut findings = Findings::default();
    documents::check_references(documents, &mut findings);
    let service = Service {
        schemas: schemas::read_all(documents, &mut findings),
        operations: operations::read_all(documents, Section::Paths, &mut findings),
        webhooks: operations::read_all(documents, Section::Webhooks, &mut findings),
    };
    check_names(&service, &mut findings);
    check_constructors(&service, &mut findings);
    findings.into_result()?;
    let plan = Plan::new(&service);
    let context = Context {
        target,
        service: &service,
        plan: &plan,
        documents,
    };
    render::files(&context)
        .into_iter()
        .map(|(name, text)| match format::rust(&text) {
            Ok(text) => Ok((name, text)),
            Err(error) => Err(format!("{name}: {error}")),
        })
        .collect()
}

/// A constructor with `x-by` takes arguments and no struct, so that they have to be few.
fn check_constructors(service: &Service, findings: &mut Findings) {
    for operation in service.calls() {
        let fields = operation.params.iter().map(|param| &param.field);
        let asked = fields.filter(|field| field.is_asked()).count();
        if !operation.references().is_empty() && asked > render::MOST_ARGUMENTS {
            let name = &operation.name;
            findings.push(format!(
                "{name}: {asked} required parameters are too many for a constructor with x-by"
            ));
        }
    }
}

/// No type may take a name that the generated files use for something else, nor one of its own group.
fn check_names(service: &Service, findings: &mut Findings) {
    let mut names: Vec<&String> = service.schemas.iter().map(|schema| &schema.rust).collect();
    for operation in service.calls() {
        if names.contains(&&operation.rust) {
            let (name, rust) = (&operation.name, &operation.rust);
            findings.push(format!(
                "{name}: {rust} is a schema in Rust too: give x-rust-name"
            ));
        }
    }
    let fields: Vec<String> = service.calls().filter_map(render::fields_of).collect();
    for name in fields.iter().filter(|name| names.contains(name)) {
        findings.push(format!(
            "{name} holds the fields of an operation too: give x-rust-name"
        ));
    }
    names.extend(service.calls().map(|operation| &operation.rust));
    for name in names {
        if render::RESERVED.contains(&name.as_str()) {
            findings.push(format!(
                "{name} means something else in Rust: give x-rust-name"
            ));
        }
    }
}
