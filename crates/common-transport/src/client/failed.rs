//! What becomes of the pool's errors.

use hyper_util::client::legacy;

use super::{chain::find, connector::ConnectTimeout, refused::Refused};
use crate::{Context, Error, ErrorKind, body::BodyFailure};

/// What a failure of the pool means, for the caller and for a repeat.
pub(super) fn failed(error: legacy::Error, context: Option<&Context>) -> Error {
    let sent = context.map_or(!error.is_connect(), Context::is_sent);
    let sent = sent && !is_unprocessed(&error);
    explained(&error, sent)
        .with_source(error)
        .with_may_have_landed(sent)
}

fn explained(error: &legacy::Error, sent: bool) -> Error {
    if let Some(failure) = find::<BodyFailure>(error) {
        return Error::new(ErrorKind::Transport, failure.to_string()).with_retryable(false);
    }
    if find::<ConnectTimeout>(error).is_some() {
        return Error::new(ErrorKind::Timeout, "no connection in time");
    }
    if let Some(refused) = find::<Refused>(error) {
        return Error::new(ErrorKind::Connect, refused.to_string()).with_retryable(false);
    }
    if error.is_connect() {
        return Error::new(ErrorKind::Connect, "no connection");
    }
    let message = match sent {
        true => "the connection broke",
        false if is_unprocessed(error) => "the server did not take up the request",
        false => "the connection broke before the request was sent",
    };
    Error::new(ErrorKind::Transport, message)
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
