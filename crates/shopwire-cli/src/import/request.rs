//! Requests made of rows.

use bytes::Bytes;
use common_api::{AnyOperation, OperationEntry, Sender};
use common_model::{Map, Value, to_json};
use common_transport::{Error, Operation as _};
use http::{Request, header};

use super::{
    check,
    kind::{Form, Method},
};

/// Size of the rows of one request, after which it takes no more.
const MOST_BYTES: usize = 1 << 20;

/// A row that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// Number of the row among the rows of the file, from 0.
    pub(super) at: u64,
    /// Its line.
    pub(super) line: u64,
    /// The shop, when the row names it and the method takes it beside the rows.
    pub(super) site: Option<String>,
    /// How the row names its object, for searches and answers.
    pub(super) external_id: Option<String>,
    /// The service's id of the object that is changed.
    pub(super) id: Option<String>,
    /// JSON on one line.
    pub(super) json: String,
}

impl Row {
    /// The id by which the object is looked for, as an answer or a person knows it.
    pub(super) fn key(&self) -> Option<&str> {
        self.external_id.as_deref().or(self.id.as_deref())
    }

    /// The object in words: `externalId o-1`.
    pub(super) fn object(&self) -> Option<String> {
        let name = match self.external_id {
            Some(_) => "externalId",
            None => "id",
        };
        self.key().map(|key| format!("{name} {key}"))
    }

    pub(super) fn new(
        method: &Method,
        entry: &OperationEntry,
        line: u64,
        mut row: Map<Value>,
    ) -> Self {
        // The shop is a parameter of the call, not of its rows.
        let site = match entry.metadata.param("site").is_some() {
            true => row.remove("site"),
            false => None,
        };
        let id = match method.form {
            Form::Path => row.remove("id"),
            _ if method.changed.is_some() => row.get("id").cloned(),
            Form::List(_) | Form::Single => None,
        };
        Self {
            at: 0,
            line,
            site: site.as_ref().and_then(name),
            external_id: row.get("externalId").and_then(name),
            id: id.as_ref().and_then(name),
            json: check::text(row),
        }
    }
}

/// A name that is not empty. The models send a number as a text without an exponent.
pub(super) fn name(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_plain()),
        _ => None,
    }
}

/// Whether a row fits into the request of these rows.
pub(super) fn fits(method: &Method, rows: &[Row], next: &Row) -> bool {
    let bytes: usize = rows.iter().map(|row| row.json.len()).sum();
    match rows.first() {
        None => true,
        Some(first) => {
            rows.len() < method.most()
                && bytes + next.json.len() <= MOST_BYTES
                && first.site == next.site
        }
    }
}

/// The parameters of the call that sends these rows, which have one shop.
pub(super) fn params(method: &Method, rows: &[&Row]) -> String {
    let json: Vec<&str> = rows.iter().map(|row| row.json.as_str()).collect();
    let mut members = match method.form {
        Form::List(_) => format!("{}:[{}]", to_json(method.param), json.join(",")),
        Form::Single | Form::Path => format!("{}:{}", to_json(method.param), json.join("")),
    };
    let Some(row) = rows.first() else {
        return "{}".to_owned();
    };
    if method.form == Form::Path {
        members += &path(row);
    }
    if let Some(site) = &row.site {
        members += &format!(",\"site\":{}", to_json(site.as_str()));
    }
    format!("{{{members}}}")
}

/// The parameters that name the object of a row.
fn path(row: &Row) -> String {
    let by = match row.external_id {
        Some(_) => "externalId",
        None => "id",
    };
    let id = row.key().unwrap_or_default();
    format!(",\"externalId\":{},\"by\":\"{by}\"", to_json(id))
}

/// The operation that sends these rows.
///
/// # Errors
/// A row cannot be sent. The rows were checked, so this does not happen.
pub(super) fn operation(
    method: &Method,
    entry: &OperationEntry,
    rows: &[&Row],
) -> Result<AnyOperation, Error> {
    entry.operation(&params(method, rows))
}

/// A request as one line of JSON, as it is sent but for the key and the headers of the connection. `rows` has the rows
/// for people; `body` has them as they are sent.
///
/// # Errors
/// As [`operation`].
pub(super) fn shown(
    number: u64,
    sender: &dyn Sender,
    operation: &AnyOperation,
    rows: &[&Row],
) -> Result<String, Error> {
    let mut request: Request<Bytes> = operation.request()?;
    sender.prepare(operation.metadata(), &mut request)?;
    let content_type = request.headers().get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let lines: Vec<String> = rows.iter().map(|row| row.line.to_string()).collect();
    let told: Vec<&str> = rows.iter().map(|row| row.json.as_str()).collect();
    let target = request.uri().path_and_query().map(ToString::to_string);
    Ok(format!(
        "{{\"request\":{number},\"operation\":{},\"method\":{},\"path\":{},\"content_type\":{},\"lines\":[{}],\"rows\":[{}],\"body\":{}}}",
        to_json(operation.metadata().name),
        to_json(request.method().as_str()),
        to_json(&target),
        to_json(&content_type),
        lines.join(","),
        told.join(","),
        to_json(&*String::from_utf8_lossy(request.body())),
    ))
}
