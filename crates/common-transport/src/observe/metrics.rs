//! An observer that records metrics.

use metrics::{Label, Unit, counter, describe_counter, describe_histogram, histogram};

use super::{AttemptEnded, CallEnded, Observer, Outcome, Server};
use crate::Metadata;

const REQUEST_DURATION: &str = "http.client.request.duration";
const CALL_DURATION: &str = "shopwire.client.call.duration";
const CALL_ATTEMPTS: &str = "shopwire.client.call.attempts";
const WAIT: &str = "shopwire.client.rate_limit.wait";
const RETRIES: &str = "shopwire.client.retries";
const MAY_HAVE_LANDED: &str = "shopwire.client.may_have_landed";

/// Records metrics of attempts and calls by the facade crate `metrics`; the program chooses the recorder.
///
/// | name | kind | unit | labels | what |
/// |---|---|---|---|---|
/// | `http.client.request.duration` | histogram | s | HTTP, status, error | one attempt, without the wait for the rate limit: OpenTelemetry's metric of HTTP clients |
/// | `shopwire.client.call.duration` | histogram | s | call, status, error | a whole call, with all its attempts and waits |
/// | `shopwire.client.call.attempts` | histogram | attempts | call | attempts of a call; 0 where it ended before the first |
/// | `shopwire.client.rate_limit.wait` | histogram | s | call | time that a call waited for the rate limit |
/// | `shopwire.client.retries` | counter | attempts | call, status, error | attempts that were repeated, by how they ended |
/// | `shopwire.client.may_have_landed` | counter | calls | call, status, error | calls that failed and may have been processed |
///
/// The labels:
///
/// | group | label | value |
/// |---|---|---|
/// | HTTP | `http.request.method` | `GET`; of calls whose operation is known |
/// | | `url.template` | `/api/v5/orders/{externalId}/edit`; likewise |
/// | | `server.address`, `server.port` | host and port of the request |
/// | call | `service`, `operation` | `retailcrm`, `orders.edit`; where the operation is known |
/// | status | `http.response.status_code` | `200`; where there was an answer |
/// | error | `error.type` | `503` of an answer from 400 on, else the [kind](crate::ErrorKind) of the failure, else `cancelled` for a call that its caller dropped |
///
/// No label holds an id, a parameter or a key, so the number of series is bounded by operations and statuses.
/// An attempt that the deadline of its call cuts off is only in the metrics of the call.
///
/// ```
/// # use bytes::Bytes;
/// # use common_transport::{BoxError, Client};
/// # use http::{Request, Response};
/// use common_transport::observe::Metrics;
///
/// # fn main() -> Result<(), BoxError> {
/// # let network = tower::service_fn(async |_: Request<Bytes>| {
/// #     Ok::<_, BoxError>(Response::new(Bytes::new()))
/// # });
/// let client = Client::builder("https://demo.example".parse()?)
///     .observer(Metrics::new())
/// #   .service(network)
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct Metrics {}

impl Metrics {
    /// Builds the observer, and [describes](Self::describe) the metrics to the recorder.
    pub fn new() -> Self {
        Self::describe();
        Self {}
    }

    /// Tells the recorder the unit and the meaning of each metric. Call it again for a recorder that was installed
    /// after [`new`](Self::new).
    pub fn describe() {
        let seconds = Unit::Seconds;
        describe_histogram!(
            REQUEST_DURATION,
            seconds,
            "Duration of HTTP client requests."
        );
        describe_histogram!(
            CALL_DURATION,
            seconds,
            "Duration of calls, with retries and waits."
        );
        describe_histogram!(CALL_ATTEMPTS, Unit::Count, "Attempts of a call.");
        describe_histogram!(WAIT, seconds, "Time that calls wait for the rate limit.");
        describe_counter!(RETRIES, Unit::Count, "Attempts that were repeated.");
        describe_counter!(
            MAY_HAVE_LANDED,
            Unit::Count,
            "Calls that failed and may have been processed."
        );
    }
}

impl Observer for Metrics {
    fn attempt_ended(&self, attempt: &AttemptEnded<'_>) {
        let mut labels = of_http(attempt.operation, attempt.server);
        add_outcome(&mut labels, attempt.outcome);
        let took = attempt.took.saturating_sub(attempt.waited);
        histogram!(REQUEST_DURATION, labels).record(took.as_secs_f64());
        if attempt.repeats {
            let mut labels = of_call(attempt.operation);
            add_outcome(&mut labels, attempt.outcome);
            counter!(RETRIES, labels).increment(1);
        }
    }

    fn call_ended(&self, call: &CallEnded<'_>) {
        let labels = of_call(call.operation);
        histogram!(CALL_ATTEMPTS, labels.clone()).record(f64::from(call.attempts));
        histogram!(WAIT, labels.clone()).record(call.waited.as_secs_f64());
        let mut labels = labels;
        add_outcome(&mut labels, call.outcome);
        if call.may_have_landed {
            counter!(MAY_HAVE_LANDED, labels.clone()).increment(1);
        }
        histogram!(CALL_DURATION, labels).record(call.took.as_secs_f64());
    }
}

fn of_http(operation: Option<&'static Metadata>, server: Option<Server<'_>>) -> Vec<Label> {
    let mut labels = Vec::with_capacity(6);
    if let Some(operation) = operation {
        labels.push(method(operation));
        labels.push(Label::from_static_parts("url.template", operation.path));
    }
    if let Some(server) = server {
        labels.push(Label::new("server.address", server.address.to_owned()));
        if let Some(port) = server.port {
            labels.push(Label::new("server.port", port.to_string()));
        }
    }
    labels
}

fn method(operation: &'static Metadata) -> Label {
    Label::new("http.request.method", operation.method.as_str())
}

fn of_call(operation: Option<&'static Metadata>) -> Vec<Label> {
    let Some(operation) = operation else {
        return Vec::new();
    };
    vec![
        Label::from_static_parts("service", operation.service),
        Label::from_static_parts("operation", operation.name),
    ]
}

fn add_outcome(labels: &mut Vec<Label>, outcome: Outcome) {
    if let Outcome::Answered(status) = outcome {
        let status = status.as_u16().to_string();
        labels.push(Label::new("http.response.status_code", status));
    }
    if let Some(kind) = outcome.error_type() {
        labels.push(Label::new("error.type", kind.to_string()));
    }
}
