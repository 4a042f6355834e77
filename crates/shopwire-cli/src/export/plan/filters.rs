//! The filters of a list, by their names in the service's documents.

use common_api::ListEntry;

use super::super::lists::List;
use crate::{
    args::{Export, Service},
    call::{self, Description, Schema},
    failure::Failure,
    suggest,
};

/// Parameters that choose a page.
const PAGING: [&str; 3] = ["limit", "page", "cursor"];

/// A filter that all parts of a list take.
pub(crate) struct Filter {
    /// As it is written before the `=`: `extendedStatus[]` of a filter that takes several values.
    name: String,
    type_name: String,
}

/// The filters of a list.
pub(super) fn of(service: Service, list: &List) -> Vec<Filter> {
    let description = Description::of(service);
    let mut parts = list
        .parts
        .iter()
        .map(|part| of_part(service, &description, part));
    let first = parts.next().unwrap_or_default();
    parts.fold(first, |mut all, part| {
        all.retain(|one| part.iter().any(|other| other.name == one.name));
        all
    })
}

fn of_part(service: Service, description: &Description, part: &ListEntry) -> Vec<Filter> {
    let Some(entry) = call::entry(service, part.operation()) else {
        return Vec::new();
    };
    if let Some(filter) = description.param(entry, "filter") {
        let fields = filter.fields().into_iter();
        return fields
            .map(|(name, field, _)| Filter::new(name, field))
            .collect();
    }
    let names = entry.metadata.params.iter().map(|param| param.name);
    let names = names.filter(|name| !PAGING.contains(name));
    names
        .filter_map(|name| Some(Filter::new(name, description.param(entry, name)?)))
        .collect()
}

impl Filter {
    fn new(name: &str, schema: Schema<'_>) -> Self {
        let brackets = match schema.is_list() && !name.ends_with("[]") {
            true => "[]",
            false => "",
        };
        Self {
            name: format!("{name}{brackets}"),
            type_name: schema.type_name(),
        }
    }

    fn is(&self, name: &str) -> bool {
        self.name.strip_suffix("[]").unwrap_or(&self.name) == name
    }
}

/// Refuses a filter that the list does not have.
///
/// # Errors
/// Similar names are suggested. The name is not shown: it may be a key that was typed in the wrong place.
pub(super) fn check(args: &Export, list: &List) -> Result<(), Failure> {
    if args.filter.is_empty() {
        return Ok(());
    }
    let all = of(args.service, list);
    for filter in &args.filter {
        let end = filter.find(['[', ':', '=']).unwrap_or(filter.len());
        let name = &filter[..end];
        if name.is_empty() || !filter.contains('=') || all.iter().any(|filter| filter.is(name)) {
            continue;
        }
        let near = suggest::nearest(name, all.iter().map(|filter| filter.name.as_str()));
        let near = match near.as_slice() {
            [] => String::new(),
            names => format!("did you mean {}? ", names.join(", ")),
        };
        return Err(Failure::invalid(format_args!(
            "--filter: {} has no such filter; {near}`shopwire export {} {} --describe` shows them all",
            list.name,
            call::service_name(args.service),
            list.name
        )));
    }
    Ok(())
}

/// The filters with their types, as text; empty for a list without filters.
pub(super) fn table(filters: &[Filter]) -> String {
    let width = filters.iter().map(|filter| filter.name.len()).max();
    let Some(width) = width else {
        return String::new();
    };
    let lines = filters
        .iter()
        .map(|filter| format!("{:<width$}  {}\n", filter.name, filter.type_name));
    format!(
        "\nFilters, for --filter NAME=VALUE (with [] once for each value):\n{}",
        lines.collect::<String>()
    )
}
