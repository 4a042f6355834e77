//! Writes offers into a feed: makes them fit, checks them, and leaves out those with errors.

use std::io;

use super::{
    feed::{
        Category, Format, Offer, Shop,
        adapt::Adapter,
        check::{Checker, Counts},
        rules::{RuleId, Severity},
        visit::{Fault, Visit},
        write::Writer,
    },
    progress::Progress,
    stop::Stop,
    target::Target,
};

/// The tables of a transfer, and where it has come.
pub(super) struct Transfer<'r> {
    pub(super) adapter: Adapter,
    checker: Checker<'r>,
    writer: Writer<Target>,
    progress: Progress,
    stop: &'r Stop,
    /// The currency of offers without one.
    currency: Option<String>,
    written: u64,
    refused: u64,
    /// Whether there was a fault that belongs to no single offer.
    is_fatal: bool,
}

/// The result of a transfer.
pub(super) struct Outcome {
    pub(super) counts: Counts,
    pub(super) written: u64,
    pub(super) refused: u64,
    pub(super) is_fatal: bool,
    pub(super) adapter: Adapter,
    pub(super) target: Target,
}

/// Describes what a transfer begins with.
pub(super) struct Beginning<'r> {
    pub(super) from: Option<Format>,
    pub(super) to: Format,
    pub(super) shop: Shop,
    pub(super) categories: Vec<(Category, u64)>,
    pub(super) currencies: Vec<String>,
    pub(super) currency: Option<String>,
    pub(super) target: Target,
    pub(super) progress: Progress,
    pub(super) stop: &'r Stop,
}

impl<'r> Transfer<'r> {
    /// Writes what comes before the offers.
    pub(super) fn begin(
        beginning: Beginning<'r>,
        report: &'r mut dyn FnMut(&Fault) -> io::Result<()>,
    ) -> io::Result<Self> {
        let Beginning {
            from,
            to,
            mut shop,
            categories,
            currencies,
            currency,
            target,
            progress,
            stop,
        } = beginning;
        let mut adapter = Adapter::new(from, to);
        adapter.shop(&mut shop, &currencies);
        let mut checker = Checker::new(to, report);
        checker.shop(&shop, 0)?;
        let mut writer = Writer::new(target, to, &shop)?;
        let mut is_fatal = false;
        for (mut category, line) in categories {
            stop.check()?;
            adapter.category(&mut category);
            let errors = checker.errors();
            if to.is_xml() {
                checker.category(category.clone(), line)?;
            } else {
                // Google's table needs the names alone.
                checker.categories.insert(&category, line);
            }
            match checker.errors() > errors {
                true => is_fatal = true,
                false => writer.category(&category)?,
            }
        }
        Ok(Self {
            adapter,
            checker,
            writer,
            progress,
            stop,
            currency,
            written: 0,
            refused: 0,
            is_fatal,
        })
    }

    /// Writes the end.
    pub(super) fn finish(mut self) -> io::Result<Outcome> {
        self.progress.clear();
        if !matches!(self.writer, Writer::Xml(_)) {
            let unused = self.checker.categories.unused();
            self.adapter
                .losses
                .add_many("category without offers", unused);
        }
        let counts = self.checker.finish()?;
        Ok(Outcome {
            counts,
            written: self.written,
            refused: self.refused,
            is_fatal: self.is_fatal,
            adapter: self.adapter,
            target: self.writer.finish()?,
        })
    }
}

impl Visit for Transfer<'_> {
    fn offer(&mut self, mut offer: Offer, line: u64) -> io::Result<()> {
        self.stop.check()?;
        if let Some(currency) = &self.currency
            && offer.get(super::feed::Field::Currency).is_none()
        {
            offer.set(super::feed::Field::Currency, currency.clone());
        }
        self.adapter.offer(&mut offer, &mut self.checker.categories);
        match self.checker.check_offer(&offer, line)? {
            true => {
                self.writer.offer(&offer)?;
                self.written += 1;
            }
            false => self.refused += 1,
        }
        self.progress.offers(self.written + self.refused);
        Ok(())
    }

    /// A fault in the text of what is read. A row can be left out, but an ill-formed feed may lack anything.
    fn fault(&mut self, fault: Fault) -> io::Result<()> {
        self.stop.check()?;
        match fault.rule {
            RuleId::Cells | RuleId::Row => self.refused += 1,
            rule if rule.severity() == Severity::Error => self.is_fatal = true,
            _ => {}
        }
        self.checker.fault(fault)
    }
}
