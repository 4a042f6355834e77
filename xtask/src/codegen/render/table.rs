//! `mod.rs`: the modules, the operation table, the client's way to the handles.

use std::fmt::Write as _;

use super::{Context, docs, first_line, has_shared, pages};
use crate::codegen::{
    ir::{Operation, Output},
    names,
};

pub(crate) fn file(context: &Context<'_>) -> String {
    let mut out = first_line("*");
    out += "//! Models, operations and their table, from the descriptions.\n\n";
    // Full paths further down: with all groups off nothing but this is needed.
    out += "use common_api::{ListEntry, OperationEntry};\n\n";
    for group in &context.plan.groups {
        let _ = writeln!(out, "{}pub mod {group};", context.gate(group));
    }
    if has_shared(context) {
        out += "pub mod shared;\n";
    }
    out += "#[cfg(test)]\nmod sizes;\n";
    out += "\n/// All compiled operations of the service, in the order of their groups.\n\
            pub fn operations() -> &'static [OperationEntry] { OPERATIONS }\n\n\
            static OPERATIONS: &[OperationEntry] = &[\n";
    for group in &context.plan.groups {
        for operation in context.operations_of(group) {
            out += &context.gate(group);
            out += &row(context, group, operation);
        }
    }
    out += "];\n\n";
    out += &lists(context);
    out + &handles(context)
}

fn lists(context: &Context<'_>) -> String {
    let mut out = "/// All compiled lists of the service, in the order of their groups.\n\
         pub(crate) static LISTS: &[ListEntry] = &[\n"
        .to_owned();
    for group in &context.plan.groups {
        for operation in context.operations_of(group) {
            if let Some(row) = pages::row(context, operation) {
                out += &context.gate(group);
                out += &row;
            }
        }
    }
    out + "];\n\n"
}

/// A row of the operation table, with functions that make the operation and its answer.
fn row(context: &Context<'_>, group: &str, operation: &Operation) -> String {
    let boxed = |path: &str| format!("<{path} as common_model::Model>::boxed");
    let metadata = format!("&{group}::{}", names::constant(&operation.rust));
    let params = boxed(&format!("{group}::{}", operation.rust));
    let function = match &operation.output {
        Output::Json(ty) => match context.service.model(ty) {
            Some((schema, _)) => {
                let format = if operation.partial {
                    "PartialWire"
                } else {
                    "Wire"
                };
                let module = context.plan.module(&schema.wire);
                let answer = boxed(&format!("{module}::{}", schema.rust));
                return format!(
                    "OperationEntry::json::<crate::wire::{format}>({metadata}, {params}, {answer}),\n"
                );
            }
            None => format!(
                "value::<<{group}::{} as common_transport::Operation>::Output>",
                operation.rust
            ),
        },
        Output::Nothing => "empty".to_owned(),
        Output::Binary => "binary".to_owned(),
    };
    format!("crate::wire::row::{function}({metadata}, {params}),\n")
}

fn handles(context: &Context<'_>) -> String {
    let mut out =
        "/// Handles for the groups of methods.\n#[cfg(feature = \"client\")]\nimpl crate::Client {\n"
            .to_owned();
    for group in &context.plan.groups {
        if context.operations_of(group).is_empty() {
            continue;
        }
        out += &docs::outer(&context.about(group));
        out += &context.gate(group);
        let _ = writeln!(
            out,
            "pub fn {group}(&self) -> {group}::Handle<'_> {{ {group}::Handle::new(self) }}\n"
        );
    }
    out + "}\n"
}
