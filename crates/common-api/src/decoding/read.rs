//! Reads an answer by its attached settings.

use std::borrow::Cow;

use bytes::Bytes;
use common_model::{
    Decode, Error as ModelError, Model, Odd, Options, from_json_into, from_json_with,
};
use common_transport::{Error, ErrorKind, Metadata};
use http::Response;

use super::{Attached, Clock};
use crate::answer::Reply;
use crate::strictness::RepairFirst;

/// A service's check of an answer: returns the text of a success, or the service's error.
pub type Success<'s> = &'s dyn for<'r> Fn(Reply<'r>) -> Result<Cow<'r, str>, Error>;

/// Reads an answer by the settings in its extensions: repairs its body, lets the service check it, and reads the
/// model from the text of a success.
///
/// # Errors
/// The service's own error; a model that differs from its documentation, or takes too much memory; a passed deadline
/// of the call.
pub fn read<T: Decode>(
    metadata: &'static Metadata,
    response: Response<Bytes>,
    success: Success<'_>,
) -> Result<T, Error> {
    let mut value = None;
    by_settings(metadata, response, success, &mut |_, text, options| {
        let read = from_json_with(&text, options)?;
        value = Some(read.value);
        Ok(read.odd)
    })?;
    value.ok_or_else(|| Error::new(ErrorKind::Decode, "the answer has no value"))
}

/// As [`read`], into a model whose type need not be known.
///
/// # Errors
/// As [`read`].
pub fn read_into(
    metadata: &'static Metadata,
    response: Response<Bytes>,
    model: &mut dyn Model,
    success: Success<'_>,
) -> Result<(), Error> {
    by_settings(metadata, response, success, &mut |_, text, options| {
        from_json_into(&text, model, options)
    })
}

/// The same without a model: the caller reads the text. The text belongs to the response.
pub(crate) fn read_text(
    metadata: &'static Metadata,
    response: Response<Bytes>,
    success: Success<'_>,
    read: &mut ReadBy<'_>,
) -> Result<(), Error> {
    by_settings(metadata, response, success, read)
}

/// Lets the service check an answer without reading a model.
///
/// # Errors
/// The service's own error, or a passed deadline of the call.
pub fn check(
    metadata: &'static Metadata,
    response: &Response<Bytes>,
    look: &dyn Fn(&Reply<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let clock = Attached::of(response.extensions()).clock(response);
    let reply = Reply::watched(response, &clock);
    let looked = in_time(response, &clock, look(&reply));
    looked.map_err(|error| error.with_operation(metadata))
}

/// Reads the text of an answer by its settings.
pub(crate) type ReadBy<'r> =
    dyn FnMut(&Response<Bytes>, Cow<'_, str>, &Options<'_>) -> Result<Vec<Odd>, ModelError> + 'r;

/// The part of reading that is the same for all types.
fn by_settings(
    metadata: &'static Metadata,
    response: Response<Bytes>,
    success: Success<'_>,
    read: &mut ReadBy<'_>,
) -> Result<(), Error> {
    let attached = Attached::of(response.extensions());
    let clock = attached.clock(&response);
    let hide = hiding(&response);
    let read = repaired(&clock, response).and_then(|response| {
        let text = success(Reply::watched(&response, &clock));
        let text = in_time(&response, &clock, text)?;
        let odd = clock.within(attached.options(), |options| read(&response, text, options));
        odd.map_err(|error| failed(&response, &clock, error))
    });
    let mut odd = read.map_err(|error| error.with_operation(metadata))?;
    if odd.is_empty() {
        return Ok(());
    }
    odd.iter_mut().for_each(hide);
    if attached.is_told {
        tell(metadata, &odd);
    }
    attached.reports.put(odd);
    Ok(())
}

/// The answer with its body repaired, where that is wanted and possible.
fn repaired(clock: &Clock, response: Response<Bytes>) -> Result<Response<Bytes>, Error> {
    let Some(RepairFirst(repair)) = response.extensions().get().copied() else {
        return Ok(response);
    };
    let body = clock.within(Options::new(), |options| repair(response.body(), options));
    in_time(&response, clock, Ok(()))?;
    Ok(match body {
        Some(body) => response.map(|_| body.into()),
        None => response,
    })
}

/// Turns a result into a timeout, if the work was stopped halfway.
fn in_time<T>(
    response: &Response<Bytes>,
    clock: &Clock,
    outcome: Result<T, Error>,
) -> Result<T, Error> {
    match clock.has_stopped() {
        true => Err(too_late(response)),
        false => outcome,
    }
}

fn failed(response: &Response<Bytes>, clock: &Clock, error: ModelError) -> Error {
    if error.is_stopped() {
        return too_late(response).with_source(error);
    }
    if error.is_budget() {
        let message = "the answer takes more memory than is allowed";
        return ended(response, ErrorKind::BodyLimit, message).with_source(error);
    }
    let made =
        Reply::watched(response, clock).unreadable("the answer is not what the service documents");
    let made = match error.path() {
        "" => made,
        path => made.with_field(path),
    };
    made.with_source(error)
}

fn too_late(response: &Response<Bytes>) -> Error {
    let message = "the call's deadline passed while its answer was read";
    ended(response, ErrorKind::Timeout, message)
}

/// Builds an error after the service has answered: a call that changes data may have taken effect.
fn ended(response: &Response<Bytes>, kind: ErrorKind, message: &str) -> Error {
    Error::new(kind, message)
        .with_status(response.status())
        .with_may_have_landed(true)
}

impl Attached {
    /// Builds the stop check for all work on this answer.
    fn clock(&self, response: &Response<Bytes>) -> Clock {
        Clock::new(self.stop.iter().cloned().chain(given_up(response)))
    }
}

#[cfg(feature = "client")]
fn given_up(response: &Response<Bytes>) -> Option<super::Stop> {
    let waiting = common_transport::GivenUp::of(response)?;
    Some(std::sync::Arc::new(move || waiting.is_given_up()))
}

#[cfg(not(feature = "client"))]
fn given_up(_: &Response<Bytes>) -> Option<super::Stop> {
    None
}

/// Masks the secrets of the call in a report, whose path holds keys of the answer.
#[cfg(feature = "client")]
fn hiding(response: &Response<Bytes>) -> impl Fn(&mut Odd) + use<> {
    let mask = common_transport::Mask::of(response);
    move |odd| {
        let Some(mask) = &mask else { return };
        for text in [&mut odd.path, &mut odd.message] {
            if let Cow::Owned(masked) = mask.text(text) {
                *text = masked;
            }
        }
    }
}

#[cfg(not(feature = "client"))]
fn hiding(_: &Response<Bytes>) -> impl Fn(&mut Odd) + use<> {
    |_| {}
}

/// Emits an event for each report, up to a limit.
#[cfg(feature = "client")]
fn tell(metadata: &'static Metadata, odd: &[Odd]) {
    const MOST: usize = 100;
    for odd in odd.iter().take(MOST) {
        tracing::warn!(
            service = metadata.service,
            operation = metadata.name,
            "part of the answer was kept aside: {odd}"
        );
    }
    if odd.len() > MOST {
        tracing::warn!(
            service = metadata.service,
            operation = metadata.name,
            "and {} more parts",
            odd.len() - MOST
        );
    }
}

#[cfg(not(feature = "client"))]
fn tell(_: &'static Metadata, _: &[Odd]) {}
