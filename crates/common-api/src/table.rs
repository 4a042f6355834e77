//! Operations whose types are known only at run time, for command lines and queues.
//!
//! A row of a service's table holds functions that are not generic. So all operations share one path from parameters
//! to a request, and one path from an answer to a result. A program that uses the table contains that code once, not
//! once for each operation.

use std::fmt;

use bytes::Bytes;
use common_model::{Model, Writer, write_object};
use common_transport::{Decoder, Error, Metadata, Operation};
use http::{Request, Response};

use crate::{WireFormat, read_params};

/// A model whose type is known only at run time.
pub type AnyModel = Box<dyn Model + Send + Sync>;

/// The output of an [`AnyOperation`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnyOutput {
    /// A typed answer, written as JSON again.
    Json(String),
    /// A binary answer, unchanged.
    Binary {
        /// The bytes.
        bytes: Bytes,
        /// The file name that the service gave.
        filename: Option<String>,
    },
}

/// Functions that read the parameters of an operation and make a request of them.
#[derive(Debug, Clone, Copy)]
pub struct ReadParams {
    /// Builds the operation with no parameter set.
    pub empty: fn() -> AnyModel,
    /// Reads the parameters from the text of one JSON object.
    pub read: fn(&'static Metadata, &str, &mut dyn Model) -> Result<(), Error>,
    /// Builds the request, in origin form.
    pub request: fn(&'static Metadata, &dyn Model) -> Result<Request<Bytes>, Error>,
}

impl ReadParams {
    /// The functions of a wire format, and one that makes the empty operation.
    pub const fn of<W: WireFormat>(empty: fn() -> AnyModel) -> Self {
        Self {
            empty,
            read: read_params,
            request: W::request,
        }
    }
}

/// Functions that read the answer to an operation.
#[derive(Debug, Clone, Copy)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the tables of API crates are made of them"
)]
pub enum ReadOutput {
    /// A model, which is written as JSON again.
    Model {
        /// Builds the model with no field set.
        empty: fn() -> AnyModel,
        /// Checks the answer and reads it into the model.
        read: fn(&'static Metadata, Response<Bytes>, &mut dyn Model) -> Result<(), Error>,
    },
    /// Any other answer.
    Other(fn(&'static Metadata, Response<Bytes>) -> Result<AnyOutput, Error>),
}

/// One row of a service's operation table.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct OperationEntry {
    /// The description of the operation.
    pub metadata: &'static Metadata,
    params: ReadParams,
    output: ReadOutput,
}

impl OperationEntry {
    /// Builds a row whose answer is a JSON model, from functions that make the empty operation and the empty answer.
    pub const fn json<W: WireFormat>(
        metadata: &'static Metadata,
        operation: fn() -> AnyModel,
        answer: fn() -> AnyModel,
    ) -> Self {
        let output = ReadOutput::Model {
            empty: answer,
            read: W::decode_into,
        };
        Self::new(metadata, ReadParams::of::<W>(operation), output)
    }

    /// Builds a row from its parts.
    pub const fn new(metadata: &'static Metadata, params: ReadParams, output: ReadOutput) -> Self {
        Self {
            metadata,
            params,
            output,
        }
    }

    /// Builds the operation from a JSON object with the parameters by wire name.
    ///
    /// # Errors
    /// [`Error::is_invalid_input`] names the parameter that is missing, unknown or of the wrong type.
    pub fn operation(&self, params: &str) -> Result<AnyOperation, Error> {
        let mut model = (self.params.empty)();
        (self.params.read)(self.metadata, params, &mut *model)?;
        Ok(AnyOperation {
            entry: *self,
            params: model,
        })
    }

    fn decode(&self, response: Response<Bytes>) -> Result<AnyOutput, Error> {
        match self.output {
            ReadOutput::Model { empty, read } => {
                let mut model = empty();
                read(self.metadata, response, &mut *model)?;
                let mut out = Writer::new();
                write_object(&*model, &mut out);
                Ok(AnyOutput::Json(out.into_string()))
            }
            ReadOutput::Other(read) => read(self.metadata, response),
        }
    }
}

/// An operation with its type erased, made by [`OperationEntry::operation`].
pub struct AnyOperation {
    entry: OperationEntry,
    params: AnyModel,
}

impl AnyOperation {
    /// Returns the parameters, for instance to search them for [unknown fields](common_model::unknown_fields).
    pub fn params(&self) -> &dyn Model {
        &*self.params
    }
}

impl Operation for AnyOperation {
    type Output = AnyOutput;

    fn metadata(&self) -> &'static Metadata {
        self.entry.metadata
    }

    fn request(&self) -> Result<Request<Bytes>, Error> {
        (self.entry.params.request)(self.entry.metadata, &*self.params)
    }

    fn decode(&self, response: Response<Bytes>) -> Result<AnyOutput, Error> {
        self.entry.decode(response)
    }

    fn decoder(&self) -> Option<Decoder<AnyOutput>> {
        let entry = self.entry;
        Some(Box::new(move |response| entry.decode(response)))
    }
}

/// Shows the name only: a parameter may be a password.
impl fmt::Debug for AnyOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AnyOperation")
            .field(&self.entry.metadata.name)
            .finish()
    }
}

#[cfg(test)]
mod tests;
