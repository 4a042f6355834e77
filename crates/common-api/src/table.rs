//! Operations whose type is known only at run time: what command lines and queues need.
//!
//! A row of a service's table holds functions that are not generic. So all operations share one way to a request and
//! one way from an answer, and a program that uses the table does not hold the code of both once for each operation.

use std::fmt;

use bytes::Bytes;
use common_model::{Model, Writer, write_object};
use common_transport::{Decoder, Error, Metadata, Operation};
use http::{Request, Response};

use crate::read_params;

/// A model whose type is not known.
pub type AnyModel = Box<dyn Model + Send + Sync>;

/// The output of an [`AnyOperation`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnyOutput {
    /// The typed answer, written as JSON again.
    Json(String),
    /// A binary answer, as it came.
    Binary {
        /// The bytes.
        bytes: Bytes,
        /// The name the service gave the file.
        filename: Option<String>,
    },
}

/// How the parameters of an operation are read, and how they become a request.
#[derive(Debug, Clone, Copy)]
pub struct ReadParams {
    /// The operation with nothing set.
    pub empty: fn() -> AnyModel,
    /// Reads the parameters from the text of one JSON object.
    pub read: fn(&'static Metadata, &str, &mut dyn Model) -> Result<(), Error>,
    /// Builds the request, in origin form.
    pub request: fn(&'static Metadata, &dyn Model) -> Result<Request<Bytes>, Error>,
}

/// How the answer to an operation is read.
#[derive(Debug, Clone, Copy)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the tables of API crates are made of them"
)]
pub enum ReadOutput {
    /// A model, which is written as JSON again.
    Model {
        /// The model with nothing set.
        empty: fn() -> AnyModel,
        /// Checks the answer, and reads it into the model.
        read: fn(&'static Metadata, Response<Bytes>, &mut dyn Model) -> Result<(), Error>,
    },
    /// Anything else.
    Other(fn(&'static Metadata, Response<Bytes>) -> Result<AnyOutput, Error>),
}

/// One row of a service's operation table.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct OperationEntry {
    /// The operation's description.
    pub metadata: &'static Metadata,
    params: ReadParams,
    output: ReadOutput,
}

impl OperationEntry {
    /// A row whose answer is a model, where all of a service's operations make their requests and read their answers
    /// in one way.
    pub const fn json(
        metadata: &'static Metadata,
        request: fn(&'static Metadata, &dyn Model) -> Result<Request<Bytes>, Error>,
        operation: fn() -> AnyModel,
        answer: fn() -> AnyModel,
        read: fn(&'static Metadata, Response<Bytes>, &mut dyn Model) -> Result<(), Error>,
    ) -> Self {
        let params = ReadParams {
            empty: operation,
            read: read_params,
            request,
        };
        let empty = answer;
        Self::new(metadata, params, ReadOutput::Model { empty, read })
    }

    /// A row.
    pub const fn new(metadata: &'static Metadata, params: ReadParams, output: ReadOutput) -> Self {
        Self {
            metadata,
            params,
            output,
        }
    }

    /// The operation with the parameters of a JSON object, by their wire names.
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

/// An operation with its type erased; [`OperationEntry::operation`] makes it.
pub struct AnyOperation {
    entry: OperationEntry,
    params: AnyModel,
}

impl AnyOperation {
    /// The parameters, for instance to look for [unknown fields](common_model::unknown_fields) in them.
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

/// Its name, and no parameter: one may be a password.
impl fmt::Debug for AnyOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AnyOperation")
            .field(&self.entry.metadata.name)
            .finish()
    }
}

#[cfg(test)]
mod tests;
