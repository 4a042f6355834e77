//! Nodes of a document as the parts of a catalogue.

use super::super::{
    Category, Entry, Field, Format, Node, Offer, Param,
    field::Place,
    model::{Content, Unit},
};

/// Moves a category out of its element. It is either plain text, or has a name and pictures inside.
pub(in super::super) fn category(mut node: Node) -> Category {
    let mut category = Category::default();
    for (key, value) in std::mem::take(&mut node.attributes) {
        match key.as_str() {
            "id" => category.id = value,
            "parentId" if value.is_empty() => {}
            "parentId" => category.parent = Some(value),
            _ => category.attributes.push((key, value)),
        }
    }
    if !node
        .nodes()
        .any(|child| matches!(child.name.as_str(), "name" | "picture"))
    {
        category.markup = node.count();
        category.name = node.text();
        return category;
    }
    let mut has_name = false;
    for part in node.content {
        match part {
            Content::Node(child) if child.name == "name" && !has_name => {
                has_name = true;
                category.markup += child.count();
                category.name = child.text();
            }
            Content::Node(child) if child.name == "picture" => category.pictures.push(child.text()),
            Content::Node(mut child) => {
                child.tidy();
                category.nodes.push(child);
            }
            Content::Text(text) if !has_name && category.name.is_empty() => {
                text.trim().clone_into(&mut category.name);
            }
            Content::Text(_) => {}
        }
    }
    category
}

/// Moves an offer out of its element.
pub(in super::super) fn offer(node: Node, format: Format) -> Offer {
    let mut offer = Offer::default();
    for (name, value) in node.attributes {
        match Field::of_attribute(&name, format) {
            Some(field) => {
                if !matches!(field.place(format), Place::Attribute(own) if own == name) {
                    offer.foreign.push(name);
                }
                offer.push(field, value);
            }
            None => offer.others.push((name, value)),
        }
    }
    for part in node.content {
        match part {
            Content::Node(child) => element(&mut offer, child, format),
            Content::Text(text) if text.trim().is_empty() => {}
            Content::Text(text) => offer.stray = Some(super::short(text.trim())),
        }
    }
    offer
}

fn element(offer: &mut Offer, mut node: Node, format: Format) {
    if let Some(field) = Field::of_element(&node.name, format) {
        if !matches!(field.place(format), Place::Element(own) | Place::Elements(own) if own == node.name)
        {
            offer.foreign.push(node.name.clone());
        }
        offer.markup += node.count();
        let text = node.text();
        offer.entries.push(Entry {
            field,
            text,
            attributes: node.attributes,
        });
        return;
    }
    match node.name.as_str() {
        "param" => {
            offer.markup += node.count();
            let mut param = Param {
                value: node.text(),
                ..Param::default()
            };
            for (key, value) in node.attributes {
                match key.as_str() {
                    "name" => param.name = value,
                    "code" => param.code = Some(value),
                    "unit" => param.unit = Some(value),
                    _ => param.attributes.push((key, value)),
                }
            }
            offer.params.push(param);
        }
        "unit" if offer.unit.is_none() && is_unit(&node) => {
            let mut unit = Unit::default();
            for (key, value) in node.attributes {
                match key.as_str() {
                    "code" => unit.code = value,
                    "name" => unit.name = value,
                    _ => unit.sym = value,
                }
            }
            offer.unit = Some(unit);
        }
        _ => {
            node.tidy();
            offer.nodes.push(node);
        }
    }
}

/// Whether it is ICML's unit: an element without content, and with no other attributes than these.
fn is_unit(node: &Node) -> bool {
    let is_own = |(key, _): &(String, String)| matches!(key.as_str(), "code" | "name" | "sym");
    node.text().is_empty() && node.nodes().next().is_none() && node.attributes.iter().all(is_own)
}
