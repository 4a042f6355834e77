//! `mod.rs`: the modules, the operation table, the client's way to the handles.

use std::fmt::Write as _;

use super::{Context, docs, first_line, has_shared};
use crate::codegen::{
    ir::{Operation, Output},
    names,
};

pub(crate) fn file(context: &Context<'_>) -> String {
    let mut out = first_line("*");
    out += "//! Models, operations and their table, from the descriptions.\n\n";
    // Full paths further down: with all groups off nothing but this is needed.
    out += "use common_transport::Entry;\n\n";
    for group in &context.plan.groups {
        let _ = writeln!(out, "{}pub mod {group};", context.gate(group));
    }
    if has_shared(context) {
        out += "pub mod shared;\n";
    }
    out += "#[cfg(test)]\nmod sizes;\n";
    out += "\n/// Every operation of the service that is built in, by the order of its groups.\n\
            pub fn operations() -> &'static [Entry] { OPERATIONS }\n\n\
            static OPERATIONS: &[Entry] = &[\n";
    for group in &context.plan.groups {
        for operation in context.operations_of(group) {
            out += &context.gate(group);
            out += &row(group, operation);
        }
    }
    out += "];\n\n";
    out + &handles(context)
}

fn row(group: &str, operation: &Operation) -> String {
    let metadata = format!("{group}::{}", names::constant(&operation.rust));
    let print = match operation.output {
        Output::Json(_) => "json",
        Output::Nothing => "empty",
        Output::Binary => "binary",
    };
    format!(
        "Entry::new(&{metadata}, |params| Ok(common_transport::AnyOperation::new(crate::wire::params::<{group}::{}>(&{metadata}, params)?, crate::wire::{print}))),\n",
        operation.rust
    )
}

fn handles(context: &Context<'_>) -> String {
    let mut out =
        "/// A handle for each group.\n#[cfg(feature = \"client\")]\nimpl crate::Client {\n"
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
