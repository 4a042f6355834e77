//! A call: path, query and form parameters, read strictly.

use bytes::Bytes;
use serde_json::Value;

use super::answer::Failure;
use super::batch::Element;
use crate::retailcrm::state::table::By;
use crate::retailcrm::value::{self, Object};

/// Path parameters by name, decoded.
pub(crate) type PathParameters = Vec<(String, String)>;

/// A routed request.
#[derive(Debug, Default)]
pub(crate) struct Call {
    /// The route's path template with `{param}`.
    pub(crate) template: String,
    /// Path parameters, decoded.
    pub(crate) path: PathParameters,
    pub(crate) query: Object,
    pub(crate) form: Object,
    /// The unchanged body, for file uploads.
    pub(crate) body: Bytes,
    /// Violations of the API description in elements of lists.
    pub(crate) faults: Vec<Fault>,
}

/// The violations in one element of a list in a form field.
#[derive(Debug)]
pub(crate) struct Fault {
    field: String,
    index: usize,
    /// By path within the element; empty for the element itself.
    errors: Object,
}

impl Fault {
    pub(crate) fn new(field: &str, index: usize, errors: Object) -> Self {
        Self {
            field: field.to_owned(),
            index,
            errors,
        }
    }

    /// The errors with the whole path: `customers[0].id`.
    fn errors(&self) -> impl Iterator<Item = (String, Value)> {
        let Self { field, index, .. } = self;
        self.errors.iter().map(move |(path, text)| {
            let dot = if path.is_empty() { "" } else { "." };
            (format!("{field}[{index}]{dot}{path}"), text.clone())
        })
    }
}

