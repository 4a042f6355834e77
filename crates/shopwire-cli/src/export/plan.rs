//! Describes what an export does, from its arguments: the calls, the columns, and the name by which a later run knows them.

use common_api::ListEntry;
use sha2::{Digest as _, Sha256};
use shopwire::Config;

use super::{
    changed::Since,
    lists::{List, Shape},
    source::Part,
};
use crate::{
    args::{Export, Format, Service},
    call::{self, Description},
    failure::Failure,
    rows::{self, Column, Kind},
};

pub(super) struct Plan {
    pub(super) list: List,
    pub(super) format: Format,
    pub(super) parts: Vec<Part>,
    pub(super) columns: Vec<Column>,
    /// The list of which each element is a line.
    pub(super) flatten: Option<Vec<String>>,
    /// Of a list with a history: where the changed rows begin. `None` for all rows.
    pub(super) since: Option<Since>,
}

impl Plan {
    /// # Errors
    /// Wrong usage; the failure names the option.
    pub(super) fn of(args: &Export, list: List) -> Result<Self, Failure> {
        let format = args.format();
        if format == Format::Jsonl && (!args.columns.is_empty() || args.flatten.is_some()) {
            return Err(Failure::usage(
                "--columns and --flatten are for CSV and Parquet; JSON Lines has the rows as they came",
            ));
        }
        let since = since(args, &list)?;
        let (columns, flatten) = columns_of(args, &list, since.is_some())?;
        let parts = list
            .parts
            .iter()
            .map(|part| part_of(args, &list, part, since));
        Ok(Self {
            format,
            parts: parts.collect::<Result<_, _>>()?,
            columns,
            flatten,
            // A history is read from a place itself.
            since: since.filter(|_| list.history.is_some()),
            list,
        })
    }

