//! The reference books, driven by one table.

mod ties;

use serde_json::{Value, json};

use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::protocol::page::{Page, SIZES};
use crate::retailcrm::state::Account;
use crate::retailcrm::value::{self, Object, object};

/// One book: where it is, what it is called, how it is shown.
#[derive(Debug)]
struct Book {
    /// The path segment after `reference/`.
    path: &'static str,
    /// The name of the list in answers.
    list: &'static str,
    /// The name of one in parameters.
    item: &'static str,
    shape: Shape,
}

/// The form of the list: the service keys some books by code and not others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    List,
    KeyedByCode,
}

const BOOKS: &[Book] = &[
    Book {
        path: "cost-groups",
        list: "costGroups",
        item: "costGroup",
        shape: Shape::List,
    },
    Book {
        path: "cost-items",
        list: "costItems",
        item: "costItem",
        shape: Shape::List,
    },
    Book {
        path: "couriers",
        list: "couriers",
        item: "courier",
        shape: Shape::List,
    },
    Book {
        path: "currencies",
        list: "currencies",
        item: "currency",
        shape: Shape::List,
    },
    Book {
        path: "delivery-services",
        list: "deliveryServices",
        item: "deliveryService",
        shape: Shape::KeyedByCode,
    },
    Book {
        path: "delivery-types",
        list: "deliveryTypes",
        item: "deliveryType",
        shape: Shape::KeyedByCode,
    },
    Book {
        path: "legal-entities",
        list: "legalEntities",
        item: "legalEntity",
        shape: Shape::List,
    },
    Book {
        path: "mg-channels",
        list: "mgChannels",
        item: "mgChannel",
        shape: Shape::List,
    },
    Book {
        path: "order-methods",
        list: "orderMethods",
        item: "orderMethod",
        shape: Shape::KeyedByCode,
    },
    Book {
        path: "order-types",
        list: "orderTypes",
        item: "orderType",
        shape: Shape::KeyedByCode,
    },
    Book {
        path: "payment-statuses",
        list: "paymentStatuses",
        item: "paymentStatus",
        shape: Shape::KeyedByCode,
    },
    Book {
        path: "payment-types",
        list: "paymentTypes",
        item: "paymentType",
        shape: Shape::KeyedByCode,
    },
    Book {
        path: "price-types",
        list: "priceTypes",
        item: "priceType",
        shape: Shape::List,
    },
    Book {
        path: "product-statuses",
        list: "productStatuses",
        item: "productStatus",
        shape: Shape::KeyedByCode,
    },
    Book {
        path: "sites",
        list: "sites",
        item: "site",
        shape: Shape::KeyedByCode,
    },
    Book {
        path: "status-groups",
        list: "statusGroups",
        item: "statusGroup",
        shape: Shape::KeyedByCode,
    },
    Book {
        path: "statuses",
        list: "statuses",
        item: "status",
        shape: Shape::KeyedByCode,
    },
    Book {
        path: "stores",
        list: "stores",
        item: "store",
        shape: Shape::List,
    },
    Book {
        path: "subscriptions",
        list: "subscriptions",
        item: "subscription",
        shape: Shape::List,
    },
    Book {
        path: "units",
        list: "units",
        item: "unit",
        shape: Shape::KeyedByCode,
    },
];

/// The book that a route is about.
fn book(call: &Call) -> &'static Book {
    let path = call
        .template
        .trim_start_matches("/api/v5/reference/")
        .split('/')
        .next();
    BOOKS
        .iter()
        .find(|book| Some(book.path) == path)
        .expect("every reference route has its book")
}

pub(crate) fn list(account: &mut Account, call: &Call) -> Outcome {
    let book = book(call);
    let rows = account.references.rows(book.path);
    let shown = match book.shape {
        Shape::List => Value::from(rows.iter().cloned().map(Value::Object).collect::<Vec<_>>()),
        Shape::KeyedByCode => value::php_map(
            rows.iter()
                .filter_map(|row| Some((value::member(row, "code")?, Value::Object(row.clone()))))
                .collect(),
        ),
    };
    Ok(Answer::ok(json!({ book.list: shown })))
}

