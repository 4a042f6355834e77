//! The row of an operation whose answer is a file, for the operation table.

use bytes::Bytes;
use common_api::{AnyModel, AnyOutput, OperationEntry, ReadOutput, ReadParams};
use common_transport::{Error, Metadata};
use http::Response;

use super::{Wire, decode_binary};

/// An operation whose answer is a file.
pub(crate) const fn binary(
    metadata: &'static Metadata,
    operation: fn() -> AnyModel,
) -> OperationEntry {
    let params = ReadParams::of::<Wire>(operation);
    OperationEntry::new(metadata, params, ReadOutput::Other(download))
}

fn download(metadata: &'static Metadata, response: Response<Bytes>) -> Result<AnyOutput, Error> {
    let file = decode_binary(metadata, response)?;
    Ok(AnyOutput::Binary {
        bytes: file.bytes,
        filename: file.filename,
    })
}
