//! How answers are read: strictly or not, within how much memory, and until when.
//!
//! [`Operation::decode`] takes a response and nothing else. So the settings travel in the response's extensions, and
//! what was kept aside comes back the same way. A response that carries no settings is read as [`Decoding::new`] says,
//! and what was kept aside in it is not told.

mod read;
mod reports;
#[cfg(test)]
mod tests;

use std::{fmt, sync::Arc};

use bytes::Bytes;
use common_model::{Decoded, Options};
use common_transport::{Error, Operation};
use http::{Extensions, Response};

pub use read::{read, read_into};
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
    #[cfg(feature = "client")]
    block_in_place: bool,
}

impl Decoding {
    /// The default.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            strict: false,
            budget: None,
            #[cfg(feature = "client")]
            block_in_place: false,
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

    /// Whether answers of 1 MiB or more are read by [`tokio::task::block_in_place`], so that the other tasks of the
    /// worker go on meanwhile. It has an effect on a runtime of several threads alone. Default: no.
    ///
    /// It is not the default because tokio panics there inside of a `LocalSet`, and a library cannot see whether it is
    /// in one. Without it a call holds its worker while its answer is read: some milliseconds for each MiB, and never
    /// longer than to the call's deadline.
    #[cfg(feature = "client")]
    #[cfg_attr(docsrs, doc(cfg(feature = "client")))]
    #[must_use]
    pub const fn block_in_place(mut self, block: bool) -> Self {
        self.block_in_place = block;
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
        let reports = Reports::default();
        response.extensions_mut().insert(Attached {
            decoding: *self,
            stop: None,
            reports: reports.clone(),
            is_told: false,
        });
        reports
    }

    /// The same for a client: reading ends with the call's deadline, and what was kept aside is told by events.
    #[cfg(feature = "client")]
    #[cfg_attr(docsrs, doc(cfg(feature = "client")))]
    pub fn receive<B>(&self, mut response: Response<B>) -> Response<B> {
        let end = common_transport::CallEnd::of(&response);
        let stop = end.map(|common_transport::CallEnd(end)| -> Stop {
            Arc::new(move || tokio::time::Instant::now() >= end)
        });
        response.extensions_mut().insert(Attached {
            decoding: *self,
            stop,
            reports: Reports::default(),
            is_told: true,
        });
        response
    }
}

/// Says whether nobody waits any longer.
type Stop = Arc<dyn Fn() -> bool + Send + Sync>;

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

    fn options(&self) -> Options<'_> {
        let mut options = Options::new().strict(self.decoding.strict);
        if let Some(bytes) = self.decoding.budget {
            options = options.budget(bytes);
        }
        match &self.stop {
            Some(stop) => options.stop(&**stop),
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
