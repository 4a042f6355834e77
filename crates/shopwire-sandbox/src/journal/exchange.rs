//! An exchange as it is shown: a request, its answer, and the reasons.

use std::fmt;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::body::Body;
use super::reason::Reason;
use crate::names::ServiceName;

/// A request and its answer, as the journal has them.
///
/// It holds what was sent, also keys and signatures. Its `Debug` shows none of them.
#[non_exhaustive]
#[derive(Clone, PartialEq)]
pub struct Exchange {
    /// The number of the request: 1, 2, … over all services.
    pub id: u64,
    /// The service that received the request.
    pub service: ServiceName,
    /// Time of arrival, by the sandbox's clock.
    pub at: SystemTime,
    /// The HTTP method.
    pub method: String,
    /// The unchanged path, without the query.
    pub path: String,
    /// Uvygoda: the name of the RPC method, also an unknown one.
    pub rpc: Option<String>,
    /// The `operationId` of the API's description; `None` when no operation fits.
    pub operation: Option<&'static str>,
    /// The HTTP status of the answer; `None` without an answer.
    pub status: Option<u16>,
    /// Time from the arrival to the answer; `None` without an answer.
    pub duration: Option<Duration>,
    /// The kind of the fault that happened: `latency`.
    pub fault: Option<&'static str>,
    /// Whether the service processed the request. A fault may prevent it.
    pub processed: bool,
    /// Whether the exchange has ended: it was answered, or will not be.
    pub ended: bool,
    /// Number of reasons; it stays when the reasons themselves are dropped.
    pub reason_count: usize,
    /// The query, without the question mark.
    pub query: String,
    /// The reasons why the request was refused, and what was odd about it.
    pub reasons: Vec<Reason>,
    /// The request's headers and body.
    pub request: Message,
    /// The answer's headers and body.
    pub answer: Option<Message>,
}

/// Headers and body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    headers: Box<[u8]>,
    /// The body.
    pub body: Body,
}

impl Message {
    pub(super) fn new(headers: Box<[u8]>, body: Body) -> Self {
        Self { headers, body }
    }

    /// Bytes that headers and body take.
    pub(super) fn bytes(&self) -> usize {
        self.headers.len() + self.body.kept().len()
    }

    /// Returns the headers with their names in lower case. Bytes that are not UTF-8 are replaced.
    pub fn headers(&self) -> Vec<(String, String)> {
        let text = String::from_utf8_lossy(&self.headers);
        let lines = text.lines().filter_map(|line| line.split_once(':'));
        lines
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    /// Returns the first header with this name, in lower case.
    pub fn header(&self, name: &str) -> Option<String> {
        let mut all = self.headers().into_iter();
        all.find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Returns headers and body as the admin API shows them.
    pub fn to_json(&self) -> Value {
        let headers = self.headers();
        let headers: Vec<_> = headers.iter().map(|(name, value)| [name, value]).collect();
        json!({"headers": headers, "body": self.body.to_json()})
    }
}

impl Exchange {
    /// Returns the summary as the admin API shows it.
    pub fn summary(&self) -> Value {
        json!({
            "id": self.id,
            "service": self.service.as_str(),
            "at": at(self.at),
            "method": self.method,
            "path": self.path,
            "operation": self.operation,
            "status": self.status,
            "duration_ms": self.duration.map(milliseconds),
            "fault": self.fault,
            "processed": self.processed,
            "reasons": self.reason_count,
        })
    }

    /// Returns the whole exchange as the admin API shows it.
    pub fn to_json(&self) -> Value {
        let mut whole = self.summary();
        whole["query"] = self.query.as_str().into();
        whole["request"] = self.request.to_json();
        whole["answer"] = self.answer.as_ref().map(Message::to_json).into();
        whole["reasons"] = self.reasons.iter().map(Reason::to_json).collect();
        whole
    }
}

/// RFC 3339 in UTC, with milliseconds.
fn at(time: SystemTime) -> String {
    let time = jiff::Timestamp::try_from(time).unwrap_or_default();
    format!("{time:.3}")
}

/// Milliseconds with microseconds as their fraction.
fn milliseconds(duration: Duration) -> f64 {
    duration.as_micros() as f64 / 1000.0
}

/// Leaves out query, headers and bodies.
impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("id", &self.id)
            .field("service", &self.service)
            .field("method", &self.method)
            .field("path", &self.path)
            .field("status", &self.status)
            .field("reasons", &self.reason_count)
            .finish_non_exhaustive()
    }
}
