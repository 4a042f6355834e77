//! Tasks of managers.

use serde_json::{Value, json};

use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::protocol::collection::Collection;
use crate::retailcrm::protocol::filter::{Field, Rule};
use crate::retailcrm::protocol::history;
use crate::retailcrm::protocol::page::{Page, SIZES};
use crate::retailcrm::state::Account;
use crate::retailcrm::state::changes;
use crate::retailcrm::state::history::Source;
use crate::retailcrm::state::resolve;
use crate::retailcrm::value::{self, Object};

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
    let mut task = checked(account, call.object(TASKS.item)?)?;
    for (name, value) in [
        ("complete", json!(false)),
        ("creator", json!(1)),
        ("performerType", json!("user")),
        ("createdAt", account.now().into()),
    ] {
        task.entry(name).or_insert(value);
    }
    let id = TASKS.insert(account, task)?;
    let row = account.records.table(TASKS.table).get(id).cloned();
    account.records.history(TASKS.table).note(
        json!({"created": true, "field": "id", "oldValue": null, "newValue": id, "task": row}),
    );
    Ok(Answer::created(json!({"id": id})))
}

pub(crate) fn edit(account: &mut Account, call: &Call) -> Outcome {
    let id = call.id()?;
    let table = account.records.table(TASKS.table);
    let before = table.get(id).cloned().ok_or_else(Failure::not_found)?;
    let task = checked(account, call.object(TASKS.item)?)?;
    TASKS.write(account, id, task)?;
    let table = account.records.table(TASKS.table);
    let after = table.get(id).cloned().unwrap_or_default();
    let changes = changes::plain(&before, &after, &["performerId"]);
    account.records.history(TASKS.table).note_changes(
        Source::Api,
        "task",
        &json!({"id": id}),
        changes,
    );
    Ok(Answer::ok(json!({})))
}

/// The task as it may be stored: its performer, order and customer must exist, and are completed.
fn checked(account: &Account, mut task: Object) -> Result<Object, Failure> {
    let due = value::member(&task, "datetime");
    if due.is_some_and(|due| !value::is_date_time(&format!("{due}:00"))) {
        return Err(Failure::field(
            "datetime",
            "This value is not a valid datetime.",
        ));
    }
    if let Some(performer) = resolve::given(&task, "performerId").cloned() {
        performer_exists(account, &task, &performer)?;
        task.insert("performer".into(), value::integer(&performer).into());
    }
    if let Some(given) = resolve::given(&task, "order") {
        let order = account.referred_order("order", resolve::reference("order", given)?)?;
        let shown = resolve::shown_order(order, &["id", "number", "externalId", "site"]);
        task.insert("order".into(), shown);
    }
    if let Some(given) = resolve::given(&task, "customer") {
        let reference = resolve::reference("customer", given)?;
        let customer = account.referred_customer("customer", reference)?;
        task.insert("customer".into(), resolve::shown_customer(customer));
    }
    if task.get("complete").and_then(value::flag) == Some(true) {
        task.entry("completedAt")
            .or_insert_with(|| account.now().into());
    }
    Ok(task)
}

/// A performer is a user, or a group of users where the task says so.
fn performer_exists(account: &Account, task: &Object, performer: &Value) -> Result<(), Failure> {
    if value::member(task, "performerType").as_deref() != Some("group") {
        return Ok(account.check_user("performerId", performer)?);
    }
    let groups = account.records.table("groups");
    let group = value::integer(performer).and_then(|id| groups.get(id));
    group
        .map(|_| ())
        .ok_or_else(|| Failure::field("performerId", "The group does not exist."))
}

/// Returns the comments of an existing task: an empty list, since no method writes comments.
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
