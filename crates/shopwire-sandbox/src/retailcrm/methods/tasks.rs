//! Tasks of managers.

use serde_json::{Value, json};

use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::protocol::collection::Collection;
use crate::retailcrm::protocol::filter::{Field, Rule};
use crate::retailcrm::protocol::history;
use crate::retailcrm::protocol::page::{Page, SIZES};
use crate::retailcrm::state::Account;
use crate::retailcrm::state::history::differences;
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
        ("status", Rule::OneOf("joined.status")),
        ("orderNumber", Rule::Contains(&["joined.order.number"])),
        (
            "customer",
            Rule::Words(&[
                "joined.customer.firstName",
                "joined.customer.lastName",
                "joined.customer.patronymic",
                "joined.customer.nickName",
                "joined.customer.phones.number",
            ]),
        ),
        ("tags", Rule::OneOf("joined.tags.name")),
        ("attachedTags", Rule::OneOf("joined.pinnedTags")),
        ("tagsFilter", Rule::Tags("joined.tags")),
        ("dateFrom", Rule::From("datetime")),
        ("dateTo", Rule::To("datetime")),
        ("createdAtFrom", Rule::From("createdAt")),
        ("createdAtTo", Rule::To("createdAt")),
        ("completedAtFrom", Rule::From("completedAt")),
        ("completedAtTo", Rule::To("completedAt")),
    ],
    join: Account::joined_task,
    hidden: &[],
};

const HISTORY_FILTERS: &[Field] = &[
    ("sinceId", Rule::SinceId),
    ("taskId", Rule::OneOf("task.id")),
    ("startDate", Rule::From("createdAt")),
    ("endDate", Rule::To("createdAt")),
];

pub(crate) fn list(account: &mut Account, call: &Call) -> Outcome {
    TASKS.list(account, call)
}

pub(crate) fn get(account: &mut Account, call: &Call) -> Outcome {
    TASKS.get(account, call)
}

pub(crate) fn list_history(account: &mut Account, call: &Call) -> Outcome {
    let history = account.records.changes(TASKS.table);
    history::list(history, call, HISTORY_FILTERS, |_, _| Vec::new())
}

pub(crate) fn create(account: &mut Account, call: &Call) -> Outcome {
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
    account.records.history(TASKS.table).note(
        json!({"created": true, "field": "id", "oldValue": null, "newValue": id, "task": row}),
    );
    Ok(Answer::created(json!({"id": id})))
}

pub(crate) fn edit(account: &mut Account, call: &Call) -> Outcome {
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
        .history(TASKS.table)
        .note_changes("task", &json!({"id": id}), changes);
    Ok(Answer::ok(json!({})))
}

/// No method writes comments, so there are none; the task must exist.
pub(crate) fn list_comments(account: &mut Account, call: &Call) -> Outcome {
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
