//! The open elements of a document, and the tree of the innermost item while it is read.

use super::super::model::{Content, Node};

/// Deeper elements are no feed.
pub(super) const DEEPEST: usize = 64;

/// An open element.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) name: String,
    pub(super) line: u64,
}

/// The elements around the current place.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// All open elements, outermost first.
    pub(super) open: Vec<Open>,
    /// The nodes of the open elements that belong to an item, outermost first.
    building: Vec<Node>,
}

impl Tree {
    /// Whether the current place is inside of an item.
    pub(super) fn is_in_item(&self) -> bool {
        !self.building.is_empty()
    }

    /// The name of the innermost element.
    pub(super) fn innermost(&self) -> Option<&str> {
        self.open.last().map(|open| open.name.as_str())
    }

    /// Opens a container, whose children are items or further containers.
    pub(super) fn open_container(&mut self, name: String, line: u64) {
        self.open.push(Open { name, line });
    }

    /// Opens an item, or an element inside of one.
    pub(super) fn open_node(&mut self, name: String, attributes: Vec<(String, String)>, line: u64) {
        self.open.push(Open {
            name: name.clone(),
            line,
        });
        self.building.push(Node {
            name,
            attributes,
            content: Vec::new(),
            line,
        });
    }

    /// Adds text to the innermost element of the item.
    pub(super) fn text(&mut self, text: &str) {
        let Some(node) = self.building.last_mut() else {
            return;
        };
        match node.content.last_mut() {
            Some(Content::Text(last)) => last.push_str(text),
            _ => {
                // Most elements have a text and nothing else.
                node.content.reserve_exact(1);
                node.content.push(Content::Text(text.to_owned()));
            }
        }
    }

    /// Closes the innermost element. Returns the item, if it was one, and its container's name.
    pub(super) fn close(&mut self) -> Option<Node> {
        self.open.pop();
        let node = self.building.pop()?;
        match self.building.last_mut() {
            Some(parent) => {
                parent.content.push(Content::Node(node));
                None
            }
            None => Some(node),
        }
    }
}
