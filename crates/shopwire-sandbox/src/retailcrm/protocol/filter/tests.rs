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

/// A rule, values by which it finds the row, values by which it does not.
type Line = (Rule, &'static [&'static str], &'static [&'static str]);

/// Every rule, at its borders.
const RULES: &[Line] = &[
    (
        Rule::OneOf("tags.name"),
        &["=a", "[]=x&filter[f][]=b"],
        &["=A", "=ab", "[]=x"],
    ),
    (Rule::OneOf("joined.group"), &["=g"], &["=h"]),
    (
        Rule::FewOf(2, "number"),
        &["[]=x&filter[f][]=1235C"],
        &["=1235"],
    ),
    (Rule::Choice(&["1", "2"], "codes"), &["=2"], &["=1"]),
    (
        Rule::Contains(&["none", "name"]),
        &["=анн", "=АННА", "[]=x&filter[f][]=ова"],
        &["=анна и", "=x"],
    ),
    (
        Rule::Words(&["name", "city"]),
        &["=петрова анна", "=анна казань"],
        &["=анна омск"],
    ),
    (
        Rule::Searched("how", &["city"]),
        &["=каз", "=казань&filter[how]=exact", "=каз&filter[how]=like"],
        &["=каз&filter[how]=exact"],
    ),
    (
        Rule::AllParts("grades"),
        &["=m[1]", "=f[2]_m[1]"],
        &["=m[2]", "=m[1]_f[1]"],
    ),
    (
        Rule::Sequence("steps"),
        &["[]=new&filter[f][]=done", "[]=sent", "=new"],
        &["[]=done&filter[f][]=new", "[]=new&filter[f][]=new"],
    ),
    (
        Rule::From("at"),
        &["=2026-03-05", "=2026-03-05 10:00:00"],
        &["=2026-03-06", "=2026-03-05 10:00:01"],
    ),
    (
        Rule::To("at"),
        &["=2026-03-05", "=2026-03-05 10:00:00", "[]=2026-03-05"],
        &["=2026-03-04", "=2026-03-05 09:59:59"],
    ),
    (Rule::From("none"), &[], &["=2000-01-01"]),
    (Rule::To("none"), &[], &["=2099-01-01"]),
    (
        Rule::After("at"),
        &["=2026-03-05 09:59:59"],
        &["=2026-03-05 10:00:00"],
    ),
    (
        Rule::On("at"),
        &["=2026-03-05", "=2026-03-05 23:00:00"],
        &["=2026-03-04", "=2026-03-06"],
    ),
    (
        Rule::TimeFrom("time"),
        &["=09:30", "=09:30:00"],
        &["=09:30:01"],
    ),
    (Rule::TimeTo("time"), &["=09:30", "=10:00:00"], &["=09:29"]),
    (
        Rule::Min("sum"),
        &["=100.5", "=100.50", "=-1"],
        &["=100.51"],
    ),
    (Rule::Max("sum"), &["=100.5", "=1e3"], &["=100.49"]),
    (Rule::Min("none"), &[], &["=0"]),
    (Rule::Max("none"), &[], &["=0"]),
    (
        Rule::Flag("vip"),
        &["=1", "=true", "=True"],
        &["=0", "=false"],
    ),
    (Rule::Flag("none"), &["=0"], &["=1"]),
    (Rule::Present("tags"), &["=1"], &["=0"]),
    (Rule::Present("empty"), &["=0"], &["=1"]),
    (Rule::SinceId, &["=6", "=0"], &["=7"]),
    (
        Rule::CustomFields("fields"),
        &[
            "[nps]=7",
            "[nps]=7.0",
            "[nps][]=1&filter[f][nps][]=7",
            "[nps][min]=7",
            "[nps][max]=7",
            "[gift]=1",
            "[gift]=true",
            "[day][min]=2026-01-02",
            "[day][max]=2026-01-02",
            "[kind][]=a&filter[f][kind][]=b",
            "[many]=y",
            "[nps][min]=&filter[f][gift]=1",
        ],
        &[
            "[nps]=8",
            "[nps][min]=8",
            "[nps][max]=6",
            "[gift]=0",
            "[day][max]=2026-01-01",
            "[other]=1",
            "[nps]=7&filter[f][gift]=0",
        ],
    ),
    (
        Rule::Properties(&["props", "offers.props"]),
        &[
            "[color]=red",
            "[]=xl",
            "=red",
            "[size][]=s&filter[f][size][]=xl",
        ],
        &["[color]=xl", "[]=blue"],
    ),
    (
        Rule::Element("subs", &[("channel", "kind.channel"), ("on", "on")]),
        &[
            "[0][channel]=email",
            "[0][channel]=email&filter[f][0][on]=1",
            "[0][channel]=email&filter[f][1][channel]=sms",
        ],
        &["[0][channel]=email&filter[f][0][on]=0", "[0][channel]=mail"],
    ),
    (
        Rule::Tags("tags"),
        &[
            "[attached]=1",
            "[without]=0",
            "[without]=1&filter[f][attached]=1",
        ],
        &["[without]=1"],
    ),
    (Rule::Tags("empty"), &["[without]=1"], &["[attached]=1"]),
    (Rule::Beside, &["=anything"], &[]),
];

