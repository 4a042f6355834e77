//! Reads a response: on the current thread, or on a thread for blocking work when the body is long.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode};
use tokio::{
    runtime::Handle,
    task::spawn_blocking,
    time::{Instant, timeout_at},
};
use tracing::{
    Span,
    dispatcher::{get_default, with_default},
};

use super::{Client, ClientRequestId};
use crate::{
    Attempts, CallEnd, Decoder, Error, ErrorKind, GivenUp, Metadata, Operation, mask::Mask,
    request_id, retry::Ambiguous,
};

/// Responses of this many bytes or more are read on another thread. Reading a shorter one takes some milliseconds at
/// most, and mostly less time than waking a thread.
const LONG: usize = 256 * 1024;

impl Client {
    /// Reads a response of [`execute`](Self::execute) by [`Operation::decode`]. Adds to its error the number of
    /// attempts and whether the call may have landed.
    ///
    /// # Errors
    /// The errors of [`Operation::decode`].
    pub fn decode<O: Operation>(
        operation: &O,
        response: Response<Bytes>,
    ) -> Result<O::Output, Error> {
        let seen = Seen::of(&response);
        let output = operation.decode(response);
        output.map_err(|error| seen.annotate(error, operation.metadata()))
    }

    /// Reads a response as [`decode`](Self::decode) does, without blocking the runtime. A response of 256 KiB or more
    /// is read on a thread for blocking work, if the operation has a [`decoder`](Operation::decoder), until the end of
    /// the call's time at the latest. Dropping the future stops the reading soon.
    ///
    /// Outside of a tokio runtime the response is read on the current thread.
    ///
    /// # Errors
    /// The errors of [`decode`](Self::decode), and [`Error::is_timeout`] when the call's time is over before the
    /// response is read.
    pub async fn read<O: Operation>(
        operation: &O,
        response: Response<Bytes>,
    ) -> Result<O::Output, Error> {
        if response.body().len() >= LONG
            && Handle::try_current().is_ok()
            && let Some(decoder) = operation.decoder()
        {
            return apart(operation.metadata(), decoder, response).await;
        }
        Self::decode(operation, response)
    }
}

/// Reads a response on another thread.
async fn apart<T: Send + 'static>(
    metadata: &'static Metadata,
    decoder: Decoder<T>,
    mut response: Response<Bytes>,
) -> Result<T, Error> {
    let waiting = Waiting(GivenUp::default());
    response.extensions_mut().insert(waiting.0.clone());
    let (seen, end) = (Arc::new(Seen::of(&response)), CallEnd::of(&response));
    let status = response.status();
    let slot = Arc::new(Mutex::new(None));
    let (filled, seen_there) = (Arc::clone(&slot), Arc::clone(&seen));
    // A box, and a slot for its result: the wait for the thread is compiled once for all types.
    let read = Box::new(move || {
        let read = decoder(response).map_err(|error| seen_there.annotate(error, metadata));
        *filled.lock().unwrap_or_else(PoisonError::into_inner) = Some(read);
    });
    let ended = run(read, end.map(|CallEnd(end)| end)).await;
    let read = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
    read.unwrap_or_else(|| Err(seen.annotate(ended.into_error(status), metadata)))
}

/// The way in which the work ended.
enum Ended {
    InTime,
    TooLate,
    Stopped,
}

async fn run(work: Box<dyn FnOnce() + Send>, end: Option<Instant>) -> Ended {
    // Events of the reading belong to the caller's span and subscriber.
    let (span, subscriber) = (Span::current(), get_default(Clone::clone));
    let work = spawn_blocking(move || with_default(&subscriber, || span.in_scope(work)));
    let ended = match end {
        Some(end) => timeout_at(end, work).await,
        None => Ok(work.await),
    };
    match ended {
        Ok(Ok(())) => Ended::InTime,
        Err(_) => Ended::TooLate,
        Ok(Err(failed)) => match failed.try_into_panic() {
            // As if the reading had run here.
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Ended::Stopped,
        },
    }
}

impl Ended {
    /// The error of a reading that did not finish. The service has responded, so the call may have had its effect.
    fn into_error(self, status: StatusCode) -> Error {
        let (kind, message) = match self {
            Self::Stopped => (
                ErrorKind::Transport,
                "the runtime was shut down before the answer was read",
            ),
            _ => (
                ErrorKind::Timeout,
                "the call's deadline passed while its answer was read",
            ),
        };
        Error::new(kind, message)
            .with_status(status)
            .with_may_have_landed(true)
    }
}

/// The wait for the other thread. Dropping it stops the reading.
struct Waiting(GivenUp);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.give_up();
    }
}

/// The parts of a response that its errors need, kept while the operation reads it.
pub(super) struct Seen {
    mask: Option<Arc<Mask>>,
    request_id: Option<HeaderValue>,
    own_id: Option<HeaderValue>,
    attempts: u32,
    ambiguous: bool,
    is_success: bool,
}

impl Seen {
    pub(super) fn of(response: &Response<Bytes>) -> Self {
        let extensions = response.extensions();
        Self {
            mask: extensions.get().cloned(),
            request_id: request_id::value(response.headers()).cloned(),
            own_id: ClientRequestId::of(response).map(|id| id.value().clone()),
            attempts: Attempts::of(response).0,
            ambiguous: extensions.get::<Ambiguous>().is_some(),
            is_success: response.status().is_success(),
        }
    }

    /// Adds the details of the call to an error of the operation. It may have landed if the operation says so, if an
    /// earlier attempt may have landed, or if a success cannot be read.
    pub(super) fn annotate(&self, error: Error, metadata: &'static Metadata) -> Error {
        let unread = self.is_success && error.kind() == ErrorKind::Decode;
        let may_have_landed = error.may_have_landed() || self.ambiguous || unread;
        let error = error
            .with_operation(metadata)
            .with_attempts(self.attempts)
            .with_may_have_landed(may_have_landed)
            .with_id_in(self.request_id.as_ref())
            .with_client_id_in(self.own_id.as_ref());
        match &self.mask {
            Some(mask) => error.hide(mask),
            None => error,
        }
    }
}
