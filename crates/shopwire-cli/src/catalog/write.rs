//! `shopwire catalog write`.

use std::{collections::HashSet, io};

use common_model::Value;

use super::{
    convert::{finish, teller},
    feed::{
        Category, Field, Shop,
        adapt::Losses,
        visit::{Fault, Visit as _},
    },
    input::{Input, Readings},
    prelude::Prelude,
    progress::Progress,
    source::{Groups, Mapping, Rows, Source},
    stop::Stop,
    target::Target,
    transfer::{Beginning, Outcome, Transfer},
};
use crate::{
    args::{CatalogWrite, SourceKind},
    failure::Failure,
};

/// Reads the source twice: for its categories and currencies, then for the offers.
pub(super) fn run(args: &CatalogWrite, stop: &Stop) -> Result<(), Failure> {
    let mapping = args.mapping().map_err(Failure::usage)?;
    let mut input = Input::open(&args.source, Readings::Several)?;
    let name = input.name.clone();
    let groups = match &args.categories {
        Some(path) => Some(Input::open(path, Readings::Once)?),
        None => None,
    };
    let target = Target::open(args.output.path.as_deref(), stop)?;
    let is_beside = target.is_beside();
    let mut tell = teller(&name);
    let done = written(args, &mapping, &mut input, groups, target, stop, &mut tell);
    finish(&name, args.to, is_beside, &args.output, stop, done)
}

fn written(
    args: &CatalogWrite,
    mapping: &Mapping,
    input: &mut Input,
    groups: Option<Input>,
    target: Target,
    stop: &Stop,
    tell: &mut dyn FnMut(&Fault) -> io::Result<()>,
) -> io::Result<Outcome> {
    let source = Source {
        kind: args.kind(),
        mapping,
        weight_unit: args.weight_unit.map(|unit| unit.name()),
        length_unit: args.length_unit.map(|unit| unit.name()),
    };
    let mut prelude = Prelude::new(stop);
    let mut ids = HashSet::new();
    if let Some(mut groups) = groups {
        let is_csv = args
            .categories
            .as_ref()
            .is_some_and(|path| args.is_csv(path));
        let name = groups.name.clone();
        let named = |error: io::Error| io::Error::new(error.kind(), format!("{name}: {error}"));
        for (category, line) in
            Groups::read(groups.reader()?, is_csv, args.encoding(), stop).map_err(named)?
        {
            ids.insert(category.id.clone());
            prelude.push(category, line)?;
        }
    }
    let mut first = First {
        has_groups: args.categories.is_some(),
        source: &source,
        prelude,
        ids,
        unnamed: 0,
        stop,
    };
    source.rows(input.reader()?, args.encoding(), &mut first)?;
    let First {
        mut prelude,
        unnamed,
        ..
    } = first;
    if let Some(currency) = &args.output.currency {
        prelude.currency(currency);
    }
    let mut shop = Shop::default();
    args.output.shop(&mut shop);
    let beginning = Beginning {
        from: None,
        to: args.to,
        shop,
        categories: prelude.categories,
        currencies: prelude.currencies,
        currency: args.output.currency.clone(),
        target,
        progress: Progress::new(args.output.quiet),
        stop,
    };
    let mut transfer = Transfer::begin(beginning, tell)?;
    transfer.adapter.losses.add_many(
        "source: name of a category (its id stands there; give --categories)",
        unnamed,
    );
    let mut second = Second {
        source: &source,
        transfer,
    };
    source.rows(input.reader()?, args.encoding(), &mut second)?;
    second.transfer.finish()
}

/// Collects what must be known before the first offer.
struct First<'s> {
    source: &'s Source<'s>,
    prelude: Prelude<'s>,
    /// Whether the categories came from a file of their own.
    has_groups: bool,
    ids: HashSet<String>,
    /// Number of categories whose names are not known.
    unnamed: u64,
    stop: &'s Stop,
}

impl Rows for First<'_> {
    fn header(&mut self, names: &[String]) -> io::Result<()> {
        self.source.mapping.check(names).map_err(io::Error::other)
    }

    fn row(&mut self, row: Value, line: u64) -> io::Result<()> {
        self.stop.check()?;
        let mut ignored = Losses::default();
        for mapped in self.source.offers(&row, &mut ignored) {
            self.prelude.offer(&mapped.offer, line)?;
            // Categories of a file are complete: another id is a mistake, which the checker finds.
            if self.has_groups {
                continue;
            }
            for id in mapped.offer.all(Field::Category) {
                if !id.is_empty() && self.ids.insert(id.to_owned()) {
                    self.unnamed += u64::from(mapped.category_name.is_none());
                    let category = Category {
                        id: id.to_owned(),
                        name: mapped
                            .category_name
                            .clone()
                            .unwrap_or_else(|| id.to_owned()),
                        ..Category::default()
                    };
                    self.prelude.push(category, line)?;
                }
            }
        }
        Ok(())
    }

    fn fault(&mut self, _fault: Fault) -> io::Result<()> {
        self.stop.check()
    }
}

/// Writes the offers.
struct Second<'s> {
    source: &'s Source<'s>,
    transfer: Transfer<'s>,
}

impl Rows for Second<'_> {
    fn row(&mut self, row: Value, line: u64) -> io::Result<()> {
        let offers = self.source.offers(&row, &mut self.transfer.adapter.losses);
        for mapped in offers {
            self.transfer.offer(mapped.offer, line)?;
        }
        Ok(())
    }

    fn fault(&mut self, fault: Fault) -> io::Result<()> {
        self.transfer.fault(fault)
    }
}

impl CatalogWrite {
    /// The kind of the source: as given, or by the ending of its name.
    fn kind(&self) -> SourceKind {
        self.from.unwrap_or(match self.is_csv(&self.source) {
            true => SourceKind::Csv,
            false => SourceKind::Jsonl,
        })
    }
}
