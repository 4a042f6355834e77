//! The history of changes, read by `filter[sinceId]` (RE10).

use serde_json::{Value, json};

use super::answer::{Answer, Failure, Object, Outcome, object};
use super::call::Call;
use super::filter::{Conditions, Field};
use super::page::{Page, SIZES};
use super::value;

/// One log of changes, oldest first.
#[derive(Debug, Default)]
pub(super) struct History {
    entries: Vec<Object>,
}

impl History {
    /// Notes a change. `change` has the members that differ: `field`, `oldValue`, `newValue`,
    /// `created`, `deleted`, and the entity.
    pub(super) fn note(&mut self, change: Value) {
        self.note_without_key(change);
        if let Some(entry) = self.entries.last_mut() {
            entry.insert("apiKey".into(), json!({"current": true}));
        }
    }

    /// As `note`, for the entity whose history does not tell the key.
    pub(super) fn note_without_key(&mut self, change: Value) {
        let id = self.entries.len() + 1;
        let mut entry = object(json!({"id": id, "createdAt": value::now()}));
        entry.extend(object(change));
        entry.insert("source".into(), "api".into());
        self.entries.push(entry);
    }

    /// Notes one entry for each difference.
    pub(super) fn note_changes(&mut self, subject: &str, entity: &Value, changes: Vec<Change>) {
        for Change { field, old, new } in changes {
            self.note(json!({
                "field": field, "oldValue": old, "newValue": new, subject: entity,
            }));
        }
    }

    /// The entries that were asked for, by growing id. After an id they come in portions: `totalPageCount` says how
    /// many are left, this one included.
    pub(super) fn list(&self, call: &Call, fields: &[Field]) -> Outcome {
        let conditions = Conditions::read(call, fields)?;
        if has_position(call) && call.text("page").is_some() {
            let text = "This parameter cannot be used together with filter[sinceId].";
            return Err(Failure::input("page", text));
        }
        let page = Page::read(call, SIZES)?;
        let rows: Vec<&Object> = self
            .entries
            .iter()
            .filter(|row| conditions.hold(row))
            .collect();
        Ok(Answer::ok(json!({
            "generatedAt": value::now(),
            "history": page.cut(rows.iter()),
            "pagination": page.block(rows.len()),
        })))
    }
}

/// Whether the call reads on from an id. The service refuses `page` beside one since 2023-05-15. Its notice names
/// four histories and not the one of tasks; here all five refuse, since what passes then passes either way.
fn has_position(call: &Call) -> bool {
    let filter = call.parameter("filter");
    let since = filter.and_then(|filter| filter.get("sinceId"));
    since
        .and_then(Value::as_str)
        .is_some_and(|id| !id.is_empty())
}

/// A field that changed.
#[derive(Debug, PartialEq)]
pub(super) struct Change {
    pub(super) field: String,
    pub(super) old: Value,
    pub(super) new: Value,
}

/// Fields whose values are codes: history shows them as `{"code": ..}`.
const CODES: &[&str] = &[
    "status",
    "orderType",
    "orderMethod",
    "site",
    "shipmentStore",
    "privilegeType",
];

/// What differs between two states of a row, without the members in `skip`. Custom fields and
/// nested blocks are compared member by member.
pub(super) fn differences(before: &Object, after: &Object, skip: &[&str]) -> Vec<Change> {
    let mut changes = Vec::new();
    let names = after
        .keys()
        .chain(before.keys().filter(|name| !after.contains_key(*name)));
    for name in names.filter(|name| !skip.contains(&name.as_str())) {
        let (old, new) = (
            before.get(name).unwrap_or(&Value::Null),
            after.get(name).unwrap_or(&Value::Null),
        );
        compare(name, old, new, &mut changes);
    }
    changes
}