/// Changes the row with the code in the path, or adds it.
pub(crate) fn edit_by_code(account: &mut Account, call: &Call) -> Outcome {
    let book = book(call);
    let input = call.object(book.item)?;
    let code = call.segment("code");
    if value::member(&input, "code").is_some_and(|given| given != code) {
        let text = format!("The code of the path is \"{code}\".");
        return Err(Failure::field("code", text));
    }
    let input = edited(input)?;
    ties::check(&account.references, book.path, &input)?;
    let rows = account.references.rows_mut(book.path);
    let (mut row, is_new) = match rows
        .iter()
        .position(|row| row.get("code").is_some_and(|own| own == code))
    {
        Some(index) => (rows.remove(index), false),
        None => (new_row(book, code, &input, rows.len())?, true),
    };
    row.extend(input);
    row.retain(|_, value| !value.is_null());
    row.insert("code".into(), code.into());
    rows.push(row);
    rows.sort_by_key(|row| {
        row.get("ordering")
            .and_then(value::integer)
            .unwrap_or(i64::MAX)
    });
    if book.path == "statuses" {
        account.references.regroup_statuses();
    }
    Ok(if is_new {
        Answer::created(json!({}))
    } else {
        Answer::ok(json!({}))
    })
}

/// The fields that an edit writes. The service assigns the ids. A name cannot be removed, and a flag that is null keeps
/// its value.
fn edited(input: Object) -> Result<Object, Failure> {
    let is_blank = |given: &Value| given.is_null() || *given == "";
    for name in ["name", "legalName", "firstName"] {
        if input.get(name).is_some_and(is_blank) {
            return Err(Failure::field(name, "This value should not be blank."));
        }
    }
    let kept =
        |name: &str, given: &Value| name != "id" && !(given.is_null() && KEPT.contains(&name));
    Ok(input
        .into_iter()
        .filter(|(name, given)| kept(name, given))
        .collect())
}

/// Members that a row never lacks.
const KEPT: &[&str] = &["active", "code", "isBase", "isAutoConvert", "autoSubscribe"];

/// A new row needs a name (a legal entity a legal name).
fn new_row(book: &Book, code: &str, input: &Object, count: usize) -> Result<Object, Failure> {
    let name = if book.path == "legal-entities" {
        "legalName"
    } else {
        "name"
    };
    if value::member(input, name).is_none() {
        return Err(Failure::field(name, "This value should not be blank."));
    }
    let mut row = object(json!({"code": code}));
    if !["legal-entities", "sites"].contains(&book.path) {
        row.insert("active".into(), true.into());
    }
    if ["delivery-types", "sites", "price-types"].contains(&book.path) {
        row.insert("id".into(), (count + 1).into());
    }
    Ok(row)
}

pub(crate) fn create(account: &mut Account, call: &Call) -> Outcome {
    let book = book(call);
    let input = call.object(book.item)?;
    let needed = if book.path == "currencies" {
        "code"
    } else {
        "firstName"
    };
    let value = value::member(&input, needed)
        .ok_or_else(|| Failure::field(needed, "This value should not be blank."))?;
    if book.path == "currencies" && account.references.has(book.path, &value) {
        return Err(Failure::validation(
            "code",
            format!("Currency with code={value} already exists."),
        ));
    }
    let rows = account.references.rows_mut(book.path);
    let last = rows
        .iter()
        .filter_map(|row| row.get("id").and_then(value::integer))
        .max()
        .unwrap_or(0);
    let mut row = object(json!({"id": last + 1}));
    row.extend(input.into_iter().filter(|(name, _)| name != "id"));
    rows.push(row);
    Ok(Answer::created(json!({"id": last + 1})))
}

