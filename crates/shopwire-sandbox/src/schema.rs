//! The bundled API descriptions as a router and a validator: the small part of OpenAPI 3.1 and
//! JSON Schema that the three descriptions use.

mod check;
mod coerce;
mod format;
mod nearest;
mod node;
mod operation;
mod taken;

use std::borrow::Cow;

use http::Method;
use percent_encoding::percent_decode_str;
use serde_json::Value;

pub(crate) use check::{Findings, Unknown, Violation};
pub(crate) use nearest::nearest;
pub(crate) use node::Schema;
pub(crate) use operation::Operation;
pub(crate) use taken::given;

/// One service's description.
#[derive(Debug)]
pub(crate) struct Description {
    document: Value,
}

/// The result of looking up a method and a path.
#[derive(Debug)]
pub(crate) enum Route<'d> {
    /// The operation, and its path parameters by name, percent-decoded.
    Found(Operation<'d>, Vec<(&'d str, String)>),
    /// The path exists, with other methods.
    WrongMethod,
    /// There is no such path.
    Unknown,
}

impl Description {
    /// Reads a bundled document.
    ///
    /// # Panics
    /// The text is not JSON. The documents are part of this crate and covered by tests.
    pub(crate) fn bundled(text: &str) -> Self {
        Self {
            document: serde_json::from_str(text).expect("a bundled description is JSON"),
        }
    }

    /// Finds the operation for a request. A literal path wins over one with parameters.
    pub(crate) fn route(&self, method: &Method, path: &str) -> Route<'_> {
        let verb = method.as_str().to_ascii_lowercase();
        let mut candidates: Vec<_> = self
            .paths()
            .filter_map(|(template, item)| Some((match_path(template, path)?, template, item)))
            .collect();
        candidates.sort_by_key(|(parameters, ..)| parameters.len());
        let is_known = !candidates.is_empty();
        for (parameters, template, item) in candidates {
            let members = item.as_object().into_iter().flatten();
            if let Some((verb, node)) = members.into_iter().find(|(name, _)| **name == verb) {
                let operation = Operation::new(&self.document, template, verb, node);
                return Route::Found(operation, parameters);
            }
        }
        if is_known {
            Route::WrongMethod
        } else {
            Route::Unknown
        }
    }

    /// Returns the methods of a known path, in upper case; none if it is unknown.
    pub(crate) fn methods(&self, path: &str) -> Vec<String> {
        let fitting = self
            .operations()
            .filter(|operation| match_path(operation.path(), path).is_some());
        let mut methods: Vec<_> = fitting
            .map(|operation| operation.verb().to_ascii_uppercase())
            .collect();
        methods.sort();
        methods.dedup();
        methods
    }

    /// Returns the method and path that are the most similar to an unknown path.
    pub(crate) fn nearest(&self, path: &str) -> Option<String> {
        let operations: Vec<_> = self.operations().collect();
        let paths = operations
            .iter()
            .map(|operation| template(operation.path()));
        let best = nearest(path, paths)?;
        let mut meant = operations
            .iter()
            .filter(|operation| template(operation.path()) == best);
        let operation = meant.next()?;
        Some(format!("{} {best}", operation.verb().to_ascii_uppercase()))
    }

    /// Returns the operation with this `operationId`.
    pub(crate) fn operation(&self, id: &str) -> Option<Operation<'_>> {
        self.operations().find(|operation| operation.id() == id)
    }

    /// Iterates over all operations, in the document's order.
    pub(crate) fn operations(&self) -> impl Iterator<Item = Operation<'_>> {
        let document = &self.document;
        self.paths().flat_map(move |(path, item)| {
            let members = item.as_object().into_iter().flatten();
            members
                .filter(|(_, node)| node.get("operationId").is_some())
                .map(move |(verb, node)| Operation::new(document, path, verb, node))
        })
    }

    /// Returns the schema `#/components/schemas/<name>`.
    #[cfg(test)]
    pub(crate) fn schema(&self, name: &str) -> Option<Schema<'_>> {
        let node = self.document.get("components")?.get("schemas")?.get(name)?;
        Some(Schema::new(&self.document, node))
    }

    fn paths(&self) -> impl Iterator<Item = (&str, &Value)> {
        let paths = self.document.get("paths").and_then(Value::as_object);
        paths
            .into_iter()
            .flatten()
            .map(|(path, item)| (path.as_str(), item))
    }
}

/// Returns the parameters of a path that fits the template, segment by segment. A trailing slash counts.
pub(crate) fn match_path<'d>(template: &'d str, path: &str) -> Option<Vec<(&'d str, String)>> {
    let (mut wanted, mut given) = (self::template(template).split('/'), path.split('/'));
    let mut parameters = Vec::new();
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(parameters),
            (Some(wanted), Some(given)) => match wanted
                .strip_prefix('{')
                .and_then(|rest| rest.strip_suffix('}'))
            {
                Some(name) if !given.is_empty() => {
                    parameters.push((name, decoded(given)?.into_owned()))
                }
                None if wanted == given => {}
                _ => return None,
            },
            _ => return None,
        }
    }
}

/// Returns a path without its mark: two operations with one path and method differ in it.
fn template(path: &str) -> &str {
    path.split('#').next().unwrap_or_default()
}

fn decoded(segment: &str) -> Option<Cow<'_, str>> {
    percent_decode_str(segment).decode_utf8().ok()
}

#[cfg(test)]
mod tests;
