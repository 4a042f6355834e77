//! Settings for reading answers: strictness, memory and time.
//!
//! [`Operation::decode`] takes only a response. So the settings travel in the response's extensions, and the reports
//! of parts that were set aside come back through them. A response without settings is read as by [`Decoding::new`],
//! without reports.
//!
//! Repairing an answer, reading its envelope and reading its model all call the same stop check.

mod clock;
mod read;
mod reports;
#[cfg(test)]
mod tests;

use std::fmt;
#[cfg(feature = "client")]
use std::sync::Arc;

use bytes::Bytes;
use common_model::{Decoded, Options};
use common_transport::{Error, Operation};
use http::{Extensions, Response};

pub(crate) use clock::Clock;
pub use clock::Stop;
pub(crate) use read::read_text;
pub use read::{Success, check, read, read_into};
pub use reports::Reports;

/// Settings for reading answers.
///
/// By default one odd element does not lose the rest of an answer. An element of a list or map, or an optional
/// field, that is JSON of the wrong type is set aside (see the table of [`common_model`]). A client reports each
/// such part as a `tracing` event of level `WARN`, with its path and its error, and never with its value.
///
/// Callers with an HTTP stack of their own get both the value and the reports from [`decode`](Self::decode).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Decoding {
    strict: bool,
    budget: Option<usize>,
}

impl Decoding {
    /// Builds the default settings: not strict, with the default budget.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            strict: false,
            budget: None,
        }
    }

    /// Sets whether a part of the wrong type makes the answer an error with [`Error::is_decode`]. Default: no.
    #[must_use]
    pub const fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// Sets the bytes of memory that the model of an answer may take. More is an error of the kind
    /// [`BodyLimit`](common_transport::ErrorKind::BodyLimit). Default: 8 times the length of the answer plus 64 MiB.
    #[must_use]
    pub const fn budget(mut self, bytes: usize) -> Self {
        self.budget = Some(bytes);
        self
    }

    /// Reads an answer by these settings, and returns the value with the reports of parts that were set aside.
    ///
    /// # Errors
    /// As [`Operation::decode`].
    pub fn decode<O: Operation>(
        &self,
        operation: &O,
        mut response: Response<Bytes>,
    ) -> Result<Decoded<O::Output>, Error> {
        let reports = self.attach(&mut response);
        let value = operation.decode(response)?;
        Ok(Decoded::new(value, reports.take()))
    }

    /// Attaches the settings to a response, for [`Operation::decode`] to read it by. The reports are available
    /// afterwards.
    pub fn attach<B>(&self, response: &mut Response<B>) -> Reports {
        self.put(response, Attached::default())
    }

    /// As [`attach`](Self::attach), with a stop check. Soon after `stop` returns true, reading ends with
    /// [`Error::is_timeout`]. For callers with an HTTP stack of their own; a client attaches the deadline of the
    /// call.
    ///
    /// The check is called about every 16 KiB of the answer, so it should be cheap.
    ///
    /// ```
    /// use std::{sync::Arc, time::{Duration, Instant}};
    /// use common_api::Decoding;
    ///
    /// let mut response = http::Response::new(bytes::Bytes::from_static(b"{}"));
    /// let end = Instant::now() + Duration::from_secs(30);
    /// let reports = Decoding::new().attach_until(&mut response, Arc::new(move || Instant::now() >= end));
    /// // operation.decode(response)?;
    /// assert!(reports.take().is_empty());
    /// ```
    pub fn attach_until<B>(&self, response: &mut Response<B>, stop: Stop) -> Reports {
        let stop = Some(stop);
        self.put(
            response,
            Attached {
                stop,
                ..Attached::default()
            },
        )
    }

    /// Attaches the settings of a client: reading ends at the call's deadline, and parts that were set aside are
    /// reported as events.
    #[cfg(feature = "client")]
    #[cfg_attr(docsrs, doc(cfg(feature = "client")))]
    pub fn receive<B>(&self, mut response: Response<B>) -> Response<B> {
        let end = common_transport::CallEnd::of(&response);
        let stop = end.map(|common_transport::CallEnd(end)| -> Stop {
            Arc::new(move || tokio::time::Instant::now() >= end)
        });
        let attached = Attached {
            stop,
            is_told: true,
            ..Attached::default()
        };
        self.put(&mut response, attached);
        response
    }

    fn put<B>(&self, response: &mut Response<B>, mut attached: Attached) -> Reports {
        attached.decoding = *self;
        let reports = attached.reports.clone();
        response.extensions_mut().insert(attached);
        reports
    }
}

/// The settings in the extensions of a response.
#[derive(Clone, Default)]
struct Attached {
    decoding: Decoding,
    stop: Option<Stop>,
    reports: Reports,
    /// Whether reports become events, as in a client.
    is_told: bool,
}

impl Attached {
    fn of(extensions: &Extensions) -> Self {
        extensions.get::<Self>().cloned().unwrap_or_default()
    }

    fn options(&self) -> Options<'static> {
        let options = Options::new().strict(self.decoding.strict);
        match self.decoding.budget {
            Some(bytes) => options.budget(bytes),
            None => options,
        }
    }
}

impl fmt::Debug for Attached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attached")
            .field("decoding", &self.decoding)
            .finish_non_exhaustive()
    }
}
