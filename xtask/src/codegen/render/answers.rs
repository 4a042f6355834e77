//! Answers that hold a page with a link, or the outcome of a batch.

use super::{Context, pages, types::Imports};
use crate::codegen::{
    ir::{Field, Operation, Output, Schema, Shape, Type},
    lists::Paging,
};

/// The implementations for one schema; nothing for most.
pub(super) fn of(context: &Context<'_>, schema: &Schema, imports: &mut Imports<'_>) -> String {
    let Shape::Model(fields) = &schema.shape else {
        return String::new();
    };
    let operations = || answered_by(context, schema);
    let mut out = String::new();
    if let Some(page) = operations().find_map(|operation| linked(context, operation, imports)) {
        out += &format!("\nimpl {} {{\n{page}}}\n", schema.rust);
    }
    if operations().any(|operation| operation.partial) {
        out += &batch(&schema.rust, fields);
    }
    out
}

/// The operations with this answer.
fn answered_by<'a>(context: &Context<'a>, schema: &Schema) -> impl Iterator<Item = &'a Operation> {
    let service = context.service;
    let operations = service.operations.iter();
    operations.filter(move |operation| match &operation.output {
        Output::Json(ty) => {
            let model = service.model(ty);
            model.is_some_and(|(answer, _)| answer.wire == schema.wire)
        }
        _ => false,
    })
}

/// The methods of an answer with a page that links to the next one.
fn linked(
    context: &Context<'_>,
    operation: &Operation,
    imports: &mut Imports<'_>,
) -> Option<String> {
    let list = pages::list(context, operation)?;
    let Paging::Link { within, next, .. } = list.paging else {
        return None;
    };
    let item = imports.name(&Type::Ref(list.item?.to_owned()));
    let (within, next) = (&within.rust, &next.rust);
    let items = pages::first_that_came(&list.members);
    Some(format!(
        "/// The items of this page, under whichever name they came.\n\
         pub fn into_items(self) -> Vec<{item}> {{\n\
         let page = self.{within}.unwrap_or_default();\n\
         {items}.unwrap_or_default()\n\
         }}\n\n\
         /// Where the next page is, for a [`PageCursor`](crate::PageCursor); `None` on the last one.\n\
         pub fn next_page(&self) -> Option<&str> {{\n\
         let next = self.{within}.as_ref()?.{next}.as_deref();\n\
         next.filter(|next| !next.is_empty())\n\
         }}\n"
    ))
}

/// The outcome of a batch that may be saved in part: `success`, and a list of what failed if there is one.
fn batch(name: &str, fields: &[Field]) -> String {
    let is_list =
        |field: &&Field| field.wire.starts_with("failed") && matches!(&field.ty, Type::List(_));
    let (about, failed) = match fields.iter().find(is_list) {
        Some(failed) => (
            "",
            format!("self.{}.as_deref().unwrap_or_default()", failed.rust),
        ),
        None => (
            "/// The service does not tell which objects failed.\n",
            "&[]".to_owned(),
        ),
    };
    format!(
        "\n{about}impl crate::Batch for {name} {{\n\
         #[inline]\nfn is_partial(&self) -> bool {{ self.success == Some(false) }}\n\n\
         #[inline]\nfn failed(&self) -> &[crate::shared::EntityWithExternalId] {{ {failed} }}\n\
         }}\n"
    )
}
