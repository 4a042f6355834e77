//! Describes what an export does, from its arguments: the calls, the columns, and the name by which a later run knows them.

mod columns;
mod filters;
#[cfg(test)]
mod tests;

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
    call,
    failure::Failure,
    rows::{self, Column},
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
        let format = args.format()?;
        let chooses = !args.columns.is_empty() || args.flatten.is_some();
        if format == Format::Jsonl && chooses && !args.describe {
            return Err(Failure::usage(
                "--columns and --flatten are for CSV and Parquet; JSON Lines has the rows as they came: add --format csv",
            ));
        }
        if format != Format::Csv && args.has_style() && !args.describe {
            return Err(Failure::usage(
                "--bom and --delimiter are for CSV: add --format csv",
            ));
        }
        filters::check(args, &list)?;
        let since = since(args, &list)?;
        let (columns, flatten) = columns::of(args, &list, since.is_some())?;
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

    /// The columns and the filters, as text.
    pub(super) fn description(&self, service: Service) -> String {
        let filters = filters::of(service, &self.list);
        rows::table(&self.columns) + &filters::table(&filters)
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
                (self.format, args.style(), columns, &self.flatten),
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
