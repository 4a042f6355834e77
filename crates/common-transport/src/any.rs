//! Operations whose type is known only at run time: what command lines and queues need.

use std::fmt;

use bytes::Bytes;
use http::{Request, Response};

use crate::{Error, Metadata, Operation};

/// The output of an [`AnyOperation`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
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

/// An operation with its type erased.
pub struct AnyOperation {
    inner: Box<dyn Erased>,
}

impl AnyOperation {
    /// Erases `operation`; `print` turns its typed output into an [`Answer`].
    pub fn new<O>(operation: O, print: fn(&O::Output) -> Answer) -> Self
    where
        O: Operation + Send + Sync + 'static,
    {
        Self {
            inner: Box::new(Printed { operation, print }),
        }
    }
}

impl Operation for AnyOperation {
    type Output = Answer;

    fn metadata(&self) -> &'static Metadata {
        self.inner.metadata()
    }

    fn request(&self) -> Result<Request<Bytes>, Error> {
        self.inner.request()
    }

    fn decode(&self, response: Response<Bytes>) -> Result<Answer, Error> {
        self.inner.decode(response)
    }
}

impl fmt::Debug for AnyOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AnyOperation")
            .field(&self.metadata().name)
            .finish()
    }
}

/// One row of a service's operation table.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Entry {
    /// The operation's description.
    pub metadata: &'static Metadata,
    parse: fn(&str) -> Result<AnyOperation, Error>,
}

impl Entry {
    /// A row; `parse` reads the parameters from one JSON object.
    pub const fn new(
        metadata: &'static Metadata,
        parse: fn(&str) -> Result<AnyOperation, Error>,
    ) -> Self {
        Self { metadata, parse }
    }

    /// The operation with the parameters of a JSON object, by their wire names.
    ///
    /// # Errors
    /// [`Error::is_invalid_input`] names the parameter that is missing, unknown or of the wrong type.
    pub fn operation(&self, params: &str) -> Result<AnyOperation, Error> {
        (self.parse)(params)
    }
}

trait Erased: Send + Sync {
    fn metadata(&self) -> &'static Metadata;
    fn request(&self) -> Result<Request<Bytes>, Error>;
    fn decode(&self, response: Response<Bytes>) -> Result<Answer, Error>;
}

struct Printed<O: Operation> {
    operation: O,
    print: fn(&O::Output) -> Answer,
}

impl<O: Operation + Send + Sync> Erased for Printed<O> {
    fn metadata(&self) -> &'static Metadata {
        self.operation.metadata()
    }

    fn request(&self) -> Result<Request<Bytes>, Error> {
        self.operation.request()
    }

    fn decode(&self, response: Response<Bytes>) -> Result<Answer, Error> {
        self.operation
            .decode(response)
            .map(|output| (self.print)(&output))
    }
}
