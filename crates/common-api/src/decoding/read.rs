//! Reading an answer by the settings that it carries.

use bytes::Bytes;
use common_model::{
    Decode, Error as ModelError, Model, Odd, Options, from_json_into, from_json_with,
};
use common_transport::{Error, ErrorKind, Metadata};
use http::Response;

use super::Attached;

/// Reads the JSON of an answer by the settings in the response's extensions.
///
/// # Errors
/// The model takes too much memory, or the call's deadline has passed. Everything else is for `undecodable` to say.
pub fn read<T: Decode>(
    metadata: &'static Metadata,
    response: &Response<Bytes>,
    text: &str,
    undecodable: &dyn Fn(ModelError) -> Error,
) -> Result<T, Error> {
    let mut value = None;
    by_settings(metadata, response, undecodable, &mut |options| {
        let read = from_json_with(text, options)?;
        value = Some(read.value);
        Ok(read.odd)
    })?;
    value.ok_or_else(|| Error::new(ErrorKind::Decode, "the answer has no value"))
}

/// Reads the JSON of an answer into a model whose type may not be known.
///
/// # Errors
/// As [`read`].
pub fn read_into(
    metadata: &'static Metadata,
    response: &Response<Bytes>,
    text: &str,
    model: &mut dyn Model,
    undecodable: &dyn Fn(ModelError) -> Error,
) -> Result<(), Error> {
    by_settings(metadata, response, undecodable, &mut |options| {
        from_json_into(text, model, options)
    })
}

/// What does the reading, by its settings.
type ReadBy<'r> = dyn FnMut(&Options<'_>) -> Result<Vec<Odd>, ModelError> + 'r;

/// What is the same for all types.
fn by_settings(
    metadata: &'static Metadata,
    response: &Response<Bytes>,
    undecodable: &dyn Fn(ModelError) -> Error,
    read: &mut ReadBy<'_>,
) -> Result<(), Error> {
    let attached = Attached::of(response.extensions());
    match beside(&attached, response.body().len(), read) {
        Ok(odd) if odd.is_empty() => Ok(()),
        Ok(odd) => {
            if attached.is_told {
                tell(metadata, &odd);
            }
            attached.reports.put(odd);
            Ok(())
        }
        Err(error) if error.is_budget() => Err(ended(
            metadata,
            response,
            ErrorKind::BodyLimit,
            "the answer takes more memory than is allowed",
            error,
        )),
        Err(error) if error.is_stopped() => Err(ended(
            metadata,
            response,
            ErrorKind::Timeout,
            "the call's deadline passed while its answer was read",
            error,
        )),
        Err(error) => Err(undecodable(error)),
    }
}

/// The service has answered: what changes something may have had its effect.
fn ended(
    metadata: &'static Metadata,
    response: &Response<Bytes>,
    kind: ErrorKind,
    message: &str,
    error: ModelError,
) -> Error {
    Error::new(kind, message)
        .with_status(response.status())
        .with_may_have_landed(true)
        .with_source(error)
        .with_operation(metadata)
}

#[cfg(feature = "client")]
fn beside(
    attached: &Attached,
    length: usize,
    read: &mut ReadBy<'_>,
) -> Result<Vec<Odd>, ModelError> {
    use tokio::runtime::{Handle, RuntimeFlavor};

    /// Shorter answers are read faster than a worker is replaced.
    const LONG: usize = 1024 * 1024;

    let has_threads = || {
        Handle::try_current()
            .is_ok_and(|handle| handle.runtime_flavor() == RuntimeFlavor::MultiThread)
    };
    let options = attached.options();
    if attached.decoding.block_in_place && length >= LONG && has_threads() {
        return tokio::task::block_in_place(|| read(&options));
    }
    read(&options)
}

#[cfg(not(feature = "client"))]
fn beside(attached: &Attached, _: usize, read: &mut ReadBy<'_>) -> Result<Vec<Odd>, ModelError> {
    read(&attached.options())
}

/// One event for each; a flood of them is cut.
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
