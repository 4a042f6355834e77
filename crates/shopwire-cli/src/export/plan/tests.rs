//! Plans of command lines.

use clap::Parser as _;

use super::{super::lists, *};
use crate::{
    args::{Cli, Command},
    rows::Kind,
};

fn plan(words: &str) -> Result<Plan, Failure> {
    let words = ["shopwire", "export"].into_iter().chain(words.split(' '));
    let Command::Export(args) = Cli::try_parse_from(words).expect("usage").command else {
        panic!("another command");
    };
    let list = lists::find(args.service, args.list.as_deref().unwrap_or_default())?;
    Plan::of(&args, list)
}

fn refused(words: &str) -> String {
    plan(words)
        .map(|_| ())
        .map_err(|failure| failure.message())
        .expect_err("refused")
}

// J1, J2
#[test]
fn j1_every_list_has_columns_of_its_own() {
    for service in Service::ALL {
        for list in lists::all(service) {
            assert!(common_model::from_json::<common_model::Value>(list.defaults).is_ok());
            let words = format!("{} {} --format csv", call::service_name(service), list.name);
            let plan =
                plan(&words).unwrap_or_else(|failure| panic!("{words}: {}", failure.message()));
            let names: Vec<String> = plan.columns.iter().map(Column::name).collect();
            let mut unique = names.clone();
            unique.sort();
            unique.dedup();
            assert_eq!(unique.len(), names.len(), "{words}: {names:?}");
            assert!(
                names.len() > 1 && names.len() < 280,
                "{words}: {}",
                names.len()
            );
            assert_eq!(names.last().map(String::as_str), Some("_other"), "{words}");
            println!("{words}: {}", names.len());
        }
    }
}

// J2
#[test]
fn j2_columns_have_the_types_of_the_description() {
    let plan = plan("retailcrm orders --format csv")
        .map_err(|failure| failure.message())
        .expect("a plan");
    let kind = |name: &str| {
        let column = plan.columns.iter().find(|column| column.name() == name);
        column.unwrap_or_else(|| panic!("{name}")).kind
    };
    assert_eq!(kind("id"), Kind::Integer);
    assert_eq!(kind("totalSumm"), Kind::Decimal);
    assert_eq!(kind("createdAt"), Kind::DateTime);
    assert_eq!(kind("delivery.address.city"), Kind::Text);
    assert_eq!(kind("delivery.date"), Kind::Date);
    assert_eq!(kind("items"), Kind::Json);
    assert_eq!(kind("customFields"), Kind::Json);
    assert_eq!(kind("call"), Kind::Boolean);
    // A whole customer is JSON, and its members can be chosen with their types.
    assert_eq!(kind("customer"), Kind::Json);
    let chosen = super::tests::plan(
        "retailcrm orders --format csv --columns customer.id,customer.createdAt,customer.phones,customFields.x",
    );
    let chosen = chosen.map_err(|failure| failure.message()).expect("a plan");
    let kinds: Vec<Kind> = chosen.columns.iter().map(|column| column.kind).collect();
    assert_eq!(
        kinds,
        [Kind::Integer, Kind::DateTime, Kind::Json, Kind::Text]
    );
}

