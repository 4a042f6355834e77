//! Describes what the parts of a document mean for the catalogue.

use std::io;

use quick_xml::events::Event;

use super::{
    super::{
        Format, Node, Shop,
        rules::RuleId,
        text::MOST,
        visit::{Fault, Offers, Visit},
    },
    parts,
    tags::{self, Flaw},
    tree::{DEEPEST, Tree},
};

/// Why a step was not made.
pub(super) enum Step {
    Io(io::Error),
    Stop(Flaw),
}

impl From<io::Error> for Step {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// The place in the document, and what is known of the shop.
pub(super) struct State {
    tree: Tree,
    shop: Shop,
    /// Bytes of the elements of `<shop>` that are kept.
    shop_size: usize,
    is_shop_told: bool,
    /// Whether something about the shop came after it was told.
    is_shop_late: bool,
    has_offers: bool,
    /// The depth inside of an offer that is passed over.
    skipping: usize,
    roots: usize,
    format: Format,
    offers: Offers,
    flaws: Vec<Flaw>,
}

impl State {
    pub(super) fn new(format: Format, offers: Offers) -> Self {
        Self {
            tree: Tree::default(),
            shop: Shop::default(),
            shop_size: 0,
            is_shop_told: false,
            is_shop_late: false,
            has_offers: false,
            skipping: 0,
            roots: 0,
            format,
            offers,
            flaws: Vec::new(),
        }
    }

    /// Whether the current place is inside of an item that is kept.
    pub(super) fn is_in_item(&self) -> bool {
        self.tree.is_in_item()
    }

    /// Takes the next part.
    pub(super) fn take(
        &mut self,
        event: Event<'_>,
        line: u64,
        visit: &mut dyn Visit,
    ) -> Result<(), Step> {
        if self.skipping > 0 {
            match event {
                Event::Start(_) => self.skipping += 1,
                Event::End(_) => self.skipping -= 1,
                _ => {}
            }
            return Ok(());
        }
        match event {
            Event::Start(tag) => {
                let is_skipped = self.offers == Offers::Skipped
                    && tag.local_name().as_ref() == "offer"
                    && self.tree.innermost() == Some("offers");
                if is_skipped {
                    self.skipping = 1;
                    visit.passed()?;
                    return Ok(());
                }
                let (name, attributes) = tags::opened(&tag, &mut self.flaws);
                self.open(name, attributes, line, visit)?;
            }
            Event::Empty(tag) => {
                let (name, attributes) = tags::opened(&tag, &mut self.flaws);
                self.open(name, attributes, line, visit)?;
                self.close_innermost(visit)?;
            }
            Event::End(tag) => self.close(tag.local_name().as_ref(), visit)?,
            Event::Text(text) => self.text(&text.xml10_content())?,
            Event::CData(text) => self.tree.text(&text.xml10_content()),
            Event::GeneralRef(reference) => match tags::resolved(&reference) {
                Ok(text) => self.tree.text(&text),
                Err(flaw) => self.flaws.push(flaw),
            },
            Event::DocType(text) if text.contains('[') => {
                let what = "the document type declares entities or elements";
                return Err(Step::Stop((RuleId::XmlDoctype, what.to_owned())));
            }
            _ => {}
        }
        Ok(())
    }

    fn open(
        &mut self,
        name: String,
        attributes: Vec<(String, String)>,
        line: u64,
        visit: &mut dyn Visit,
    ) -> Result<(), Step> {
        let depth = self.tree.open.len();
        if depth == DEEPEST {
            let what = format!("elements nest deeper than {DEEPEST}");
            return Err(Step::Stop((RuleId::Size, what)));
        }
        if depth == 0 {
            self.root(&name, &attributes)?;
        }
        let is_container = match self.tree.innermost() {
            _ if self.tree.is_in_item() => false,
            None => true,
            Some("yml_catalog") => matches!(name.as_str(), "shop" | "categories" | "offers"),
            Some("shop") => matches!(name.as_str(), "categories" | "offers"),
            _ => false,
        };
        if !is_container {
            self.tree.open_node(name, attributes, line);
            return Ok(());
        }
        if matches!(name.as_str(), "categories" | "offers") {
            if self.tree.innermost() != Some("shop") {
                let what = format!("<{name}> is not inside of <shop>");
                self.flaws.push((RuleId::ShopMissing, what));
            }
            self.has_offers |= name == "offers";
            self.tell_shop(line, visit)?;
        }
        self.tree.open_container(name, line);
        Ok(())
    }

