//! The catalogue that all formats are read into and written from.
//!
//! Values are the texts of the feed, without white space at both ends: a checker must see what was written, and an
//! amount of money keeps its digits.

use super::Field;

/// Describes what a feed says about the shop.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Shop {
    /// When the feed was made.
    pub(crate) date: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) company: Option<String>,
    pub(crate) url: Option<String>,
    /// The other elements of `<shop>`: currencies, delivery options, and whatever else there is.
    pub(crate) other: Vec<Node>,
    /// The columns of a table that no field has.
    pub(crate) columns: Vec<String>,
}

/// A category. A category without an id cannot be referred to.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Category {
    pub(crate) id: String,
    pub(crate) parent: Option<String>,
    pub(crate) name: String,
    pub(crate) pictures: Vec<String>,
    /// Attributes that no format describes.
    pub(crate) attributes: Vec<(String, String)>,
    /// Elements that no format describes.
    pub(crate) nodes: Vec<Node>,
    /// Number of elements inside of the name: their text was kept.
    pub(crate) markup: usize,
}

/// An offer: a variant of a product, which can be bought.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Offer {
    /// Values, in the order of the feed.
    pub(crate) entries: Vec<Entry>,
    pub(crate) params: Vec<Param>,
    pub(crate) unit: Option<Unit>,
    /// Elements that no format describes.
    pub(crate) nodes: Vec<Node>,
    /// Attributes that no format describes, and cells under columns that no field has.
    pub(crate) others: Vec<(String, String)>,
    /// Number of elements inside of texts, such as `<b>`: their text was kept.
    pub(crate) markup: usize,
    /// Names of elements and attributes that are those of the other XML format.
    pub(crate) foreign: Vec<String>,
    /// Text that is in no element.
    pub(crate) stray: Option<String>,
}

/// A value of an offer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) field: Field,
    pub(crate) text: String,
    /// Attributes of its element, such as `from="true"` of a price.
    pub(crate) attributes: Vec<(String, String)>,
}

/// A property of an offer, such as its size.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Param {
    pub(crate) name: String,
    /// Its code in RetailCRM.
    pub(crate) code: Option<String>,
    /// Its unit in YML.
    pub(crate) unit: Option<String>,
    pub(crate) value: String,
    /// Attributes that no format describes.
    pub(crate) attributes: Vec<(String, String)>,
}

/// The unit in which an offer is counted.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Unit {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) sym: String,
}

/// An element that no format describes.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) content: Vec<Content>,
    /// The line it began on, 0 for one that was not read.
    pub(crate) line: u64,
}

/// A part of an element.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Content {
    Text(String),
    Node(Node),
}

impl Offer {
    /// The first value of a field that is not empty.
    pub(crate) fn get(&self, field: Field) -> Option<&str> {
        self.all(field).find(|text| !text.is_empty())
    }

    /// All values of a field, the empty ones too.
    pub(crate) fn all(&self, field: Field) -> impl Iterator<Item = &str> {
        let entries = self.entries.iter();
        entries
            .filter(move |entry| entry.field == field)
            .map(|entry| entry.text.as_str())
    }

    /// Adds a value.
    pub(crate) fn push(&mut self, field: Field, text: impl Into<String>) {
        self.entries.push(Entry {
            field,
            text: text.into(),
            attributes: Vec::new(),
        });
    }

    /// Sets the only value of a field.
    pub(crate) fn set(&mut self, field: Field, text: impl Into<String>) {
        self.remove(field);
        self.push(field, text);
    }

    /// Removes a field; returns its first value.
    pub(crate) fn remove(&mut self, field: Field) -> Option<String> {
        let first = self.get(field).map(str::to_owned);
        self.entries.retain(|entry| entry.field != field);
        first
    }

    /// The id, for reports.
    pub(crate) fn id(&self) -> Option<&str> {
        self.get(Field::Id)
    }
}

impl Node {
    /// The value of an attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The elements inside.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.content.iter().filter_map(|part| match part {
            Content::Node(node) => Some(node),
            Content::Text(_) => None,
        })
    }

    /// The text of the element and of those inside, without white space at both ends. `<br/>` is a line end.
    pub(crate) fn text(&self) -> String {
        let text = match self.content.as_slice() {
            [Content::Text(text)] => text,
            _ => {
                let mut text = String::new();
                self.collect(&mut text);
                return text.trim().to_owned();
            }
        };
        text.trim().to_owned()
    }

    fn collect(&self, text: &mut String) {
        for part in &self.content {
            match part {
                Content::Text(part) => text.push_str(part),
                Content::Node(node) if node.name.eq_ignore_ascii_case("br") => text.push('\n'),
                Content::Node(node) => node.collect(text),
            }
        }
    }

    /// Removes white space between elements, and around a text.
    pub(crate) fn tidy(&mut self) {
        let is_space =
            |part: &Content| matches!(part, Content::Text(text) if text.trim().is_empty());
        let has_text = self
            .content
            .iter()
            .any(|part| matches!(part, Content::Text(_)) && !is_space(part));
        if !has_text {
            self.content.retain(|part| !is_space(part));
        }
        if let [Content::Text(text)] = self.content.as_mut_slice() {
            *text = text.trim().to_owned();
        }
        for part in &mut self.content {
            if let Content::Node(node) = part {
                node.tidy();
            }
        }
    }

    /// Bytes of names and texts.
    pub(crate) fn size(&self) -> usize {
        let attributes = self
            .attributes
            .iter()
            .map(|(name, value)| name.len() + value.len() + 48);
        let content = self.content.iter().map(|part| match part {
            Content::Text(text) => text.len(),
            Content::Node(node) => node.size(),
        });
        self.name.len() + 96 + attributes.sum::<usize>() + content.sum::<usize>()
    }

    /// The number of elements inside, at any depth.
    pub(crate) fn count(&self) -> usize {
        self.nodes().map(|node| 1 + node.count()).sum()
    }
}