// J1
#[test]
fn j1_filters_are_those_of_the_list_by_their_names() {
    let plan = plan(
        "retailcrm orders --filter extendedStatus[]=new --filter createdAtFrom=2026-01-01 --param limit=50",
    );
    let plan = plan.map_err(|failure| failure.message()).expect("a plan");
    let params = &plan.parts[0].params;
    assert_eq!(
        params,
        r#"{"filter":{"extendedStatus":["new"],"createdAtFrom":"2026-01-01"},"limit":50}"#
    );
    let text = refused("retailcrm orders --filter createdAtForm=2026-01-01");
    assert!(text.contains("createdAtFrom"), "{text}");
    // A part of the name finds it, and the error says where all are.
    let text = refused("retailcrm orders --filter status=new");
    assert!(
        text.contains("extendedStatus[]") && text.contains("export retailcrm orders --describe"),
        "{text}"
    );
    let text = refused("uvygoda sections --filter FILTR=ALL");
    assert!(text.contains("did you mean FILTER?"), "{text}");
    let text = refused("retailcrm orders --filter extendedStatus");
    assert!(text.contains("NAME=VALUE"), "{text}");
    let uvygoda = super::tests::plan("uvygoda sections")
        .map_err(|failure| failure.message())
        .expect("a plan");
    assert_eq!(uvygoda.parts[0].params, r#"{"FILTER":"ALL"}"#);
}

// J1
#[test]
fn j1_a_description_has_the_filters_by_their_names_with_their_types() {
    let described = |words: &str| {
        let plan = plan(words).map_err(|failure| failure.message());
        let service = match words.split(' ').next() {
            Some("retailcrm") => Service::Retailcrm,
            Some("uvygoda") => Service::Uvygoda,
            _ => Service::Nicechat,
        };
        let text = plan.expect("a plan").description(service);
        let (columns, filters) = text.split_once("\nFilters, ").unwrap_or((&text, ""));
        let words = |text: &str| -> Vec<String> {
            let lines = text.lines().map(|line| line.split_whitespace());
            lines
                .map(|words| words.collect::<Vec<_>>().join(" "))
                .collect()
        };
        (words(columns), words(filters))
    };
    let (columns, filters) = described("retailcrm orders --describe");
    assert!(columns.contains(&"totalSumm decimal".to_owned()));
    for filter in [
        "createdAtFrom string",
        "extendedStatus[] list of string",
        "ids[] list of integer",
    ] {
        assert!(filters.contains(&filter.to_owned()), "{filters:?}");
    }
    let (_, filters) = described("uvygoda sections --describe");
    assert!(
        filters.iter().any(|line| line.starts_with("FILTER ")),
        "{filters:?}"
    );
    // Of several lists, those that all take.
    let (_, filters) = described("retailcrm histories --describe");
    assert!(
        filters.contains(&"sinceId integer".to_owned()),
        "{filters:?}"
    );
    assert!(
        !filters.iter().any(|line| line.starts_with("orderId ")),
        "{filters:?}"
    );
    let (_, none) = described("retailcrm sites --describe");
    assert_eq!(none, Vec::<String>::new());
    // The columns of a table need no format to be shown.
    let (columns, _) = described("retailcrm orders --describe --flatten items");
    assert!(
        columns
            .iter()
            .any(|line| line.starts_with("items.quantity ")),
        "{columns:?}"
    );
}

// J2
#[test]
fn j2_wrong_columns_and_lists_are_named() {
    for (words, part) in [
        (
            "retailcrm orders --format csv --columns id,totalSum",
            "totalSumm",
        ),
        ("retailcrm orders --format csv --columns id,id", "twice"),
        (
            "retailcrm orders --format csv --columns delivery,delivery.cost",
            "part of",
        ),
        ("retailcrm orders --format csv --flatten item", "items"),
        ("retailcrm orders --columns id", "add --format csv"),
        ("retailcrm orders --bom", "--format csv"),
        (
            "retailcrm orders --delimiter ; --format jsonl",
            "--format csv",
        ),
        ("retailcrm order", "orders"),
        ("retailcrm products --since 5", "no history"),
        ("retailcrm orders --since yesterday", "2026-01-31"),
        ("retailcrm histories --follow", "no history"),
    ] {
        let text = refused(words);
        assert!(text.contains(part), "{words}: {text}");
    }
}

// J2
#[test]
fn j2_a_flattened_list_has_columns_in_its_place() {
    let plan = plan(
        "retailcrm orders --format csv --flatten items --columns id,items.quantity,items.offer.externalId,customFields.colour",
    );
    let plan = plan.map_err(|failure| failure.message()).expect("a plan");
    let names: Vec<String> = plan.columns.iter().map(Column::name).collect();
    assert_eq!(
        names,
        [
            "id",
            "items.quantity",
            "items.offer.externalId",
            "customFields.colour"
        ]
    );
    assert_eq!(plan.flatten, Some(vec!["items".to_owned()]));
}

// J2: such a column would be empty in each line.
#[test]
fn j2_members_below_a_list_and_unknown_members_are_refused() {
    for (words, parts) in [
        (
            "retailcrm orders --format csv --columns id,items.quantity",
            &["items is a list: --flatten items makes a line of each element"][..],
        ),
        (
            "retailcrm orders --format csv --columns payments.amount",
            &["--flatten payments"],
        ),
        (
            "retailcrm orders --format csv --columns customer.phones.number",
            &["customer.phones is a list", "name customer.phones"],
        ),
        (
            "retailcrm orders --format csv --flatten items --columns payments.amount",
            &["payments is a list", "name payments"],
        ),
        (
            "retailcrm orders --format csv --columns customer.nosuch",
            &["customer has no such member", "externalId"],
        ),
        (
            "retailcrm orders --format csv --columns customer.externalID",
            &["did you mean customer.externalId"],
        ),
        (
            "retailcrm orders --format csv --columns customer.id.x",
            &["customer.id has no such member"],
        ),
        (
            "retailcrm orders --format csv --flatten items --columns items.prices.price",
            &["items.prices is a list"],
        ),
    ] {
        let text = refused(words);
        for part in parts {
            assert!(text.contains(part), "{words}: {text}");
        }
        assert!(!text.contains("nosuch"), "{text}");
        assert!(text.matches(" externalId,").count() <= 1, "{text}");
    }
    // Within a list of lines, members have their types, and maps take any name.
    let plan = plan(
        "retailcrm orders --format csv --flatten items --columns items.offer.properties.size,items.properties.color.value,customFields.a.b",
    );
    let plan = plan.map_err(|failure| failure.message()).expect("a plan");
    assert_eq!(plan.columns.len(), 3);
}
