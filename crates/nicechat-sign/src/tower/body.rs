//! Bodies whose bytes are known before they are sent.

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Deref;
use core::pin::pin;
use core::task::{Context, Poll, Waker};

use bytes::Bytes;
use http_body::Body;
use http_body_util::combinators::{BoxBody, UnsyncBoxBody};
use http_body_util::{Either, Empty, Full, StreamBody};

/// A body that may know its bytes before it is sent.
///
/// For a type of another crate, which cannot implement this trait, use
/// [`SignLayer::read_body`](super::SignLayer::read_body).
pub trait KnownBody {
    /// Returns the whole body if it is in memory. `None` makes the layer refuse the request. Must
    /// not change the bytes that are sent later.
    fn known_bytes(&self) -> Option<KnownBytes<'_>>;
}

/// The bytes of a body.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum KnownBytes<'a> {
    /// A slice of the body.
    Borrowed(&'a [u8]),
    /// Bytes shared with the body.
    Shared(Bytes),
}

impl KnownBytes<'_> {
    pub(super) fn into_bytes(self) -> Bytes {
        match self {
            Self::Borrowed(bytes) => Bytes::copy_from_slice(bytes),
            Self::Shared(bytes) => bytes,
        }
    }
}

impl Deref for KnownBytes<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Borrowed(bytes) => bytes,
            Self::Shared(bytes) => bytes,
        }
    }
}

macro_rules! in_memory {
    ($($type:ty),+) => {
        $(impl KnownBody for $type {
            fn known_bytes(&self) -> Option<KnownBytes<'_>> {
                Some(KnownBytes::Borrowed(self.as_ref()))
            }
        })+
    };
}

in_memory!(Bytes, Vec<u8>, String, &'static str, &'static [u8]);

impl KnownBody for () {
    fn known_bytes(&self) -> Option<KnownBytes<'_>> {
        Some(KnownBytes::Borrowed(&[]))
    }
}

impl<D> KnownBody for Empty<D> {
    fn known_bytes(&self) -> Option<KnownBytes<'_>> {
        Some(KnownBytes::Borrowed(&[]))
    }
}

impl KnownBody for Full<Bytes> {
    /// Reads a copy of the handle: one frame at most.
    fn known_bytes(&self) -> Option<KnownBytes<'_>> {
        let mut context = Context::from_waker(Waker::noop());
        match pin!(self.clone()).poll_frame(&mut context) {
            Poll::Ready(None) => Some(KnownBytes::Borrowed(&[])),
            Poll::Ready(Some(Ok(frame))) => frame.into_data().ok().map(KnownBytes::Shared),
            Poll::Pending => None,
        }
    }
}

impl<B: KnownBody> KnownBody for Option<B> {
    fn known_bytes(&self) -> Option<KnownBytes<'_>> {
        self.as_ref()
            .map_or(Some(KnownBytes::Borrowed(&[])), B::known_bytes)
    }
}

impl<L: KnownBody, R: KnownBody> KnownBody for Either<L, R> {
    fn known_bytes(&self) -> Option<KnownBytes<'_>> {
        match self {
            Self::Left(body) => body.known_bytes(),
            Self::Right(body) => body.known_bytes(),
        }
    }
}

macro_rules! streaming {
    ($($type:ident<$($parameter:ident),+>),+) => {
        $(impl<$($parameter),+> KnownBody for $type<$($parameter),+>
        where
            Self: Body,
        {
            /// An empty slice for an empty body; otherwise `None`, since the bytes come later.
            fn known_bytes(&self) -> Option<KnownBytes<'_>> {
                self.is_end_stream().then_some(KnownBytes::Borrowed(&[]))
            }
        })+
    };
}

streaming!(StreamBody<S>, BoxBody<D, E>, UnsyncBoxBody<D, E>);

/// Finds the bytes of a body: by its type ([`ByType`]), or by a function for types of other crates.
#[diagnostic::on_unimplemented(
    message = "the bytes of a `{B}` are not known before it is sent",
    note = "name them with `SignLayer::read_body`, or collect the body into `bytes::Bytes` first"
)]
pub trait ReadBody<B> {
    /// Returns the whole body if it is in memory.
    fn known_bytes<'b>(&self, body: &'b B) -> Option<KnownBytes<'b>>;
}

/// Reads the body through its [`KnownBody`] implementation.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct ByType;

impl<B: KnownBody> ReadBody<B> for ByType {
    fn known_bytes<'b>(&self, body: &'b B) -> Option<KnownBytes<'b>> {
        body.known_bytes()
    }
}

impl<B, F> ReadBody<B> for F
where
    F: Fn(&B) -> Option<&[u8]>,
{
    fn known_bytes<'b>(&self, body: &'b B) -> Option<KnownBytes<'b>> {
        self(body).map(KnownBytes::Borrowed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n16_the_bytes_are_those_that_are_sent() {
        let full = Full::from(Bytes::from_static(b"{}"));
        assert_eq!(full.known_bytes().as_deref(), Some(&b"{}"[..]));
        assert_eq!(
            full.known_bytes().as_deref(),
            Some(&b"{}"[..]),
            "asking takes nothing away"
        );
        let either: Either<Full<Bytes>, Empty<Bytes>> = Either::Right(Empty::new());
        for bytes in [
            Full::<Bytes>::default().known_bytes(),
            either.known_bytes(),
            ().known_bytes(),
            None::<Bytes>.known_bytes(),
            "".known_bytes(),
        ] {
            assert_eq!(bytes.as_deref(), Some(&b""[..]));
        }
        assert!(BoxBody::new(full).known_bytes().is_none());
        let empty = BoxBody::new(Empty::<Bytes>::new());
        assert_eq!(empty.known_bytes().as_deref(), Some(&b""[..]));
    }
}
