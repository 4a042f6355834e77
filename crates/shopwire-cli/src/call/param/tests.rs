//! `--param` writes any JSON.

use common_model::{Map, Value as Json, from_json, to_json};
use proptest::{prelude::*, test_runner::TestCaseError};

use super::{super::service, value::is_number, *};
use crate::args::Service;

fn entry(service: Service, name: &str) -> &'static OperationEntry {
    let mut entries = service::operations(service).iter();
    entries
        .find(|entry| entry.metadata.name == name)
        .expect(name)
}

/// The object that these arguments make.
fn made(service: Service, name: &str, given: &str, args: &[String]) -> Result<String, Failure> {
    let singles: Result<Vec<_>, _> = args.iter().map(|text| Single::parse(text)).collect();
    let description = Description::of(service);
    merged(
        given,
        &singles?,
        description.operation(entry(service, name)),
    )
}

fn orders(args: &[&str]) -> Result<String, String> {
    let args: Vec<String> = args.iter().map(|text| (*text).to_owned()).collect();
    made(Service::Retailcrm, "orders.create", "{}", &args).map_err(|failure| failure.message())
}

// C14
#[test]
fn c14_values_have_the_type_of_the_description() {
    for (args, json) in [
        (
            &[
                "order[firstName]=7",
                "order[items][0][quantity]=2",
                "order[items][0][initialPrice]=19.90",
                "order[call]=true",
                "order[lastName]=true",
            ][..],
            r#"{"order":{"firstName":"7","items":[{"quantity":2,"initialPrice":19.90}],"call":true,"lastName":"true"}}"#,
        ),
        // What is not clear stays text: a comma, a truth in another spelling, a field that is not described.
        (
            &["order[items][0][initialPrice]=19,90", "order[call]=yes"],
            r#"{"order":{"items":[{"initialPrice":"19,90"}],"call":"yes"}}"#,
        ),
        (
            &["order[shoe]=42", "order[customFields][12]=5"],
            r#"{"order":{"shoe":"42","customFields":{"12":"5"}}}"#,
        ),
        // JSON after `:=`, a text that begins with `@`, and one that has an equals sign.
        (
            &[
                "order[shoe]:=42",
                "order[phone]:=null",
                "order[email]=@@a",
                "order[number]=a=b",
            ],
            r#"{"order":{"shoe":42,"phone":null,"email":"@a","number":"a=b"}}"#,
        ),
        // Items in any order, and further ones.
        (
            &["order[items][1][quantity]=2", "order[items][0][quantity]=1"],
            r#"{"order":{"items":[{"quantity":1},{"quantity":2}]}}"#,
        ),
    ] {
        let made = orders(args).expect("made");
        let (made, json): (Json, Json) = (from_json(&made).unwrap(), from_json(json).unwrap());
        assert_eq!(made, json);
    }
    let list = ["filter[ids][]=1", "filter[ids][]=2", "limit=20"].map(str::to_owned);
    assert_eq!(
        made(Service::Retailcrm, "orders.list", "{}", &list).expect("made"),
        r#"{"filter":{"ids":[1,2]},"limit":20}"#
    );
}

// C14
#[test]
fn c14_a_conflict_names_its_key() {
    for (args, key) in [
        (&["site=a", "site=a"][..], "site"),
        (&["order[phone]=1", "order[phone][x]=2"], "order[phone]"),
        (&["order[phone][x]=2", "order[phone]=1"], "order[phone]"),
        (
            &["order[items][0][quantity]=1", "order[items][0][quantity]=2"],
            "order[items][0][quantity]",
        ),
        (&["order[items][1][quantity]=1"], "order[items][0]"),
        (&["order[items][a]=1"], "order[items]"),
        (
            &["order[customer][id]=1", "order[customer][]=2"],
            "order[customer]",
        ),
        (&["order:={\"phone\":1}", "order[phone]=2"], "order[phone]"),
        (&["order[items][][quantity]=1"], "order[items][][quantity]"),
        (&["order[phone=1"], "order[phone"),
    ] {
        let error = orders(args).expect_err(key);
        assert!(error.starts_with(&format!("{key}: ")), "{key}: {error}");
    }
    let with_json = |args: &[&str]| {
        let args: Vec<String> = args.iter().map(|text| (*text).to_owned()).collect();
        let given = r#"{"site":"a","order":{"items":[{"quantity":1}]}}"#;
        made(Service::Retailcrm, "orders.create", given, &args).map_err(|failure| failure.message())
    };
    assert_eq!(
        with_json(&[
            "order[items][0][initialPrice]=5",
            "order[items][1][quantity]=2"
        ])
        .unwrap(),
        r#"{"site":"a","order":{"items":[{"quantity":1,"initialPrice":5},{"quantity":2}]}}"#
    );
    for key in ["site", "order[items][0][quantity]"] {
        let error = with_json(&[&format!("{key}=9")]).expect_err(key);
        assert!(
            error.starts_with(&format!("{key}: it is given twice")),
            "{error}"
        );
    }
}

// C14, H13
#[test]
fn c14_a_secret_is_not_taken_from_an_argument_nor_shown() {
    for text in [
        "PASS=hunter2",
        "PASS:=\"hunter2\"",
        "token=hunter2",
        "hunter2",
        "[hunter2=1",
        "=hunter2",
    ] {
        let failed = made(Service::Uvygoda, "getToken", "{}", &[text.to_owned()]);
        let message = failed.expect_err(text).message();
        assert!(
            !message.contains("hunter2") || text.starts_with('['),
            "{message}"
        );
    }
}

