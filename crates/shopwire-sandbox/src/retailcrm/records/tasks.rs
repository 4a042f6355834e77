//! Tasks of managers.

use serde_json::{Value, json};

use super::collection::Collection;
use crate::retailcrm::account::Account;
use crate::retailcrm::answer::{Answer, Failure, Outcome};
use crate::retailcrm::call::Call;
use crate::retailcrm::filter::{Field, Rule};
use crate::retailcrm::history::differences;
use crate::retailcrm::page::{Page, SIZES};
use crate::retailcrm::route::Route;
use crate::retailcrm::value;

const TASKS: Collection = Collection {
    table: "tasks",
    item: "task",
    list: "tasks",
    required: &["text", "performerId"],
    filters: &[
        ("ids", Rule::OneOf("id")),
        ("text", Rule::Contains(&["text"])),
        ("performers", Rule::OneOf("performerId")),
        ("creators", Rule::OneOf("creator")),
        ("orderNumber", Rule::OneOf("order.number")),
        ("customer", Rule::Contains(&["customer.externalId"])),
        ("dateFrom", Rule::From("datetime")),
        ("dateTo", Rule::To("datetime")),
        ("createdAtFrom", Rule::From("createdAt")),
        ("createdAtTo", Rule::To("createdAt")),
        ("completedAtFrom", Rule::From("completedAt")),
        ("completedAtTo", Rule::To("completedAt")),
    ],
    hidden: &[],
};

const HISTORY_FILTERS: &[Field] = &[
    ("sinceId", Rule::SinceId),
    ("taskId", Rule::OneOf("task.id")),
    ("startDate", Rule::From("createdAt")),
    ("endDate", Rule::To("createdAt")),
];

pub(super) const ROUTES: &[Route] = &[
    Route::get("tasks.list", "/api/v5/tasks", "task", |account, call| {
        TASKS.list(account, call)
    }),
    Route::get(
        "tasks.get",
        "/api/v5/tasks/{id}",
        "task",
        |account, call| TASKS.get(account, call),
    ),
    Route::post("tasks.create", "/api/v5/tasks/create", "task", create),
    Route::post("tasks.edit", "/api/v5/tasks/{id}/edit", "task", edit),
    Route::get(
        "tasks.list_history",
        "/api/v5/tasks/history",
        "task",
        |account, call| account.records.history("tasks").list(call, HISTORY_FILTERS),
    ),
    Route::get(
        "tasks.list_comments",
        "/api/v5/tasks/{id}/comments",
        "task",
        list_comments,
    ),
];

fn create(account: &mut Account, call: &Call) -> Outcome {
    let mut input = call.object(TASKS.item)?;
    for (name, value) in [
        ("complete", json!(false)),
        ("creator", json!(1)),
        ("performerType", json!("user")),
        ("createdAt", value::now().into()),
    ] {
        input.entry(name).or_insert(value);
    }
    let id = TASKS.insert(account, input)?;
    let row = account.records.table(TASKS.table).get(id).cloned();
    account.records.history("tasks").note(
        json!({"created": true, "field": "id", "oldValue": null, "newValue": id, "task": row}),
    );
    Ok(Answer::created(json!({"id": id})))
}

fn edit(account: &mut Account, call: &Call) -> Outcome {
    let before = account
        .records
        .table(TASKS.table)
        .get(call.id()?)
        .cloned()
        .ok_or_else(Failure::not_found)?;
    let id = TASKS.change(account, call)?;
    let after = account
        .records
        .table(TASKS.table)
        .get(id)
        .cloned()
        .unwrap_or_default();
    let changes = differences(&before, &after, &[]);
    account
        .records
        .history("tasks")
        .note_changes("task", &json!({"id": id}), changes);
    Ok(Answer::ok(json!({})))
}

/// No method writes comments, so there are none; the task must exist.
fn list_comments(account: &mut Account, call: &Call) -> Outcome {
    let page = Page::read(call, SIZES)?;
    account
        .records
        .table(TASKS.table)
        .get(call.id()?)
        .ok_or_else(Failure::not_found)?;
    Ok(Answer::ok(
        json!({"pagination": page.block(0), "comments": Vec::<Value>::new()}),
    ))
}
