//! Writes ICML and YML: two spaces for each level, a line for each element, categories before offers.

use std::io::{self, Write};

use super::super::{
    Category, Field, Format, Node, Offer, Shop,
    field::Place,
    model::{Content, Param},
    text::is_allowed,
};

/// Writes a document part by part.
pub(crate) struct Writer<W> {
    out: W,
    format: Format,
    /// The text of the part that is being written.
    text: String,
    section: Section,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Shop,
    Categories,
    Offers,
}

impl<W: Write> Writer<W> {
    /// Writes what comes before the categories.
    pub(crate) fn new(out: W, format: Format, shop: &Shop) -> io::Result<Self> {
        let mut writer = Self {
            out,
            format,
            text: String::new(),
            section: Section::Shop,
        };
        writer
            .text
            .push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<yml_catalog");
        if let Some(date) = &shop.date {
            attribute(&mut writer.text, "date", date);
        }
        writer.text.push_str(">\n  <shop>\n");
        for (name, value) in [
            ("name", &shop.name),
            ("company", &shop.company),
            ("url", &shop.url),
        ] {
            if let Some(value) = value {
                element(&mut writer.text, 2, name, &[], value);
            }
        }
        for other in &shop.other {
            node(&mut writer.text, 2, other);
        }
        writer.flush_part()?;
        Ok(writer)
    }

    fn flush_part(&mut self) -> io::Result<()> {
        self.out.write_all(self.text.as_bytes())?;
        self.text.clear();
        Ok(())
    }

    fn enter(&mut self, section: Section) {
        if self.section == Section::Shop && section != Section::Shop {
            self.text.push_str("    <categories>\n");
            self.section = Section::Categories;
        }
        if self.section == Section::Categories && section == Section::Offers {
            self.text.push_str("    </categories>\n    <offers>\n");
            self.section = Section::Offers;
        }
    }

    /// Writes a category.
    pub(crate) fn category(&mut self, category: &Category) -> io::Result<()> {
        self.enter(Section::Categories);
        let text = &mut self.text;
        indent(text, 3);
        text.push_str("<category");
        attribute(text, "id", &category.id);
        if let Some(parent) = &category.parent {
            attribute(text, "parentId", parent);
        }
        for (name, value) in &category.attributes {
            attribute(text, name, value);
        }
        text.push('>');
        if category.pictures.is_empty() && category.nodes.is_empty() {
            escape(text, &category.name, Within::Text);
        } else {
            text.push('\n');
            element(text, 4, "name", &[], &category.name);
            for picture in &category.pictures {
                element(text, 4, "picture", &[], picture);
            }
            for other in &category.nodes {
                node(text, 4, other);
            }
            indent(text, 3);
        }
        text.push_str("</category>\n");
        self.flush_part()
    }

    /// Writes an offer: the fields in the order of the table, then properties, unit and the rest.
    pub(crate) fn offer(&mut self, offer: &Offer) -> io::Result<()> {
        self.enter(Section::Offers);
        let text = &mut self.text;
        indent(text, 3);
        text.push_str("<offer");
        for field in Field::all() {
            if let (Place::Attribute(name), Some(value)) =
                (field.place(self.format), offer.all(field).next())
            {
                attribute(text, name, value);
            }
        }
        for (name, value) in &offer.others {
            attribute(text, name, value);
        }
        text.push_str(">\n");
        for field in Field::all() {
            let (name, most) = match field.place(self.format) {
                Place::Element(name) => (name, 1),
                Place::Elements(name) => (name, usize::MAX),
                _ => continue,
            };
            for entry in offer
                .entries
                .iter()
                .filter(|entry| entry.field == field)
                .take(most)
            {
                element(text, 4, name, &entry.attributes, &entry.text);
            }
        }
        for each in &offer.params {
            param(text, each);
        }
        if let Some(unit) = &offer.unit {
            indent(text, 4);
            text.push_str("<unit");
            for (name, value) in [
                ("code", &unit.code),
                ("name", &unit.name),
                ("sym", &unit.sym),
            ] {
                attribute(text, name, value);
            }
            text.push_str("/>\n");
        }
        for other in &offer.nodes {
            node(text, 4, other);
        }
        indent(text, 3);
        text.push_str("</offer>\n");
        self.flush_part()
    }