impl Call {
    /// Returns a decoded path parameter.
    pub(crate) fn segment(&self, name: &str) -> &str {
        self.path
            .iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value)
    }

    /// Returns the number in the path; any other text is an unknown id.
    pub(crate) fn id(&self) -> Result<i64, Failure> {
        self.segment("id").parse().map_err(|_| Failure::not_found())
    }

    /// Returns a parameter of the form or of the query: the service looks in both.
    pub(crate) fn parameter(&self, name: &str) -> Option<&Value> {
        self.form.get(name).or_else(|| self.query.get(name))
    }

    /// Returns a flat parameter; an empty one counts as absent.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.parameter(name)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
    }

    /// Returns a required flat parameter.
    pub(crate) fn required(&self, name: &str) -> Result<&str, Failure> {
        self.text(name).ok_or_else(|| Failure::missing(name))
    }

    /// Returns the JSON in a form field, or `None` without the field. Broken JSON is an error that names the field.
    pub(crate) fn json(&self, name: &str) -> Result<Option<Value>, Failure> {
        let Some(field) = self.form.get(name) else {
            return Ok(None);
        };
        let Some(text) = field.as_str() else {
            return Err(Failure::field(name, "This value must be a JSON string."));
        };
        if text.is_empty() {
            return Ok(None);
        }
        let parsed = serde_json::from_str(text);
        parsed
            .map(Some)
            .map_err(|error| Failure::field(name, format!("Invalid JSON: {error}.")))
    }

    /// Returns the JSON object in a required form field.
    pub(crate) fn object(&self, name: &str) -> Result<Object, Failure> {
        match self.json(name)?.ok_or_else(|| Failure::missing(name))? {
            Value::Object(members) => Ok(members),
            // PHP writes an empty map as a list.
            Value::Array(items) if items.is_empty() => Ok(Object::new()),
            other => {
                let text = format!("Expected object, but got {}.", kind(&other));
                Err(Failure::field(name, text))
            }
        }
    }

    /// Returns the JSON list in a required form field; of a map, the values.
    pub(crate) fn list(&self, name: &str) -> Result<Vec<Value>, Failure> {
        let items = self.items(name)?;
        let faults = self.faults.iter().filter(|fault| fault.field == name);
        let errors: Object = faults.flat_map(Fault::errors).collect();
        if errors.is_empty() {
            Ok(items)
        } else {
            Err(Failure::format(errors))
        }
    }

    fn items(&self, name: &str) -> Result<Vec<Value>, Failure> {
        match self.json(name)?.ok_or_else(|| Failure::missing(name))? {
            Value::Array(items) => Ok(items),
            Value::Object(members) => Ok(members.into_iter().map(|(_, item)| item).collect()),
            other => {
                let text = format!("Expected array, but got {}.", kind(&other));
                Err(Failure::field(name, text))
            }
        }
    }

    /// Returns the elements of a batch, at most `most`.
    pub(crate) fn batch(&self, name: &str, most: usize) -> Result<Vec<Value>, Failure> {
        let items = within(name, most, self.items(name)?)?;
        self.list(name).map(|_| items)
    }

    /// The elements of a batch of which the good ones land: each, and what is wrong with it.
    pub(crate) fn elements(&self, name: &str, most: usize) -> Result<Vec<Element>, Failure> {
        let fault = |index| {
            let mut faults = self.faults.iter();
            let fault = faults.find(|fault| fault.field == name && fault.index == index)?;
            Some(Failure::format(fault.errors.clone()))
        };
        let items = within(name, most, self.items(name)?)?;
        let elements = items.into_iter().enumerate();
        Ok(elements
            .map(|(index, value)| Element {
                value,
                fault: fault(index),
            })
            .collect())
    }

    /// Returns a list given in brackets, or as JSON in a field (`costs.delete_batch` comes in both forms).
    pub(crate) fn scalars(&self, name: &str) -> Result<Vec<String>, Failure> {
        let items = match self.parameter(name) {
            None => Vec::new(),
            Some(Value::Array(items)) => items.clone(),
            Some(Value::Object(members)) => members.values().cloned().collect(),
            Some(_) if self.form.contains_key(name) => self.list(name)?,
            Some(single) => vec![single.clone()],
        };
        Ok(items.iter().filter_map(value::text).collect())
    }

    /// Returns `by`; the default is the external id.
    pub(crate) fn by(&self) -> Result<By, Failure> {
        self.identified("by")
    }

    /// Returns `by` or `entityBy`.
    pub(crate) fn identified(&self, parameter: &str) -> Result<By, Failure> {
        match self.text(parameter) {
            None | Some("externalId") => Ok(By::ExternalId),
            Some("id") => Ok(By::Id),
            Some(_) => Err(Failure::input(
                parameter,
                "The value you selected is not a valid choice.",
            )),
        }
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "NULL",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// A batch that is neither empty nor too long.
fn within(name: &str, most: usize, items: Vec<Value>) -> Result<Vec<Value>, Failure> {
    if items.is_empty() {
        return Err(Failure::missing(name));
    }
    if items.len() > most {
        let text = format!("This collection should contain {most} elements or less.");
        return Err(Failure::input(name, text));
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::retailcrm::protocol::php;

    fn form(text: &str) -> Call {
        Call {
            form: php::parse(text.as_bytes()),
            ..Call::default()
        }
    }

    #[test]
    fn r16_json_in_a_field_is_read_and_its_faults_are_named() {
        assert_eq!(form("order={\"a\":1}").object("order").unwrap()["a"], 1);
        assert_eq!(
            form("").object("order").unwrap_err().summary(),
            "Parameter 'order' is missing"
        );
        let broken = form("order={\"a\":").object("order").unwrap_err().summary();
        assert!(broken.starts_with("order: Invalid JSON: EOF"), "{broken}");
        let list = form("order=[1]").object("order").unwrap_err().summary();
        assert_eq!(list, "order: Expected object, but got array.");
        let brackets = form("order[a]=1").object("order").unwrap_err().summary();
        assert_eq!(brackets, "order: This value must be a JSON string.");
    }

    #[test]
    fn lists_come_as_brackets_or_json() {
        for text in ["ids[0]=1&ids[1]=2", "ids[]=1&ids[]=2", "ids=[1,2]"] {
            assert_eq!(form(text).scalars("ids").unwrap(), ["1", "2"], "{text}");
        }
    }

    #[test]
    fn re8_by_takes_two_values() {
        assert_eq!(form("").by().unwrap(), By::ExternalId);
        assert_eq!(form("by=id").by().unwrap(), By::Id);
        assert!(form("by=number").by().is_err());
    }
}
