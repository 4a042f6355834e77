//! The functions that generated operations call: building of requests, reading of answers.

mod brackets;
mod file_contents;
#[cfg(feature = "mock")]
pub(crate) mod mock;
mod request;
pub(crate) mod row;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use bytes::Bytes;
use common_api::{WireFormat, answer::Reply};
use common_model::Model;
use common_transport::{Error, Metadata};
use http::{Request, Response};

pub use file_contents::FileContents;
pub(crate) use request::{add_to_form, add_to_query, request_binary};

use crate::answer::{self, Partial};

/// The wire format of all operations but those of [`PartialWire`].
pub(crate) struct Wire;

impl WireFormat for Wire {
    fn build(metadata: &'static Metadata, params: &dyn Model) -> Result<Request<Bytes>, Error> {
        request::build(metadata, params)
    }

    fn success<'r>(_: &'static Metadata, reply: Reply<'r>) -> Result<Cow<'r, str>, Error> {
        answer::success(reply, Partial::IsFailure)
    }
}

/// The wire format of operations on batches that may be saved in part.
// RE7
pub(crate) struct PartialWire;

impl WireFormat for PartialWire {
    fn build(metadata: &'static Metadata, params: &dyn Model) -> Result<Request<Bytes>, Error> {
        Wire::build(metadata, params)
    }

    fn success<'r>(_: &'static Metadata, reply: Reply<'r>) -> Result<Cow<'r, str>, Error> {
        answer::success(reply, Partial::IsAnswer)
    }
}

/// Reads a binary answer.
pub(crate) fn decode_binary(
    metadata: &'static Metadata,
    response: Response<Bytes>,
) -> Result<FileContents, Error> {
    answer::check_binary(metadata, &response)?;
    Ok(FileContents::from_response(response))
}