    /// Writes the end.
    pub(crate) fn finish(mut self) -> io::Result<W> {
        self.enter(Section::Offers);
        self.text
            .push_str("    </offers>\n  </shop>\n</yml_catalog>\n");
        self.flush_part()?;
        self.out.flush()?;
        Ok(self.out)
    }
}

fn param(text: &mut String, param: &Param) {
    indent(text, 4);
    text.push_str("<param");
    attribute(text, "name", &param.name);
    for (name, value) in [("code", &param.code), ("unit", &param.unit)] {
        if let Some(value) = value {
            attribute(text, name, value);
        }
    }
    for (name, value) in &param.attributes {
        attribute(text, name, value);
    }
    text.push('>');
    escape(text, &param.value, Within::Text);
    text.push_str("</param>\n");
}

fn indent(text: &mut String, level: usize) {
    for _ in 0..level {
        text.push_str("  ");
    }
}

fn element(
    text: &mut String,
    level: usize,
    name: &str,
    attributes: &[(String, String)],
    value: &str,
) {
    indent(text, level);
    open(text, name, attributes);
    text.push('>');
    escape(text, value, Within::Text);
    text.push_str("</");
    text.push_str(name);
    text.push_str(">\n");
}

fn open(text: &mut String, name: &str, attributes: &[(String, String)]) {
    text.push('<');
    text.push_str(name);
    for (key, value) in attributes {
        attribute(text, key, value);
    }
}

/// Writes an element of unknown content: on lines of its own if it has elements alone, else as it came.
fn node(text: &mut String, level: usize, node: &Node) {
    indent(text, level);
    inline(text, node, level);
    text.push('\n');
}

fn inline(text: &mut String, node: &Node, level: usize) {
    open(text, &node.name, &node.attributes);
    let is_space = |part: &Content| matches!(part, Content::Text(text) if text.trim().is_empty());
    if node.content.iter().all(is_space) {
        text.push_str("/>");
        return;
    }
    text.push('>');
    let has_text = node
        .content
        .iter()
        .any(|part| matches!(part, Content::Text(_)) && !is_space(part));
    if has_text {
        for part in &node.content {
            match part {
                Content::Text(part) => escape(text, part, Within::Text),
                Content::Node(child) => inline(text, child, level),
            }
        }
    } else {
        text.push('\n');
        for child in node.nodes() {
            self::node(text, level + 1, child);
        }
        indent(text, level);
    }
    text.push_str("</");
    text.push_str(&node.name);
    text.push('>');
}

fn attribute(text: &mut String, name: &str, value: &str) {
    text.push(' ');
    text.push_str(name);
    text.push_str("=\"");
    escape(text, value, Within::Attribute);
    text.push('"');
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Text,
    Attribute,
}

/// Writes text so that a reader gets it back as it is. A character that XML does not have is left out.
fn escape(out: &mut String, text: &str, within: Within) {
    let mut kept = 0;
    for (at, letter) in text.char_indices() {
        let instead = match letter {
            '&' => "&amp;",
            '<' => "&lt;",
            // Only `]]>` must not occur in a text, but all readers take this.
            '>' => "&gt;",
            '"' if within == Within::Attribute => "&quot;",
            '\n' if within == Within::Attribute => "&#10;",
            '\t' if within == Within::Attribute => "&#9;",
            '\r' => "&#13;",
            letter if !is_allowed(letter) => "",
            _ => continue,
        };
        out.push_str(&text[kept..at]);
        out.push_str(instead);
        kept = at + letter.len_utf8();
    }
    out.push_str(&text[kept..]);
}
