//! The service that a client calls in place of the network.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{self, Poll},
};

use bytes::Bytes;
use common_transport::{Context, Error, verdict::End};
use http::{Request, Response};
use tower_service::Service;

use super::{
    Received, Shared, lock,
    state::{Act, Candidate},
};

/// The service of a [`Mock`](super::Mock). Clones share its expectations; it keeps no mock from its check on drop.
#[derive(Clone)]
pub struct MockService {
    state: Shared,
}

impl MockService {
    pub(super) fn new(state: Shared) -> Self {
        Self { state }
    }

    fn act(&self, received: &Received) -> Result<Act, Error> {
        let (number, candidates) = lock(&self.state).receive(received);
        // Conditions and actions belong to the test, and may use the mock: the lock is not held.
        let fitting: Vec<Candidate> = candidates
            .into_iter()
            .filter(|candidate| candidate.fits(received))
            .collect();
        let taken = lock(&self.state).take(&fitting);
        let Some((action, status)) = taken else {
            let nearest = lock(&self.state).refuse(number, &fitting);
            let message = format!("nothing expects {}; {nearest}", received.line());
            return Err(Error::invalid_input("mock", message));
        };
        let mut act = action(received);
        if let (Act::Answer(response), Some(status)) = (&mut act, status) {
            *response.status_mut() = status;
        }
        Ok(act)
    }
}

impl fmt::Debug for MockService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockService").finish_non_exhaustive()
    }
}

impl Service<Request<Bytes>> for MockService {
    type Response = Response<Bytes>;
    type Error = Error;
    type Future = MockFuture;

    fn poll_ready(&mut self, _: &mut task::Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Bytes>) -> MockFuture {
        let received = Received::new(request);
        let answer = match self.act(&received) {
            Ok(Act::Silence) => return MockFuture(None),
            Ok(Act::Answer(response)) => Ok(response),
            Ok(Act::End(end)) => Err(ended(end, received.request())),
            Ok(Act::Unreadable) => {
                let message = format!("the parameters of {} cannot be read", received.line());
                Err(Error::invalid_input("mock", message))
            }
            Err(error) => Err(error),
        };
        MockFuture(Some(answer))
    }
}

fn ended(end: End, request: &Request<Bytes>) -> Error {
    let message = match end {
        End::Late => "the mock lets no answer come in time",
        End::Unsent => "the mock breaks the connection before the request is sent",
        _ => "the mock breaks the connection",
    };
    if let (End::Unsent, Some(context)) = (end, Context::of(request)) {
        context.mark_unsent();
    }
    Error::ended(end, message)
}

/// The future of [`MockService`]. It is ready at once, or never for [silence](super::Expectation::silence).
#[must_use = "futures do nothing unless polled"]
pub struct MockFuture(Option<Result<Response<Bytes>, Error>>);

impl Future for MockFuture {
    type Output = Result<Response<Bytes>, Error>;

    fn poll(mut self: Pin<&mut Self>, _: &mut task::Context<'_>) -> Poll<Self::Output> {
        match self.0.take() {
            Some(answer) => Poll::Ready(answer),
            None => Poll::Pending,
        }
    }
}

impl fmt::Debug for MockFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockFuture").finish_non_exhaustive()
    }
}
