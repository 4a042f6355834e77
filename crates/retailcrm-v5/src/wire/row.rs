//! Constructors of rows for the operation table, which build requests and read answers in one way
//! for all operations.

use bytes::Bytes;
use common_api::{AnyModel, AnyOutput, OperationEntry, ReadOutput, ReadParams, read_into};
use common_model::Model;
use common_transport::{Error, Metadata, Place};
use http::{Request, Response};

use super::{decode_binary, params};
use crate::answer::{self, Partial};

/// An operation whose answer is a model.
pub(crate) const fn json(
    metadata: &'static Metadata,
    operation: fn() -> AnyModel,
    answer: fn() -> AnyModel,
) -> OperationEntry {
    let output = ReadOutput::Model {
        empty: answer,
        read: |metadata, response, model| read(metadata, response, Partial::IsFailure, model),
    };
    OperationEntry::new(metadata, call(operation), output)
}

/// An operation on a batch that may be saved in part.
// RE7
pub(crate) const fn partial(
    metadata: &'static Metadata,
    operation: fn() -> AnyModel,
    answer: fn() -> AnyModel,
) -> OperationEntry {
    let output = ReadOutput::Model {
        empty: answer,
        read: |metadata, response, model| read(metadata, response, Partial::IsAnswer, model),
    };
    OperationEntry::new(metadata, call(operation), output)
}

/// An operation whose answer is a file.
pub(crate) const fn binary(
    metadata: &'static Metadata,
    operation: fn() -> AnyModel,
) -> OperationEntry {
    OperationEntry::new(metadata, call(operation), ReadOutput::Other(download))
}

const fn call(empty: fn() -> AnyModel) -> ReadParams {
    ReadParams {
        empty,
        read: params::read,
        request,
    }
}

/// Bytes to upload are not a JSON parameter; the sender puts them into the request.
fn request(metadata: &'static Metadata, params: &dyn Model) -> Result<Request<Bytes>, Error> {
    let mut places = metadata.params.iter().map(|param| param.place);
    match places.any(|place| place == Place::Binary) {
        true => super::request_binary(metadata, params, &Bytes::new()),
        false => super::request(metadata, params),
    }
}

fn read(
    metadata: &'static Metadata,
    response: Response<Bytes>,
    partial: Partial,
    model: &mut dyn Model,
) -> Result<(), Error> {
    read_into(metadata, response, model, &|reply| {
        answer::success(reply, partial)
    })
}

fn download(metadata: &'static Metadata, response: Response<Bytes>) -> Result<AnyOutput, Error> {
    let file = decode_binary(metadata, response)?;
    Ok(AnyOutput::Binary {
        bytes: file.bytes,
        filename: file.filename,
    })
}
