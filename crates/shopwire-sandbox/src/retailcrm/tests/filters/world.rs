//! An account that holds, for every list, two rows that differ in all that the list filters by.
//!
//! The first row of each pair is called A, the second B. Data that methods write is written through them. The rest,
//! such as receipts and the times at which rows were made, is put into the state.

mod goods;
mod orders;
mod parties;
mod records;
mod settings;

use serde_json::{Value, json};

use crate::retailcrm::state::Account;
use crate::retailcrm::state::aside::CrmRow;
use crate::retailcrm::tests::harness::{Crm, json_form};
use crate::retailcrm::value::{Object, object};

/// The account.
pub(super) fn world() -> Crm {
    let crm = Crm::new();
    crm.open_site("second");
    settings::custom_fields(&crm);
    settings::references(&crm);
    parties::customers(&crm);
    parties::companies(&crm);
    orders::orders(&crm);
    orders::interaction(&crm);
    records::records(&crm);
    goods::loyalty(&crm);
    goods::catalogue(&crm);
    last_edits(&crm);
    beside(&mut crm.account());
    dates(&mut crm.account());
    crm
}

/// Each history ends with a change of B, so that there is one behind the last change of A.
fn last_edits(crm: &Crm) {
    for (path, name) in [
        ("/api/v5/customers/2/edit", "customer"),
        ("/api/v5/customers-corporate/2/edit", "customerCorporate"),
    ] {
        let edit = json!({"personalDiscount": 3});
        post(crm, path, "by=id&site=second", name, &edit);
    }
}

fn post(crm: &Crm, path: &str, flat: &str, name: &str, entity: &Value) -> Value {
    let form = format!("{flat}&{}", json_form(name, entity));
    let (status, body) = crm.post(path, &form);
    assert!(status < 300, "{path} {entity}: {status} {body}");
    body
}

/// Adds data that no method writes.
fn beside(account: &mut Account) {
    // Both are contacts of a company by now; B must not be one.
    let people = &mut account.customers.table;
    people.update(2, |row| row.insert("isContact".into(), false.into()));
    let facts = [
        (
            CrmRow::Order,
            json!({
                "receipts": [{"status": "done", "operation": "sell", "fiscalDocumentAttribute": "FPD-A"}],
                "receiptOrderStatus": "done", "uploadedToExtStoreSys": true,
            }),
        ),
        (
            CrmRow::Customer,
            json!({
                "commentary": "kind", "segments": [{"code": "regular"}],
                "mgCustomers": [{"id": 1, "externalId": 501, "mgChannel": {"id": 3}}],
            }),
        ),
        (
            CrmRow::Task,
            json!({"tags": [{"name": "hot", "attached": true}]}),
        ),
        (CrmRow::Product, json!({"classSegment": "AX"})),
        (CrmRow::User, json!({"online": true, "status": "busy"})),
        (CrmRow::UserGroup, json!({"isPosManager": true})),
    ];
    for (row, members) in facts {
        let arranged = account.arrange(row, 1, object(members));
        assert!(arranged.is_some(), "{row:?}");
    }
    let off = json!({"active": false, "isManager": false, "status": "busy", "createdAt": "2026-03-01 00:00:00"});
    put(account, "users", 2, off);
    account.records.table_mut("segments").insert(object(json!({
        "code": "big", "name": "Big", "createdAt": "2026-03-01 00:00:00", "isDynamic": false, "customersCount": 50,
        "active": false,
    })));
    let second = account.references.rows_mut("sites");
    second[1].extend(object(json!({"catalogId": "2"})));
}

fn put(account: &mut Account, table: &'static str, id: i64, members: Value) {
    let members = object(members);
    account
        .records
        .table_mut(table)
        .update(id, |row| row.extend(members));
}

/// Rows of A are made in January, those of B in March.
fn dates(account: &mut Account) {
    let (january, march) = ("2026-01-12 10:00:00", "2026-03-12 10:00:00");
    for table in ["costs", "tasks", "files", "bonus-operations"] {
        for (id, at) in [(1, january), (2, march)] {
            put(account, table, id, json!({"createdAt": at}));
        }
    }
    put(account, "costs", 1, json!({"createdBy": "1"}));
    put(account, "costs", 2, json!({"createdBy": "2"}));
    put(
        account,
        "tasks",
        1,
        json!({"creator": 1, "completedAt": january}),
    );
    let done = json!({"creator": 2, "complete": true, "completedAt": march});
    put(account, "tasks", 2, done);
    let paid = json!({"fullPaidAt": "2026-03-17 10:00:00"});
    account
        .orders
        .table
        .update(2, |row| row.extend(object(paid)));
    for party in [&mut account.customers, &mut account.companies] {
        for (id, at) in [(1, january), (2, march)] {
            party
                .notes
                .update(id, |row| row.insert("createdAt".into(), at.into()));
            party.backdate(id, at);
        }
    }
    let about = |subject: &'static str, id: i64| {
        move |entry: &Object| entry.get(subject).is_some_and(|row| row["id"] == id)
    };
    for (id, at) in [(1, january), (2, march)] {
        account.orders.history.backdate(about("order", id), at);
        account
            .records
            .history("packs")
            .backdate(about("pack", id), at);
        account
            .records
            .history("tasks")
            .backdate(about("task", id), at);
    }
}
