//! `sizes.rs`: the size of every model, and the test that they are as small as the generator reckoned.

use std::{collections::BTreeSet, fmt::Write as _};

use super::{Context, first_line, has_shared};
use crate::codegen::{
    ir::{Field, Shape},
    plan::SHARED,
    sizes::{INLINE, WIDEST},
};

pub(super) fn file(context: &Context<'_>) -> String {
    let mut out = first_line("*");
    let _ = write!(
        out,
        "//! Sizes of the models. An empty model in an answer takes as much memory as a full one.\n\n\
         /// Maximum size of a model in bytes.\n\
         const WIDEST: usize = {WIDEST};\n\n\
         /// Maximum size in bytes of a model that is a field of another without a box.\n\
         const INLINE: usize = {INLINE};\n\n\
         /// Each model with its size in bytes, and whether it is a field of another without a box.\n\
         static MODELS: &[(&str, usize, bool)] = &[\n"
    );
    let inline = inline(context);
    for group in &context.plan.groups {
        rows(context, group, &inline, &mut out);
    }
    if has_shared(context) {
        rows(context, SHARED, &inline, &mut out);
    }
    out += "];\n\n\
            // H1\n\
            #[test]\n\
            fn h1_no_model_is_large() {\n\
            let limit = |inline: bool| if inline { INLINE } else { WIDEST };\n\
            let large: Vec<_> = MODELS.iter().filter(|(_, size, inline)| *size > limit(*inline)).collect();\n\
            assert!(large.is_empty(), \"more than {WIDEST} bytes, or more than {INLINE} without a box: {large:#?}\");\n\
            }\n";
    out
}

/// The models of one module: schemas, parameters of operations, webhooks.
fn rows(context: &Context<'_>, module: &str, inline: &BTreeSet<&str>, out: &mut String) {
    let gate = match module {
        SHARED => String::new(),
        group => context.gate(group),
    };
    let mut row = |rust: &str, inline: bool| {
        let path = format!("{module}::{rust}");
        let _ = writeln!(
            out,
            "{gate}({path:?}, size_of::<super::{path}>(), {inline}),"
        );
    };
    let calls = context.operations_of(module).into_iter();
    for call in calls.chain(context.webhooks_of(module)) {
        row(&call.rust, false);
    }
    for schema in context.plan.schemas_of(context.service, module) {
        if matches!(schema.shape, Shape::Model(_)) {
            row(&schema.rust, inline.contains(&*schema.wire));
        }
    }
}

/// The models that stand in another one, or in the parameters of an operation, without a box.
fn inline<'a>(context: &Context<'a>) -> BTreeSet<&'a str> {
    let service = context.service;
    let name = |field: &Field| Some(&*service.model(&field.ty)?.0.wire);
    let mut names = BTreeSet::new();
    for call in service.calls() {
        let fields = call.params.iter().map(|param| &param.field);
        names.extend(
            fields
                .filter(|field| !context.plan.is_large(&field.ty))
                .filter_map(name),
        );
    }
    for schema in &service.schemas {
        if let Shape::Model(fields) = &schema.shape {
            let unboxed = fields
                .iter()
                .filter(|field| !context.plan.is_boxed(&schema.wire, &field.ty));
            names.extend(unboxed.filter_map(name));
        }
    }
    names
}
