//! The functions that generated operations call: building of requests, reading of answers. Only the last step of
//! decoding is generic.

mod brackets;
mod file_contents;
#[cfg(feature = "mock")]
pub(crate) mod mock;
mod params;
mod request;
pub(crate) mod row;
#[cfg(test)]
mod tests;

use bytes::Bytes;
use common_model::Decode;
use common_transport::{Error, Metadata};
use http::Response;

pub use file_contents::FileContents;
pub(crate) use request::{add_to_form, add_to_query};
pub(crate) use request::{request, request_binary};

use crate::answer::{self, Partial};

/// Reads an answer: first its status, then its envelope, then the model.
pub(crate) fn decode<T: Decode>(
    metadata: &'static Metadata,
    response: Response<Bytes>,
) -> Result<T, Error> {
    read(metadata, response, Partial::IsFailure)
}

/// [`decode`] for batches that may be saved in part.
// RE7
pub(crate) fn decode_partial<T: Decode>(
    metadata: &'static Metadata,
    response: Response<Bytes>,
) -> Result<T, Error> {
    read(metadata, response, Partial::IsAnswer)
}

fn read<T: Decode>(
    metadata: &'static Metadata,
    response: Response<Bytes>,
    partial: Partial,
) -> Result<T, Error> {
    common_api::read(metadata, response, &|reply| answer::success(reply, partial))
}

/// Reads a binary answer.
pub(crate) fn decode_binary(
    metadata: &'static Metadata,
    response: Response<Bytes>,
) -> Result<FileContents, Error> {
    answer::check_binary(metadata, &response)?;
    Ok(FileContents::from_response(response))
}