    /// The name of the export: a digest of the arguments and the account, so that a file of another export is not gone
    /// on with.
    pub(super) fn name(&self, args: &Export, config: &Config) -> String {
        let account = match args.service {
            Service::Nicechat => (config.nicechat.url.as_ref(), None),
            Service::Uvygoda => (config.uvygoda.url.as_ref(), None),
            Service::Retailcrm => (
                config.retailcrm.url.as_ref(),
                config.retailcrm.site.as_deref(),
            ),
        };
        let params: Vec<_> = self
            .parts
            .iter()
            .map(|part| (part.list.operation(), &part.params))
            .collect();
        let columns: Vec<String> = self.columns.iter().map(Column::name).collect();
        let told = format!(
            "{:?}",
            (
                args.service,
                (
                    &self.list.name,
                    params,
                    account.0.map(ToString::to_string),
                    account.1
                ),
                (self.format, columns, &self.flatten),
                (args.limit, &args.since, args.follow),
            )
        );
        let digest = Sha256::digest(told.as_bytes());
        digest
            .iter()
            .take(16)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

fn since(args: &Export, list: &List) -> Result<Option<Since>, Failure> {
    let has_history = list.history.is_some() || (list.is_history() && list.shape == Shape::Item);
    if !has_history && (args.since.is_some() || args.follow) {
        return Err(Failure::usage(format_args!(
            "--since and --follow: {} has no history; orders, customers, corporate-customers, tasks and packs have one, \
             and so has each history itself",
            list.name
        )));
    }
    let Some(text) = &args.since else {
        return Ok(None);
    };
    let since: Result<Since, String> = text.parse();
    since
        .map(Some)
        .map_err(|why| Failure::usage(format_args!("--since: {why}")))
}

fn part_of(
    args: &Export,
    list: &List,
    part: &'static ListEntry,
    since: Option<Since>,
) -> Result<Part, Failure> {
    let takes_filter = call::takes(args.service, part.operation(), "filter");
    let filters = args.filter.iter().map(|filter| match takes_filter {
        true => within_filter(filter),
        false => Ok(filter.clone()),
    });
    let mut singles = filters.collect::<Result<Vec<_>, _>>()?;
    let date = match since.filter(|_| list.is_history()) {
        Some(Since::Date(date)) => Some(format!("filter[startDate]={}", date.strftime("%F %T"))),
        _ => None,
    };
    singles.extend(date);
    singles.extend(args.param.iter().cloned());
    let params = call::checked_params(args.service, part.operation(), list.defaults, &singles)?;
    Ok(Part {
        list: part,
        params,
        since: match since {
            Some(Since::Id(id)) if list.is_history() => Some(id),
            _ => None,
        },
    })
}

/// `filter[name][…]=value` for `name[…]=value`.
fn within_filter(text: &str) -> Result<String, Failure> {
    // A text without `=` is not shown: it may be a key that was typed in the wrong place.
    let usage = || {
        Failure::usage("--filter: NAME=VALUE is needed, as in --filter createdAtFrom=2026-01-01")
    };
    let (key, value) = text.split_once('=').ok_or_else(usage)?;
    let end = key.find(['[', ':']).unwrap_or(key.len());
    let (name, rest) = key.split_at(end);
    match name {
        "" => Err(usage()),
        name => Ok(format!("filter[{name}]{rest}={value}")),
    }
}

fn columns_of(
    args: &Export,
    list: &List,
    has_gone: bool,
) -> Result<(Vec<Column>, Option<Vec<String>>), Failure> {
    let description = Description::of(args.service);
    let row = list
        .parts
        .first()
        .and_then(|part| description.items(args.service, part));
    let text = |name: &str| Column::new(vec![name.to_owned()], Kind::Text);
    let json = |name: &str| Column::new(vec![name.to_owned()], Kind::Json);
    let named =
        |of: &str, name: &str, kind| Column::new(vec![of.to_owned(), name.to_owned()], kind);
    let (mut all, schema, prefix) = match (list.shape, row) {
        (Shape::Named, _) => (vec![text("list"), json("row")], None, Vec::new()),
        (Shape::Item, row) => {
            let all = row.map_or_else(Vec::new, |row| rows::columns_of(row, &[]));
            (all, row, Vec::new())
        }
        (
            Shape::Member {
                of,
                member,
                row: name,
            },
            row,
        ) => {
            let element = row.and_then(|row| row.child(member));
            let element = element.and_then(|list| list.items().or_else(|| list.values()));
            let mut all = vec![
                named(of, "id", Kind::Integer),
                named(of, "externalId", Kind::Text),
                named(of, "number", Kind::Text),
            ];
            let prefix = vec![name.to_owned()];
            all.extend(element.map_or_else(Vec::new, |element| rows::columns_of(element, &prefix)));
            (all, element, prefix)
        }
    };
    if has_gone && list.history.is_some() {
        all.push(Column::new(vec!["deleted".to_owned()], Kind::Boolean));
    }
    let flatten = match (&args.flatten, schema) {
        (None, _) => None,
        (Some(_), None) => {
            return Err(Failure::usage("--flatten: the rows have no lists"));
        }
        (Some(list), Some(schema)) => {
            let (columns, path) = rows::flattened(all, schema, &prefix, list)?;
            all = columns;
            Some(path)
        }
    };
    let row = schema.map(|schema| (schema, prefix.as_slice()));
    Ok((rows::chosen(all, row, &args.columns)?, flatten))
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::{super::lists, *};
    use crate::args::{Cli, Command};

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
        let text = refused("retailcrm orders --filter extendedStatus");
        assert!(text.contains("NAME=VALUE"), "{text}");
        let uvygoda = super::tests::plan("uvygoda sections")
            .map_err(|failure| failure.message())
            .expect("a plan");
        assert_eq!(uvygoda.parts[0].params, r#"{"FILTER":"ALL"}"#);
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
            ("retailcrm orders --columns id", "JSON Lines"),
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
}