// F12
#[test]
fn f12_every_rule_holds_at_its_borders() {
    let row = object(json!({
        "id": 7, "number": "1235C", "name": "Анна Петрова", "city": "Казань", "at": "2026-03-05 10:00:00", "time": "09:30",
        "sum": 100.5, "vip": true, "codes": [2, 3], "empty": [], "none": null,
        "tags": [{"name": "a", "attached": true}, {"name": "b"}], "grades": ["m[1]", "f[2]"],
        "steps": ["new", "sent", "done"], "props": {"color": "red"}, "offers": [{"props": {"size": "xl"}}],
        "fields": {"nps": 7, "gift": true, "day": "2026-01-02 12:00:00", "kind": "b", "many": ["x", "y"]},
        "subs": [{"kind": {"channel": "email"}, "on": true}, {"kind": {"channel": "sms"}, "on": false}],
    }));
    let beyond = object(json!({"group": "g"}));
    for &(rule, finding, missing) in RULES {
        for (given, expected) in finding
            .iter()
            .map(|given| (given, true))
            .chain(missing.iter().map(|given| (given, false)))
        {
            let call = Call {
                query: php::parse(format!("filter[f]{given}").as_bytes()),
                ..Call::default()
            };
            let table = [("f", rule), ("how", Rule::Beside)];
            let conditions = Conditions::read(&call, &table).unwrap();
            let holds = conditions
                .hold_joined(&row, |path| beyond.get(path).cloned().into_iter().collect());
            assert_eq!(holds, expected, "{rule:?} {given}");
        }
    }
}

// F12
#[test]
fn f12_a_span_is_met_by_one_value() {
    let row = object(json!({"payments": {
        "1": {"paidAt": "2026-01-10 10:00:00", "amount": 10},
        "2": {"paidAt": "2026-05-10 10:00:00", "amount": 1000},
    }}));
    let table = [
        ("from", Rule::From("payments.*.paidAt")),
        ("to", Rule::To("payments.*.paidAt")),
        ("min", Rule::Min("payments.*.amount")),
        ("max", Rule::Max("payments.*.amount")),
    ];
    for (query, expected) in [
        ("filter[from]=2026-01-01&filter[to]=2026-02-01", true),
        ("filter[to]=2026-06-01&filter[from]=2026-05-01", true),
        ("filter[from]=2026-02-01&filter[to]=2026-04-01", false),
        ("filter[min]=5&filter[max]=20", true),
        ("filter[min]=20&filter[max]=500", false),
        ("filter[from]=2026-05-01&filter[max]=20", true),
    ] {
        let call = Call {
            query: php::parse(query.as_bytes()),
            ..Call::default()
        };
        let conditions = Conditions::read(&call, &table).unwrap();
        assert_eq!(conditions.hold(&row), expected, "{query}");
    }
}

// F12
#[test]
fn f12_what_lies_beyond_a_row_is_looked_at_last() {
    let table = [
        ("far", Rule::OneOf("joined.group")),
        ("near", Rule::OneOf("number")),
    ];
    let call = Call {
        query: php::parse(b"filter[far]=g&filter[near]=2"),
        ..Call::default()
    };
    let conditions = Conditions::read(&call, &table).unwrap();
    let row = object(json!({"number": "1"}));
    assert!(!conditions.hold_joined(&row, |path| panic!("{path} is looked at")));
}
