//! One schema of a document, references followed.

use serde_json::Value;

/// One schema of a description, references followed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schema<'d> {
    document: &'d Value,
    node: &'d Value,
}

impl<'d> Schema<'d> {
    pub(super) fn new(document: &'d Value, node: &'d Value) -> Self {
        Self {
            document,
            node: follow(document, node),
        }
    }

    /// The schema of a property.
    pub(crate) fn property(&self, name: &str) -> Option<Schema<'d>> {
        self.child(self.keyword("properties")?.get(name)?)
    }

    /// The names of the properties.
    pub(crate) fn property_names(&self) -> impl Iterator<Item = &'d str> {
        let properties = self.keyword("properties").and_then(Value::as_object);
        properties
            .into_iter()
            .flatten()
            .map(|(name, _)| name.as_str())
    }

    /// Whether a value may be a list or an object, as far as the types tell.
    pub(crate) fn takes_nested(&self) -> bool {
        let alternatives = self.alternatives("oneOf");
        let choices = match alternatives.is_empty() {
            true => vec![*self],
            false => alternatives,
        };
        let is_nested = |types: Vec<&str>| {
            types.is_empty() || types.contains(&"array") || types.contains(&"object")
        };
        choices.iter().any(|choice| is_nested(choice.types()))
    }

    pub(super) fn keyword(&self, name: &str) -> Option<&'d Value> {
        self.node.get(name)
    }

    pub(super) fn child(&self, node: &'d Value) -> Option<Schema<'d>> {
        node.is_object().then(|| Schema::new(self.document, node))
    }

    pub(super) fn alternatives(&self, keyword: &str) -> Vec<Schema<'d>> {
        let list = self
            .keyword(keyword)
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        list.map(|node| Schema::new(self.document, node)).collect()
    }

    /// The permitted types by name; empty: any.
    pub(super) fn types(&self) -> Vec<&'d str> {
        match self.keyword("type") {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }
}

/// Follows `$ref`s; the document of a bundled reference is always this one. Stops at a broken one.
pub(super) fn follow<'d>(document: &'d Value, mut node: &'d Value) -> &'d Value {
    // Chains longer than this are circles.
    for _ in 0..16 {
        let Some(reference) = node.get("$ref").and_then(Value::as_str) else {
            return node;
        };
        let pointer = reference.split_once('#').map_or("", |(_, pointer)| pointer);
        match document.pointer(pointer) {
            Some(target) => node = target,
            None => return node,
        }
    }
    node
}
