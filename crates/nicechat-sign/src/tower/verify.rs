//! Lets signed requests through.

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
use super::replay::{ReplayStore, Unguarded};
use super::verify_future::VerifyFuture;
use crate::Verifier;

/// Lets signed requests through to any http service. See the [module docs](super).
///
/// The handler finds [`Verified`](crate::Verified) and [`RawBody`] among the request's extensions.
/// A refused request is answered in the service's envelope ([`Rejection`](crate::Rejection)).
///
/// The path that is checked is the one in the request: put the layer outside of whatever strips a
/// prefix, such as a nested router.
#[derive(Debug)]
pub struct VerifyLayer<K, R = Unguarded> {
    shared: Arc<Shared<K, R>>,
}

#[derive(Debug)]
pub(super) struct Shared<K, R> {
    pub(super) verifier: Verifier,
    pub(super) keys: K,
    pub(super) replay: R,
}

impl<K> VerifyLayer<K> {
    /// Checks with a verifier; `keys` finds the account of a key.
    pub fn new(verifier: Verifier, keys: K) -> Self {
        Self {
            shared: Arc::new(Shared {
                verifier,
                keys,
                replay: Unguarded::default(),
            }),
        }
    }
}

impl<K, R> VerifyLayer<K, R> {
    /// Checks with a verifier, and takes a request that changes something once per replay window.
    /// A GET is not asked about: clients repeat it rightfully.
    pub fn with_replay_store(verifier: Verifier, keys: K, replay: R) -> Self {
        Self {
            shared: Arc::new(Shared {
                verifier,
                keys,
                replay,
            }),
        }
    }
}

impl<K, R> Clone for VerifyLayer<K, R> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
        }
    }
}

impl<S, K, R> Layer<S> for VerifyLayer<K, R> {
    type Service = Verify<S, K, R>;

    fn layer(&self, inner: S) -> Self::Service {
        Verify {
            inner,
            shared: Arc::clone(&self.shared),
        }
    }
}

/// The service of [`VerifyLayer`]. See the [module docs](super).
#[derive(Debug)]
pub struct Verify<S, K, R = Unguarded> {
    inner: S,
    shared: Arc<Shared<K, R>>,
}

impl<S: Clone, K, R> Clone for Verify<S, K, R> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            shared: Arc::clone(&self.shared),
        }
    }
}

/// The bytes that were signed, beside whatever the handler makes of the body (X5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawBody(pub Bytes);

impl<S, K, R, B, C> Service<Request<B>> for Verify<S, K, R>
where
    S: Service<Request<Full<Bytes>>, Response = Response<C>> + Clone,
    C: From<Bytes>,
    K: KeyLookup,
    R: ReplayStore,
    B: Body,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = VerifyFuture<S, K, R, B>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let (parts, body) = request.into_parts();
        // The clone takes the place of the one that was polled ready.
        let fresh = self.inner.clone();
        let inner = mem::replace(&mut self.inner, fresh);
        VerifyFuture::new(Arc::clone(&self.shared), inner, parts, body)
    }
}
