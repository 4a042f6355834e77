//! A place in a description: the value there, and how to name it in a finding.

use super::json::Json;

/// Everything found wrong in one run; a run reports all of it.
#[derive(Debug, Default)]
pub(crate) struct Findings(Vec<String>);

impl Findings {
    pub(crate) fn push(&mut self, text: String) {
        if !self.0.contains(&text) {
            self.0.push(text);
        }
    }

    pub(crate) fn into_result(self) -> Result<(), String> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(self.0.join("\n"))
    }
}

/// A value of a description together with its file and JSON pointer.
#[derive(Debug, Clone)]
pub(crate) struct Node<'a> {
    pub(crate) json: &'a Json,
    pub(crate) file: &'a str,
    pointer: String,
}

impl<'a> Node<'a> {
    pub(crate) fn root(file: &'a str, json: &'a Json) -> Self {
        Self {
            json,
            file,
            pointer: String::new(),
        }
    }

    /// The member of this name.
    pub(crate) fn get(&self, key: &str) -> Option<Self> {
        self.json.get(key).map(|json| self.child(key, json))
    }

    /// The value at a chain of members.
    pub(crate) fn at(&self, keys: &[&str]) -> Option<Self> {
        let mut node = self.clone();
        for key in keys {
            node = node.get(key)?;
        }
        Some(node)
    }

    /// The members of an object, in order.
    pub(crate) fn members(&self) -> Vec<(&'a str, Self)> {
        let members = self.json.members().iter();
        members
            .map(|(key, json)| (key.as_str(), self.child(key, json)))
            .collect()
    }

    /// The items of a list, in order.
    pub(crate) fn items(&self) -> Vec<Self> {
        let items = self.json.as_array().unwrap_or_default().iter().enumerate();
        items
            .map(|(index, json)| self.child(&index.to_string(), json))
            .collect()
    }

    /// Visits this node and all below it.
    pub(crate) fn walk(&self, visit: &mut impl FnMut(&Self)) {
        visit(self);
        for (_, member) in self.members() {
            member.walk(visit);
        }
        for item in self.items() {
            item.walk(visit);
        }
    }

    /// Whether this is the schema of an operation's request body. That of a callback is a model: the caller reads it.
    pub(crate) fn is_body(&self) -> bool {
        let keys: Vec<&str> = self.pointer.split('/').collect();
        let is_callback = keys.contains(&"callbacks");
        let is_body = matches!(
            keys[..],
            [.., "requestBody", "content", _, "schema"]
                | [.., "requestBodies", _, "content", _, "schema"]
        );
        is_body && !is_callback
    }

    pub(crate) fn str(&self, key: &str) -> Option<&'a str> {
        self.json.get(key).and_then(Json::as_str)
    }

    pub(crate) fn bool(&self, key: &str) -> Option<bool> {
        self.json.get(key).and_then(Json::as_bool)
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.json.get(key).is_some()
    }

    /// Reports what is wrong here.
    pub(crate) fn report(&self, findings: &mut Findings, what: impl AsRef<str>) {
        findings.push(format!("{}#{}: {}", self.file, self.pointer, what.as_ref()));
    }

    /// Reports members that mean nothing to the generator: a misspelt one would else be ignored in silence.
    pub(crate) fn only(&self, known: &[&str], findings: &mut Findings) {
        for (key, node) in self.members() {
            if !known.contains(&key) {
                node.report(findings, format!("{key} is not supported here"));
            }
        }
    }

    fn child(&self, key: &str, json: &'a Json) -> Self {
        let key = key.replace('~', "~0").replace('/', "~1");
        Self {
            json,
            file: self.file,
            pointer: format!("{}/{key}", self.pointer),
        }
    }
}
