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
