//! Rules that can be told at the end of a feed alone.

use std::io;

use super::super::{number::short, rules::RuleId};
use super::checker::{Checker, Counts};

impl Checker<'_> {
    /// Checks what can be told at the end alone. Returns the counts.
    pub(crate) fn finish(mut self) -> io::Result<Counts> {
        if self.counts.offers == 0 {
            self.tell(
                RuleId::OffersNone,
                0,
                None,
                "there are no offers".to_owned(),
            )?;
        }
        let mut faults = Vec::new();
        let cycles = self.categories.cycles();
        for (id, known) in self.categories.by_line() {
            let shown = short(id);
            if let Some(parent) = known.parent.as_deref()
                && !self.categories.contains(parent)
                && !self.is_full
            {
                let what = format!(
                    "the parent `{}` of the category `{shown}` is not in the feed",
                    short(parent)
                );
                faults.push((RuleId::CategoryParent, known.line, what));
            }
            if cycles.contains(id) {
                faults.push((
                    RuleId::CategoryCycle,
                    known.line,
                    format!("the category `{shown}` is inside of itself"),
                ));
            }
        }
        for (rule, line, what) in faults {
            self.tell(rule, line, None, what)?;
        }
        let awaited = std::mem::take(&mut self.awaited);
        awaited.finish(
            |id, line, _| match self.categories.contains(id) || self.is_full {
                true => Ok(()),
                false => {
                    let what = format!("the category `{}` is not in the feed", short(id));
                    self.tell(RuleId::CategoryUnknown, line, None, what)
                }
            },
        )?;
        let ids = std::mem::take(&mut self.ids);
        ids.finish(|id, line, before| match before {
            Some(before) => self.tell(
                RuleId::OfferRepeated,
                line,
                Some(id),
                format!("the id is that of line {before}"),
            ),
            None => Ok(()),
        })?;
        let products = std::mem::take(&mut self.products);
        products.finish(|id, line, before| match before {
            Some(before) => {
                let what = format!(
                    "the product `{}` has offers from line {before} on, and others between",
                    short(id)
                );
                self.tell(RuleId::ProductScattered, line, None, what)
            }
            None => Ok(()),
        })?;
        Ok(self.counts)
    }
}
