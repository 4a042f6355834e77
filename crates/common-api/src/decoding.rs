//! How answers are read: strictly or not, within how much memory, and until when.
//!
//! [`Operation::decode`] takes a response and nothing else. So the settings travel in the response's extensions, and
//! what was kept aside comes back the same way. A response that carries no settings is read as [`Decoding::new`] says,
//! and what was kept aside in it is not told.
//!
//! All work on an answer asks one clock whether to go on: mending it, looking at its envelope, reading its model.

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

/// How answers are read.
///
/// By default one odd element does not lose the rest of an answer: an element of a list or map, or an optional field,
/// that is JSON and not of its type is kept aside (see the table of [`common_model`]). A client tells of each by an
/// event of `tracing` at the level `WARN`, with its path and what was wrong, and never with its value.
///
/// Who brings an HTTP stack of their own gets both from [`decode`](Self::decode).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Decoding {
    strict: bool,
    budget: Option<usize>,
}

impl Decoding {
    /// The default.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            strict: false,
            budget: None,
        }
    }

    /// Whether an answer of which a part is not of its type is an error: [`Error::is_decode`]. Default: no.
    #[must_use]
    pub const fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// How many bytes of memory the model of an answer may take; more is an error of the kind
    /// [`BodyLimit`](common_transport::ErrorKind::BodyLimit). Default: 8 times the bytes of the answer and 64 MiB.
    #[must_use]
    pub const fn budget(mut self, bytes: usize) -> Self {
        self.budget = Some(bytes);
        self
    }

    /// Reads an answer by these settings, and tells what was kept aside.
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

    /// Has [`Operation::decode`] read a response by these settings; the reports are there when it has.
    pub fn attach<B>(&self, response: &mut Response<B>) -> Reports {
        self.put(response, Attached::default())
    }

    /// The same, until `stop` says true: reading ends soon after, as [`Error::is_timeout`]. For those who bring an HTTP
    /// stack of their own; a client does so with the deadline of a call.
    ///
    /// It is asked again and again, after some 16 KiB of the answer each time, so it should be cheap.
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

    /// What a client does with each answer: reading ends with the call's deadline, and what was kept aside is told by
    /// events.
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

/// Mends the body of an answer that is not quite JSON; none when there is nothing to mend, or nothing that could be.
/// It asks the settings now and then [whether to stop](Options::says_stop); what it gives then does not count.
pub type Mend = fn(&[u8], &Options<'_>) -> Option<Vec<u8>>;

/// Has [`read`] mend the body of an answer before anything else is done with it.
pub fn mend_first<B>(response: &mut Response<B>, mend: Mend) {
    response.extensions_mut().insert(Mended(mend));
}

#[derive(Clone, Copy)]
struct Mended(Mend);

/// What travels in the extensions of a response.
#[derive(Clone, Default)]
struct Attached {
    decoding: Decoding,
    stop: Option<Stop>,
    reports: Reports,
    /// A client tells its reports by events.
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
