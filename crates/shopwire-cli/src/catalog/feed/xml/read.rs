//! Reads ICML and YML. The elements may come in any order. What is ill-formed is told and passed over, as far as one
//! can tell how to go on; a document type that declares anything ends the reading, and nothing outside of the feed is
//! ever fetched.

use std::io;

use quick_xml::{Reader, events::Event};

use super::{
    super::{
        Format, Node, Shop,
        rules::RuleId,
        text::{MOST, Noise, Text},
        visit::{Ended, Fault, Offers, Visit},
    },
    parts,
    tags::{self, Flaw},
    tree::{DEEPEST, Tree},
};

/// Reads a feed.
///
/// # Errors
/// The feed cannot be read, or the visitor has ended it.
pub(crate) fn read(text: Text<'_>, format: Format, offers: Offers, visit: &mut dyn Visit) -> io::Result<Ended> {
    let mut reader = Reader::from_reader(text);
    let config = reader.config_mut();
    config.allow_dangling_amp = true;
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    let mut state = State {
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
    };
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let line = reader.get_ref().line();
        if !state.tree.is_in_item() && state.skipping == 0 {
            reader.get_mut().begin();
        }
        if state.skipping > 0 {
            reader.get_mut().begin();
        }
        let event = reader.read_event_into(&mut buffer);
        let step = match event {
            Ok(Event::Eof) => {
                state.end(line, visit)?;
                tell_noises(reader.get_mut(), visit)?;
                return Ok(Ended::Complete);
            }
            Ok(event) => state.take(event, line, visit),
            Err(error) => {
                let text = reader.get_mut();
                tell_noises(text, visit)?;
                if let quick_xml::Error::Io(error) = &error
                    && !text.is_too_long()
                {
                    return Err(io::Error::new(error.kind(), error.to_string()));
                }
                let (rule, detail) = match text.is_too_long() {
                    true => (RuleId::Size, "an element, a tag or a text is longer than 1 MiB".to_owned()),
                    false => (RuleId::XmlStopped, error.to_string()),
                };
                // A tag that does not end is reported where it begins.
                return stopped(visit, rule, line, detail);
            }
        };
        if reader.get_ref().has_noises() {
            tell_noises(reader.get_mut(), visit)?;
        }
        state.tell_flaws(line, visit)?;
        match step {
            Ok(()) => {}
            Err(Step::Io(error)) => return Err(error),
            Err(Step::Stop((rule, detail))) => return stopped(visit, rule, line, detail),
        }
    }
}

fn stopped(visit: &mut dyn Visit, rule: RuleId, line: u64, detail: String) -> io::Result<Ended> {
    visit.fault(Fault {
        rule,
        line,
        offer: None,
        detail: format!("{detail}; reading stopped here"),
    })?;
    Ok(Ended::Stopped)
}

/// Tells what was found while decoding.
pub(in super::super) fn tell_noises(text: &mut Text<'_>, visit: &mut dyn Visit) -> io::Result<()> {
    let encoding = text.encoding().name();
    for (line, noise) in text.take_noises() {
        let (rule, detail) = match noise {
            Noise::Malformed => (RuleId::Encoding, format!("bytes that {encoding} does not have")),
            Noise::Control => (RuleId::XmlCharacter, "a control character".to_owned()),
        };
        visit.fault(Fault {
            rule,
            line,
            offer: None,
            detail,
        })?;
    }
    Ok(())
}

/// Why a step was not made.
enum Step {
    Io(io::Error),
    Stop(Flaw),
}

impl From<io::Error> for Step {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

struct State {
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
    fn take(&mut self, event: Event<'_>, line: u64, visit: &mut dyn Visit) -> Result<(), Step> {
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
            let what = format!("the root element is <{}>, not <yml_catalog>", super::short(name));
            return Err(Step::Stop((RuleId::XmlRoot, what)));
        }
        let date = attributes.iter().find(|(key, _)| key == "date");
        self.shop.date = date.map(|(_, value)| value.clone());
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), Step> {
        if text.contains('&') {
            self.flaws.push((RuleId::XmlAmpersand, "`&` must be written as &amp;".to_owned()));
        }
        if text.contains("]]>") {
            self.flaws.push((RuleId::XmlStopped, "`]]>` outside of a CDATA section".to_owned()));
        }
        if self.tree.is_in_item() {
            self.tree.text(text);
        } else if !text.trim().is_empty() {
            let what = format!("the text `{}` is in no element that has text", super::short(text.trim()));
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
            let what = format!("<{}> of line {} is not closed {place}", open.name, open.line);
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
                    true => Err(Step::Stop((RuleId::Size, "<shop> has more than 1 MiB beside categories and offers".to_owned()))),
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

    fn tell_flaws(&mut self, line: u64, visit: &mut dyn Visit) -> io::Result<()> {
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

    fn end(&mut self, line: u64, visit: &mut dyn Visit) -> io::Result<()> {
        while let Some(began) = self.tree.open.last().map(|open| open.line) {
            self.left_open("at the end of the feed");
            self.tell_flaws(began, visit)?;
            self.close_innermost(visit).map_err(|step| match step {
                Step::Io(error) => error,
                Step::Stop((_, what)) => io::Error::other(what),
            })?;
        }
        if self.roots == 0 {
            self.flaws.push((RuleId::XmlRoot, "there is no root element".to_owned()));
        } else if !self.has_offers {
            self.flaws.push((RuleId::OffersMissing, "there is no <offers>".to_owned()));
        }
        self.tell_flaws(0, visit)?;
        if self.is_shop_late || !self.is_shop_told {
            visit.shop(&self.shop, line)?;
        }
        Ok(())
    }
}
