//! The steps of a request through [`Verify`](super::Verify): body, key, replay window, handler.

use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

use alloc::sync::Arc;
use alloc::vec::Vec;
use bytes::{Buf, Bytes};
use http::request::Parts;
use http::{Method, Request, Response};
use http_body::Body;
use http_body_util::Full;
use pin_project_lite::pin_project;
use tower_service::Service;

use super::lookup::KeyLookup;
use super::refuse::Refuse;
use super::replay::{ReplayStore, Seen};
use super::shared::{RawBody, Shared};
use crate::verify::{Kind, refused_by_layer};
use crate::{Claim, Verified, VerifyError};

pin_project! {
    /// The future of [`Verify`](super::Verify). See the [module docs](super).
    pub struct VerifyFuture<S, K, R, A, B>
    where
        S: Service<Request<Full<Bytes>>>,
        K: KeyLookup,
        R: ReplayStore,
    {
        shared: Arc<Shared<K, R>>,
        answer: A,
        held: Held<S>,
        #[pin]
        state: State<S::Future, K::Future, R::Future, B>,
    }
}

/// The inner service and the request, kept until the request is verified.
struct Held<S> {
    inner: S,
    parts: Option<Parts>,
    body: Vec<u8>,
    claim: Option<Claim>,
    verified: Option<Verified>,
}

