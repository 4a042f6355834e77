//! What becomes of the pool's errors.

use http::uri::Authority;
use hyper_util::client::legacy;

use super::{chain::find, connector::ConnectTimeout, refused::Refused};
use crate::{Context, Error, body::BodyFailure, verdict::End};

const BODY: &str = "the request's body could not be sent";

/// What a failure of the pool means, for the caller and for a repeat. The cause goes along, where it says more than
/// the message does. A connection that could not be made is told with the host and port it was meant for.
pub(super) fn failed(
    error: legacy::Error,
    context: Option<&Context>,
    host: Option<&Authority>,
) -> Error {
    let is_sent = context.map_or(!error.is_connect(), Context::is_sent) && !is_unprocessed(&error);
    if let Some(refused) = find::<Refused>(&error) {
        // It says all that its chain does.
        return Error::ended(End::Refused, refused.to_string());
    }
    let is_of_body = find::<BodyFailure>(&error).is_some();
    let (end, message) = match is_sent {
        true if is_of_body => (End::BodyBroke, BODY.to_owned()),
        false if is_of_body => (End::BodyUnsent, BODY.to_owned()),
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
    Error::ended(end, message).with_source(error)
}

/// Host and port; a user's name and password, which stand before them, are never shown.
fn to(host: Option<&Authority>) -> String {
    host.map_or_else(String::new, |host| match host.port() {
        Some(port) => format!(" to {}:{port}", host.host()),
        None => format!(" to {}", host.host()),
    })
}

/// Whether the server has said that it did not look at the request (RFC 9113, section 8.7): it refused the stream, or
/// it goes away and named a last stream that comes before this one. `h2` gives the error of a `GOAWAY` from the
/// server to those streams alone; others end with that of the connection.
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
