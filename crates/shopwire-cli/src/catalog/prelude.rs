//! Describes what must be known before the first offer is written: the shop, the categories, the currencies.

use std::{collections::HashSet, io};

use super::{
    feed::{
        Category, Field, Offer, Shop,
        categories::on_path,
        visit::{Fault, Visit},
    },
    stop::Stop,
};

/// Bytes of all categories together.
const MOST: usize = 6 << 20;

/// Currencies that are declared.
const CURRENCIES: usize = 100;

/// The parts of a feed that come before its offers, collected in a first reading.
pub(super) struct Prelude<'s> {
    pub(super) shop: Shop,
    pub(super) categories: Vec<(Category, u64)>,
    pub(super) currencies: Vec<String>,
    bytes: usize,
    /// Ids of the categories that were made of paths.
    paths: HashSet<String>,
    stop: &'s Stop,
}

impl<'s> Prelude<'s> {
    pub(super) fn new(stop: &'s Stop) -> Self {
        Self {
            shop: Shop::default(),
            categories: Vec::new(),
            currencies: Vec::new(),
            bytes: 0,
            paths: HashSet::new(),
            stop,
        }
    }

    /// Adds a category.
    pub(super) fn push(&mut self, category: Category, line: u64) -> io::Result<()> {
        let nodes: usize = category.nodes.iter().map(|node| node.size()).sum();
        let pictures: usize = category
            .pictures
            .iter()
            .map(|picture| picture.len() + 24)
            .sum();
        let attributes: usize = category
            .attributes
            .iter()
            .map(|(name, value)| name.len() + value.len() + 48)
            .sum();
        self.bytes += category.id.len() + category.name.len() + 160 + nodes + pictures + attributes;
        if self.bytes > MOST {
            return Err(io::Error::other("the categories take more than 6 MiB"));
        }
        self.categories.push((category, line));
        Ok(())
    }

    /// Adds the categories on a path of names that are not known yet.
    pub(super) fn path(&mut self, path: &str, line: u64) -> io::Result<()> {
        for category in on_path(path) {
            if self.paths.insert(category.id.clone()) {
                self.bytes += category.id.len() + 64;
                self.push(category, line)?;
            }
        }
        Ok(())
    }

    /// Takes from an offer what must be known before.
    pub(super) fn offer(&mut self, offer: &Offer, line: u64) -> io::Result<()> {
        if let Some(path) = offer.get(Field::CategoryPath) {
            self.path(path, line)?;
        }
        if let Some(currency) = offer.get(Field::Currency) {
            self.currency(currency);
        }
        Ok(())
    }

    /// Adds a currency.
    pub(super) fn currency(&mut self, code: &str) {
        if self.currencies.len() < CURRENCIES && !self.currencies.iter().any(|known| known == code)
        {
            self.currencies.push(code.to_owned());
        }
    }
}

impl Visit for Prelude<'_> {
    fn shop(&mut self, shop: &Shop, _line: u64) -> io::Result<()> {
        self.shop = shop.clone();
        Ok(())
    }

    fn category(&mut self, category: Category, line: u64) -> io::Result<()> {
        self.stop.check()?;
        self.push(category, line)
    }

    fn offer(&mut self, offer: Offer, line: u64) -> io::Result<()> {
        self.stop.check()?;
        self.offer(&offer, line)
    }

    fn passed(&mut self) -> io::Result<()> {
        self.stop.check()
    }

    /// Faults are told in the second reading.
    fn fault(&mut self, _fault: Fault) -> io::Result<()> {
        self.stop.check()
    }
}
