//! Page walks: for an operation with a `page` parameter, how its pages are asked for and taken apart.
//!
//! The crate says what the traits `Paged` and `History` mean; here they are filled in where the description
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
    /// The filter, when it takes `sinceId`.
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
            Type::Ref(name) => find(fields_or_none(context, name), "sinceId").is_some(),
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
    let size = size_of(walk);
    let list = &walk.list.rust;
    let page = format!("crate::Page::new(output.{list}.unwrap_or_default(), output.pagination)");
    let page = match walk.has_generated_at {
        true => format!("let mut page = {page}; page.generated_at = output.generated_at; page"),
        false => page,
    };
    let (argument, identity) = match walk.identity {
        Some(field) => ("item", text_of(field)),
        None => ("_", "None".to_owned()),
    };
    format!(
        "\nimpl crate::Paged for {name} {{\n\
         type Item = {item};\n\n\
         fn turn_to(&mut self, page: i64, {}: crate::PageSize) {{ self.page = Some(page); {} }}\n\n\
         fn page(output: Self::Output) -> crate::Page<Self::Item> {{ {page} }}\n\n\
         fn identity({argument}: &Self::Item) -> Option<String> {{ {identity} }}\n\
         }}\n",
        size.0, size.1
    )
}

/// The name of the argument that says the page size, and what is done with it.
fn size_of(walk: &Walk<'_>) -> (&'static str, &'static str) {
    match walk.has_limit {
        true => ("size", "self.limit.get_or_insert(size.into());"),
        false => ("_", ""),
    }
}

fn text_of(field: &Field) -> String {
    let name = &field.rust;
    match field.required {
        true => format!("Some(item.{name}.to_string())"),
        false => format!("item.{name}.as_ref().map(ToString::to_string)"),
    }
}

fn history(walk: &Walk<'_>, name: &str) -> String {
    let mut out = String::new();
    if let (Some(filter), Some(id)) = (walk.since, walk.identity) {
        let size = size_of(walk);
        let _ = write!(
            out,
            "\nimpl crate::History for {name} {{\n\
             fn since(&mut self, id: Option<i64>, {}: crate::PageSize) {{\n\
             self.page = None; {}\n\
             if let Some(id) = id {{ self.{}.get_or_insert_default().since_id = Some(id); }}\n\
             }}\n\n\
             fn id(item: &Self::Item) -> Option<i64> {{ item.{} }}\n\
             }}\n",
            size.0, size.1, filter.rust, id.rust
        );
    }
    out
}
