//! Users, their groups, segments of customers.

use serde_json::json;

use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::protocol::collection::{self, Collection};
use crate::retailcrm::protocol::filter::Rule;
use crate::retailcrm::state::Account;

const USERS: Collection = Collection {
    table: "users",
    item: "user",
    list: "users",
    required: &[],
    filters: &[
        ("email", Rule::Contains(&["email"])),
        ("status", Rule::OneOf("joined.status")),
        ("online", Rule::Flag("online")),
        ("active", Rule::Flag("active")),
        ("isManager", Rule::Flag("isManager")),
        ("isPosManager", Rule::Flag("joined.isPosManager")),
        ("isAdmin", Rule::Flag("isAdmin")),
        ("groups", Rule::OneOf("groups.code")),
        ("createdAtFrom", Rule::From("createdAt")),
        ("createdAtTo", Rule::To("createdAt")),
    ],
    join: Account::joined_user,
    hidden: &[],
};

const GROUPS: Collection = Collection {
    table: "groups",
    item: "group",
    list: "groups",
    required: &[],
    filters: &[],
    join: collection::alone,
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
        ("type", Rule::OneOf("joined.type")),
        ("active", Rule::Flag("active")),
        ("minCustomersCount", Rule::Min("customersCount")),
        ("maxCustomersCount", Rule::Max("customersCount")),
        ("dateFrom", Rule::From("createdAt")),
        ("dateTo", Rule::To("createdAt")),
    ],
    join: Account::joined_segment,
    hidden: &[],
};

pub(crate) fn list(account: &mut Account, call: &Call) -> Outcome {
    USERS.list(account, call)
}

pub(crate) fn get(account: &mut Account, call: &Call) -> Outcome {
    USERS.get(account, call)
}

pub(crate) fn list_groups(account: &mut Account, call: &Call) -> Outcome {
    GROUPS.list(account, call)
}

pub(crate) fn list_segments(account: &mut Account, call: &Call) -> Outcome {
    SEGMENTS.list(account, call)
}

pub(crate) fn update_status(account: &mut Account, call: &Call) -> Outcome {
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
