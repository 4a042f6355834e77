//! The body of a request.

use std::{
    fmt,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use http::{Extensions, Request};
use http_body::Body as HttpBody;

use super::{pieces::BoxPieces, run::Run, slot::Slot};
use crate::BoxError;

/// The body of a request: bytes, or a stream; see the [module](super).
///
/// Clones are cheap. They share a stream that can be sent [`once`](Self::once): the first one to be sent takes it.
#[derive(Clone)]
pub struct Body {
    pub(super) source: Source,
    pub(super) length: Option<u64>,
}

#[derive(Clone)]
pub(super) enum Source {
    Whole(Bytes),
    Restartable(Arc<dyn Fn() -> BoxPieces + Send + Sync>),
    Once(Arc<Mutex<Slot>>),
}

impl Body {
    /// Builds a body from a stream that `make` can restart. Each attempt sends its own stream, and all must yield
    /// the same bytes. If a stream cannot be made (a file that is gone), it must fail with an error.
    pub fn restartable<B>(make: impl Fn() -> B + Send + Sync + 'static) -> Self
    where
        B: HttpBody + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let make = move || -> BoxPieces { Box::pin(make()) };
        Self {
            source: Source::Restartable(Arc::new(make)),
            length: None,
        }
    }

    /// Builds a body from a stream that cannot be restarted. After its first piece was taken no further attempt is
    /// made, not even for an idempotent call.
    pub fn once<B>(stream: B) -> Self
    where
        B: HttpBody + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let pieces: BoxPieces = Box::pin(stream);
        Self {
            length: pieces.length(),
            source: Source::Once(Arc::new(Slot::new(pieces))),
        }
    }

    /// Sets the length of the stream in bytes, so that it is sent with `Content-Length`. Sending fails when the
    /// stream yields fewer or more bytes; to detect that, its last piece is sent only after the stream has ended.
    /// Bytes, and streams with an exact size hint, know their length.
    #[must_use]
    pub fn with_length(mut self, bytes: u64) -> Self {
        if !matches!(self.source, Source::Whole(_)) {
            self.length = Some(bytes);
        }
        self
    }

    /// Returns the length in bytes, if it is known yet.
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// Whether another attempt could send it. False once the first piece of a [`once`](Self::once) body was taken.
    pub fn can_be_sent(&self) -> bool {
        match &self.source {
            Source::Once(slot) => !Slot::is_taken(slot),
            Source::Whole(_) | Source::Restartable(_) => true,
        }
    }

    /// Converts a request for the layers: bytes become its body, and a stream is attached to an empty body.
    pub fn attach(request: Request<Self>) -> Request<Bytes> {
        let (mut parts, body) = request.into_parts();
        let whole = match body.source {
            Source::Whole(bytes) => bytes,
            _ => {
                parts.extensions.insert(Attached {
                    body,
                    run: Arc::default(),
                });
                Bytes::new()
            }
        };
        Request::from_parts(parts, whole)
    }

    /// Returns the stream that is attached to a request. Code that signs bodies must check it, since the request's
    /// own body is then empty.
    pub fn of<B>(request: &Request<B>) -> Option<&Self> {
        attached(request).map(|attached| &attached.body)
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self {
            length: Some(bytes.len() as u64),
            source: Source::Whole(bytes),
        }
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.source {
            Source::Whole(_) => "bytes",
            Source::Restartable(_) => "restartable",
            Source::Once(_) => "once",
        };
        f.debug_struct("Body")
            .field("kind", &kind)
            .field("length", &self.length)
            .finish()
    }
}

/// A stream in the extensions of its request, shared by the attempts of a call.
#[derive(Clone)]
pub(super) struct Attached {
    pub(super) body: Body,
    pub(super) run: Arc<Run>,
}

pub(super) fn attached<B>(request: &Request<B>) -> Option<&Attached> {
    request.extensions().get()
}

/// Returns the progress of the stream that is attached to a request.
pub(crate) fn run_of<B>(request: &Request<B>) -> Option<Arc<Run>> {
    attached(request).map(|attached| Arc::clone(&attached.run))
}

/// Whether the body of the request with these extensions was taken and cannot be sent again.
pub(crate) fn is_spent(extensions: &Extensions) -> bool {
    let attached = extensions.get::<Attached>();
    attached.is_some_and(|attached| !attached.body.can_be_sent())
}
