//! What a request sends.

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
/// Clones are cheap, and share a stream that can be sent [`once`](Self::once): the first to be sent takes it.
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
    /// A stream that `make` can begin anew: each attempt sends one of its own, which must give the same
    /// bytes. What cannot be made (a file that is gone) says so as the stream's error.
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

    /// A stream that cannot be begun anew. Once its first piece was taken no attempt follows, not even of an
    /// idempotent call.
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

    /// Says how many bytes the stream will give, so that it is sent with `Content-Length`. Sending fails when
    /// it gives fewer or more; to know that, its last piece is sent when it has ended. Bytes know their length, and so do streams whose size hint is exact.
    #[must_use]
    pub fn with_length(mut self, bytes: u64) -> Self {
        if !matches!(self.source, Source::Whole(_)) {
            self.length = Some(bytes);
        }
        self
    }

    /// How many bytes it sends, where that is known by now.
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// Whether another attempt could send it: false once the first piece of a [`once`](Self::once) was taken.
    pub fn can_be_sent(&self) -> bool {
        match &self.source {
            Source::Once(slot) => !Slot::is_taken(slot),
            Source::Whole(_) | Source::Restartable(_) => true,
        }
    }

    /// A request as the layers carry it: bytes as they are, a stream beside an empty body.
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

    /// The stream that is attached to a request. Who signs bodies has to look: it is not in the request's own.
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

/// A stream in the extensions of its request; the attempts of a call share it.
#[derive(Clone)]
pub(super) struct Attached {
    pub(super) body: Body,
    pub(super) run: Arc<Run>,
}

pub(super) fn attached<B>(request: &Request<B>) -> Option<&Attached> {
    request.extensions().get()
}

/// The sending of the stream that is attached to a request.
pub(crate) fn run_of<B>(request: &Request<B>) -> Option<Arc<Run>> {
    attached(request).map(|attached| Arc::clone(&attached.run))
}

/// Whether the body of the request with these extensions was taken, and cannot be sent again.
pub(crate) fn is_spent(extensions: &Extensions) -> bool {
    let attached = extensions.get::<Attached>();
    attached.is_some_and(|attached| !attached.body.can_be_sent())
}