// C14, H13
#[test]
fn c14_a_secret_within_json_is_not_taken_from_an_argument_either() {
    for (text, key) in [
        (
            r#"integrationModule:={"integrations":{"mgBot":{"token":"hunter2"}}}"#,
            "integrationModule[integrations][mgBot][token]",
        ),
        (
            r#"integrationModule[integrations][mgBot]:={"token":"hunter2"}"#,
            "integrationModule[integrations][mgBot][token]",
        ),
        (r#"x:=[{"a":1},{"api_key":7261}]"#, "x[1][api_key]"),
    ] {
        let failed = made(
            Service::Retailcrm,
            "integration.edit",
            "{}",
            &[text.to_owned()],
        );
        let message = failed.expect_err(text).message();
        assert!(
            message.starts_with(&format!("{key}: a secret ")),
            "{message}"
        );
        assert!(!message.contains("hunter2"), "{message}");
    }
    let none = r#"integrationModule:={"integrations":{"mgBot":{"token":null}}}"#.to_owned();
    assert!(made(Service::Retailcrm, "integration.edit", "{}", &[none]).is_ok());
}

/// The arguments that write this object, each typed by the description where that is enough.
fn args(json: &Json, described: Described<'_>) -> Vec<String> {
    let mut out = Vec::new();
    for (name, value) in json.as_object().expect("an object").iter() {
        let schema = described.param(name).map(|meant| meant.schema);
        write(name, value, schema, &mut out);
    }
    out
}

fn write(
    path: &str,
    json: &Json,
    schema: Option<super::super::description::Schema<'_>>,
    out: &mut Vec<String>,
) {
    use super::super::description::Reads;
    let is_object = schema.is_some_and(|schema| schema.is_object());
    let is_list = schema.is_some_and(|schema| schema.is_list());
    let is_plain = |name: &str| !name.is_empty() && !name.contains(['[', ']', '=']);
    let is_number_like = |name: &str| name.parse::<usize>().is_ok();
    match (json, schema.map_or(Reads::Text, |schema| schema.reads())) {
        (Json::Object(members), _)
            if !members.is_empty()
                && !is_list
                && members.keys().all(is_plain)
                && (is_object || !members.keys().any(is_number_like)) =>
        {
            for (name, value) in members.iter() {
                let child = schema.and_then(|schema| schema.child(name));
                write(&format!("{path}[{name}]"), value, child, out);
            }
        }
        (Json::Array(items), _) if !items.is_empty() && !is_object => {
            for (index, value) in items.iter().enumerate() {
                let child = schema.and_then(|schema| schema.items());
                write(&format!("{path}[{index}]"), value, child, out);
            }
        }
        (Json::Bool(bool), Reads::Boolean) => out.push(format!("{path}={bool}")),
        (Json::Number(number), Reads::Number) => out.push(format!("{path}={number}")),
        (Json::String(text), reads)
            if text != "-"
                && text != "@"
                && !(reads == Reads::Number && is_number(text))
                && !(reads == Reads::Boolean && ["true", "false"].contains(&text.as_str())) =>
        {
            let at = if text.starts_with('@') { "@" } else { "" };
            out.push(format!("{path}={at}{text}"));
        }
        (json, _) => out.push(format!("{path}:={}", to_json(json))),
    }
}

fn scalar() -> impl Strategy<Value = Json> {
    prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        any::<i64>().prop_map(|number| from_json(&number.to_string()).unwrap()),
        "-?(0|[1-9][0-9]{0,25})(\\.[0-9]{1,5})?([eE][+-]?[0-9]{1,2})?"
            .prop_map(|text| from_json(&text).unwrap()),
        prop_oneof![
            any::<String>(),
            "[-@=:\\[\\] a]{0,4}",
            "(true|false|null|-?[0-9]{1,3}|@@?x|-)"
        ]
        .prop_map(Json::String),
    ]
}

/// Any JSON, most names of it from the description.
fn json() -> impl Strategy<Value = Json> {
    let names = prop_oneof![
        "(items|quantity|initialPrice|customer|id|call|firstName|customFields|delivery|address|payments|amount)",
        "[0-9]{1,2}",
        any::<String>(),
    ];
    scalar().prop_recursive(5, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::Array),
            prop::collection::vec((names.clone(), inner), 0..5)
                .prop_map(|members| { Json::Object(members.into_iter().collect::<Map<Json>>()) }),
        ]
    })
}

proptest! {
    // C14
    #[test]
    fn c14_json_as_params_is_the_same_json(
        order in json(),
        site in scalar(),
        at in 0_usize..1000,
    ) {
        let entry = entry(Service::Retailcrm, "orders.create");
        let description = Description::of(Service::Retailcrm);
        let described = description.operation(entry).expect("described");
        let whole: Map<Json> = [("order".to_owned(), order), ("site".to_owned(), site)].into_iter().collect();
        let whole = Json::Object(whole);
        let mut args = args(&whole, described);
        // The order of the arguments does not matter.
        let count = args.len();
        args.rotate_left(at % count);
        if at % 2 == 1 {
            args.reverse();
        }
        let made = made(Service::Retailcrm, "orders.create", "{}", &args);
        let made = made.map_err(|failure| TestCaseError::fail(failure.message()))?;
        let made: Json = from_json(&made).expect("JSON");
        prop_assert_eq!(sorted(made), sorted(whole), "{:?}", args);
    }
}

/// The same with sorted members: the order of the arguments is that of the members.
fn sorted(json: Json) -> Json {
    match json {
        Json::Array(items) => Json::Array(items.into_iter().map(sorted).collect()),
        Json::Object(members) => {
            let mut members: Vec<(String, Json)> = members
                .into_iter()
                .map(|(name, json)| (name, sorted(json)))
                .collect();
            members.sort_by(|one, other| one.0.cmp(&other.0));
            Json::Object(members.into_iter().collect())
        }
        other => other,
    }
}
