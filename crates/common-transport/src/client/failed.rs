//! What becomes of the pool's errors.

use http::uri::Authority;
use hyper_util::client::legacy;

use super::{chain::find, connector::ConnectTimeout, refused::Refused};
use crate::{Context, Error, ErrorKind, body::BodyFailure};

/// What a failure of the pool means, for the caller and for a repeat. A connection that could not be made is told
/// with the host and port it was meant for.
pub(super) fn failed(
    error: legacy::Error,
    context: Option<&Context>,
    host: Option<&Authority>,
) -> Error {
    let sent = context.map_or(!error.is_connect(), Context::is_sent);
    let sent = sent && !is_unprocessed(&error);
    explained(&error, sent, host)
        .with_source(error)
        .with_may_have_landed(sent)
}

fn explained(error: &legacy::Error, sent: bool, host: Option<&Authority>) -> Error {
    if let Some(failure) = find::<BodyFailure>(error) {
        return Error::new(ErrorKind::Transport, failure.to_string()).with_retryable(false);
    }
    if find::<ConnectTimeout>(error).is_some() {
        let message = format!("no connection{} in time", to(host));
        return Error::new(ErrorKind::Timeout, message);
    }
    if let Some(refused) = find::<Refused>(error) {
        return Error::new(ErrorKind::Connect, refused.to_string()).with_retryable(false);
    }
    if error.is_connect() {
        return Error::new(ErrorKind::Connect, format!("no connection{}", to(host)));
    }
    let message = match sent {
        true => "the connection broke",
        false if is_unprocessed(error) => "the server did not take up the request",
        false => "the connection broke before the request was sent",
    };
    Error::new(ErrorKind::Transport, message)
}

/// Host and port; a user's name and password, which stand before them, are never shown.
fn to(host: Option<&Authority>) -> String {
    host.map_or_else(String::new, |host| match host.port() {
        Some(port) => format!(" to {}:{port}", host.host()),
        None => format!(" to {}", host.host()),
    })
}

/// Whether the server has said that it did not look at the request (RFC 9113, 8.7): it is as good as not sent.
#[cfg(feature = "http2")]
fn is_unprocessed(error: &legacy::Error) -> bool {
    let reset = find::<h2::Error>(error).filter(|error| error.is_remote() && error.is_reset());
    reset.and_then(h2::Error::reason) == Some(h2::Reason::REFUSED_STREAM)
}

#[cfg(not(feature = "http2"))]
const fn is_unprocessed(_: &legacy::Error) -> bool {
    false
}
