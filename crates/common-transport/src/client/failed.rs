//! Conversion of the pool's errors.

use std::{error::Error as StdError, fmt};

use http::uri::Authority;
use hyper_util::client::legacy;

use super::{chain::find, connector::ConnectTimeout, refused::Refused};
use crate::{Context, Error, body::BodyFailure, verdict::End};

/// Converts an error of the pool, with its meaning for the caller and for retries. The source is kept when it says more
/// than the message. The message of a failed connection names host and port.
pub(super) fn failed(
    error: legacy::Error,
    context: Option<&Context>,
    host: Option<&Authority>,
) -> Error {
    let is_sent = context.map_or(!error.is_connect(), Context::is_sent) && !is_unprocessed(&error);
    if let Some(refused) = find::<Refused>(&error) {
        // It says everything that its chain of sources says.
        return Error::ended(End::Refused, refused.to_string());
    }
    if let Some(failure) = find::<BodyFailure>(&error) {
        let end = if is_sent {
            End::BodyBroke
        } else {
            End::BodyUnsent
        };
        let failed = Error::ended(end, failure.to_string());
        return match failure.source() {
            Some(_) => failed.with_source(OfStream(error)),
            None => failed,
        };
    }
    let (end, message) = match is_sent {
        _ if find::<ConnectTimeout>(&error).is_some() => (
            End::LateUnsent,
            format!("no connection{} in time", to(host)),
        ),
        _ if error.is_connect() => (End::NoConnection, format!("no connection{}", to(host))),
        true => (End::Lost, "the connection broke".to_owned()),
        false if is_unprocessed(&error) => {
            let message = "the server did not take up the request";
            (End::Unprocessed, message.to_owned())
        }
        false => {
            let message = "the connection broke before the request was sent";
            (End::Unsent, message.to_owned())
        }
    };
    let failed = Error::ended(end, message).with_source(error);
    // If several requests share a context, another one may have been sent.
    let may_have_landed = is_sent || failed.may_have_landed();
    failed.with_may_have_landed(may_have_landed)
}

/// Makes the error of a body's stream the source, and skips errors that only repeat the message.
#[derive(Debug)]
struct OfStream(legacy::Error);

impl fmt::Display for OfStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the error of the stream")
    }
}

impl StdError for OfStream {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        find::<BodyFailure>(&self.0).and_then(StdError::source)
    }
}

/// Formats host and port. The user name and password before them are never shown.
fn to(host: Option<&Authority>) -> String {
    host.map_or_else(String::new, |host| match host.port() {
        Some(port) => format!(" to {}:{port}", host.host()),
        None => format!(" to {}", host.host()),
    })
}

/// Whether the server said that it did not process the request (RFC 9113, section 8.7). Either it refused the stream,
/// or its `GOAWAY` names a last stream before this one. `h2` returns the error of a `GOAWAY` from the server only for
/// such streams; other streams end with the error of the connection.
#[cfg(feature = "http2")]
fn is_unprocessed(error: &legacy::Error) -> bool {
    let said = find::<h2::Error>(error).filter(|error| error.is_remote());
    said.is_some_and(|error| {
        error.is_go_away()
            || (error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM))
    })
}

#[cfg(not(feature = "http2"))]
const fn is_unprocessed(_: &legacy::Error) -> bool {
    false
}