fn compare(name: &str, old: &Value, new: &Value, changes: &mut Vec<Change>) {
    if old == new {
        return;
    }
    let prefix = if name == "customFields" {
        "custom".to_owned()
    } else {
        value::snake(name)
    };
    if old.is_object() || new.is_object() {
        let nothing = Object::new();
        let (old, new) = (
            old.as_object().unwrap_or(&nothing),
            new.as_object().unwrap_or(&nothing),
        );
        for change in differences(old, new, &[]) {
            changes.push(Change {
                field: format!("{prefix}_{}", change.field),
                ..change
            });
        }
    } else {
        let shown = |value: &Value| match value {
            Value::String(code) if CODES.contains(&name) => json!({"code": code}),
            other => other.clone(),
        };
        changes.push(Change {
            field: prefix,
            old: shown(old),
            new: shown(new),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::retailcrm::filter::Rule;
    use crate::retailcrm::harness::Crm;
    use crate::retailcrm::php;

    #[test]
    fn re10_an_entry_for_each_changed_field() {
        let before =
            object(json!({"status": "new", "firstName": "A", "customFields": [], "phone": "1"}));
        let after = object(
            json!({"status": "paid", "firstName": "A", "customFields": {"nps": 5}, "delivery": {"cost": 3}}),
        );
        let changes = differences(&before, &after, &["updatedAt"]);
        let shown: Vec<_> = changes
            .iter()
            .map(|change| (change.field.as_str(), &change.old, &change.new))
            .collect();
        assert_eq!(
            shown,
            [
                ("status", &json!({"code": "new"}), &json!({"code": "paid"})),
                ("custom_nps", &Value::Null, &json!(5)),
                ("delivery_cost", &Value::Null, &json!(3)),
                ("phone", &json!("1"), &Value::Null),
            ]
        );
    }

    fn history(entries: usize) -> History {
        let mut history = History::default();
        for number in 1..=entries {
            history.note(json!({"field": "status", "newValue": number}));
        }
        history
    }

    fn asked(history: &History, query: &str) -> Result<Value, Failure> {
        let call = Call {
            query: php::parse(query.as_bytes()),
            ..Call::default()
        };
        match history.list(&call, &[("sinceId", Rule::SinceId)])? {
            Answer::Json(_, body) => Ok(body),
            answer => panic!("history is JSON, not {answer:?}"),
        }
    }

    #[test]
    fn re10_the_position_rises_and_the_portions_left_are_counted() {
        let history = history(45);
        let mut since = 0;
        for (left, rows) in [(3, 20), (2, 20), (1, 5)] {
            let body = asked(&history, &format!("filter[sinceId]={since}")).unwrap();
            assert_eq!(body["pagination"]["totalPageCount"], left);
            assert_eq!(body["pagination"]["currentPage"], 1);
            let entries = body["history"].as_array().unwrap();
            assert_eq!(
                (entries.len(), &entries[0]["id"]),
                (rows, &json!(since + 1))
            );
            since += rows;
        }
        let body = asked(&history, "filter[sinceId]=25").unwrap();
        assert_eq!(body["history"][19]["apiKey"], json!({"current": true}));
        assert!(value::is_date_time(body["generatedAt"].as_str().unwrap()));
    }

    #[test]
    fn re10_nothing_new_is_an_empty_list_and_no_page() {
        for query in ["filter[sinceId]=45", "filter[sinceId]=45&limit=100"] {
            let body = asked(&history(45), query).unwrap();
            assert_eq!(body["history"], json!([]));
            let meta = &body["pagination"];
            assert_eq!(
                (
                    &meta["totalCount"],
                    &meta["currentPage"],
                    &meta["totalPageCount"]
                ),
                (&json!(0), &json!(1), &json!(0))
            );
        }
    }

    #[test]
    fn re10_a_page_beside_a_position_is_refused() {
        for query in [
            "filter[sinceId]=5&page=1",
            "page=2&filter[sinceId]=5&limit=50",
        ] {
            let answer = asked(&history(45), query).unwrap_err().into_response();
            let body: Value = serde_json::from_slice(answer.body()).unwrap();
            assert_eq!(
                (answer.status().as_u16(), &body["success"]),
                (400, &json!(false))
            );
            assert!(
                body["errorMsg"].is_string() && body["errors"]["page"].is_string(),
                "{body}"
            );
        }
        let crm = Crm::new();
        let kinds = [
            "customers",
            "customers-corporate",
            "orders",
            "orders/packs",
            "tasks",
        ];
        for path in kinds.map(|kind| format!("/api/v5/{kind}/history?filter[sinceId]=5")) {
            assert_eq!(crm.get(&path).0, 200, "{path}");
            assert_eq!(crm.get(&format!("{path}&page=1")).0, 400, "{path}");
        }
        for query in [
            "page=2",
            "filter[sinceId]=5",
            "filter[sinceId]=&page=2",
            "filter[sinceId]=5&page=",
        ] {
            assert!(asked(&history(45), query).is_ok(), "{query}");
        }
    }
}
