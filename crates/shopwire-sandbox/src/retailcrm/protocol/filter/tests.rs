//! Conditions over a row, without an account.

use super::{Conditions, Field, Rule};
use crate::retailcrm::protocol::answer::Failure;
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::protocol::php;
use crate::retailcrm::value::object;
use serde_json::json;

const FIELDS: &[Field] = &[
    ("numbers", Rule::OneOf("number")),
    ("customer", Rule::Contains(&["firstName", "phone"])),
    ("createdAtFrom", Rule::From("createdAt")),
    ("createdAtTo", Rule::To("createdAt")),
    ("minPrice", Rule::Min("totalSumm")),
    ("vip", Rule::Flag("vip")),
    ("customFields", Rule::CustomFields("customFields")),
];

fn selects(query: &str) -> Result<bool, Failure> {
    let row = object(json!({
        "id": 7, "number": "1235C", "firstName": "Анна", "createdAt": "2026-03-05 10:00:00",
        "totalSumm": 100.5, "customFields": {"nps": 7, "gift": true}
    }));
    let call = Call {
        query: php::parse(query.as_bytes()),
        ..Call::default()
    };
    Ok(Conditions::read(&call, FIELDS)?.hold(&row))
}

#[test]
fn r14_r27_filters_choose_rows() {
    for holding in [
        "",
        "filter[numbers][]=1235C",
        "filter[numbers][0]=x&filter[numbers][1]=1235C",
        "filter[customFields][nps][min]=5",
        "filter[customFields][nps][max]=7",
        "filter[customFields][gift]=1",
        "filter[createdAtFrom]=2026-03-05",
        "filter[createdAtTo]=2026-03-05",
        "filter[createdAtTo][]=2026-03-05",
        "filter[customer][]=xyz&filter[customer][]=%D0%B0%D0%BD%D0%BD",
        "filter[createdAtTo]=2026-03-05 10:00:00",
        "filter[minPrice]=100.50",
        "filter[vip]=0",
        "filter=None",
        "filter[vip]=",
        "filter[numbers][]=&filter[customFields][nps][min]=",
        "filter[customer]=%D0%B0%D0%BD%D0%BD%D0%B0",
    ] {
        assert!(selects(holding).unwrap(), "{holding}");
    }
    for failing in [
        "filter[numbers][]=1235",
        "filter[customFields][nps][min]=8",
        "filter[customFields][other]=1",
        "filter[createdAtFrom]=2026-03-06",
        "filter[createdAtTo]=2026-03-04",
        "filter[minPrice]=100.51",
        "filter[vip]=1",
    ] {
        assert!(!selects(failing).unwrap(), "{failing}");
    }
}

#[test]
fn wrong_and_unknown_filters_are_errors() {
    for wrong in [
        "filter[createdAtFrom]=today",
        "filter[createdAtFrom][]=today",
        "filter[vip]=yes",
        "filter[minPrice]=x",
        "filter[nope]=1",
    ] {
        assert!(selects(wrong).is_err(), "{wrong}");
    }
}
