//! Operations: a struct of parameters that is a model too, its metadata, and the trait.

use std::fmt::Write as _;

use super::{
    Context, docs,
    models::{self, Slot},
    pages,
    types::{Imports, inline},
};
use crate::codegen::{
    ir::{Operation, Output, Param, Scope},
    names,
};

pub(crate) fn operation(
    context: &Context<'_>,
    operation: &Operation,
    imports: &mut Imports<'_>,
) -> String {
    let name = &operation.rust;
    let slots: Vec<Slot<'_>> = operation
        .params
        .iter()
        .map(|param| {
            let boxed = context.plan.is_large(&param.field.ty);
            Slot::new(&param.field, boxed, imports)
        })
        .collect();
    let Operation {
        doc, method, path, ..
    } = operation;
    let mut about = format!("`{}`: `{method} {path}`.", operation.name);
    if !doc.is_empty() {
        about = format!("{doc}\n\n{about}");
    }
    let bytes = match operation.binary_body {
        true => "/// The bytes of the body.\npub body: Bytes,\n",
        false => "",
    };
    let mut out = metadata(context, operation, imports);
    let more = format!("{bytes}/// Parameters without a description, which are sent too.\n");
    out += &models::structure(&about, name, &slots, &more);
    if !operation.binary_body && operation.references().is_empty() {
        out += &models::built(name, &slots, imports);
    } else {
        let constructor = constructor(operation, &slots, imports);
        let setters = models::setters(&slots, imports);
        let _ = write!(out, "\nimpl {name} {{\n{constructor}{setters}}}\n");
    }
    out += &models::bridges(name, &slots, imports);
    out += &behaviour(operation, imports);
    out + &pages::walks(context, operation, imports)
}

/// `new` of an operation with a body of bytes, or with identifiers of several kinds.
fn constructor(operation: &Operation, slots: &[Slot<'_>], imports: &mut Imports<'_>) -> String {
    match operation.binary_body {
        true => "/// Creates the call with these bytes.\n\
                 pub fn new(body: impl Into<Bytes>) -> Self { Self { body: body.into(), ..Self::default() } }\n"
            .to_owned(),
        false => reference_constructor(operation, slots, imports),
    }
}

/// `new` of an operation with identifiers of several kinds: each sets its parameter and the one that says which.
fn reference_constructor(
    operation: &Operation,
    slots: &[Slot<'_>],
    imports: &mut Imports<'_>,
) -> String {
    let (mut arguments, mut lets, mut values) = (String::new(), String::new(), String::new());
    for param in operation.params.iter().filter(|param| param.field.required) {
        let name = &param.field.rust;
        let _ = write!(
            arguments,
            "{name}: {}, ",
            argument(operation, param, imports)
        );
        let value = match reference(operation, param) {
            Some(by) => {
                let by = &by.field.rust;
                let _ = writeln!(lets, "let ({name}, {by}) = {name}.into().into_parts();");
                let _ = write!(values, "{by}, ");
                name.clone()
            }
            None => {
                let mut slots = slots.iter();
                let slot = slots.find(|slot| slot.field.wire == param.field.wire);
                match slot {
                    Some(slot) => slot.converted(name, imports),
                    None => name.clone(),
                }
            }
        };
        let _ = match value == *name {
            true => write!(values, "{name}, "),
            false => write!(values, "{name}: {value}, "),
        };
    }
    format!(
        "/// Creates a value with the required fields; setters add the others.\n{inline}\
         pub fn new({arguments}) -> Self {{ {lets} Self {{ {values} ..Self::default() }} }}\n",
        inline = inline(&arguments),
    )
}

/// The parameter that says what kind of identifier this one is.
pub(super) fn reference<'o>(operation: &'o Operation, param: &Param) -> Option<&'o Param> {
    let pairs = operation.references();
    let mut pairs = pairs.into_iter();
    pairs.find_map(|(other, by)| (other.field.wire == param.field.wire).then_some(by))
}

