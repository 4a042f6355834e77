//! The rules of a whole feed.

use std::{collections::HashSet, io};

use super::super::{
    Category, Field, Format, Offer, Shop,
    categories::{Categories, Inserted},
    number::short,
    rules::{RuleId, Severity},
    sorted::Sorted,
    visit::{Fault, Visit},
};
use super::{elements, offer, values};

/// Describes what was counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) categories: u64,
    pub(crate) offers: u64,
    pub(crate) errors: u64,
    pub(crate) warnings: u64,
}

/// Takes the parts of a feed, and reports each fault.
pub(crate) struct Checker<'r> {
    format: Format,
    report: &'r mut dyn FnMut(&Fault) -> io::Result<()>,
    pub(super) counts: Counts,
    pub(crate) categories: Categories,
    pub(super) is_full: bool,
    pub(super) ids: Sorted,
    /// The products, at the first offer of each run of offers.
    pub(super) products: Sorted,
    last_product: Option<String>,
    /// Categories of offers that came before all categories.
    pub(super) awaited: Sorted,
    currencies: HashSet<String>,
    has_shop: bool,
}

impl<'r> Checker<'r> {
    /// A checker for a format. Faults go to the report as they are found.
    pub(crate) fn new(format: Format, report: &'r mut dyn FnMut(&Fault) -> io::Result<()>) -> Self {
        Self {
            format,
            report,
            counts: Counts::default(),
            categories: Categories::default(),
            is_full: false,
            ids: Sorted::default(),
            products: Sorted::default(),
            last_product: None,
            awaited: Sorted::default(),
            currencies: HashSet::new(),
            has_shop: false,
        }
    }

    pub(super) fn tell(
        &mut self,
        rule: RuleId,
        line: u64,
        offer: Option<&str>,
        detail: String,
    ) -> io::Result<()> {
        self.fault(Fault {
            rule,
            line,
            offer: offer.map(str::to_owned),
            detail,
        })
    }

    /// Number of errors so far.
    pub(crate) fn errors(&self) -> u64 {
        self.counts.errors
    }

    /// Checks an offer. Returns whether it has no error.
    pub(crate) fn check_offer(&mut self, offer: &Offer, line: u64) -> io::Result<bool> {
        self.counts.offers += 1;
        let errors = self.counts.errors;
        let mut found = Vec::new();
        offer::check(self.format, offer, &mut |rule, detail| {
            if rule.is_of(self.format) {
                found.push((rule, detail));
            }
        });
        for (rule, detail) in found {
            self.tell(rule, line, offer.id(), detail)?;
        }
        if let Some(id) = offer.id() {
            self.ids.push(id, line)?;
        }
        if self.format == Format::Icml {
            self.check_product(offer, line)?;
        }
        if self.format.is_xml() {
            self.check_categories(offer, line)?;
        }
        if let (Format::Yml, Some(currency)) = (self.format, offer.get(Field::Currency))
            && !self.currencies.is_empty()
            && !self.currencies.contains(currency)
        {
            let what = format!("`{}` is not in <currencies>", short(currency));
            self.tell(RuleId::CurrencyUndeclared, line, offer.id(), what)?;
        }
        Ok(self.counts.errors == errors)
    }

    fn check_product(&mut self, offer: &Offer, line: u64) -> io::Result<()> {
        let product = offer.get(Field::Product);
        if let Some(product) = product
            && self.last_product.as_deref() != Some(product)
        {
            self.products.push(product, line)?;
        }
        self.last_product = product.map(str::to_owned);
        Ok(())
    }

    fn check_categories(&mut self, offer: &Offer, line: u64) -> io::Result<()> {
        let ids: Vec<&str> = offer
            .all(Field::Category)
            .filter(|id| !id.is_empty())
            .collect();
        for id in ids {
            if self.categories.is_empty() {
                self.awaited.push(id, line)?;
            } else if !self.is_full && !self.categories.contains(id) {
                let what = format!("the category `{}` is not in the feed", short(id));
                self.tell(RuleId::CategoryUnknown, line, offer.id(), what)?;
            }
        }
        Ok(())
    }
}

impl Visit for Checker<'_> {
    fn shop(&mut self, shop: &Shop, line: u64) -> io::Result<()> {
        for node in shop.other.iter().filter(|node| node.name == "currencies") {
            let ids = node.nodes().filter_map(|currency| currency.attribute("id"));
            self.currencies.extend(ids.take(1000).map(str::to_owned));
        }
        if self.has_shop || !self.format.is_xml() {
            return Ok(());
        }
        self.has_shop = true;
        if shop.name.as_deref().unwrap_or_default().is_empty() {
            self.tell(
                RuleId::ShopName,
                line,
                None,
                "there is no name before the categories".to_owned(),
            )?;
        }
        match shop.date.as_deref() {
            Some(date) if values::is_date(date) => {}
            date => {
                let what = format!("date: `{}`", short(date.unwrap_or_default()));
                self.tell(RuleId::Date, line, None, what)?;
            }
        }
        for node in &shop.other {
            let is_known =
                self.format == Format::Yml && elements::SHOP.contains(&node.name.as_str());
            if !is_known {
                let rule = match elements::SHOP.contains(&node.name.as_str()) {
                    true => RuleId::ElementForeign,
                    false => RuleId::ElementUnknown,
                };
                self.tell(
                    rule,
                    node.line,
                    None,
                    format!("<{}> in <shop>", short(&node.name)),
                )?;
            }
        }
        Ok(())
    }

    fn category(&mut self, category: Category, line: u64) -> io::Result<()> {
        self.counts.categories += 1;
        if category.markup > 0 {
            let what = format!(
                "{} elements inside of the name of a category",
                category.markup
            );
            self.tell(RuleId::Markup, line, None, what)?;
        }
        for node in &category.nodes {
            self.tell(
                RuleId::ElementUnknown,
                line,
                None,
                format!("<{}> in <category>", short(&node.name)),
            )?;
        }
        for picture in &category.pictures {
            if let Some(why) = values::address(picture) {
                self.tell(
                    RuleId::Url,
                    line,
                    None,
                    format!("picture of a category: {why}"),
                )?;
            }
        }
        if category.name.is_empty() {
            let what = format!("the category `{}` has no name", short(&category.id));
            self.tell(RuleId::CategoryName, line, None, what)?;
        }
        if category.id.is_empty() {
            let what = format!("the category `{}` has no id", short(&category.name));
            return self.tell(RuleId::CategoryId, line, None, what);
        }
        match self.categories.insert(&category, line) {
            Inserted::New => Ok(()),
            Inserted::Repeated(first) => {
                let what = format!(
                    "the category `{}` is that of line {first}",
                    short(&category.id)
                );
                self.tell(RuleId::CategoryRepeated, line, None, what)
            }
            Inserted::Full if self.is_full => Ok(()),
            Inserted::Full => {
                self.is_full = true;
                let what = "there are more categories than can be held; the others are not checked"
                    .to_owned();
                self.tell(RuleId::Size, line, None, what)
            }
        }
    }

    fn offer(&mut self, offer: Offer, line: u64) -> io::Result<()> {
        self.check_offer(&offer, line).map(|_| ())
    }

    fn fault(&mut self, fault: Fault) -> io::Result<()> {
        match fault.rule.severity() {
            Severity::Error => self.counts.errors += 1,
            Severity::Warning => self.counts.warnings += 1,
        }
        (self.report)(&fault)
    }
}
