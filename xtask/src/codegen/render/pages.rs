//! Page walks: for an operation with a `page` parameter, how its pages are asked for and taken apart.
//!
//! `common_api` says what the traits `Paged` and `History` mean; here they are filled in where the description
//! shows a page: an answer with `pagination` and one list.

use std::fmt::Write as _;

use super::{Context, types::Imports};
use crate::codegen::ir::{Field, Operation, Output, Shape, Type};

/// The implementations for one operation; nothing when it has no pages.
pub(crate) fn walks(
    context: &Context<'_>,
    operation: &Operation,
    imports: &mut Imports<'_>,
) -> String {
    if !context.target.pages {
        return String::new();
    }
    let Some(walk) = Walk::of(context, operation) else {
        return String::new();
    };
    let item = imports.name(&Type::Ref(walk.item.to_owned()));
    let mut out = paged(&walk, &operation.rust, &item);
    if walk.since.is_some() && walk.has_generated_at && walk.identity.is_some() {
        out += &history(&walk, &operation.rust);
    }
    out
}

struct Walk<'a> {
    has_limit: bool,
    /// The answer's list.
    list: &'a Field,
    /// The name of the schema of its items.
    item: &'a str,
    /// What tells items apart.
    identity: Option<&'a Field>,
    has_generated_at: bool,
    /// The filter, when it takes `sinceId` and `startDate`.
    since: Option<&'a Field>,
}

impl<'a> Walk<'a> {
    fn of(context: &Context<'a>, operation: &'a Operation) -> Option<Self> {
        let parameter = |wire: &str| {
            let mut params = operation.params.iter().map(|param| &param.field);
            params.find(|field| field.wire == wire)
        };
        let optional = |wire: &str| parameter(wire).filter(|field| !field.required);
        optional("page")?;
        let Output::Json(Type::Ref(answer)) = &operation.output else {
            return None;
        };
        let fields = fields(context, answer)?;
        find(fields, "pagination")?;
        let mut lists = fields.iter().filter_map(|field| match &field.ty {
            Type::List(item) => match &**item {
                Type::Ref(item) if !field.required => Some((field, item)),
                _ => None,
            },
            _ => None,
        });
        let (Some((list, item)), None) = (lists.next(), lists.next()) else {
            return None;
        };
        let item_fields = fields_or_none(context, item);
        let since = optional("filter").filter(|filter| match &filter.ty {
            Type::Ref(name) => {
                let known = fields_or_none(context, name);
                ["sinceId", "startDate"]
                    .iter()
                    .all(|wire| find(known, wire).is_some())
            }
            _ => false,
        });
        Some(Self {
            has_limit: optional("limit").is_some(),
            list,
            item,
            identity: ["id", "code"]
                .into_iter()
                .find_map(|wire| find(item_fields, wire)),
            has_generated_at: find(fields, "generatedAt").is_some(),
            since,
        })
    }
}

fn fields<'a>(context: &Context<'a>, schema: &str) -> Option<&'a [Field]> {
    match &context.service.schema(schema)?.shape {
        Shape::Model(fields) => Some(fields),
        _ => None,
    }
}

fn fields_or_none<'a>(context: &Context<'a>, schema: &str) -> &'a [Field] {
    fields(context, schema).unwrap_or_default()
}

fn find<'a>(fields: &'a [Field], wire: &str) -> Option<&'a Field> {
    fields.iter().find(|field| field.wire == wire)
}

fn paged(walk: &Walk<'_>, name: &str, item: &str) -> String {
    let list = &walk.list.rust;
    let page = format!("crate::page::page(output.{list}.unwrap_or_default(), output.pagination)");
    let page = match walk.has_generated_at {
        true => format!("let mut page = {page}; page.generated_at = output.generated_at; page"),
        false => page,
    };
    let (argument, identity) = match walk.identity {
        Some(field) => ("item", text_of(field)),
        None => ("_", "None".to_owned()),
    };
    let identities = walk
        .identity
        .map_or(String::new(), |field| format!("{:?}", field.wire));
    format!(
        "\nimpl common_api::Paged for {name} {{\n\
         type Item = {item};\n\
         type Cursor = ();\n\n\
         const LAYOUT: common_api::Layout = crate::page::layout(&[{:?}], &[{identities}]);\n\n\
         #[inline]\nfn turn_to(&mut self, page: u64) {{ self.page = Some(crate::page::number(page)); {} }}\n\n\
         #[inline]\nfn page(output: Self::Output) -> common_api::Page<Self::Item> {{ {page} }}\n\n\
         #[inline]\nfn identity({argument}: &Self::Item) -> Option<std::borrow::Cow<'_, str>> {{ {identity} }}\n\
         }}\n",
        walk.list.wire,
        limit(walk),
    )
}

/// Asks for large pages where the call names no size.
fn limit(walk: &Walk<'_>) -> &'static str {
    match walk.has_limit {
        true => "self.limit.get_or_insert(crate::PageSize::P100.into());",
        false => "",
    }
}

fn text_of(field: &Field) -> String {
    let name = &field.rust;
    match (&field.ty, field.required) {
        (Type::String, true) => format!("Some(item.{name}.as_str().into())"),
        (Type::String, false) => format!("item.{name}.as_deref().map(Into::into)"),
        (_, true) => format!("Some(item.{name}.to_string().into())"),
        (_, false) => format!("item.{name}.as_ref().map(|{name}| {name}.to_string().into())"),
    }
}

fn history(walk: &Walk<'_>, name: &str) -> String {
    let mut out = String::new();
    if let (Some(filter), Some(id)) = (walk.since, walk.identity) {
        let filter = &filter.rust;
        let _ = write!(
            out,
            "\nimpl common_api::History for {name} {{\n\
             #[inline]\nfn since(&mut self, id: Option<i64>) {{\n\
             self.page = None; {}\n\
             if let Some(id) = id {{ self.{filter}.get_or_insert_default().since_id = Some(id); }}\n\
             }}\n\n\
             fn turn_to_date(&mut self, date: common_model::civil::DateTime) {{\n\
             self.{filter}.get_or_insert_default().start_date = Some(date);\n\
             }}\n\n\
             fn id(item: &Self::Item) -> Option<i64> {{ item.{} }}\n\
             }}\n",
            limit(walk),
            id.rust
        );
    }
    out
}
