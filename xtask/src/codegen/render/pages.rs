//! Lists: how their pages are asked for and taken apart.
//!
//! `common_api` says what the traits `Paged` and `History` mean; here they are filled in for the [lists](List) of the
//! description.

use std::fmt::Write as _;

use super::{Context, types::Imports};
use crate::codegen::{
    ir::{Field, Operation, Type},
    lists::{List, Paging},
};

/// The implementations for one operation; nothing when its answer holds no list.
pub(crate) fn walks(
    context: &Context<'_>,
    operation: &Operation,
    imports: &mut Imports<'_>,
) -> String {
    let Some(list) = list(context, operation) else {
        return String::new();
    };
    let (Some(item), Some(how)) = (list.item, How::of(&list)) else {
        return String::new();
    };
    let item = imports.name(&Type::Ref(item.to_owned()));
    let mut out = paged(&list, &how, &operation.rust, &item);
    if let Some((filter, id)) = list.history() {
        out += &history(&list, &operation.rust, filter, id);
    }
    out
}

/// The row of an operation in the table of lists; nothing when it holds none, or only those of one object.
pub(super) fn row(context: &Context<'_>, operation: &Operation) -> Option<String> {
    let list = list(context, operation)?;
    let Operation { name, group, .. } = operation;
    let of = if list.history().is_some() {
        "history_of"
    } else {
        "of"
    };
    let turn = match list.paging {
        Paging::Number { .. } | Paging::Cursor if is_of_one_object(operation) => return None,
        Paging::Number { .. } => "crate::lists::turn",
        Paging::Cursor => "crate::lists::limit",
        Paging::Link { .. } | Paging::Whole => "|_, _| {}",
        Paging::Book => {
            let members = names(&list.members);
            return Some(format!(
                "ListEntry::new({name:?}, crate::lists::book(&[{members}]), |_, _| {{}}),\n"
            ));
        }
    };
    let rust = &operation.rust;
    Some(format!(
        "ListEntry::{of}::<{group}::{rust}>({name:?}, {turn}),\n"
    ))
}

pub(super) fn list<'a>(context: &Context<'a>, operation: &'a Operation) -> Option<List<'a>> {
    List::of(context.service, context.target.whole, operation)
}

/// Whether a parameter without a default, in the path, says whose list it is.
fn is_of_one_object(operation: &Operation) -> bool {
    operation.params.iter().any(|param| param.field.required)
}

/// The parts of an implementation of `Paged` that depend on the way from page to page.
struct How {
    cursor: &'static str,
    layout: String,
    /// The body of `turn_to`, with the name of its argument.
    turn: Option<(&'static str, &'static str)>,
    page: String,
}

impl How {
    fn of(list: &List<'_>) -> Option<Self> {
        let first = &list.members.first()?.rust;
        let members = format!("&[{}]", names(&list.members));
        let identities = format!("&[{}]", names(list.identity.as_slice()));
        Some(match list.paging {
            Paging::Number { .. } => Self {
                cursor: "()",
                layout: format!("crate::page::layout({members}, {identities})"),
                turn: Some(("page", "self.page = Some(crate::page::number(page));")),
                page: numbered(list, first),
            },
            Paging::Cursor => Self {
                cursor: "crate::Cursors",
                layout: format!("crate::cursors::layout({members}, {identities})"),
                turn: Some(("_", "")),
                page: format!(
                    "crate::cursors::page(output.{first}.unwrap_or_default(), output.pagination)"
                ),
            },
            Paging::Link {
                within,
                next,
                count,
            } => Self {
                cursor: "crate::Links",
                layout: format!(
                    "crate::lists::layout({:?}, {members}, {identities})",
                    within.wire
                ),
                turn: None,
                page: linked(list, within, next, count),
            },
            Paging::Whole => Self {
                cursor: "()",
                layout: format!("crate::lists::layout({members}, {identities})"),
                turn: None,
                page: format!("crate::lists::page(output.{first})"),
            },
            Paging::Book => return None,
        })
    }
}

fn numbered(list: &List<'_>, member: &str) -> String {
    let page = format!("crate::page::page(output.{member}.unwrap_or_default(), output.pagination)");
    match list.has_generated_at {
        true => format!("let mut page = {page}; page.generated_at = output.generated_at; page"),
        false => page,
    }
}

fn linked(list: &List<'_>, within: &Field, next: &Field, count: Option<&Field>) -> String {
    let count = count.map_or("None".to_owned(), |count| format!("page.{}", count.rust));
    format!(
        "let page = output.{}.unwrap_or_default(); \
         crate::lists::page({}.unwrap_or_default(), {count}, page.{})",
        within.rust,
        first_that_came(&list.members),
        next.rust,
    )
}

/// The items of a `page`, out of the first of these members that came.
pub(super) fn first_that_came(members: &[&Field]) -> String {
    let mut out = String::new();
    for member in members {
        out = match out.as_str() {
            "" => format!("page.{}", member.rust),
            first => format!("{first}.or(page.{})", member.rust),
        };
    }
    out
}

fn paged(list: &List<'_>, how: &How, name: &str, item: &str) -> String {
    let turn_to = how.turn.map_or_else(String::new, |(argument, turn)| {
        format!(
            "#[inline]\nfn turn_to(&mut self, {argument}: u64) {{ {turn} {} }}\n\n",
            limit(list)
        )
    });
    let (argument, identity) = match list.identity {
        Some(field) => ("item", text_of(field)),
        None => ("_", "None".to_owned()),
    };
    let How {
        cursor,
        layout,
        page,
        ..
    } = how;
    format!(
        "\nimpl common_api::Paged for {name} {{\n\
         type Item = {item};\n\
         type Cursor = {cursor};\n\n\
         const LAYOUT: common_api::Layout = {layout};\n\n\
         {turn_to}\
         #[inline]\nfn page(output: Self::Output) -> common_api::Page<Self::Item> {{ {page} }}\n\n\
         #[inline]\nfn identity({argument}: &Self::Item) -> Option<std::borrow::Cow<'_, str>> {{ {identity} }}\n\
         }}\n"
    )
}

/// Asks for large pages where the call names no size.
fn limit(list: &List<'_>) -> &'static str {
    match list.has_limit {
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

fn history(list: &List<'_>, name: &str, filter: &Field, id: &Field) -> String {
    let mut out = String::new();
    let (filter, id) = (&filter.rust, &id.rust);
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
         fn id(item: &Self::Item) -> Option<i64> {{ item.{id} }}\n\
         }}\n",
        limit(list),
    );
    out
}

/// The names of members on the wire, as elements of a list in Rust.
fn names(members: &[&Field]) -> String {
    let names = members.iter().map(|member| format!("{:?}", member.wire));
    names.collect::<Vec<_>>().join(", ")
}
