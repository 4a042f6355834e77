//! The handle of a group: the usual methods over a client.

use std::fmt::Write as _;

use super::{
    Context, constructors, docs, operations,
    types::{Imports, inline},
};
use crate::codegen::ir::{Operation, Type};

pub(crate) fn handle(
    context: &Context<'_>,
    group: &str,
    all: &[&Operation],
    imports: &mut Imports<'_>,
) -> String {
    let about = docs::outer(&context.about(group));
    let mut out = format!(
        "\n{about}#[cfg(feature = \"client\")]\n#[derive(Debug, Clone, Copy)]\n\
         pub struct Handle<'c> {{ client: &'c crate::Client }}\n\n\
         #[cfg(feature = \"client\")]\nimpl<'c> Handle<'c> {{\n\
         pub(super) fn new(client: &'c crate::Client) -> Self {{ Self {{ client }} }}\n"
    );
    for operation in all {
        out += &by_id(operation, imports);
        out += "\n";
        out += &operations::summary(operation);
        let (arguments, values) = arguments(operation, imports);
        let _ = writeln!(
            out,
            "{inline}pub fn {method}(&self{arguments}) -> crate::Call<'c, {rust}> {{ self.client.call({rust}::new({values})) }}",
            inline = inline(&arguments),
            method = operation.method_name,
            rust = operation.rust
        );
    }
    out + "}\n"
}

/// What `new` of the operation takes, and the same names to hand on.
fn arguments(operation: &Operation, imports: &mut Imports<'_>) -> (String, String) {
    if operation.binary_body {
        return (", body: impl Into<Bytes>".to_owned(), "body".to_owned());
    }
    if let Some(fields) = constructors::fields_of(operation) {
        return (format!(", fields: {fields}"), "fields".to_owned());
    }
    let (mut arguments, mut values) = (String::new(), String::new());
    for param in operation.params.iter().filter(|param| param.field.required) {
        let name = &param.field.rust;
        let argument = operations::argument(operation, param, imports);
        let _ = write!(arguments, ", {name}: {argument}");
        let _ = write!(values, "{name}, ");
    }
    (arguments, values)
}

/// The same method for the number that the service gave the object, where one identifier is told by `by`.
fn by_id(operation: &Operation, imports: &mut Imports<'_>) -> String {
    let [(of, by)] = operation.references()[..] else {
        return String::new();
    };
    if by.field.wire != "by" {
        return String::new();
    }
    let (mut arguments, mut values) = (String::new(), String::new());
    for param in operation.params.iter().filter(|param| param.field.required) {
        let name = &param.field.rust;
        if param.field.wire == of.field.wire {
            let _ = write!(arguments, ", id: {}", imports.argument(&Type::Id));
            let _ = write!(values, "{}::id(id), ", imports.name(&by.field.ty));
        } else {
            let _ = write!(arguments, ", {name}: {}", imports.argument(&param.field.ty));
            let _ = write!(values, "{name}, ");
        }
    }
    format!(
        "\n/// [`{method}`](Self::{method}) by the service's number of the object.\n{inline}\
         pub fn {method}_by_id(&self{arguments}) -> crate::Call<'c, {rust}> {{ self.client.call({rust}::new({values})) }}\n",
        inline = inline(&arguments),
        method = operation.method_name,
        rust = operation.rust
    )
}
