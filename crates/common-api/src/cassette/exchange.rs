//! One exchange, and its line of JSON.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use common_model::{Value, from_json, to_json};
use common_transport::ErrorKind;
use http::StatusCode;

/// Names and values of headers, without secrets.
pub(super) type Headers = Vec<(String, String)>;

/// A request and what became of it, without secrets: in the place of each is [`Mask::HIDDEN`](common_transport::Mask).
#[derive(Clone, PartialEq)]
pub struct Exchange {
    /// Service and name of the operation, where the request had one.
    pub(super) operation: Option<String>,
    /// RFC 3339, in UTC.
    pub(super) started: String,
    pub(super) took_micros: i64,
    pub(super) method: String,
    pub(super) url: String,
    pub(super) headers: Headers,
    pub(super) body: Vec<u8>,
    pub(super) outcome: Outcome,
}

/// The end of a recorded request: an answer, or none.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// An answer of any status.
    Answer {
        /// The HTTP status.
        status: u16,
        /// Names and values, in the order of the answer.
        headers: Vec<(String, String)>,
        /// The expanded body.
        body: Vec<u8>,
    },
    /// No answer came.
    Failure {
        /// How the attempt ended.
        kind: ErrorKind,
        /// Whether the service may have processed the request.
        may_have_landed: bool,
        /// The text of the error.
        message: String,
    },
}

/// The names of the kinds that an attempt without an answer ends with.
const KINDS: [(ErrorKind, &str); 4] = [
    (ErrorKind::Connect, "connect"),
    (ErrorKind::Timeout, "timeout"),
    (ErrorKind::BodyLimit, "body_limit"),
    (ErrorKind::Transport, "transport"),
];

impl Exchange {
    /// Returns service and name of the operation: `retailcrm.orders.get`.
    pub fn operation(&self) -> Option<&str> {
        self.operation.as_deref()
    }

    /// Returns when the request was sent, in UTC: `2026-01-31T08:00:00.000Z`.
    pub fn started(&self) -> &str {
        &self.started
    }

    /// Returns the HTTP method.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// Returns path and query of the request.
    pub fn target(&self) -> &str {
        target(&self.url)
    }

    /// Returns names and values of the request's headers.
    pub fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    /// Returns the body of the request.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Returns the answer, or the reason why no answer came.
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// One line, with its end.
    pub(super) fn to_line(&self) -> String {
        let operation = self.operation.as_deref().map_or("null".to_owned(), to_json);
        let outcome = match &self.outcome {
            Outcome::Answer {
                status,
                headers,
                body,
            } => format!(
                "\"response\":{{\"status\":{status},\"headers\":{},{}}}",
                write_headers(headers),
                write_body(body)
            ),
            Outcome::Failure {
                kind,
                may_have_landed,
                message,
            } => {
                let named = KINDS.iter().find(|(known, _)| known == kind);
                let name = named.map_or("transport", |(_, name)| name);
                format!(
                    "\"failure\":{{\"kind\":\"{name}\",\"may_have_landed\":{may_have_landed},\"message\":{}}}",
                    to_json(message.as_str())
                )
            }
        };
        format!(
            "{{\"operation\":{operation},\"started\":{},\"took_micros\":{},\"request\":{{\"method\":{},\"url\":{},\"headers\":{},{}}},{outcome}}}\n",
            to_json(self.started.as_str()),
            self.took_micros,
            to_json(self.method.as_str()),
            to_json(self.url.as_str()),
            write_headers(&self.headers),
            write_body(&self.body),
        )
    }

    /// As [`from_line`](Self::from_line), for bytes that may be no text.
    pub(super) fn from_bytes(line: &[u8]) -> Option<Self> {
        Self::from_line(str::from_utf8(line).ok()?)
    }

    pub(super) fn from_line(line: &str) -> Option<Self> {
        let value: Value = from_json(line.trim_end()).ok()?;
        let request = value.get("request")?;
        let outcome = match value.get("response") {
            Some(response) => Outcome::Answer {
                status: status(response.get("status")?.as_i64()?)?,
                headers: read_headers(response)?,
                body: read_body(response)?,
            },
            None => {
                let failure = value.get("failure")?;
                let name = failure.get("kind")?.as_str()?;
                Outcome::Failure {
                    kind: KINDS.iter().find(|(_, known)| *known == name)?.0,
                    may_have_landed: failure.get("may_have_landed")?.as_bool()?,
                    message: failure.get("message")?.as_str()?.to_owned(),
                }
            }
        };
        Some(Self {
            operation: value
                .get("operation")
                .and_then(Value::as_str)
                .map(str::to_owned),
            started: value.get("started")?.as_str()?.to_owned(),
            took_micros: value
                .get("took_micros")?
                .as_i64()
                .filter(|micros| *micros >= 0)?,
            method: request.get("method")?.as_str()?.to_owned(),
            url: request.get("url")?.as_str()?.to_owned(),
            headers: read_headers(request)?,
            body: read_body(request)?,
            outcome,
        })
    }

    /// `orders.get GET /api/v5/orders/7`, for messages.
    pub(super) fn name(&self) -> String {
        let operation = self.operation.as_deref().unwrap_or("no operation");
        format!("{operation} ({} {})", self.method, target(&self.url))
    }
}

/// The bodies may hold the data of customers.
impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("operation", &self.operation)
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

fn status(number: i64) -> Option<u16> {
    let status = StatusCode::from_u16(number.try_into().ok()?);
    Some(status.ok()?.as_u16())
}

/// Path and query of an address.
pub(super) fn target(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').map_or("/", |at| &rest[at..])
}

fn write_headers(headers: &Headers) -> String {
    let pairs = headers
        .iter()
        .map(|(name, value)| format!("[{},{}]", to_json(name.as_str()), to_json(value.as_str())));
    format!("[{}]", pairs.collect::<Vec<_>>().join(","))
}

fn read_headers(of: &Value) -> Option<Headers> {
    let pairs = of.get("headers")?.as_array()?.iter();
    let pairs = pairs.map(|pair| match pair.as_array()? {
        [name, value] => Some((name.as_str()?.to_owned(), value.as_str()?.to_owned())),
        _ => None,
    });
    pairs.collect()
}

/// Text where it is UTF-8, else Base64.
fn write_body(body: &[u8]) -> String {
    match std::str::from_utf8(body) {
        Ok(text) => format!("\"body\":{}", to_json(text)),
        Err(_) => format!("\"body_base64\":\"{}\"", STANDARD.encode(body)),
    }
}

fn read_body(of: &Value) -> Option<Vec<u8>> {
    match of.get("body") {
        Some(text) => Some(text.as_str()?.as_bytes().to_vec()),
        None => STANDARD.decode(of.get("body_base64")?.as_str()?).ok(),
    }
}