/// A required parameter as constructors take it.
pub(super) fn argument(operation: &Operation, param: &Param, imports: &mut Imports<'_>) -> String {
    match reference(operation, param) {
        Some(by) => format!(
            "impl Into<crate::ObjectRef<{}>>",
            imports.name(&by.field.ty)
        ),
        None => imports.argument(&param.field.ty),
    }
}

fn metadata(context: &Context<'_>, operation: &Operation, imports: &mut Imports<'_>) -> String {
    let idempotency = match operation.idempotent {
        true => "Idempotent",
        false => "NonIdempotent",
    };
    let mut params = params(&operation.params);
    if operation.binary_body {
        params += "Param::required(\"body\", Place::Binary), ";
    }
    let mut more = String::new();
    if !params.is_empty() {
        imports.use_params();
        let _ = write!(more, ".params(&[{params}])");
    }
    if operation.reads {
        more += ".reads()";
    }
    if let Some(class) = &operation.rate_class {
        imports.use_rate_class();
        let _ = write!(more, ".rate_class(RateClass({class:?}))");
    }
    if let Some(Scope { name, basis }) = &operation.scope {
        imports.use_scope();
        let _ = write!(more, ".scope(Scope::new({name:?}, ScopeBasis::{basis}))");
    }
    format!(
        "\npub(super) static {}: Metadata = Metadata::new({:?}, {:?}, Method::{}, {:?}, Idempotency::{idempotency}){more};\n",
        names::constant(&operation.rust),
        context.target.service,
        operation.name,
        operation.method,
        operation.path,
    )
}

/// `Param::required("id", Place::Path), …`.
pub(super) fn params(all: &[Param]) -> String {
    let mut out = String::new();
    for Param { field, place, .. } in all {
        let need = match field.required {
            true => "required",
            false => "optional",
        };
        let _ = write!(
            out,
            "Param::{need}({:?}, Place::{}), ",
            field.wire,
            place.rust()
        );
    }
    out
}

fn behaviour(operation: &Operation, imports: &mut Imports<'_>) -> String {
    let metadata = names::constant(&operation.rust);
    let request = match operation.binary_body {
        true => format!("wire::request_binary(&{metadata}, self, &self.body)"),
        false => format!("wire::Wire::request(&{metadata}, self)"),
    };
    let (output, decode) = match &operation.output {
        Output::Json(ty) if operation.partial => (imports.name(ty), "PartialWire::decode"),
        Output::Json(ty) => (imports.name(ty), "Wire::decode"),
        Output::Nothing => ("()".to_owned(), "decode_empty"),
        Output::Binary => ("crate::FileContents".to_owned(), "decode_binary"),
    };
    let answer = match &operation.output {
        Output::Json(_) => "json",
        Output::Nothing => "empty",
        Output::Binary => "binary",
    };
    format!(
        "\nimpl Operation for {rust} {{\n\
         type Output = {output};\n\n\
         #[inline]\nfn metadata(&self) -> &'static Metadata {{ &{metadata} }}\n\n\
         #[inline]\nfn request(&self) -> Result<Request<Bytes>, Error> {{ {request} }}\n\n\
         #[inline]\nfn decode(&self, response: Response<Bytes>) -> Result<Self::Output, Error> {{ wire::{decode}(&{metadata}, response) }}\n\n\
         #[inline]\nfn decoder(&self) -> Option<Decoder<Self::Output>> {{ Some(Box::new(|response| wire::{decode}(&{metadata}, response))) }}\n\
         }}\n\n\
         #[cfg(feature = \"mock\")]\n\
         common_api::mocked!({rust}, {metadata}, {answer});\n",
        rust = operation.rust
    )
}

/// The doc of a handle's method: the summary, and where the details stand.
pub(super) fn summary(operation: &Operation) -> String {
    let first = operation.doc.split("\n\n").next().unwrap_or_default();
    match first {
        "" => docs::outer(&format!("`{}`.", operation.name)),
        first => docs::outer(&format!(
            "{} (`{}`).",
            first.trim_end_matches('.'),
            operation.name
        )),
    }
}