pin_project! {
    #[project = StateProjection]
    enum State<F, K, R, B> {
        // The body is read, up to the limit.
        Reading { #[pin] body: B },
        // The account of the key is looked up.
        LookingUp { #[pin] account: K },
        // The signature is right; the replay store is asked.
        Remembering { #[pin] seen: R },
        // The handler runs.
        Handling { #[pin] response: F },
    }
}

impl<S, K, R, A, B> VerifyFuture<S, K, R, A, B>
where
    S: Service<Request<Full<Bytes>>>,
    K: KeyLookup,
    R: ReplayStore,
{
    pub(super) fn new(
        shared: Arc<Shared<K, R>>,
        answer: A,
        inner: S,
        parts: Parts,
        body: B,
    ) -> Self {
        let held = Held {
            inner,
            parts: Some(parts),
            body: Vec::new(),
            claim: None,
            verified: None,
        };
        Self {
            shared,
            answer,
            held,
            state: State::Reading { body },
        }
    }
}

impl<S, K, R, A, B, C> Future for VerifyFuture<S, K, R, A, B>
where
    S: Service<Request<Full<Bytes>>, Response = Response<C>>,
    K: KeyLookup,
    R: ReplayStore,
    A: Refuse<C>,
    B: Body,
{
    type Output = Result<Response<C>, S::Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            let (shared, held) = (&**this.shared, &mut *this.held);
            let next = match this.state.as_mut().project() {
                StateProjection::Reading { body } => {
                    let read = ready!(read(body, &mut held.body, shared, context));
                    let read = read.map_err(|error| held.refuse(error));
                    read.and_then(|()| held.claim(shared))
                }
                StateProjection::LookingUp { account } => {
                    let account = ready!(account.poll(context));
                    account
                        .map_err(|_| held.refuse(unavailable()))
                        .and_then(|it| held.verify(it, shared))
                }
                StateProjection::Remembering { seen } => match ready!(seen.poll(context)) {
                    Ok(Seen::First) => held.handle::<K, R, B>(),
                    Ok(Seen::Again) => Err(held.refuse(VerifyError::new(Kind::Replayed))),
                    Err(_) => Err(held.refuse(unavailable())),
                },
                StateProjection::Handling { response } => return response.poll(context),
            };
            match next {
                Ok(state) => this.state.set(state),
                Err(rejection) => return Poll::Ready(Ok(this.answer.refuse(rejection))),
            }
        }
    }
}

type NextState<S, K, R, B> = Result<
    State<
        <S as Service<Request<Full<Bytes>>>>::Future,
        <K as KeyLookup>::Future,
        <R as ReplayStore>::Future,
        B,
    >,
    VerifyError,
>;

impl<S: Service<Request<Full<Bytes>>>> Held<S> {
    /// Records a refusal that is not the verifier's.
    fn refuse(&self, error: VerifyError) -> VerifyError {
        refused_by_layer(error, self.parts.as_ref());
        error
    }

    fn claim<K: KeyLookup, R: ReplayStore, B>(
        &mut self,
        shared: &Shared<K, R>,
    ) -> NextState<S, K, R, B> {
        let parts = self.parts.as_ref().ok_or(unavailable())?;
        let claim = shared.verifier.claim(parts, &self.body)?;
        let account = shared.keys.account(claim.key());
        self.claim = Some(claim);
        Ok(State::LookingUp { account })
    }

    fn verify<K: KeyLookup, R: ReplayStore, B>(
        &mut self,
        account: Option<crate::Credentials>,
        shared: &Shared<K, R>,
    ) -> NextState<S, K, R, B> {
        let claim = self.claim.take().ok_or(unavailable())?;
        let verified = claim.verify(account.as_ref())?;
        let changes = self
            .parts
            .as_ref()
            .is_some_and(|parts| parts.method != Method::GET);
        let seen = (R::ASKED && changes).then(|| shared.replay.remember(verified.signature()));
        self.verified = Some(verified);
        match seen {
            Some(seen) => Ok(State::Remembering { seen }),
            None => self.handle::<K, R, B>(),
        }
    }

    /// Passes the request on: its parts unchanged, its body as the signed bytes.
    fn handle<K: KeyLookup, R: ReplayStore, B>(&mut self) -> NextState<S, K, R, B> {
        let mut parts = self.parts.take().ok_or(unavailable())?;
        let verified = self.verified.take().ok_or(unavailable())?;
        let body = Bytes::from(core::mem::take(&mut self.body));
        parts.extensions.insert(verified);
        parts.extensions.insert(RawBody(body.clone()));
        let request = Request::from_parts(parts, Full::from(body));
        Ok(State::Handling {
            response: self.inner.call(request),
        })
    }
}

/// Reads the body to its end, or to the first byte beyond the limit.
fn read<B: Body, K, R>(
    mut body: Pin<&mut B>,
    out: &mut Vec<u8>,
    shared: &Shared<K, R>,
    context: &mut Context<'_>,
) -> Poll<Result<(), VerifyError>> {
    let limit = shared.verifier.body_limit();
    let too_large = || Poll::Ready(Err(VerifyError::new(Kind::TooLarge)));
    loop {
        let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
        if announced > limit - out.len() {
            return too_large();
        }
        out.reserve(announced);
        match ready!(body.as_mut().poll_frame(context)) {
            None => return Poll::Ready(Ok(())),
            Some(Err(_)) => return Poll::Ready(Err(VerifyError::new(Kind::Malformed))),
            Some(Ok(frame)) => {
                // Trailers are not signed and are left behind.
                let Ok(mut data) = frame.into_data() else {
                    continue;
                };
                if data.remaining() > limit - out.len() {
                    return too_large();
                }
                while data.has_remaining() {
                    let chunk = data.chunk();
                    out.extend_from_slice(chunk);
                    let length = chunk.len();
                    data.advance(length);
                }
            }
        }
    }
}

const fn unavailable() -> VerifyError {
    VerifyError::new(Kind::Unavailable)
}

impl<S, K, R, A, B> fmt::Debug for VerifyFuture<S, K, R, A, B>
where
    S: Service<Request<Full<Bytes>>>,
    K: KeyLookup,
    R: ReplayStore,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            State::Reading { .. } => "reading",
            State::LookingUp { .. } => "looking up",
            State::Remembering { .. } => "remembering",
            State::Handling { .. } => "handling",
        };
        f.debug_tuple("VerifyFuture").field(&state).finish()
    }
}
