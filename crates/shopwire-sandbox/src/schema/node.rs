//! A schema of a document, with its references followed.

use serde_json::Value;

/// A schema of a description, with its references followed.
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

    /// Returns the schema of a property.
    pub(crate) fn property(&self, name: &str) -> Option<Schema<'d>> {
        self.child(self.keyword("properties")?.get(name)?)
    }

    /// Returns the names of the properties.
    pub(crate) fn property_names(&self) -> impl Iterator<Item = &'d str> {
        let properties = self.keyword("properties").and_then(Value::as_object);
        properties
            .into_iter()
            .flatten()
            .map(|(name, _)| name.as_str())
    }

    /// Returns the schema of the items of a list.
    pub(crate) fn items(&self) -> Option<Schema<'d>> {
        self.child(self.keyword("items")?)
    }

    /// Returns the allowed texts (`enum`); an empty list allows any.
    pub(crate) fn choices(&self) -> Vec<&'d str> {
        let choices = self.keyword("enum").and_then(Value::as_array);
        choices
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }

    /// Whether members of any name are allowed.
    pub(crate) fn is_open(&self) -> bool {
        let additional = self.keyword("additionalProperties");
        additional.is_some_and(|additional| additional != &Value::Bool(false))
    }

    pub(super) fn keyword(&self, name: &str) -> Option<&'d Value> {
        self.node.get(name)
    }

    pub(super) fn child(&self, node: &'d Value) -> Option<Schema<'d>> {
        node.is_object().then(|| Schema::new(self.document, node))
    }

    /// Returns the alternatives in `oneOf`, `anyOf` or `allOf`.
    pub(crate) fn alternatives(&self, keyword: &str) -> Vec<Schema<'d>> {
        let list = self
            .keyword(keyword)
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        list.map(|node| Schema::new(self.document, node)).collect()
    }

    /// Returns the names of the allowed types; an empty list allows any.
    pub(crate) fn types(&self) -> Vec<&'d str> {
        match self.keyword("type") {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }
}

/// Follows `$ref`s within the document. Stops at a broken one.
pub(super) fn follow<'d>(document: &'d Value, mut node: &'d Value) -> &'d Value {
    // Longer chains are circular.
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