pub(crate) fn edit_by_id(account: &mut Account, call: &Call) -> Outcome {
    let (book, id) = (book(call), call.id()?);
    let input = edited(call.object(book.item)?)?;
    let rows = account.references.rows_mut(book.path);
    let is_meant = |row: &Object| row.get("id").and_then(value::integer) == Some(id);
    let code = value::member(&input, "code");
    let has_code = |row: &Object| code.is_some() && value::member(row, "code") == code;
    let place = rows.iter().position(is_meant);
    let place = place.ok_or_else(Failure::not_found)?;
    if rows.iter().any(|row| has_code(row) && !is_meant(row)) {
        let text = format!(
            "Currency with code={} already exists.",
            code.unwrap_or_default()
        );
        return Err(Failure::validation("code", text));
    }
    rows[place].extend(input);
    rows[place].retain(|_, value| !value.is_null());
    Ok(Answer::ok(json!({})))
}

/// Changes the category with the channel and the code in the path, or adds it.
pub(crate) fn edit_subscription(account: &mut Account, call: &Call) -> Outcome {
    let book = book(call);
    let mut input = edited(call.object(book.item)?)?;
    let (channel, code) = (call.segment("channel"), call.segment("code"));
    input.insert("channel".into(), channel.into());
    input.insert("code".into(), code.into());
    let rows = account.references.rows_mut(book.path);
    let is_meant = |row: &&mut Object| row["channel"] == channel && row["code"] == code;
    if let Some(row) = rows.iter_mut().find(is_meant) {
        row.extend(input);
        return Ok(Answer::ok(json!({})));
    }
    if value::member(&input, "name").is_none() {
        return Err(Failure::field("name", "This value should not be blank."));
    }
    let mut row = object(json!({"id": rows.len() + 1, "active": true, "autoSubscribe": false}));
    row.extend(input);
    rows.push(row);
    Ok(Answer::created(json!({})))
}

pub(crate) fn list_countries(_: &mut Account, _: &Call) -> Outcome {
    Ok(Answer::ok(
        json!({"countriesIso": ["RU", "BY", "KZ", "UA", "AM", "KG", "UZ"]}),
    ))
}

pub(crate) fn list_templates(account: &mut Account, call: &Call) -> Outcome {
    let page = Page::read(call, SIZES)?;
    let channel = call.text("channel_id");
    let is_meant = |row: &&Object| {
        channel.is_none() || value::member(row, "mgChannelId").as_deref() == channel
    };
    let rows: Vec<&Object> = account
        .references
        .templates
        .iter()
        .filter(is_meant)
        .collect();
    Ok(Answer::ok(
        json!({"pagination": page.block(rows.len()), "templates": page.cut(rows)}),
    ))
}

/// Templates are known by their code; `removed` has the ids of those that go.
pub(crate) fn edit_templates(account: &mut Account, call: &Call) -> Outcome {
    let given = call.list("templates")?;
    let removed = call.scalars("removed")?;
    let given: Vec<Object> = given.into_iter().map(object).collect();
    if given
        .iter()
        .any(|template| value::member(template, "code").is_none())
    {
        return Err(Failure::field("templates", "\"code\" should not be blank."));
    }
    let templates = &mut account.references.templates;
    templates.retain(|row| value::member(row, "id").is_none_or(|id| !removed.contains(&id)));
    for template in given {
        let code = value::member(&template, "code");
        let last = templates
            .iter()
            .filter_map(|row| row.get("id").and_then(value::integer))
            .max()
            .unwrap_or(0);
        match templates
            .iter_mut()
            .find(|row| value::member(row, "code") == code)
        {
            Some(row) => row.extend(template.into_iter().filter(|(name, _)| name != "id")),
            None => {
                let mut row = object(json!({"id": last + 1}));
                row.extend(template.into_iter().filter(|(name, _)| name != "id"));
                templates.push(row);
            }
        }
    }
    Ok(Answer::ok(json!({})))
}
