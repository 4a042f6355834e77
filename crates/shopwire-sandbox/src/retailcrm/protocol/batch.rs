//! Batches: valid elements are stored, the others are reported.

use serde_json::{Value, json};

use super::answer::{Answer, Failure};
use crate::retailcrm::value::{self, Object, object};

/// Most elements in one batch.
pub(crate) const MOST: usize = 50;

/// One element of a batch.
#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) value: Value,
    /// Violation of the API description, if any.
    pub(crate) fault: Option<Failure>,
}

/// The results of a batch.
#[derive(Debug, Default)]
pub(crate) struct Report {
    uploaded: Vec<Value>,
    failed: Vec<Value>,
    errors: Object,
    members: Object,
}

/// Stores the elements one after the other; `place` returns how an element is reported.
pub(crate) fn run(
    elements: &[Element],
    mut place: impl FnMut(&Object) -> Result<Value, Failure>,
) -> Report {
    let mut report = Report::default();
    for (index, Element { value, fault }) in elements.iter().enumerate() {
        let outcome = match (value.as_object(), fault) {
            (None, _) => Err(Failure::bad_request("This value should be of type array.")),
            (_, Some(fault)) => Err(fault.clone()),
            (Some(element), None) => place(element),
        };
        match outcome {
            Ok(landed) => report.uploaded.push(landed),
            Err(failure) => {
                report.failed.push(external_id(value));
                report
                    .errors
                    .insert(index.to_string(), failure.summary().into());
            }
        }
    }
    report
}

impl Report {
    /// Adds a member to the answer, for full and partial success.
    pub(crate) fn with(mut self, name: &str, value: Value) -> Self {
        self.members.insert(name.into(), value);
        self
    }

    /// Builds a 201 when all elements were stored, or else a 460 with both lists and the errors by position.
    pub(crate) fn answer(self, uploaded: &str, failed: &str, message: &str) -> Answer {
        let mut members = self.members;
        members.extend(object(json!({ uploaded: self.uploaded })));
        if self.failed.is_empty() {
            return Answer::created(Value::Object(members));
        }
        members.extend(object(
            json!({ failed: self.failed, "errors": self.errors }),
        ));
        Answer::partial(message, Value::Object(members))
    }
}

/// Returns how a batch names a failed element.
fn external_id(element: &Value) -> Value {
    let external = element
        .as_object()
        .and_then(|element| value::member(element, "externalId"));
    external.map_or(json!({}), |external| json!({"externalId": external}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn re7_errors_stand_under_the_position_of_the_bad_element() {
        let elements = [
            json!({"externalId": "a"}),
            json!({"externalId": "b"}),
            json!(5),
        ]
        .map(|value| Element { value, fault: None });
        let report = run(&elements, |element| {
            match value::member(element, "externalId").as_deref() {
                Some("a") => Ok(json!({"id": 1, "externalId": "a"})),
                _ => Err(Failure::field("phone", "no")),
            }
        });
        let Answer::Json(status, body) = report.answer("uploaded", "failed", "With errors") else {
            panic!("a report is JSON")
        };
        assert_eq!(status.as_u16(), 460);
        assert_eq!(body["uploaded"], json!([{"id": 1, "externalId": "a"}]));
        assert_eq!(body["failed"], json!([{"externalId": "b"}, {}]));
        assert_eq!(
            body["errors"],
            json!({"1": "phone: no", "2": "This value should be of type array."})
        );
        assert_eq!(body["errorMsg"], "With errors");
    }
}
