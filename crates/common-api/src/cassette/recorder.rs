//! The layer that records.

use std::{
    fmt,
    fs::File,
    future::Future,
    io,
    path::Path,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{self, Poll},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use common_model::civil;
use common_transport::{Body, BoxError, Context, Error, Mask, Secret};
use http::{Method, Request, Response, Uri, header::CONTENT_ENCODING};
use tokio::time::Instant;
use tower_layer::Layer;
use tower_service::Service;

use super::{
    exchange::{Exchange, Outcome},
    file,
    learned::Learned,
};
use crate::masked::{Masked, in_body, in_headers};

/// Records exchanges to a file: a layer for `ClientBuilder::layer`, which stands around each attempt. Clones write to
/// the same file.
///
/// A line is written when the answer is complete, by one call of the operating system. It holds the answer after
/// decompression. An attempt that is given up, for instance by the deadline of its call, is not recorded, and neither
/// is the body of a streamed request.
#[derive(Clone)]
pub struct Recorder {
    tape: Arc<Tape>,
}

struct Tape {
    state: Mutex<State>,
    began: Instant,
    began_at: SystemTime,
}

struct State {
    file: File,
    learned: Learned,
    failure: Option<io::Error>,
}

impl Recorder {
    /// Opens the file, which is made if it is not there, for its owner alone. An existing recording is continued.
    ///
    /// # Errors
    /// The file cannot be opened, or it holds something other than a recording.
    #[expect(
        clippy::disallowed_methods,
        reason = "a recording says when it was made; nothing depends on it"
    )]
    pub fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        let state = State {
            file: file::open(path.as_ref())?,
            learned: Learned::default(),
            failure: None,
        };
        let tape = Tape {
            state: Mutex::new(state),
            began: Instant::now(),
            began_at: SystemTime::now(),
        };
        Ok(Self {
            tape: Arc::new(tape),
        })
    }

    /// Masks a secret that the client does not know, such as the last segment of the address that is given to the service
    /// for its events.
    pub fn hide(&self, secret: impl Into<Secret>) {
        self.tape.lock().learned.hide(secret.into());
    }

    /// Says whether all exchanges were written. Calls do not fail when their exchange cannot be written.
    ///
    /// # Errors
    /// The first error of writing since the last call of this method.
    pub fn finish(&self) -> io::Result<()> {
        self.tape.lock().failure.take().map_or(Ok(()), Err)
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").finish_non_exhaustive()
    }
}

impl<S> Layer<S> for Recorder {
    type Service = Recorded<S>;

    fn layer(&self, inner: S) -> Recorded<S> {
        Recorded {
            inner,
            tape: Arc::clone(&self.tape),
        }
    }
}

impl Tape {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The time of day, counted from the beginning of the recording.
    fn time_of(&self, moment: Instant) -> String {
        let since = self.began_at.duration_since(UNIX_EPOCH).unwrap_or_default();
        let since = since + moment.duration_since(self.began);
        let since = Duration::from_millis(u64::try_from(since.as_millis()).unwrap_or(0));
        let epoch = civil::DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
        let time = epoch.checked_add(since).unwrap_or(epoch);
        format!(
            "{}.{:03}Z",
            time.strftime("%Y-%m-%dT%H:%M:%S"),
            since.subsec_millis()
        )
    }

    fn record(&self, request: Kept, outcome: Result<&Response<Bytes>, &Error>) {
        let mut state = self.lock();
        for secret in request.masked.own() {
            state.learned.see(secret);
        }
        if let Ok(response) = outcome {
            let found = in_headers(response.headers());
            let found = found
                .into_iter()
                .chain(in_body(response.headers(), response.body(), &[]));
            found.for_each(|secret| state.learned.add(secret));
        }
        let line = request
            .exchange(self, state.learned.mask(), outcome)
            .to_line();
        if let Err(error) = file::append(&state.file, &line) {
            tracing::warn!(%error, "the exchange cannot be recorded");
            state.failure.get_or_insert(error);
        }
    }
}

/// A request, while its answer is waited for.
struct Kept {
    operation: Option<String>,
    began: Instant,
    masked: Masked,
    method: Method,
    uri: Uri,
    headers: http::HeaderMap,
    body: Bytes,
}

impl Kept {
    fn of(request: &Request<Bytes>) -> Self {
        let metadata = Context::of(request).and_then(Context::metadata);
        let mut body = request.body().clone();
        if Body::of(request).is_some() {
            body = Bytes::new();
        } else if is_coded(request) {
            // Secrets in it cannot be found.
            body = Bytes::from_static(Mask::HIDDEN.as_bytes());
        }
        Self {
            operation: metadata.map(|of| format!("{}.{}", of.service, of.name)),
            began: Instant::now(),
            masked: Masked::of(request),
            method: request.method().clone(),
            uri: request.uri().clone(),
            headers: request.headers().clone(),
            body,
        }
    }

    fn exchange(
        self,
        tape: &Tape,
        learned: &Mask,
        outcome: Result<&Response<Bytes>, &Error>,
    ) -> Exchange {
        let masked = self.masked.with(learned);
        let outcome = match outcome {
            Ok(response) => Outcome::Answer {
                status: response.status().as_u16(),
                headers: masked.headers(response.headers()),
                body: masked.bytes(response.body()).into_owned(),
            },
            Err(error) => Outcome::Failure {
                kind: error.kind(),
                may_have_landed: error.may_have_landed(),
                message: masked.text(error.message()).into_owned(),
            },
        };
        let took = self.began.elapsed().as_micros();
        Exchange {
            operation: self.operation,
            started: tape.time_of(self.began),
            took_micros: i64::try_from(took).unwrap_or(i64::MAX),
            method: masked.text(self.method.as_str()).into_owned(),
            url: masked.uri(&self.uri),
            headers: masked.headers(&self.headers),
            body: masked.bytes(&self.body).into_owned(),
            outcome,
        }
    }
}

/// Whether the body is compressed.
fn is_coded(request: &Request<Bytes>) -> bool {
    let mut codings = request.headers().get_all(CONTENT_ENCODING).iter();
    codings.any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

/// The service of [`Recorder`].
#[derive(Clone)]
pub struct Recorded<S> {
    inner: S,
    tape: Arc<Tape>,
}

impl<S: fmt::Debug> fmt::Debug for Recorded<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorded")
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}

impl<S> Service<Request<Bytes>> for Recorded<S>
where
    S: Service<Request<Bytes>, Response = Response<Bytes>>,
    S::Error: Into<BoxError>,
    S::Future: Send + 'static,
{
    type Response = Response<Bytes>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Bytes>, Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut task::Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(cx).map_err(Error::from_foreign)
    }

    fn call(&mut self, request: Request<Bytes>) -> Self::Future {
        let kept = Kept::of(&request);
        let tape = Arc::clone(&self.tape);
        let answer = self.inner.call(request);
        Box::pin(async move {
            let answer = answer.await.map_err(Error::from_foreign);
            tape.record(kept, answer.as_ref());
            answer
        })
    }
}
