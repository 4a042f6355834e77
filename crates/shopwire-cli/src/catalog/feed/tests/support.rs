//! Reading, writing and checking in memory.

use std::io;

use super::super::{
    Category, Format, Offer, Shop,
    adapt::Adapter,
    categories::Categories,
    check::{Checker, Counts},
    read,
    visit::{Ended, Fault, Offers, Visit},
    write::Writer,
};

/// A feed in memory.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Feed {
    pub(super) shop: Shop,
    pub(super) categories: Vec<Category>,
    pub(super) offers: Vec<Offer>,
}

/// A feed with the lines of its offers and its faults.
#[derive(Debug, Default)]
pub(super) struct Taken {
    pub(super) feed: Feed,
    pub(super) lines: Vec<u64>,
    pub(super) faults: Vec<Fault>,
}

impl Visit for Taken {
    fn shop(&mut self, shop: &Shop, _line: u64) -> io::Result<()> {
        self.feed.shop = shop.clone();
        for node in &mut self.feed.shop.other {
            forget_lines(node);
        }
        Ok(())
    }

    fn category(&mut self, mut category: Category, _line: u64) -> io::Result<()> {
        category.nodes.iter_mut().for_each(forget_lines);
        self.feed.categories.push(category);
        Ok(())
    }

    fn offer(&mut self, mut offer: Offer, line: u64) -> io::Result<()> {
        offer.nodes.iter_mut().for_each(forget_lines);
        self.feed.offers.push(offer);
        self.lines.push(line);
        Ok(())
    }

    fn fault(&mut self, fault: Fault) -> io::Result<()> {
        self.faults.push(fault);
        Ok(())
    }
}

/// A node that was made has no lines.
fn forget_lines(node: &mut super::super::Node) {
    node.line = 0;
    for part in &mut node.content {
        if let super::super::model::Content::Node(node) = part {
            forget_lines(node);
        }
    }
}

/// Reads a feed.
pub(super) fn take(bytes: &[u8], format: Format) -> (Taken, Ended) {
    let mut taken = Taken::default();
    let ended = read::read(bytes, format, None, Offers::Read, &mut taken).expect("readable");
    (taken, ended)
}

/// Writes a feed.
pub(super) fn write(feed: &Feed, format: Format) -> String {
    let mut writer = Writer::new(Vec::new(), format, &feed.shop).expect("written");
    for category in &feed.categories {
        writer.category(category).expect("written");
    }
    for offer in &feed.offers {
        writer.offer(offer).expect("written");
    }
    String::from_utf8(writer.finish().expect("written")).expect("UTF-8")
}

/// Makes a feed fit into a format. Returns what was lost.
pub(super) fn adapt(feed: &mut Feed, from: Format, to: Format) -> Vec<(String, u64)> {
    let mut adapter = Adapter::new(Some(from), to);
    let mut categories = Categories::default();
    adapter.shop(&mut feed.shop, &[]);
    for category in &mut feed.categories {
        adapter.category(category);
        categories.insert(category, 0);
    }
    for offer in &mut feed.offers {
        adapter.offer(offer, &mut categories);
    }
    adapter
        .losses
        .iter()
        .map(|(name, count)| (name.to_owned(), count))
        .collect()
}

/// Checks a feed. Returns its faults as `line offer rule`.
pub(super) fn check(bytes: &[u8], format: Format) -> (Vec<Fault>, Counts) {
    let mut faults = Vec::new();
    let mut report = |fault: &Fault| {
        faults.push(fault.clone());
        Ok(())
    };
    let mut checker = Checker::new(format, &mut report);
    read::read(bytes, format, None, Offers::Read, &mut checker).expect("readable");
    let counts = checker.finish().expect("checked");
    (faults, counts)
}
