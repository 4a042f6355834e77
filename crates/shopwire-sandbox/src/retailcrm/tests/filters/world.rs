//! An account that holds, for every list, two things that differ in all that the list filters by.
//!
//! The first of each pair is called A, the second B. What methods write is written through them; the rest, such as
//! receipts and the times at which rows were made, is put into the state.

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
    parties::last_change(&crm);
    beside(&mut crm.account());
    hang_on_company(&mut crm.account());
    dates(&mut crm.account());
    crm
}

fn post(crm: &Crm, path: &str, flat: &str, name: &str, entity: &Value) -> Value {
    let form = format!("{flat}&{}", json_form(name, entity));
    let (status, body) = crm.post(path, &form);
    assert!(status < 300, "{path} {entity}: {status} {body}");
    body
}

/// What no method writes.
fn beside(account: &mut Account) {
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

/// A file that hangs on a company: no method can say so, for an attachment has no type of a customer.
fn hang_on_company(account: &mut Account) {
    let company = json!({"customer": {"id": 1, "type": "customer_corporate"}});
    account.records.table_mut("files").update(1, |row| {
        if let Some(Value::Array(attachments)) = row.get_mut("attachment") {
            attachments.push(company);
        }
    });
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
