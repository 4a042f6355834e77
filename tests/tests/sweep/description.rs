//! What the descriptions say, read without the generator.

use std::{fs, path::Path};

use serde_json::{Map, Value};

/// The description of one service.
pub(crate) struct Service {
    document: Value,
}

/// One operation.
pub(crate) struct Operation {
    pub(crate) name: String,
    pub(crate) method: String,
    /// With `{parameters}`; behind a `#` the name of a remote procedure.
    pub(crate) path: String,
    pub(crate) parameters: Vec<Parameter>,
}

/// One parameter: of the path, of the query, or a member of the body.
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) place: Place,
    pub(crate) schema: Value,
}

/// Where a parameter travels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Place {
    Path,
    Query,
    /// A text or brackets in a form.
    Form,
    /// JSON in a field of a form.
    FormJson,
    /// A member of a JSON body.
    Json,
}

impl Operation {
    pub(crate) fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|one| one.name == name)
    }
}

impl Service {
    /// The whole description as the sandbox embeds it.
    pub(crate) fn read(name: &str) -> Self {
        let folder =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/shopwire-sandbox/openapi");
        let text = fs::read_to_string(folder.join(format!("{name}.json"))).expect("it is there");
        Self {
            document: serde_json::from_str(&text).expect("it is JSON"),
        }
    }

    pub(crate) fn operations(&self) -> Vec<Operation> {
        let mut operations = Vec::new();
        for (path, item) in members(&self.document["paths"]) {
            for (method, node) in members(item) {
                let Some(name) = node["operationId"].as_str() else {
                    continue;
                };
                operations.push(Operation {
                    name: name.to_owned(),
                    method: method.to_uppercase(),
                    path: path.clone(),
                    parameters: self.parameters(node),
                });
            }
        }
        operations
    }

    fn parameters(&self, node: &Value) -> Vec<Parameter> {
        let mut all = Vec::new();
        for parameter in node["parameters"].as_array().into_iter().flatten() {
            let parameter = self.resolve(parameter);
            let place = match parameter["in"].as_str() {
                Some("path") => Place::Path,
                Some("query") => Place::Query,
                _ => continue,
            };
            all.push(Parameter {
                name: bare(parameter["name"].as_str().expect("a name")),
                place,
                schema: parameter["schema"].clone(),
            });
        }
        // The first encoding is the one that clients use by default.
        let body = self.resolve(&node["requestBody"]);
        for (media, content) in members(&body["content"]).take(1) {
            for (name, schema) in self.properties(&content["schema"]) {
                let is_json = content["encoding"][&name]["contentType"] == "application/json";
                let place = match (media.as_str(), is_json) {
                    ("application/json", _) => Place::Json,
                    (_, true) => Place::FormJson,
                    (_, false) => Place::Form,
                };
                all.push(Parameter {
                    name: bare(&name),
                    place,
                    schema,
                });
            }
        }
        all
    }

    /// The properties of an object, by name.
    pub(crate) fn properties(&self, schema: &Value) -> Vec<(String, Value)> {
        let schema = self.resolve(schema);
        members(&schema["properties"])
            .map(|(name, schema)| (name.clone(), schema.clone()))
            .collect()
    }

    /// What a reference leads to.
    pub(crate) fn resolve<'s>(&'s self, node: &'s Value) -> &'s Value {
        match node["$ref"]
            .as_str()
            .and_then(|text| text.strip_prefix('#'))
        {
            Some(fragment) => {
                let pointer = fragment.replace("%7B", "{").replace("%7D", "}");
                let target = self.document.pointer(&pointer);
                self.resolve(target.expect("it leads somewhere"))
            }
            None => node,
        }
    }
}

/// The name without the brackets that PHP has at the name of a list.
fn bare(name: &str) -> String {
    name.strip_suffix("[]").unwrap_or(name).to_owned()
}

fn members(node: &Value) -> impl Iterator<Item = (&String, &Value)> {
    node.as_object().into_iter().flat_map(Map::iter)
}
