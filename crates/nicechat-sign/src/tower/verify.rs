//! The server's layer: accepts signed requests only.

use core::fmt;
use core::mem;
use core::task::{Context, Poll};

use alloc::sync::Arc;
use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use http_body_util::Full;
use tower_layer::Layer;
use tower_service::Service;

use super::lookup::KeyLookup;
use super::refuse::{Envelope, Refuse};
use super::replay::{ReplayStore, Unguarded};
use super::shared::Shared;
use super::verify_future::VerifyFuture;
use crate::{Verifier, VerifyError};

/// Passes correctly signed requests on to any HTTP service. See the [module docs](super).
///
/// The handler finds [`Verified`](crate::Verified) and [`RawBody`](super::RawBody) among the request's extensions.
/// A refused request is answered in the service's envelope, unless [`refuse_with`](Self::refuse_with) sets another
/// response.
///
/// The layer checks the path of the request it gets. Put it outside of layers that strip a prefix,
/// such as a nested router.
pub struct VerifyLayer<K, R = Unguarded, A = Envelope> {
    shared: Arc<Shared<K, R>>,
    answer: A,
}

impl<K> VerifyLayer<K> {
    /// A layer that checks with `verifier`; `keys` finds the account of a key.
    pub fn new(verifier: Verifier, keys: K) -> Self {
        Self::with_replay_store(verifier, keys, Unguarded::default())
    }
}

impl<K, R> VerifyLayer<K, R> {
    /// A layer that also accepts a request that changes something only once per replay window. A
    /// GET does not query the store, since clients may repeat it.
    pub fn with_replay_store(verifier: Verifier, keys: K, replay: R) -> Self {
        let shared = Shared {
            verifier,
            keys,
            replay,
        };
        Self {
            shared: Arc::new(shared),
            answer: Envelope,
        }
    }

    /// Sets how responses to refused requests are built: for another format, for a response body
    /// that cannot be made from bytes, or to count refusals.
    #[must_use]
    pub fn refuse_with<C, F>(self, answer: F) -> VerifyLayer<K, R, F>
    where
        F: Fn(VerifyError) -> Response<C>,
    {
        VerifyLayer {
            shared: self.shared,
            answer,
        }
    }
}

impl<K, R, A: Clone> Clone for VerifyLayer<K, R, A> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            answer: self.answer.clone(),
        }
    }
}

impl<K, R, A> fmt::Debug for VerifyLayer<K, R, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyLayer")
            .field("verifier", &self.shared.verifier)
            .finish_non_exhaustive()
    }
}

impl<S, K, R, A: Clone> Layer<S> for VerifyLayer<K, R, A> {
    type Service = Verify<S, K, R, A>;

    fn layer(&self, inner: S) -> Self::Service {
        Verify {
            inner,
            shared: Arc::clone(&self.shared),
            answer: self.answer.clone(),
        }
    }
}

/// The service of [`VerifyLayer`]. See the [module docs](super).
pub struct Verify<S, K, R = Unguarded, A = Envelope> {
    inner: S,
    shared: Arc<Shared<K, R>>,
    answer: A,
}

impl<S: Clone, K, R, A: Clone> Clone for Verify<S, K, R, A> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            shared: Arc::clone(&self.shared),
            answer: self.answer.clone(),
        }
    }
}

impl<S: fmt::Debug, K, R, A> fmt::Debug for Verify<S, K, R, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verify")
            .field("inner", &self.inner)
            .field("verifier", &self.shared.verifier)
            .finish_non_exhaustive()
    }
}

impl<S, K, R, A, B, C> Service<Request<B>> for Verify<S, K, R, A>
where
    S: Service<Request<Full<Bytes>>, Response = Response<C>> + Clone,
    K: KeyLookup,
    R: ReplayStore,
    A: Refuse<C> + Clone,
    B: Body,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = VerifyFuture<S, K, R, A, B>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let (parts, body) = request.into_parts();
        // The ready service handles this request; its clone takes its place.
        let fresh = self.inner.clone();
        let inner = mem::replace(&mut self.inner, fresh);
        let shared = Arc::clone(&self.shared);
        VerifyFuture::new(shared, self.answer.clone(), inner, parts, body)
    }
}
