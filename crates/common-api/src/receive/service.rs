//! The receiver as a tower service over HTTP types.

use std::{
    convert::Infallible,
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use common_transport::BoxError;
use http::{Request, Response};
use http_body::Body;
use http_body_util::Full;
use tokio::task::JoinHandle;
use tower_service::Service;
use tracing::Instrument;

use super::{Handler, Reason, Receiver, Rejection};

impl<H, B> Service<Request<B>> for Receiver<H>
where
    H: Handler,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<BoxError>,
{
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    /// Starts the task at once: a server may drop the future before its first poll.
    fn call(&mut self, request: Request<B>) -> ResponseFuture {
        let (mut parts, body) = request.into_parts();
        let open = match self.admit_request(&mut parts, &body) {
            Ok(open) => open,
            Err(rejection) => return ResponseFuture(State::Refused(Some(rejection))),
        };
        let receiver = self.clone();
        let task = async move {
            let outcome = receiver.clone().take(open, parts, body).await;
            outcome.map_or_else(Rejection::into_response, |output| {
                receiver.handler().respond(output)
            })
        };
        ResponseFuture(State::Task(tokio::spawn(task.in_current_span())))
    }
}

/// The answer to a delivery. Dropping it does not stop the handling of the delivery.
pub struct ResponseFuture(State);

enum State {
    /// Rejected before reading; the rejection is taken when it is answered.
    Refused(Option<Rejection>),
    /// A task that reads and handles the delivery.
    Task(JoinHandle<Response<Bytes>>),
}

impl Future for ResponseFuture {
    type Output = Result<Response<Full<Bytes>>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let response = match &mut self.0 {
            State::Refused(rejection) => {
                let rejection = rejection.take();
                let rejection = rejection.expect("a future is not polled after it is ready");
                rejection.into_response()
            }
            State::Task(task) => ready!(Pin::new(task).poll(context))
                .unwrap_or_else(|_| Rejection::new(Reason::Abandoned).into_response()),
        };
        Poll::Ready(Ok(response.map(Full::new)))
    }
}

impl fmt::Debug for ResponseFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match &self.0 {
            State::Refused(_) => "refused",
            State::Task(_) => "in flight",
        };
        f.debug_tuple("ResponseFuture").field(&state).finish()
    }
}
