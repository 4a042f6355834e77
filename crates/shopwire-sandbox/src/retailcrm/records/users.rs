//! Users, their groups, segments of customers.

use serde_json::json;

use super::collection::Collection;
use crate::retailcrm::account::Account;
use crate::retailcrm::answer::{Answer, Failure, Outcome};
use crate::retailcrm::call::Call;
use crate::retailcrm::filter::Rule;
use crate::retailcrm::route::Route;

const USERS: Collection = Collection {
    table: "users",
    item: "user",
    list: "users",
    required: &[],
    filters: &[
        ("email", Rule::Contains(&["email"])),
        ("status", Rule::OneOf("status")),
        ("online", Rule::Flag("online")),
        ("active", Rule::Flag("active")),
        ("isManager", Rule::Flag("isManager")),
        ("isAdmin", Rule::Flag("isAdmin")),
        ("groups", Rule::OneOf("groups.code")),
        ("createdAtFrom", Rule::From("createdAt")),
        ("createdAtTo", Rule::To("createdAt")),
    ],
    hidden: &[],
};

const GROUPS: Collection = Collection {
    table: "groups",
    item: "group",
    list: "groups",
    required: &[],
    filters: &[],
    hidden: &[],
};

const SEGMENTS: Collection = Collection {
    table: "segments",
    item: "segment",
    list: "segments",
    required: &[],
    filters: &[
        ("ids", Rule::OneOf("id")),
        ("name", Rule::Contains(&["name"])),
        ("active", Rule::Flag("active")),
        ("minCustomersCount", Rule::Min("customersCount")),
        ("maxCustomersCount", Rule::Max("customersCount")),
        ("dateFrom", Rule::From("createdAt")),
        ("dateTo", Rule::To("createdAt")),
    ],
    hidden: &[],
};

pub(super) const ROUTES: &[Route] = &[
    Route::get("users.list", "/api/v5/users", "user", |account, call| {
        USERS.list(account, call)
    }),
    Route::get(
        "users.get",
        "/api/v5/users/{id}",
        "user",
        |account, call| USERS.get(account, call),
    ),
    Route::post(
        "users.update_status",
        "/api/v5/users/{id}/status",
        "user",
        update_status,
    ),
    Route::get(
        "users.list_groups",
        "/api/v5/user-groups",
        "user",
        |account, call| GROUPS.list(account, call),
    ),
    Route::get(
        "segments.list",
        "/api/v5/segments",
        "segment",
        |account, call| SEGMENTS.list(account, call),
    ),
];

fn update_status(account: &mut Account, call: &Call) -> Outcome {
    let id = call.id()?;
    let status = call.required("status")?.to_owned();
    if !["free", "busy", "dinner", "break"].contains(&status.as_str()) {
        return Err(Failure::input(
            "status",
            "The value you selected is not a valid choice.",
        ));
    }
    let changed = account
        .records
        .table_mut(USERS.table)
        .update(id, |row| row.insert("status".into(), status.into()));
    changed
        .map(|_| Answer::ok(json!({})))
        .ok_or_else(Failure::not_found)
}
