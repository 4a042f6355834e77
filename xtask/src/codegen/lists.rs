//! Lists: operations whose answer holds the items of a list, a page of them or all.

use super::ir::{Field, Operation, Output, Service, Shape, Type};

/// Which answers with one list and without pages are lists, too.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Whole {
    /// None.
    Never,
    /// Those of this group, its reference books.
    Books(&'static str),
    /// All: the service has no pages.
    Always,
}

/// The list in the answer of an operation.
pub(crate) struct List<'a> {
    pub(crate) paging: Paging<'a>,
    /// The members that may hold the items.
    pub(crate) members: Vec<&'a Field>,
    /// The name of the schema of its items, if they are models.
    pub(crate) item: Option<&'a str>,
    /// The member that tells items apart.
    pub(crate) identity: Option<&'a Field>,
    /// Whether a call may name the size of a page.
    pub(crate) has_limit: bool,
    pub(crate) has_generated_at: bool,
}

/// The way from one page to the next.
#[derive(Clone, Copy)]
pub(crate) enum Paging<'a> {
    /// The call names the number of a page. Of a history, the filter takes an id or a date instead.
    Number { history: Option<&'a Field> },
    /// The call names the cursor that the page before holds.
    Cursor,
    /// The page, an object in the member `within` of the answer, holds the address of the next one.
    Link {
        within: &'a Field,
        next: &'a Field,
        count: Option<&'a Field>,
    },
    /// All items come at once.
    Whole,
    /// All items come at once, and the list is no `Paged`.
    Book,
}

impl<'a> List<'a> {
    /// The list of an operation; none if its answer holds none, or more than one.
    pub(crate) fn of(service: &'a Service, whole: Whole, operation: &'a Operation) -> Option<Self> {
        let Output::Json(answer) = &operation.output else {
            return None;
        };
        let (_, answer) = service.model(answer)?;
        let paging = match find(answer, "pagination") {
            Some(_) => numbered(service, operation)?,
            None => linked(service, answer).or_else(|| all(whole, operation))?,
        };
        let holder = match paging {
            Paging::Link { within, .. } => service.model(&within.ty)?.1,
            _ => answer,
        };
        let fits = |field: &&Field| is_list(paging, field);
        let members: Vec<&Field> = holder.iter().filter(fits).collect();
        let is_one = members.len() == 1 || matches!(paging, Paging::Link { .. });
        let first = members.first().filter(|_| is_one)?;
        let item = item(&first.ty);
        let item_fields = item.map(|item| fields(service, item)).unwrap_or_default();
        let mut identities = ["id", "ID", "code"].into_iter();
        Some(Self {
            paging,
            item,
            members,
            identity: identities.find_map(|wire| find(item_fields, wire)),
            has_limit: optional(operation, "limit").is_some(),
            has_generated_at: find(answer, "generatedAt").is_some(),
        })
    }

    /// The filter of a history, and the member with the id of a change.
    pub(crate) fn history(&self) -> Option<(&'a Field, &'a Field)> {
        match self.paging {
            Paging::Number { history } if self.has_generated_at => Some((history?, self.identity?)),
            _ => None,
        }
    }
}

fn numbered<'a>(service: &'a Service, operation: &'a Operation) -> Option<Paging<'a>> {
    if optional(operation, "cursor").is_some() {
        return Some(Paging::Cursor);
    }
    optional(operation, "page")?;
    let history = optional(operation, "filter").filter(|filter| match &filter.ty {
        Type::Ref(name) => {
            let known = fields(service, name);
            let mut needed = ["sinceId", "startDate"].iter();
            needed.all(|wire| find(known, wire).is_some())
        }
        _ => false,
    });
    Some(Paging::Number { history })
}

fn linked<'a>(service: &'a Service, answer: &'a [Field]) -> Option<Paging<'a>> {
    answer.iter().find_map(|within| {
        let (_, page) = service.model(&within.ty)?;
        Some(Paging::Link {
            within,
            next: find(page, "next")?,
            count: find(page, "count"),
        })
    })
}

fn all<'a>(whole: Whole, operation: &Operation) -> Option<Paging<'a>> {
    let changes_nothing = operation.method == "GET" || operation.reads;
    match whole {
        Whole::Always if changes_nothing => Some(Paging::Whole),
        Whole::Books(group) if changes_nothing && operation.group == group => Some(Paging::Book),
        _ => None,
    }
}

/// Pages are lists of models. What comes whole may be a map, with the ids or codes of the items as keys.
fn is_list(paging: Paging<'_>, field: &Field) -> bool {
    match (&field.ty, paging) {
        (Type::List(item), Paging::Number { .. } | Paging::Cursor | Paging::Link { .. }) => {
            matches!(**item, Type::Ref(_)) && !field.required
        }
        (Type::ListOrMap(_), Paging::Whole) => !field.is_one,
        (Type::List(_) | Type::Map(_) | Type::ListOrMap(_), Paging::Book) => !field.is_one,
        _ => false,
    }
}

fn item(list: &Type) -> Option<&str> {
    match list {
        Type::List(item) | Type::Map(item) | Type::ListOrMap(item) => match &**item {
            Type::Ref(name) => Some(name),
            _ => None,
        },
        _ => None,
    }
}

fn optional<'a>(operation: &'a Operation, wire: &str) -> Option<&'a Field> {
    let mut params = operation.params.iter().map(|param| &param.field);
    params.find(|field| field.wire == wire && !field.required)
}

fn fields<'a>(service: &'a Service, schema: &str) -> &'a [Field] {
    match service.schema(schema).map(|schema| &schema.shape) {
        Some(Shape::Model(fields)) => fields,
        _ => &[],
    }
}

fn find<'a>(fields: &'a [Field], wire: &str) -> Option<&'a Field> {
    fields.iter().find(|field| field.wire == wire)
}
