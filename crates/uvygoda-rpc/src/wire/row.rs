//! The rows of the operation table: one way to a request and one from an answer for all operations.

use bytes::Bytes;
use common_api::{AnyModel, Entry, Output, Params, read_into, read_params};
use common_model::Model;
use common_transport::{Error, Metadata};
use http::Response;

use super::request;
use crate::answer;

/// An operation whose answer is a model.
pub(crate) const fn json(
    metadata: &'static Metadata,
    operation: fn() -> AnyModel,
    answer: fn() -> AnyModel,
) -> Entry {
    let params = Params {
        empty: operation,
        read: read_params,
        request,
    };
    let output = Output::Model {
        empty: answer,
        read,
    };
    Entry::new(metadata, params, output)
}

fn read(
    metadata: &'static Metadata,
    response: Response<Bytes>,
    model: &mut dyn Model,
) -> Result<(), Error> {
    let text = answer::success(metadata, &response)?;
    read_into(metadata, &response, &text, model, &|error| {
        answer::undecodable(metadata, &response, error)
    })
}