    fn root(&mut self, name: &str, attributes: &[(String, String)]) -> Result<(), Step> {
        self.roots += 1;
        if self.roots > 1 {
            let what = format!("<{name}> follows the root element");
            return Err(Step::Stop((RuleId::XmlRoot, what)));
        }
        if name != "yml_catalog" {
            let what = format!(
                "the root element is <{}>, not <yml_catalog>",
                super::short(name)
            );
            return Err(Step::Stop((RuleId::XmlRoot, what)));
        }
        let date = attributes.iter().find(|(key, _)| key == "date");
        self.shop.date = date.map(|(_, value)| value.clone());
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), Step> {
        if text.contains('&') {
            self.flaws.push((
                RuleId::XmlAmpersand,
                "`&` must be written as &amp;".to_owned(),
            ));
        }
        if text.contains("]]>") {
            self.flaws.push((
                RuleId::XmlStopped,
                "`]]>` outside of a CDATA section".to_owned(),
            ));
        }
        if self.tree.is_in_item() {
            self.tree.text(text);
        } else if self.tree.open.is_empty() && !text.trim().is_empty() {
            let what = format!(
                "the text `{}` is outside of the root element",
                super::short(text.trim())
            );
            self.flaws.push((RuleId::XmlRoot, what));
        } else if !text.trim().is_empty() {
            let what = format!(
                "the text `{}` is in no element that has text",
                super::short(text.trim())
            );
            self.flaws.push((RuleId::XmlText, what));
        }
        Ok(())
    }

    /// Closes the innermost element of this name, and those that were left open inside of it.
    fn close(&mut self, name: &str, visit: &mut dyn Visit) -> Result<(), Step> {
        let Some(at) = self.tree.open.iter().rposition(|open| open.name == name) else {
            let what = format!("</{}> closes nothing", super::short(name));
            self.flaws.push((RuleId::XmlTags, what));
            return Ok(());
        };
        while self.tree.open.len() > at + 1 {
            self.left_open(&format!("before </{name}>"));
            self.close_innermost(visit)?;
        }
        self.close_innermost(visit)
    }

    fn left_open(&mut self, place: &str) {
        if let Some(open) = self.tree.open.last() {
            let what = format!(
                "<{}> of line {} is not closed {place}",
                open.name, open.line
            );
            self.flaws.push((RuleId::XmlTags, what));
        }
    }

    fn close_innermost(&mut self, visit: &mut dyn Visit) -> Result<(), Step> {
        let Some(node) = self.tree.close() else {
            return Ok(());
        };
        let line = node.line;
        match (self.tree.innermost(), node.name.as_str()) {
            (Some("categories"), "category") => visit.category(parts::category(node), line)?,
            (Some("offers"), "offer") => {
                if self.offers == Offers::Read {
                    visit.offer(parts::offer(node, self.format), line)?;
                }
            }
            (Some("shop"), _) => self.shop_element(node)?,
            (Some(parent), name) => {
                let what = format!("<{}> in <{parent}>", super::short(name));
                self.flaws.push((RuleId::ElementUnknown, what));
            }
            (None, _) => {}
        }
        Ok(())
    }

    fn shop_element(&mut self, mut node: Node) -> Result<(), Step> {
        self.is_shop_late |= self.is_shop_told;
        let place = match node.name.as_str() {
            "name" => &mut self.shop.name,
            "company" => &mut self.shop.company,
            "url" => &mut self.shop.url,
            _ => {
                node.tidy();
                self.shop_size += node.size();
                self.shop.other.push(node);
                return match self.shop_size > MOST {
                    true => Err(Step::Stop((
                        RuleId::Size,
                        "<shop> has more than 1 MiB beside categories and offers".to_owned(),
                    ))),
                    false => Ok(()),
                };
            }
        };
        place.get_or_insert_with(|| node.text());
        Ok(())
    }

    fn tell_shop(&mut self, line: u64, visit: &mut dyn Visit) -> io::Result<()> {
        if !self.is_shop_told {
            self.is_shop_told = true;
            visit.shop(&self.shop, line)?;
        }
        Ok(())
    }

    /// Tells the faults of the last part.
    pub(super) fn tell_flaws(&mut self, line: u64, visit: &mut dyn Visit) -> io::Result<()> {
        for (rule, detail) in self.flaws.drain(..) {
            visit.fault(Fault {
                rule,
                line,
                offer: None,
                detail,
            })?;
        }
        Ok(())
    }

    /// Ends the document.
    pub(super) fn end(&mut self, line: u64, visit: &mut dyn Visit) -> io::Result<()> {
        while let Some(began) = self.tree.open.last().map(|open| open.line) {
            self.left_open("at the end of the feed");
            self.tell_flaws(began, visit)?;
            self.close_innermost(visit).map_err(|step| match step {
                Step::Io(error) => error,
                Step::Stop((_, what)) => io::Error::other(what),
            })?;
        }
        if self.roots == 0 {
            self.flaws
                .push((RuleId::XmlRoot, "there is no root element".to_owned()));
        } else if !self.has_offers {
            self.flaws
                .push((RuleId::OffersMissing, "there is no <offers>".to_owned()));
        }
        self.tell_flaws(0, visit)?;
        if self.is_shop_late || !self.is_shop_told {
            visit.shop(&self.shop, line)?;
        }
        Ok(())
    }
}
